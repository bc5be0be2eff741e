// The heaps that are measured: generated once by `shopHeap.ts` and kept under .cache/bench.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readSync, closeSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const ROOT = resolve(here, '../..');
const CACHE = join(ROOT, '.cache', 'bench');
/** Bytes of snapshot for one order, and for the runtime itself, as measured on Node 24. */
const BYTES_PER_ORDER = 1700;
const EMPTY_BYTES = 5.3e6;

export interface BenchHeap {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/** A snapshot of about so many megabytes. Generating a large one takes a minute and eight times its size in memory. */
export function heapOf(megabytes: number): BenchHeap {
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, `shop-${megabytes}.heapsnapshot`);
  if (!existsSync(file)) {
    process.stderr.write(`generating a heap of ${megabytes} MB ...\n`);
    const orders = Math.round((megabytes * 1e6 - EMPTY_BYTES) / BYTES_PER_ORDER);
    const args = ['--max-old-space-size=12000', join(here, 'shopHeap.ts'), `${file}.part`, String(orders)];
    execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    renameSync(`${file}.part`, file);
  }
  warm(file);
  return { name: `${megabytes} MB`, file, bytes: statSync(file).size };
}

/** Reads the file once, so that every contender finds it in the page cache. */
function warm(file: string): void {
  const descriptor = openSync(file, 'r');
  const chunk = Buffer.alloc(1 << 22);
  while (readSync(descriptor, chunk) > 0);
  closeSync(descriptor);
}

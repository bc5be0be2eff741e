// Snapshots of the program with one object of each kind, from each Node that is at hand: this one, and 20 and 22, fetched where npm has them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHeapParser, type HeapGraph, type ParseResult } from '../../src/parse/index.ts';
import { nodeBinary } from '../containers/index.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** Major version and binary; `undefined` where the binary is absent. */
export const RUNTIMES: readonly { readonly name: string; readonly binary: string | undefined }[] = [
  { name: 'this Node', binary: process.execPath },
  ...([20, 22] as const).map((major) => ({ name: `Node ${major}`, binary: fetched(major) })),
];

function fetched(major: 20 | 22): string | undefined {
  try {
    return process.platform === 'linux' ? nodeBinary(major) : undefined;
  } catch {
    return undefined;
  }
}

const taken = new Map<string, Buffer>();

/** The bytes of the program's own snapshot. `numbers: false` leaves the values of numbers out, as older tools do. */
export function snapshotOf(binary: string, program = 'everyKind.cjs'): Buffer {
  const key = `${binary} ${program}`;
  const known = taken.get(key);
  if (known) return known;
  const dir = mkdtempSync(join(tmpdir(), 'semstate-parse-'));
  try {
    const file = join(dir, 'own.heapsnapshot');
    execFileSync(binary, [join(here, 'fixtures', program), file], {
      timeout: 60_000,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const bytes = readFileSync(file);
    taken.set(key, bytes);
    return bytes;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export function parse(bytes: Uint8Array, piece = 1 << 20): ParseResult {
  const parser = createHeapParser();
  for (let at = 0; at < bytes.length; at += piece) parser.write(bytes.subarray(at, at + piece));
  return parser.end();
}

export function graphOf(bytes: Uint8Array, piece?: number): HeapGraph {
  const { graph, problems } = parse(bytes, piece);
  if (!graph) throw new Error(`no graph: ${JSON.stringify(problems)}`);
  return graph;
}

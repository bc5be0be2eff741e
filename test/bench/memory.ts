// What a snapshot costs by each method, on live heaps of several sizes and every supported Node, side by side on the same process: pause,
// growth of the target, values lost, speed of decoding, memory of the reader. `node .ci/node24.mjs test/bench/memory.ts [MB...] [--without-v8]`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { NODE_MAJORS, type NodeMajor } from '../containers/index.ts';
import { binaryOf, startProgram } from '../memory/account.ts';
import type { ReadCost } from './memoryReader.ts';

export interface MemoryCost {
  readonly node: NodeMajor;
  /** Of the live heap as asked for; the resident memory before. */
  readonly megabytes: number;
  readonly residentBytes: number;
  readonly memory: ReadCost;
  /** Absent where it was left out. */
  readonly heap?: ReadCost;
}

export interface LostValues {
  readonly node: NodeMajor;
  readonly leaves: number;
  readonly memory: number;
  readonly heap: number;
}

export interface MemoryBench {
  readonly costs: readonly MemoryCost[];
  readonly lost: readonly LostValues[];
}

export const SIZES: readonly number[] = [50, 250, 550];
/** The program counts in three thousand orders, which are a little less than a megabyte. */
const UNITS_PER_MB = 1.15;
const PATIENCE_MS = 900_000;
const ROUNDS = 3;
const reader = join(import.meta.dirname, 'memoryReader.ts');

function readBy(method: 'memory' | 'heap', pid: number, ...more: readonly string[]): ReadCost {
  const args = [
    '--max-old-space-size=12000',
    '--disable-warning=ExperimentalWarning',
    reader,
    String(pid),
    method,
    ...more,
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${method}: ${stderr.trim().split('\n').slice(-8).join(' ')}`);
  return JSON.parse(stdout) as ReadCost;
}

const residentOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

/** The reading with the median pause: others use the machine too. */
function median(costs: readonly ReadCost[]): ReadCost {
  const sorted = [...costs].sort((a, b) => a.pauseMs - b.pauseMs);
  return sorted[Math.floor(sorted.length / 2)] as ReadCost;
}

export async function measureMemory(
  options: { readonly sizes?: readonly number[]; readonly nodes?: readonly NodeMajor[]; readonly heap?: boolean } = {},
): Promise<MemoryBench> {
  const costs: MemoryCost[] = [];
  const lost: LostValues[] = [];
  for (const node of options.nodes ?? NODE_MAJORS) {
    const binary = binaryOf(node);
    if (!binary) continue;
    lost.push(await lostValues(binary, node));
    for (const megabytes of options.sizes ?? SIZES) {
      await using program = await startProgram(binary, 'heavy.cjs', [String(Math.round(megabytes * UNITS_PER_MB))]);
      const residentBytes = residentOf(program.pid);
      const memory = median(Array.from({ length: ROUNDS }, () => readBy('memory', program.pid)));
      const heap = options.heap === false ? undefined : readBy('heap', program.pid);
      costs.push({ node, megabytes, residentBytes, memory, ...(heap && { heap }) });
      process.stderr.write(`${line(costs.at(-1) as MemoryCost)}\n`);
    }
  }
  return { costs, lost };
}

async function lostValues(binary: string, node: NodeMajor): Promise<LostValues> {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-bench-'));
  try {
    await using program = await startProgram(binary, 'kinds.cjs', [join(folder, 'own.heapsnapshot')]);
    const account = join(folder, 'account.json');
    writeFileSync(account, JSON.stringify(program.account));
    const memory = readBy('memory', program.pid, account);
    const heap = readBy('heap', program.pid, account);
    return { node, leaves: memory.leaves ?? 0, memory: memory.lost ?? 0, heap: heap.lost ?? 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

function line({ node, megabytes, memory, heap }: MemoryCost): string {
  const perSecond = (memory.decoded / memory.decodeMs / 1000).toFixed(2);
  const cells = [
    ...[node, megabytes, mb(memory.bytes), memory.pauseMs.toFixed(0), heap?.pauseMs.toFixed(0) ?? '-'],
    heap ? (heap.pauseMs / memory.pauseMs).toFixed(0) : '-',
    ...[mb(memory.growthBytes), heap ? mb(heap.growthBytes) : '-', memory.parseMs.toFixed(0), perSecond],
    (memory.peakBytes / memory.bytes).toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Markdown. */
export function memoryTable({ costs, lost }: MemoryBench): string {
  return [
    '| Node | heap MB | read MB | pause ms, memory | pause ms, V8 | ratio | growth MB, memory | growth MB, V8 | mark ms | decoded M objects/s | reader peak / read |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...costs.map(line),
    '',
    '| Node | leaves of the program of all kinds | lost by memory | lost by V8 |',
    '| --- | --- | --- | --- |',
    ...lost.map(({ node, leaves, memory, heap }) => `| ${node} | ${leaves} | ${memory} | ${heap} |`),
  ].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'without-v8': { type: 'boolean' } } });
  const sizes = positionals.map(Number).filter((size) => size > 0);
  const heap = values['without-v8'] !== true;
  console.log(memoryTable(await measureMemory({ heap, ...(sizes.length > 0 && { sizes }) })));
}

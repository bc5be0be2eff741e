// What a snapshot costs by each method, on live heaps of several sizes and every supported Node, side by side on the same process: pause,
// growth of the target, values lost, speed of decoding, memory of the reader. It ends within its time whatever V8 takes: a reading that the
// time does not suffice for is left out, the largest heaps last, and the table says so.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_MAJORS, type NodeMajor } from '../containers/index.ts';
import { binaryOf, startProgram } from '../memory/account.ts';
import type { ReadCost } from './memoryReader.ts';

export interface MemoryCost {
  readonly node: NodeMajor;
  /** Of the live heap as asked for; the resident memory before. */
  readonly megabytes: number;
  readonly residentBytes: number;
  readonly memory: ReadCost;
  /** Absent where the time did not suffice. */
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

export interface MemoryBenchOptions {
  readonly sizes?: readonly number[];
  readonly nodes?: readonly NodeMajor[];
  /** All of it ends after so long, in milliseconds. */
  readonly budgetMs?: number;
  readonly say?: (text: string) => void;
}

const SIZES: readonly number[] = [50, 250, 550];
/** The program counts in three thousand orders, which are a little less than a megabyte. */
const UNITS_PER_MB = 1.15;
const BUDGET_MS = 600_000;
/** Kept for the readings from outside that follow one by V8, which take seconds. */
const RESERVE_MS = 30_000;
const ROUNDS = 3;
const reader = join(import.meta.dirname, 'memoryReader.ts');

/** undefined: it took longer than `patienceMs`, and was ended. */
function readBy(
  method: 'memory' | 'heap',
  pid: number,
  patienceMs: number,
  ...more: readonly string[]
): ReadCost | undefined {
  const options = ['--max-old-space-size=12000', '--disable-warning=ExperimentalWarning'];
  const { stdout, stderr, status, error } = spawnSync(
    process.execPath,
    [...options, reader, String(pid), method, ...more],
    { encoding: 'utf8', timeout: Math.max(1, Math.round(patienceMs)), killSignal: 'SIGKILL', maxBuffer: 1 << 26 },
  );
  if (error && 'code' in error && error.code === 'ETIMEDOUT') return undefined;
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

export async function measureMemory(options: MemoryBenchOptions = {}): Promise<MemoryBench> {
  const { sizes = SIZES, nodes = NODE_MAJORS, budgetMs = BUDGET_MS, say = () => undefined } = options;
  const end = performance.now() + budgetMs;
  const left = (): number => end - performance.now();
  const costs: MemoryCost[] = [];
  const lost: LostValues[] = [];
  const binaries = nodes.flatMap((node) => {
    const binary = binaryOf(node);
    return binary ? [{ node, binary }] : [];
  });
  for (const { node, binary } of binaries) {
    const found = await lostValues(binary, node, left());
    if (found) lost.push(found);
  }
  for (const megabytes of sizes) {
    for (const { node, binary } of binaries) {
      if (left() < RESERVE_MS) break;
      await using program = await startProgram(binary, 'heavy.cjs', [String(Math.round(megabytes * UNITS_PER_MB))]);
      const residentBytes = residentOf(program.pid);
      const rounds = Array.from({ length: ROUNDS }, () => readBy('memory', program.pid, left())).filter(
        (cost) => cost !== undefined,
      );
      if (rounds.length === 0) break;
      const heap = readBy('heap', program.pid, left() - RESERVE_MS);
      const cost = { node, megabytes, residentBytes, memory: median(rounds), ...(heap && { heap }) };
      costs.push(cost);
      say(line(cost));
    }
  }
  return { costs, lost };
}

async function lostValues(binary: string, node: NodeMajor, patienceMs: number): Promise<LostValues | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-bench-'));
  try {
    await using program = await startProgram(binary, 'kinds.cjs', [join(folder, 'own.heapsnapshot')]);
    const account = join(folder, 'account.json');
    writeFileSync(account, JSON.stringify(program.account));
    const memory = readBy('memory', program.pid, patienceMs, account);
    const heap = readBy('heap', program.pid, patienceMs, account);
    return memory && heap && { node, leaves: memory.leaves ?? 0, memory: memory.lost ?? 0, heap: heap.lost ?? 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

const bytesCell = (bytes: number): string => `${mb(bytes)} MB`;

function line({ node, megabytes, memory, heap }: MemoryCost): string {
  const perSecond = (memory.decoded / memory.decodeMs / 1000).toFixed(2);
  const cells = [
    ...[node, `${megabytes} MB`, bytesCell(memory.bytes), `${memory.pauseMs.toFixed(0)} ms`],
    heap ? `${heap.pauseMs.toFixed(0)} ms` : 'left out',
    heap ? `${(heap.pauseMs / memory.pauseMs).toFixed(0)}x` : '',
    ...[bytesCell(memory.growthBytes), heap ? bytesCell(heap.growthBytes) : '', `${memory.parseMs.toFixed(0)} ms`],
    ...[`${perSecond} M`, `${(memory.peakBytes / memory.bytes).toFixed(2)}x`],
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Markdown. */
export function memoryTable({ costs, lost }: MemoryBench): string {
  return [
    '### A snapshot of memory: read from outside, beside V8 on the same process',
    '',
    '| Node | heap | read | pause | pause by V8 | ratio | growth | growth by V8 | ready to be asked | objects decoded/s | reader, peak/read |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...costs.map(line),
    '',
    '| Node | values of the program of all kinds | lost from outside | lost by V8 |',
    '| --- | --- | --- | --- |',
    ...lost.map(({ node, leaves, memory, heap }) => `| ${node} | ${leaves} | ${memory} | ${heap} |`),
    '',
  ].join('\n');
}

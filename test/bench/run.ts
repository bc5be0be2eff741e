// npm run bench [-- --big] [-- --only extraction|parse|steps|recording|panel] [-- --rounds N]: contenders side by side, each run in its own process.
// Prints tables in Markdown and writes test/out/bench.json and bench.md. Ratios are to be trusted, times are this machine's.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Cost } from './contender.ts';
import { extractionTables, measureExtraction, type ExtractionCost } from './extraction/measure.ts';
import { heapOf, ROOT, type BenchHeap } from './heaps.ts';
import { measureLive, nodesHere, type LiveCost } from './live/recording.ts';
import { liveTables } from './live/table.ts';
import type { PanelCost } from './panel/measure.ts';
import { panelTable } from './panel/table.ts';
import { measureMemory, memoryTable, type MemoryBench } from './memory.ts';

const CONTENDERS = ['ours', 'memlab', 'v8-heap-parser', 'JSON.parse'];
const PEER = 'memlab';
const PATIENCE_MS = 600_000;
const EVENTS = [1000, 1_000_000];
/** All in view, the design's measure, and ten times that. */
const PANEL_EVENTS = [380, 100_000, 1_000_000];

const here = join(ROOT, 'test', 'bench');
const { values: options } = parseArgs({
  options: {
    big: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
  },
});
const rounds = Math.max(1, Number(options.rounds));
const wants = (part: string): boolean => options.only === undefined || options.only === part;

interface StepCost {
  readonly events: number;
  readonly appendMs: number;
  readonly stepUs: number;
  readonly backUs: number;
  readonly stateUs: number;
}

/** Runs a script in a process of its own; its last line of JSON, or the reason why there is none. */
function inProcess<T>(script: string, args: readonly string[]): T | string {
  const command = ['--max-old-space-size=16000', '--disable-warning=ExperimentalWarning', join(here, script), ...args];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    maxBuffer: 1 << 26,
  });
  const line = stdout.trim().split('\n').at(-1);
  if (status === 0 && line) return JSON.parse(line) as T;
  const lines = stderr.split('\n').map((each) => each.trim());
  return lines.find((each) => /Error|panicked|FATAL/.test(each)) ?? `ended by ${signal ?? `status ${status}`}`;
}

function ensurePeers(): void {
  if (existsSync(join(here, 'node_modules', '@memlab', 'core'))) return;
  process.stderr.write('installing the peers of the benchmark ...\n');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: here,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PUPPETEER_SKIP_DOWNLOAD: '1' },
  });
  if (status !== 0) throw new Error('npm ci in test/bench failed');
}

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

interface Row {
  readonly heap: string;
  readonly contender: string;
  readonly runs: readonly Cost[];
  readonly failure?: string;
}

/** All contenders in turn, round by round, so that a slow moment of the machine meets each of them. */
function compare(heap: BenchHeap, contenders: readonly string[]): Row[] {
  const runs = new Map<string, Cost[]>(contenders.map((name) => [name, []]));
  const failures = new Map<string, string>();
  for (let round = 1; round <= rounds; round++) {
    for (const name of contenders) {
      if (failures.has(name)) continue;
      const cost = inProcess<Cost>('contender.ts', [name, heap.file]);
      if (typeof cost === 'string') failures.set(name, cost);
      else runs.get(name)?.push(cost);
      const shown = typeof cost === 'string' ? cost : `${Math.round(cost.ms)} ms`;
      process.stderr.write(`${heap.name}, round ${round}, ${name}: ${shown}\n`);
    }
  }
  return contenders.map((contender) => {
    const failure = failures.get(contender);
    return { heap: heap.name, contender, runs: runs.get(contender) ?? [], ...(failure && { failure }) };
  });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const ratio = (a: number, b: number): string => (Number.isFinite(a / b) ? `${(a / b).toFixed(2)}x` : '');

function parseTable(heap: BenchHeap, rows: readonly Row[]): string {
  const time = (row: Row | undefined): number => median(row?.runs.map(({ ms }) => ms) ?? []);
  const cpu = (row: Row | undefined): number => median(row?.runs.map(({ cpuMs }) => cpuMs) ?? []);
  const peak = (row: Row | undefined): number => median(row?.runs.map(({ peakBytes }) => peakBytes) ?? []);
  const ours = rows.find(({ contender }) => contender === 'ours');
  const lines = rows.map((row) =>
    row.runs.length === 0
      ? `| ${row.contender} | dies: ${(row.failure ?? '').slice(0, 90)} | | | |`
      : `| ${[
          row.contender,
          seconds(time(row)),
          seconds(cpu(row)),
          megabytes(peak(row)),
          ratio(time(row), time(ours)),
          ratio(cpu(row), cpu(ours)),
          ratio(peak(row), peak(ours)),
        ].join(' | ')} |`,
  );
  const answer = median(ours?.runs.map(({ firstAnswerMs }) => firstAnswerMs ?? Number.NaN) ?? []);
  return [
    `### ${heap.name} (${(heap.bytes / 1e6).toFixed(0)} MB of snapshot, ${ours?.runs[0]?.nodes ?? '?'} nodes)`,
    '',
    '| | time | CPU | peak memory | time to ours | CPU to ours | memory to ours |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
    `All classes and one object, after the graph is there: ${seconds(answer)}.`,
    '',
  ].join('\n');
}

function stepTable(costs: readonly StepCost[]): string {
  const [short, long] = [costs[0], costs.at(-1)];
  const us = (value: number): string => `${value.toFixed(0)} µs`;
  const lines = costs.map(
    (cost) =>
      `| ${cost.events.toLocaleString('en')} | ${us(cost.stepUs)} | ${us(cost.backUs)} | ${us(cost.stateUs)} | ${seconds(cost.appendMs)} |`,
  );
  if (short && long)
    lines.push(
      `| ratio | ${ratio(long.stepUs, short.stepUs)} | ${ratio(long.backUs, short.backUs)} | ${ratio(long.stateUs, short.stateUs)} | |`,
    );
  return [
    '### A step in the timeline',
    '',
    '| events | step: next stop, its place, the entity then | previous stop | whole state (200 entities) | writing all |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

const parts: string[] = [];
const rows: Row[] = [];
const steps: StepCost[] = [];
const live: LiveCost[] = [];
const panels: PanelCost[] = [];
let memory: MemoryBench | undefined;
if (wants('parse')) {
  ensurePeers();
  for (const size of [100, 500]) {
    const heap = heapOf(size);
    const found = compare(heap, CONTENDERS);
    rows.push(...found);
    parts.push(parseTable(heap, found));
  }
  if (options.big) {
    const heap = heapOf(1100);
    const found = compare(heap, ['ours']);
    rows.push(...found);
    parts.push(parseTable(heap, found));
  }
}
if (wants('steps')) {
  for (const events of EVENTS) {
    const runs = Array.from({ length: rounds }, () => inProcess<StepCost>('steps.ts', [String(events)]));
    const good = runs.filter((run) => typeof run !== 'string').sort((a, b) => a.stepUs - b.stepUs);
    const middle = good[good.length >> 1];
    if (middle) steps.push(middle);
    else process.stderr.write(`${events} events: ${String(runs[0])}\n`);
  }
  parts.push(stepTable(steps));
}
if (wants('memory')) {
  memory = await measureMemory({ say: (text) => void process.stderr.write(`${text}\n`) });
  parts.push(memoryTable(memory));
}
if (wants('recording')) {
  for (const node of nodesHere())
    live.push(await measureLive(node, rounds, (text) => void process.stderr.write(`${text}\n`)));
  parts.push(liveTables(live));
}

let extraction: ExtractionCost | undefined;
if (wants('extraction')) {
  extraction = measureExtraction(rounds, (text) => void process.stderr.write(`${text}\n`));
  parts.push(extractionTables(extraction));
}
if (wants('panel')) {
  for (const events of PANEL_EVENTS) {
    const cost = inProcess<PanelCost>('panel/measure.ts', [String(events)]);
    if (typeof cost === 'string') process.stderr.write(`the panel with ${events} events: ${cost}\n`);
    else panels.push(cost);
  }
  parts.push(panelTable(panels));
}

const machine = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[1]?.toFixed(1)}; median of ${rounds} runs, each in its own process.`;
const text = `${machine}\n\n${parts.join('\n')}`;
const out = join(ROOT, 'test', 'out');
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'bench.md'), text);
writeFileSync(
  join(out, 'bench.json'),
  JSON.stringify({ machine, peer: PEER, rows, steps, memory, live, extraction }, null, 2),
);
process.stdout.write(text);

// The cost of extraction: of source trees cold and after a save, beside what the compiler alone needs for the same files; of a large heap.
// Each reading in a process of its own, all contenders in turn within a round.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { heapOf, ROOT } from '../heaps.ts';
import type { CheckCost, HeapCost, ReadingCost, Spent } from './reader.ts';
import { businessTree, writeTree } from './tree.ts';

export interface TreeCost {
  readonly tree: string;
  readonly files: number;
  readonly reading: ReadingCost;
  readonly check: CheckCost;
}

export interface ExtractionCost {
  readonly trees: readonly TreeCost[];
  readonly heap: HeapCost & { readonly bytes: number };
}

const LINES = 70_000;
const HEAP_MB = 500;
const PATIENCE_MS = 300_000;
/** Within the repository, so that what this program is built on is found from its copy. */
const PLACE = join(ROOT, '.cache', 'bench');
const reader = join(import.meta.dirname, 'reader.ts');

function inProcess<T>(...args: readonly string[]): T {
  const flags = ['--max-old-space-size=12000', '--disable-warning=ExperimentalWarning'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, reader, ...args], {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr.trim().split('\n').slice(-6).join(' ')}`);
  return JSON.parse(stdout) as T;
}

/** The run with the median processor time. */
function median<T extends Spent>(runs: readonly T[]): T {
  const sorted = [...runs].sort((a, b) => a.cpuMs - b.cpuMs);
  return sorted[sorted.length >> 1] as T;
}

const GENERATED_CONFIG = {
  compilerOptions: {
    strict: true,
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2023'],
    types: [],
    noEmit: true,
  },
};

/** Puts the files of a tree into a directory of its own, below which they are saved. */
interface Plan {
  readonly name: string;
  readonly files: number;
  write(directory: string): void;
}

function plans(): Plan[] {
  const generated = businessTree(LINES);
  return [
    {
      name: 'generated business modules',
      files: generated.files.size,
      write(directory) {
        writeTree(generated, join(directory, 'src'));
        writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(GENERATED_CONFIG));
      },
    },
    {
      name: 'this program',
      files: readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'))
        .length,
      write(directory) {
        cpSync(join(ROOT, 'src'), join(directory, 'src'), { recursive: true });
        cpSync(join(ROOT, 'tsconfig.json'), join(directory, 'tsconfig.json'));
      },
    },
  ];
}

function measureTree(plan: Plan, rounds: number, tell: (text: string) => void): TreeCost {
  const readings: ReadingCost[] = [];
  const checks: CheckCost[] = [];
  mkdirSync(PLACE, { recursive: true });
  for (let round = 1; round <= rounds; round++) {
    const directory = mkdtempSync(join(PLACE, 'tree-'));
    try {
      plan.write(directory);
      const check = inProcess<CheckCost>('check', join(directory, 'src'));
      // Saves files, so that it comes last.
      const reading = inProcess<ReadingCost>('read', join(directory, 'src'));
      checks.push(check);
      readings.push(reading);
      tell(`${plan.name}, round ${round}: read ${Math.round(reading.cpuMs)} ms, check ${Math.round(check.cpuMs)} ms`);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  return { tree: plan.name, files: plan.files, reading: median(readings), check: median(checks) };
}

/** @param rounds of each tree; the heap is read once */
export function measureExtraction(rounds: number, tell: (text: string) => void): ExtractionCost {
  const trees = plans().map((plan) => measureTree(plan, rounds, tell));
  const snapshot = heapOf(HEAP_MB);
  const heap = inProcess<HeapCost>('heap', snapshot.file);
  tell(`heap of ${HEAP_MB} MB: ${Math.round(heap.parse.cpuMs)} ms parsed, ${Math.round(heap.cpuMs)} ms extracted`);
  return { trees, heap: { ...heap, bytes: snapshot.bytes } };
}

const seconds = ({ cpuMs }: Spent): string => `${(cpuMs / 1000).toFixed(2)} s`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const ratio = (a: Spent, b: Spent): string => `${(a.cpuMs / b.cpuMs).toFixed(2)}x`;

export function extractionTables({ trees, heap }: ExtractionCost): string {
  const cold = trees.map(
    ({ tree, files, reading, check }) =>
      `| ${[
        `${tree}: ${reading.lines.toLocaleString('en')} lines, ${files.toLocaleString('en')} files`,
        seconds(check),
        seconds(reading),
        ratio(reading, check),
        megabytes(reading.peakBytes),
        megabytes(check.peakBytes),
      ].join(' | ')} |`,
  );
  const again = trees.flatMap(({ tree, reading }) =>
    Object.entries(reading.again).map(
      ([what, spent]) => `| ${tree} | ${what} | ${seconds(spent)} | ${ratio(spent, reading)} |`,
    ),
  );
  return [
    '### Extraction from source (processor time)',
    '',
    '| tree | type-check | cold | cold to type-check | peak memory | of the type-check |',
    '| --- | --- | --- | --- | --- | --- |',
    ...cold,
    '',
    '| tree | changed in the saved file | again | to cold |',
    '| --- | --- | --- | --- |',
    ...again,
    '',
    '### Extraction from memory (processor time)',
    '',
    '| snapshot | nodes | read | extracted | instances | peak memory |',
    '| --- | --- | --- | --- | --- | --- |',
    `| ${[
      megabytes(heap.bytes),
      heap.nodes.toLocaleString('en'),
      seconds(heap.parse),
      seconds(heap),
      heap.instances.toLocaleString('en'),
      megabytes(heap.peakBytes),
    ].join(' | ')} |`,
    '',
  ].join('\n');
}

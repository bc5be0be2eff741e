// Reads a source tree in this process, cold and again after files were saved, or has the compiler alone check it, or extracts from a
// snapshot: node reader.ts read DIRECTORY | check DIRECTORY | heap FILE; one line of JSON. DIRECTORY is written to.
import { closeSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { extractModel } from '../../../src/extract/index.ts';
import { createHeapParser } from '../../../src/parse/index.ts';
import { createFileHost } from '../../../src/session/worker/fileHost.ts';
import { createSourceReader } from '../../../src/source/index.ts';

export interface Spent {
  readonly ms: number;
  /** Processor time of all threads, which a busy machine does not stretch. */
  readonly cpuMs: number;
}

export interface ReadingCost extends Spent {
  readonly lines: number;
  readonly types: number;
  readonly transitions: number;
  readonly peakBytes: number;
  /** Readings after one file was saved, by what was changed in it. */
  readonly again: Readonly<Record<string, Spent>>;
}

export interface CheckCost extends Spent {
  readonly peakBytes: number;
  readonly errors: number;
}

export interface HeapCost extends Spent {
  readonly parse: Spent;
  readonly nodes: number;
  readonly entities: number;
  readonly instances: number;
  readonly peakBytes: number;
}

const CHUNK = 1 << 20;
/** Savings of each kind in one run; of several runs the median counts. */
const SAVINGS = 1;

/** The most memory this process ever had resident, as the kernel counts it. */
function peakBytes(): number {
  const match = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
}

function measured<T>(work: () => T): [T, Spent] {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return [result, { ms: performance.now() - start, cpuMs: (user + system) / 1000 }];
}

function sourcesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ts$/.test(name) && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => join(directory, name));
}

/** Files that are saved: of the middle of the tree, neither the first nor one that all others stand on. */
function chosen(files: readonly string[], test: RegExp): string[] {
  const all = files.filter((file) => test.test(file));
  return Array.from({ length: SAVINGS }, (_, i) => all[Math.floor(((i + 1) * all.length) / (SAVINGS + 1))]).filter(
    (file) => file !== undefined,
  );
}

/** Ways to save a file: what is changed in its text. */
const EDITS: Readonly<Record<string, readonly [files: RegExp, edit: (text: string) => string]>> = {
  nothing: [/\.ts$/, (text) => text],
  'a statement': [
    /Service\.ts$|session\/\w+\.ts$/,
    (text) => text.replace(/\n {4}return /, "\n    String('saved');\n    return "),
  ],
  'a state': [
    /\/([A-Z]\w*)\/?\1\.ts$|\/[A-Z][a-z]+\.ts$/,
    (text) => text.replace(/(Status = )('\w+')/, "$1$2 | 'held'"),
  ],
};

function read(directory: string): ReadingCost {
  const reader = createSourceReader();
  const reading = (): ReturnType<typeof reader.read> =>
    reader.read(
      [directory],
      createFileHost(() => undefined),
    );
  const [model, spent] = measured(reading);
  const peak = peakBytes();
  const files = sourcesIn(directory);
  const again: Record<string, Spent> = {};
  for (const [name, [test, edit]] of Object.entries(EDITS)) {
    const costs: Spent[] = [];
    for (const file of chosen(files, test)) {
      const text = readFileSync(file, 'utf8');
      const edited = edit(text);
      if (edited === text && name !== 'nothing') continue;
      writeFileSync(file, edited);
      costs.push(measured(reading)[1]);
    }
    const middle = costs.sort((a, b) => a.cpuMs - b.cpuMs)[costs.length >> 1];
    if (middle) again[name] = middle;
  }
  const { lines, types, transitions } = model;
  return { ...spent, lines, types: types.length, transitions: transitions.length, peakBytes: peak, again };
}

/** What the compiler needs for the same files, to find that they are right. */
function check(directory: string): CheckCost {
  const [errors, spent] = measured(() => {
    const config = ts.findConfigFile(directory, (path) => ts.sys.fileExists(path));
    if (config === undefined) throw new Error(`no tsconfig.json above ${directory}`);
    const { config: json } = ts.readConfigFile(config, (path) => ts.sys.readFile(path)) as { config: unknown };
    const { options } = ts.parseJsonConfigFileContent(json, ts.sys, dirname(config));
    const program = ts.createProgram({ rootNames: sourcesIn(directory), options });
    return ts.getPreEmitDiagnostics(program).length;
  });
  return { ...spent, errors, peakBytes: peakBytes() };
}

function heap(file: string): HeapCost {
  const [graph, parse] = measured(() => {
    const parser = createHeapParser();
    const descriptor = openSync(file, 'r');
    const chunk = Buffer.alloc(CHUNK);
    for (let count = readSync(descriptor, chunk); count > 0; count = readSync(descriptor, chunk))
      parser.write(chunk.subarray(0, count));
    closeSync(descriptor);
    return parser.end().graph;
  });
  if (!graph) throw new Error('no snapshot');
  const [{ model, state }, spent] = measured(() => extractModel({ graph }));
  return {
    ...spent,
    parse,
    nodes: graph.nodeCount,
    entities: model.entities.length,
    instances: state.size,
    peakBytes: peakBytes(),
  };
}

const [work = '', subject = ''] = process.argv.slice(2);
const works: Readonly<Record<string, (subject: string) => ReadingCost | CheckCost | HeapCost>> = { read, check, heap };
const run = works[work];
if (!run) throw new Error(`no such work: ${work}`);
process.stdout.write(`${JSON.stringify(run(subject))}\n`);

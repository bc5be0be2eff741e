// One contender reads one snapshot in this process and says what it cost: node contender.ts NAME FILE, one line of JSON.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHeapParser } from '../../src/parse/index.ts';

export interface Cost {
  readonly ms: number;
  /** Processor time of all threads, which a busy machine does not stretch. */
  readonly cpuMs: number;
  readonly peakBytes: number;
  readonly nodes: number;
  /** Ours only: from the graph to all classes and one object, on top of `ms`. */
  readonly firstAnswerMs?: number;
}

const CHUNK = 1 << 20;
const packages = join(dirname(fileURLToPath(import.meta.url)), 'node_modules');
const load: (path: string) => unknown = createRequire(import.meta.url);

/** The most memory this process ever had resident, as the kernel counts it. */
function peakBytes(): number {
  const match = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measured(work: () => number | Promise<number>): Promise<Cost> {
  const [start, cpu] = [performance.now(), cpuMs()];
  const nodes = await work();
  return { ms: performance.now() - start, cpuMs: cpuMs() - cpu, peakBytes: peakBytes(), nodes };
}

function ours(file: string): Cost {
  const [start, cpu] = [performance.now(), cpuMs()];
  const parser = createHeapParser();
  const descriptor = openSync(file, 'r');
  const chunk = Buffer.alloc(CHUNK);
  for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk))
    parser.write(chunk.subarray(0, read));
  closeSync(descriptor);
  const { graph, problems } = parser.end();
  if (!graph || problems.length > 0) throw new Error(JSON.stringify(problems));
  const [ms, used] = [performance.now() - start, cpuMs() - cpu];
  const cost = { ms, cpuMs: used, peakBytes: peakBytes(), nodes: graph.nodeCount };
  const asked = performance.now();
  const order = graph.classes().find(({ name, location }) => name === 'Order' && location)?.instances[0];
  if (order === undefined || graph.properties(order).length !== 6) throw new Error('no order was found');
  return { ...cost, firstAnswerMs: performance.now() - asked };
}

/** memlab's parser without its analyses: parse and build only. */
async function memlab(file: string): Promise<number> {
  const parser = load(join(packages, '@memlab/core/dist/lib/HeapParser.js')) as {
    default: { parse(path: string): Promise<{ nodes: { length: number } }> };
  };
  return (await parser.default.parse(file)).nodes.length;
}

function heapParserOfVscode(file: string): number {
  const parser = load(join(packages, '@vscode/v8-heap-parser')) as {
    decode_bytes(bytes: Uint8Array): { root_index: number; get_class_counts(names: string[]): Uint32Array };
  };
  const graph = parser.decode_bytes(readFileSync(file));
  return graph.get_class_counts(['Order'])[0] ?? 0;
}

function jsonParse(file: string): number {
  const document = JSON.parse(readFileSync(file, 'utf8')) as { snapshot: { node_count: number } };
  return document.snapshot.node_count;
}

const [name = '', file = ''] = process.argv.slice(2);
const contenders: { readonly [name: string]: () => Cost | Promise<Cost> } = {
  ours: () => ours(file),
  memlab: () => measured(() => memlab(file)),
  'v8-heap-parser': () => measured(() => heapParserOfVscode(file)),
  'JSON.parse': () => measured(() => jsonParse(file)),
};
const run = contenders[name];
if (!run) throw new Error(`no contender ${name}`);
process.stdout.write(`${JSON.stringify(await run())}\n`);

// One reading of one process, alone in its own process: `PID memory|heap` of a program with orders, or `PID memory|heap kinds`.
// Says on one line of JSON what it cost the target and the reader.
import { readFileSync } from 'node:fs';
import { attach, openMemory, type HeapCapture } from '../../src/acquire/index.ts';
import { createHeapParser, findPath, readValue } from '../../src/parse/index.ts';
import { compare, withoutVariables } from '../memory/account.ts';

export interface ReadCost {
  readonly bytes: number;
  readonly pauseMs: number;
  readonly growthBytes: number;
  /** From the last byte to a graph that can be asked; time of the processor, as `decodeMs`. */
  readonly parseMs: number;
  readonly nodes: number;
  /** Objects written out as values, and how long that took. */
  readonly decoded: number;
  readonly decodeMs: number;
  /** Of the program of all kinds. */
  readonly lost?: number;
  readonly leaves?: number;
  /** Of the reader, with all of Node.js, until the graph can be asked. */
  readonly peakBytes: number;
}

const DEPTH = 4;
const [pid, method, account] = process.argv.slice(2);
const address = { runtime: 'local', pid: Number(pid) } as const;

async function read(capture: HeapCapture): Promise<ReadCost> {
  const parser = createHeapParser();
  const taken = await capture.capture((chunk) => parser.write(chunk), { force: method === 'heap' }, {});
  const began = process.cpuUsage();
  const { graph } = parser.end();
  if (!graph) throw new Error('no graph');
  const parseMs = process.cpuUsage(began).user / 1000;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const orders = graph.classes().find(({ name }) => name === 'Order')?.instances ?? [];
  // Time of the processor: what others do on the machine is not counted.
  const start = process.cpuUsage();
  for (const node of orders) readValue(graph, node, { depth: DEPTH, limit: 100 });
  const decodeMs = process.cpuUsage(start).user / 1000;
  const cost = {
    bytes: taken.bytes,
    pauseMs: taken.pauseMs,
    growthBytes: taken.targetGrowthBytes ?? 0,
    parseMs,
    nodes: graph.nodeCount,
    // An order, its list, its line; two strings and a number that have objects of their own.
    decoded: orders.length * 6,
    decodeMs,
    peakBytes,
  };
  if (account === undefined) return cost;
  const told: unknown = JSON.parse(readFileSync(account, 'utf8'));
  const kinds = findPath(graph, 'kinds');
  if (kinds === undefined) throw new Error('the program of all kinds is not in the snapshot');
  const found = compare(readValue(withoutVariables(graph), kinds, { depth: 500, limit: 1e6 }), told);
  return { ...cost, lost: found.missing.length + found.different.length, leaves: found.leaves };
}

if (method === 'heap') {
  await using attachment = await attach(address, {}, {});
  console.log(JSON.stringify(await read(attachment.heap)));
} else {
  const { memory } = await openMemory(address, {}, {});
  console.log(JSON.stringify(await read(memory)));
}

// Captured files that were damaged or made up: no crash, no hang, no memory for what is not there, and never a wrong kind of answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHeapParser, readValue, type HeapGraph } from '../../src/parse/index.ts';
import { binaryOf, startProgram, takeMemory } from './account.ts';

const binary = binaryOf(24);
const skip = binary ? false : 'npm has no binary of this Node for this machine';

function parse(bytes: Uint8Array): HeapGraph | undefined {
  const parser = createHeapParser();
  parser.write(bytes);
  const { graph, problems } = parser.end();
  if (!graph) assert.ok(problems.length > 0, 'no graph without a reason');
  return graph;
}

/** Asks for everything of a part of the nodes. */
function walk(graph: HeapGraph): void {
  const step = Math.max(1, Math.floor(graph.nodeCount / 700));
  for (let node = 0; node < graph.nodeCount; node += step) {
    graph.kind(node);
    graph.name(node);
    graph.constructorLocation(node);
    graph.captured(node);
    readValue(graph, node, { depth: 2, limit: 20 });
  }
  graph.classes();
  for (const node of [-1, 0.5, graph.nodeCount, 2 ** 33 - 1, 2 ** 40, 2 ** 60, Number.NaN]) {
    graph.leaf(node);
    assert.deepEqual(graph.properties(node), []);
  }
}

test('damaged captures are read as far as they go', { skip, timeout: 120_000 }, async () => {
  await using program = await startProgram(binary as string, 'heavy.cjs', ['1']);
  const { bytes } = await takeMemory(program.pid);
  const pages = 20 + bytes.readUInt32LE(16);
  walk(parse(bytes) as HeapGraph);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { minLength: 1, maxLength: 4000 }),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      fc.boolean(),
      (changes, cut, inHeader) => {
        const copy = Buffer.from(bytes.subarray(0, cut === null ? bytes.length : Math.floor(bytes.length * cut)));
        const [from, to] = inHeader ? [0, Math.min(pages, copy.length)] : [pages, copy.length];
        const few = inHeader ? changes.slice(0, 3) : changes;
        if (to > from) for (const [at, byte] of few) copy[from + Math.floor(at * (to - from - 1))] = byte;
        const graph = parse(copy);
        if (graph) walk(graph);
      },
    ),
    { seed: 7, numRuns: 30 },
  );
});

test('words that point anywhere among the objects end nowhere', { skip, timeout: 120_000 }, async () => {
  await using program = await startProgram(binary as string, 'heavy.cjs', ['1']);
  const { bytes } = await takeMemory(program.pid);
  const pages = 20 + bytes.readUInt32LE(16);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 20, max: 20_000 }), (seed, count) => {
      const copy = Buffer.from(bytes);
      let next = seed;
      const word = (): number => {
        next = (Math.imul(next, 1664525) + 1013904223) >>> 0;
        return pages + (next % Math.floor((copy.length - pages) / 8)) * 8;
      };
      for (let n = 0; n < count; n++) copy.copy(copy, word(), word(), word() + 8);
      const graph = parse(copy);
      if (graph) walk(graph);
    }),
    { seed: 11, numRuns: 15 },
  );
});

test('headers that promise much cost nothing', () => {
  const file = (header: unknown, length?: number): Buffer => {
    const text = Buffer.from(JSON.stringify(header));
    const lead = Buffer.alloc(20);
    lead.write('semstate-memory\n', 'latin1');
    lead.writeUInt32LE(length ?? text.length, 16);
    return Buffer.concat([lead, text]);
  };
  const runs = [['7f0000000000', 2 ** 30]];
  for (const bytes of [
    file({ version: 1, constants: {}, runs, safe: true }),
    file({ version: 1, constants: {}, runs: [['zz', 1]], safe: true }),
    file({ version: 1, constants: {}, runs: [['1000', -1]], safe: true }),
    file({ version: 2 }),
    file({}, 2 ** 32 - 1),
    file([]),
    Buffer.from('semstate-memory\n'),
  ]) {
    assert.equal(parse(bytes), undefined);
    assert.equal(parse(Buffer.concat([bytes, Buffer.alloc(5000)])), undefined);
  }
});

// Real snapshots, damaged in every way a file can be: the parser gives a smaller graph or a clear problem.
// It never throws, never hangs, and its memory follows the size of the input.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sameValue } from '../../src/model/index.ts';
import { findPath, readValue, type HeapGraph } from '../../src/parse/index.ts';
import { graphOf, parse, RUNTIMES, snapshotOf } from './everyKind.ts';
import { cutOut } from './snapshotText.ts';

const SEED = 20240607;
/** Most processor time for one damaged file of some kilobytes: time that a busy machine does not stretch. */
const PATIENCE_MS = 3000;
const usedMs = (): number => process.cpuUsage().user / 1000;

const bases = RUNTIMES.filter(({ binary }) => binary !== undefined).map(({ name, binary }) => ({
  name,
  bytes: cutOut(snapshotOf(binary as string), 'kinds', 350),
}));

type Damage = (bytes: Buffer) => Buffer;
const NUMBERS = ['-1', '1e99', '1.5', '4294967295', '4294967296', '99999999999999999999', 'null', '[', '{', '"', ''];

const position = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const at = (bytes: Buffer, part: number): number => Math.floor(bytes.length * part);

const damages: fc.Arbitrary<Damage> = fc.oneof(
  position.map(
    (part): Damage =>
      (bytes) =>
        bytes.subarray(0, at(bytes, part)),
  ),
  position.map(
    (part): Damage =>
      (bytes) =>
        bytes.subarray(at(bytes, part)),
  ),
  fc
    .array(fc.tuple(position, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 20 })
    .map((flips): Damage => (bytes) => {
      const copy = Buffer.from(bytes);
      for (const [part, value] of flips) copy[at(copy, part)] = value;
      return copy;
    }),
  fc.tuple(position, position, fc.uint8Array({ maxLength: 40 })).map(
    ([a, b, middle]): Damage =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, a)), middle, bytes.subarray(at(bytes, b))]),
  ),
  // A number becomes another: the place is taken to the next digit.
  fc.tuple(position, fc.constantFrom(...NUMBERS)).map(([part, value]): Damage => (bytes) => {
    const text = bytes.toString('latin1');
    const from = text.slice(at(bytes, part)).search(/\d+/);
    if (from < 0) return bytes;
    const start = at(bytes, part) + from;
    return Buffer.from(text.slice(0, start) + text.slice(start).replace(/^\d+/, value), 'latin1');
  }),
  fc.tuple(position, fc.constantFrom('node_count', 'edge_count', 'nodes', 'edges', 'strings', 'meta', 'type')).map(
    ([, word]): Damage =>
      (bytes) =>
        Buffer.from(bytes.toString('latin1').replace(`"${word}"`, `"${word}x"`), 'latin1'),
  ),
);

/** Asks a graph everything, as readers do. */
function exercise(graph: HeapGraph): void {
  for (let node = -1; node <= Math.min(graph.nodeCount, 400); node++) {
    graph.kind(node);
    graph.name(node);
    graph.leaf(node);
    graph.properties(node);
    graph.property(node, 'id');
    graph.elements(node);
    graph.lengthOf(node);
    graph.mapEntries(node);
    graph.setValues(node);
    graph.captured(node);
    graph.referrers(node);
    graph.constructorLocation(node);
    assert.ok(graph.heapId(node) >= 0 && graph.selfSize(node) >= 0);
  }
  for (const each of graph.classes()) for (const node of each.instances) assert.ok(node < graph.nodeCount);
  for (const node of graph.globals()) readValue(graph, node, { depth: 8, limit: 50 });
  findPath(graph, 'globalThis.kinds.order.lines[0]');
}

for (const { name, bytes } of bases) {
  test(`${name}: 250 damaged snapshots (seed ${SEED})`, () => {
    fc.assert(
      fc.property(damages, fc.integer({ min: 1, max: 70_000 }), (damage, piece) => {
        const damaged = damage(bytes);
        const start = usedMs();
        const { graph, problems } = parse(damaged, piece);
        if (graph) {
          assert.ok(graph.nodeCount * 5 <= damaged.length && graph.edgeCount * 3 <= damaged.length);
          exercise(graph);
        } else assert.ok(problems.length > 0 && problems.every(({ code, message }) => code && message));
        assert.ok(usedMs() - start < PATIENCE_MS, 'a small file takes a short time');
      }),
      { seed: SEED, numRuns: 250 },
    );
  });

  test(`${name}: torn at any byte, no value becomes another (seed ${SEED})`, () => {
    const whole = graphOf(bytes);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (end) => {
        const { graph, problems } = parse(bytes.subarray(0, end));
        assert.ok(problems.length > 0, 'a tear is said');
        for (let node = 0; node < Math.min(graph?.nodeCount ?? 0, 350); node++) {
          const leaf = graph?.leaf(node);
          if (leaf === undefined || (typeof leaf === 'object' && leaf?.$type === 'truncated')) continue;
          assert.ok(sameValue(leaf, whole.leaf(node)), `node ${node}: ${JSON.stringify(leaf)}`);
        }
      }),
      { seed: SEED, numRuns: 80 },
    );
  });
}

test('a whole real snapshot, torn and spoiled in the middle of its largest sections', () => {
  const real = snapshotOf(process.execPath);
  for (const word of ['"nodes":[', '"edges":[', '"strings":[']) {
    const start = real.indexOf(word) + 5000;
    const { graph } = parse(real.subarray(0, start));
    assert.ok(graph, word);
    exercise(graph);
    const spoiled = Buffer.from(real);
    spoiled.fill(0x7b, start, start + 3);
    exercise(graphOf(spoiled));
  }
});

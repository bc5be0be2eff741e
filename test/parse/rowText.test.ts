// Rows taken whole from the text are those that are read number by number: the same columns whatever is between them, and wherever
// the text is cut into pieces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EdgeRows, NodeRows } from '../../src/parse/v8/columns.ts';
import { IntegerScanner } from '../../src/parse/v8/integerScanner.ts';
import type { SnapshotLayout } from '../../src/parse/v8/layout.ts';

const SEED = 20261125;
const NODE_WIDTHS = [5, 6, 7];

function layoutOf(nodeWidth: number): SnapshotLayout {
  const fields = (names: readonly string[]): ReadonlyMap<string, number> =>
    new Map(names.map((name, at) => [name, at]));
  const codes = Uint8Array.from({ length: 256 }, (_, at) => (at < 10 ? at + 1 : 0));
  const nodes = ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'].slice(0, nodeWidth);
  return {
    nodes: { width: nodeWidth, at: fields(nodes) },
    edges: { width: 3, at: fields(['type', 'name_or_index', 'to_node']) },
    locations: undefined,
    nodeTypes: codes,
    edgeTypes: codes,
    nodeCount: 3,
    edgeCount: 3,
  };
}

/** Everything that was read of the text, in pieces that end where `cuts` says. */
function columnsOf(text: string, kind: 'nodes' | 'edges', width: number, cuts: readonly number[], isWhole: boolean) {
  const layout = layoutOf(width);
  const rows = kind === 'nodes' ? new NodeRows(layout) : new EdgeRows(layout);
  const scanner = new IntegerScanner((batch, count) => rows.accept(batch, count), isWhole ? rows.text() : undefined);
  const bytes = Buffer.from(text);
  let from = 0;
  for (const end of [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b).concat(bytes.length)) {
    if (!scanner.closed && !scanner.foreign) scanner.scan(bytes.subarray(from, end), 0);
    from = end;
  }
  scanner.flush();
  const { length, ragged, bad } = rows;
  const columns = Object.entries(rows)
    .filter(([, column]) => ArrayBuffer.isView(column))
    .map(([name, column]) => [name, [...(column as Uint32Array).subarray(0, length)]]);
  const large = rows instanceof NodeRows ? [...rows.largeSizes] : [];
  return { length, ragged, bad, columns, large, closed: scanner.closed, foreign: scanner.foreign };
}

const number = fc.oneof(
  { weight: 30, arbitrary: fc.nat(300).map(String) },
  { weight: 10, arbitrary: fc.nat(999_999_999).map(String) },
  { weight: 2, arbitrary: fc.nat(4_400_000_000).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('-1', '1.5', '007', '99999999999999999999', '', 'null', '"s"', '[1]') },
);
const between = fc.oneof(
  { weight: 40, arbitrary: fc.constant(',') },
  { weight: 15, arbitrary: fc.constant('\n,') },
  { weight: 2, arbitrary: fc.constantFrom(' ,', ', ', ',\n', '\r\n,', ',,') },
);
const written = fc.array(fc.tuple(number, between), { minLength: 1, maxLength: 200 });

for (const kind of ['nodes', 'edges'] as const)
  test(`${kind} of any text (seed ${SEED})`, () => {
    const cuts = fc.array(fc.nat(2000), { maxLength: 6 });
    const property = fc.property(written, fc.constantFrom(...NODE_WIDTHS), cuts, (parts, width, ends) => {
      const text = `${parts.map(([value, gap]) => value + gap).join('')}0]`;
      const expected = columnsOf(text, kind, width, [], false);
      assert.deepEqual(columnsOf(text, kind, width, ends, true), expected);
    });
    fc.assert(property, { seed: SEED, numRuns: 1500 });
  });

test('long runs as V8 writes them are taken whole', () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => [n % 10, n * 7, n * 2 + 1, n * 1000, n % 5, 0, n % 3]);
  const text = `${rows.map((row) => row.join()).join('\n,')}]`;
  const layout = layoutOf(7);
  const columns = new NodeRows(layout);
  let numbers = 0;
  const scanner = new IntegerScanner((batch, count) => {
    numbers += count;
    columns.accept(batch, count);
  }, columns.text());
  scanner.scan(Buffer.from(text), 0);
  assert.equal(columns.length, rows.length);
  assert.deepEqual(
    [...columns.sizes.subarray(0, rows.length)],
    rows.map((row) => row[3]),
  );
  assert.ok(numbers < 7 * 100, `${numbers} numbers were read one by one`);
});

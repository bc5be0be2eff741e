// The file's form: pieces of any size, sections in any order, layouts of every V8, notes, and what is no snapshot at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPath, readValue, type HeapGraph, type ParseResult } from '../../src/parse/index.ts';
import { StringTable } from '../../src/parse/v8/stringTable.ts';
import { graphOf, parse, snapshotOf } from './everyKind.ts';
import { bytesOf, NODE_FIELDS, orderSnapshot, smallSnapshot } from './snapshotText.ts';

const ORDER = {
  $type: 'object',
  class: 'Order',
  value: { id: 1042, customer: { $type: 'object', class: 'Customer', value: { name: 'Ada' } } },
};

function order(graph: HeapGraph | undefined): unknown {
  assert.ok(graph);
  const node = findPath(graph, 'order');
  return node === undefined ? undefined : readValue(graph, node, { depth: 3, limit: 10 });
}
const codes = ({ problems }: ParseResult): string[] => problems.map(({ code }) => code);

test('pieces of any size give the same graph', () => {
  const bytes = bytesOf(orderSnapshot());
  for (const piece of [1, 2, 3, 7, 64, 1000, bytes.length])
    assert.deepEqual(order(graphOf(bytes, piece)), ORDER, `${piece}`);
  const real = snapshotOf(process.execPath);
  const [whole, pieces] = [graphOf(real, real.length), graphOf(real, 4093)];
  const read = (graph: HeapGraph): unknown =>
    readValue(graph, findPath(graph, 'kinds') as number, { depth: 6, limit: 5000 });
  assert.deepEqual(read(pieces), read(whole));
});

test('sections come in any order, unknown ones are passed over', () => {
  const { snapshot, nodes, edges, locations, strings } = orderSnapshot();
  const odd = { deep: [[[{ 'a"]}': '}]"\\' }]]], n: null, text: ']}' };
  const orders = [
    { strings, locations, edges, nodes, snapshot },
    { edges, snapshot, nodes, strings, locations },
    { odd, nodes, odd2: 1.5, strings, odd3: 'x', snapshot, odd4: true, edges, odd5: [], locations },
  ];
  for (const document of orders) {
    for (const piece of [1, 1000]) {
      const { graph, problems } = parse(bytesOf(document), piece);
      assert.deepEqual(problems, []);
      assert.deepEqual(order(graph), ORDER);
    }
  }
});

test('white space and a byte order mark are JSON too', () => {
  const pretty = Buffer.from(`\ufeff${JSON.stringify(orderSnapshot(), null, '\t')}\n\n`);
  assert.deepEqual(order(graphOf(pretty, 11)), ORDER);
});

test('fields stand where the header says', () => {
  const layouts = [
    ['edge_count', 'self_size', 'detachedness', 'id', 'name', 'type'],
    ['type', 'name', 'id', 'self_size', 'edge_count'],
    [...NODE_FIELDS.slice(0, 5), 'trace_node_id', 'detachedness', 'something_new'],
  ];
  for (const fields of layouts) assert.deepEqual(order(graphOf(bytesOf(orderSnapshot(fields)))), ORDER, fields.join());
  const missing = parse(bytesOf(orderSnapshot(['type', 'name', 'id', 'self_size'])));
  assert.equal(missing.graph, undefined);
  assert.deepEqual(codes(missing), ['unknown-layout']);
});

test('the notes of a capture become scripts and target', () => {
  const scripts = [
    { id: 7, url: 'file:///app/order.js', hash: 'ab', sourceMap: '{"version":3}' },
    { id: 'x', url: 5 },
    { id: 8, url: 'file:///app/plain.js' },
  ];
  const semstate = { version: 1, target: { name: 'shop', pid: '1', odd: 5 }, scripts };
  const { graph, problems } = parse(bytesOf({ ...orderSnapshot(), semstate }), 5);
  assert.deepEqual(problems, []);
  assert.deepEqual(graph?.target, { name: 'shop', pid: '1' });
  assert.deepEqual([...(graph?.scripts.values() ?? [])], [scripts[0], scripts[2]]);
  assert.deepEqual(codes(parse(bytesOf({ ...orderSnapshot(), semstate: { version: 9 } }))), ['bad-notes']);
});

test('what is no heap snapshot says so', () => {
  const cases: readonly (readonly [string, string | Buffer, string])[] = [
    ['nothing', '', 'empty'],
    ['blanks', '  \n', 'not-a-heap-snapshot'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'not-a-heap-snapshot'],
    ['a page', '<!doctype html><html><body>no</body></html>', 'not-a-heap-snapshot'],
    ['a list', '[1,2,3]', 'not-a-heap-snapshot'],
    ['other JSON', '{"name":"x","list":[1,{"a":[]}]}', 'not-a-heap-snapshot'],
    ['a CPU profile', '{"nodes":[{"id":1}],"startTime":1,"samples":[1]}', 'not-a-heap-snapshot'],
    ['a header cut short', '{"snapshot":{"meta":{"node_fi', 'torn'],
    ['a header of another kind', '{"snapshot":5,"nodes":[],"edges":[],"strings":[]}', 'unknown-layout'],
    ['text', 'just text', 'not-a-heap-snapshot'],
  ];
  for (const [title, content, code] of cases) {
    for (const piece of [1, 1000]) {
      const result = parse(Buffer.from(content), piece);
      assert.equal(result.graph, undefined, title);
      assert.equal(codes(result).at(-1), code, title);
    }
  }
});

test('hostile numbers and counts make a smaller graph with problems', () => {
  const base = orderSnapshot();
  const cases: readonly (readonly [string, string, string])[] = [
    ['huge counts', JSON.stringify(base).replace('"node_count":7', '"node_count":9007199254740991'), 'node-count'],
    ['negative counts', JSON.stringify(base).replace('"edge_count":', '"edge_count":-'), 'edge-count'],
    ['a node off the end', JSON.stringify({ ...base, edges: [...base.edges.slice(0, -1), 6e10] }), 'bad-number'],
    ['a target between rows', JSON.stringify({ ...base, edges: [...base.edges.slice(0, -1), 31] }), 'bad-number'],
    ['a dangling edge', JSON.stringify({ ...base, edges: [...base.edges.slice(0, -1), 6000] }), 'dangling-edge'],
    ['floats', JSON.stringify({ ...base, edges: [...base.edges.slice(0, -1), 1.5] }), 'bad-number'],
    [
      'negative numbers',
      JSON.stringify({ ...base, nodes: base.nodes.map((n, i) => (i === 10 ? -n : n)) }),
      'bad-number',
    ],
    [
      'numbers of a thousand digits',
      JSON.stringify(base).replace('"edges":[', `"edges":[${'9'.repeat(1000)},`),
      'bad-number',
    ],
    ['half a row', JSON.stringify({ ...base, nodes: base.nodes.slice(0, -1) }), 'ragged'],
    ['objects for numbers', JSON.stringify(base).replace('"edges":[', '"edges":[{"a":[1]},'), 'bad-section'],
    ['numbers for strings', JSON.stringify({ ...base, strings: [1, 2] }), 'bad-section'],
    ['a section twice', JSON.stringify(base).replace('"strings":', '"strings":[],"strings":'), 'duplicate-section'],
    [
      'deep nesting',
      JSON.stringify(base).replace('"nodes":', `"deep":${'['.repeat(1e5)}${']'.repeat(1e5)},"nodes":`),
      '',
    ],
    ['edges nobody owns', JSON.stringify({ ...base, edges: [...base.edges, 2, 1, 0] }), 'edge-sum'],
  ];
  for (const [title, text, code] of cases) {
    const result = parse(Buffer.from(text), 97);
    assert.ok(result.graph, title);
    if (code) assert.ok(codes(result).includes(code), `${title}: ${codes(result).join()}`);
    else assert.deepEqual(codes(result), [], title);
    for (let node = 0; node < result.graph.nodeCount; node++) readValue(result.graph, node, { depth: 5, limit: 5 });
  }
});

test('after an unreadable count of edges, no edge is given to a wrong owner', () => {
  const base = orderSnapshot();
  const width = NODE_FIELDS.length;
  // The order's own count is broken: whose the edges after it are is not known.
  const nodes = base.nodes.map((value, index) => (index === 2 * width + 4 ? -1 : value));
  const { graph } = parse(bytesOf({ ...base, nodes }));
  assert.ok(graph);
  assert.deepEqual(graph.properties(2), []);
  assert.deepEqual(graph.properties(5), []);
  assert.equal(graph.name(5), 'Customer');
});

test('strings: escapes, halves of pairs, invalid bytes', () => {
  const names = ['plain', 'a"b\\c/', '\u0000\u001f', '😀', 'é中'];
  const document = smallSnapshot(names.map((name) => ({ type: 'string', name })));
  const graph = graphOf(bytesOf(document), 3);
  names.forEach((name, node) => assert.equal(graph.leaf(node), name));
  const escaped = JSON.stringify(document).replace('"plain"', '"\\u0070l\\u00e9\\n"');
  assert.equal(graphOf(Buffer.from(escaped)).leaf(0), 'plé\n');
  const broken = bytesOf(document);
  broken[broken.indexOf('plain') + 2] = 0xff;
  const leaf = graphOf(broken).leaf(0);
  assert.deepEqual(leaf, { $type: 'truncated', value: { length: 0, head: '' }, why: 'missing' });
  assert.equal(graphOf(Buffer.from(JSON.stringify(document).replace('"plain"', '"pl\\x"'))).name(0), 'pl\\x');
});

test('joined strings: deep, shared and circular trees end', () => {
  const types = ['synthetic', 'object', 'concatenated string', 'string'];
  const document = smallSnapshot([
    { type: 'string', name: 'ab' },
    ...Array.from({ length: 60 }, (_, depth): { type: string; name: string; edges: [string, string, number][] } => ({
      type: 'native',
      name: '(concatenated string)',
      edges: [
        ['internal', 'first', depth],
        ['internal', 'second', depth],
      ],
    })),
    {
      type: 'native',
      name: '',
      edges: [
        ['internal', 'first', 61],
        ['internal', 'second', 61],
      ],
    },
  ]);
  // The builder knows no joined strings: the type that stands for them is renamed in the header.
  const text = JSON.stringify(document).replace('"native"', `"${types[2]}"`);
  const graph = graphOf(Buffer.from(text));
  assert.equal(graph.leaf(3), 'ab'.repeat(8));
  const huge = graph.leaf(60);
  assert.ok(typeof huge === 'object' && huge !== null && huge.$type === 'truncated' && huge.why === 'long');
  assert.equal(huge.value.length, 2 ** 61);
  assert.ok(huge.value.head.startsWith('abab'));
  assert.deepEqual(graph.leaf(61), { $type: 'truncated', value: { length: 0, head: '' }, why: 'missing' });
});

test('sizes that a file claims do not become memory', () => {
  const claimed = 2 ** 40;
  const graph = graphOf(
    bytesOf(
      smallSnapshot([
        { type: 'synthetic', name: '', edges: [['shortcut', 'window', 1]] },
        {
          type: 'object',
          name: 'global',
          edges: [
            ['property', 'list', 2],
            ['property', 'map', 6],
          ],
        },
        {
          type: 'object',
          name: 'Array',
          edges: [
            ['internal', 'elements', 3],
            ['element', 4e9, 5],
            ['property', '__proto__', 4],
          ],
        },
        { type: 'code', name: '(object elements)', size: claimed },
        { type: 'object', name: 'Array' },
        { type: 'string', name: 'x' },
        { type: 'object', name: 'Map', edges: [['internal', 'table', 7]] },
        { type: 'array', name: '', size: 16 + 8 * (3 + 7 * 2 ** 30), edges: [['internal', '3000000000', 5]] },
        { type: 'hidden', name: 'system / NativeContext', edges: [['internal', 'initial_array_prototype', 4]] },
      ]),
    ),
  );
  assert.equal(graph.kind(2), 'array');
  assert.equal(graph.lengthOf(2), (claimed - 16) / 8);
  assert.ok(graph.elements(2).length < 1e5);
  assert.equal(graph.kind(6), 'map');
  assert.ok(graph.mapEntries(6).length < 1e5);
  assert.equal(graph.selfSize(3), claimed);
});

test('text beyond what offsets address is missing, not another text', () => {
  const texts = ['first', 'second', 'third', 'fourth'];
  const bytes = Buffer.from(`${texts.map((text) => JSON.stringify(text)).join(',')}]`);
  const table = new StringTable(17);
  table.scan(bytes, 0);
  assert.deepEqual([table.closed, table.full, table.length], [true, true, 4]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((index) => table.exact(index)),
    ['first', 'second', undefined, undefined, undefined],
  );
  assert.deepEqual(
    [1, 2, 9].map((index) => table.name(index)),
    ['second', '', ''],
  );
  assert.deepEqual(table.find(['second', 'third']), [1, -1]);
});

test('a snapshot without the values of numbers says so once', () => {
  const { graph, problems } = parse(
    bytesOf(
      smallSnapshot([
        { type: 'number', name: 'heap number' },
        { type: 'object', name: 'value', edges: [['property', 'value', 0]] },
      ]),
    ),
  );
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['no-numbers'],
  );
  assert.deepEqual(graph?.leaf(0), { $type: 'truncated', value: { length: 0, head: '' }, why: 'missing' });
});

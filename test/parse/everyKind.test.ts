// Every kind of value, written by V8 itself in Node 20, 22 and 24, read back and compared with the truth.
// What V8 does not write must come out as missing, never as another value.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { missing, type Value } from '../../src/model/index.ts';
import { findPath, readValue, type HeapGraph } from '../../src/parse/index.ts';
import { graphOf, RUNTIMES, snapshotOf } from './everyKind.ts';

const MISSING = missing();
const NAN: Value = { $type: 'nan' };

function at(graph: HeapGraph, path: string): number {
  const node = findPath(graph, path);
  assert.notEqual(node, undefined, `${path} is not in the heap`);
  return node as number;
}
const read = (graph: HeapGraph, path: string, depth = 4): Value =>
  readValue(graph, at(graph, path), { depth, limit: 10_000 });

function members(value: Value): { readonly [name: string]: Value } {
  assert.ok(typeof value === 'object' && value !== null && value.$type === 'object', JSON.stringify(value));
  return value.value;
}

for (const { name, binary } of RUNTIMES) {
  const onEach = (title: string, check: (graph: HeapGraph, t: TestContext) => void): void => {
    test(`${name}: ${title}`, { skip: binary ? false : 'npm has no binary of this Node for this machine' }, (t) => {
      check(graphOf(snapshotOf(binary as string)), t);
    });
  };

  onEach('nothing of a whole file is a problem', (graph) => {
    assert.deepEqual(graph.problems, []);
    assert.ok(graph.nodeCount > 10_000 && graph.edgeCount > graph.nodeCount);
  });

  onEach('numbers are exact; what may be minus zero is missing', (graph) => {
    assert.deepEqual(members(read(graph, 'kinds.numbers')), {
      zero: 0,
      minusZero: MISSING,
      one: 1,
      negative: -5,
      big: 1073741824,
      huge: 9007199254740991,
      fraction: 0.1,
      tiny: 5e-324,
      large: 1.7976931348623157e308,
      nan: NAN,
      infinity: { $type: 'infinity' },
      minusInfinity: { $type: '-infinity' },
      smiMin: -1073741824,
      smiMax: 2147483647,
    });
    assert.deepEqual(members(read(graph, 'kinds.oddballs')), {
      yes: true,
      no: false,
      nothing: null,
      undef: { $type: 'undefined' },
    });
  });

  onEach('strings: flat, joined, cut and lost ones are told apart', (graph) => {
    let cons = 'part';
    for (let i = 0; i < 40; i++) cons += `-${i}${String.fromCharCode(97 + (i % 26))}`;
    assert.deepEqual(members(read(graph, 'kinds.strings')), {
      empty: '',
      flat: 'hello',
      digits: '1042',
      escaped: 'a"b\\c\n\t\u0001/',
      latin: 'é',
      wide: '中文字',
      question: 'who???',
      emoji: MISSING,
      lone: MISSING,
      long: 'x'.repeat(1500),
      cut: { $type: 'truncated', value: { length: 2000, head: 'y'.repeat(1024) }, why: 'long' },
      limit: 'z'.repeat(1024),
      cons,
      sliced: MISSING,
    });
  });

  onEach('dates are exact where V8 writes them and else missing', (graph) => {
    const dates = members(read(graph, 'kinds.dates'));
    const written = JSON.stringify(dates['now']) !== JSON.stringify(MISSING);
    if (written) assert.deepEqual(dates['now'], { $type: 'date', value: '2023-11-14T22:13:20.123Z' });
    assert.equal(written, name !== 'this Node', 'before Node 24 the time is in the file');
    assert.deepEqual([dates['small'], dates['epoch']], [MISSING, MISSING]);
    assert.equal(graph.kind(at(graph, 'kinds.dates.invalid')), 'date');
  });

  onEach('arrays: elements, holes, lengths where they are certain', (graph) => {
    const arrays = members(read(graph, 'kinds.arrays', 2));
    assert.deepEqual(arrays['mixed'], { $type: 'list', value: ['a', 1, true, null, { $type: 'undefined' }, 2.5] });
    assert.deepEqual(arrays['holes'], { $type: 'list', value: ['a', { $type: 'undefined', hole: true }, 'c'] });
    assert.deepEqual(arrays['empty'], { $type: 'list', value: [] });
    assert.deepEqual(arrays['listing'], { $type: 'list', value: ['p', 'q'] });
    assert.deepEqual(arrays['smis'], { $type: 'list', value: [MISSING, MISSING, MISSING] });
    assert.deepEqual(arrays['doubles'], MISSING);
    assert.equal(graph.lengthOf(at(graph, 'kinds.arrays.empty')), 0);
    assert.equal(graph.lengthOf(at(graph, 'kinds.arrays.mixed')), 6);
    assert.equal(graph.lengthOf(at(graph, 'kinds.arrays.doubles')), undefined);
  });

  onEach('Map and Set: sides that V8 did not write are missing, deleted entries are gone', (graph) => {
    const side = (node: number | undefined): Value | undefined => (node === undefined ? undefined : graph.leaf(node));
    const entries = graph.mapEntries(at(graph, 'kinds.map')).map(({ key, value }) => [side(key), side(value)]);
    assert.deepEqual(entries, [
      ['a', undefined],
      ['b', 'text'],
      [undefined, 'one'],
      [undefined, 'yes'],
      [undefined, 'none'],
      [undefined, 'object key'],
      ['n', undefined],
      ['d', 2.5],
      ['t', undefined],
    ]);
    assert.equal(graph.mapEntries(at(graph, 'kinds.map'))[0]?.value, at(graph, 'kinds.order'));
    assert.deepEqual(read(graph, 'kinds.deletedMap'), {
      $type: 'map',
      value: [
        ['kept', 'y'],
        ['late', 'z'],
      ],
    });
    // None of these has an entry in the file, and nothing tells which of them is empty.
    for (const path of ['emptyMap', 'numberMap', 'numberSet']) {
      assert.match(graph.kind(at(graph, `kinds.${path}`)), /^(map|set)$/);
      assert.deepEqual(read(graph, `kinds.${path}`), MISSING, path);
    }
    assert.equal(graph.kind(at(graph, 'kinds.registry')), 'map');
    const values = graph.setValues(at(graph, 'kinds.set')).filter((node) => node !== undefined);
    assert.deepEqual(values.map(side), ['s1', undefined, 'last']);
    assert.deepEqual(
      ['weakMap', 'weakSet', 'weakRef'].map((each) => graph.kind(at(graph, `kinds.${each}`))),
      ['weak', 'weak', 'weak'],
    );
  });

  onEach('a Map is entered by the text of its key', (graph) => {
    assert.equal(findPath(graph, 'globalThis.orders["1042"]'), at(graph, 'kinds.order'));
    assert.equal(findPath(graph, 'kinds.order.lines[1].qty'), at(graph, 'kinds.arrays.objects[0].lines[1].qty'));
    assert.equal(findPath(graph, 'kinds.customer.#secret') === undefined, false);
    for (const wrong of ['globalThis.nothing', 'kinds..order', 'kinds[', '', 'kinds.order.lines[9]'])
      assert.equal(findPath(graph, wrong), undefined, wrong);
  });

  onEach('an object with its class, private members, sharing and cycles', (graph) => {
    const customer: Value = {
      $type: 'object',
      class: 'Customer',
      value: { '#secret': 'hidden', id: 'c1', name: 'Grüße 中文' },
    };
    const line = (sku: string, qty: number): Value => ({ $type: 'object', class: 'Object', value: { sku, qty } });
    assert.deepEqual(read(graph, 'kinds.order'), {
      $type: 'object',
      class: 'Order',
      value: {
        id: 1042,
        customer,
        total: 12.5,
        paid: true,
        lines: { $type: 'list', value: [line('A', 2), line('B', -3)] },
        self: { $type: 'ref', value: '$' },
      },
    });
    assert.deepEqual(members(read(graph, 'kinds.shared'))['right'], { $type: 'ref', value: '$.value.left' });
    const nested = readValue(graph, at(graph, 'kinds.nested'), { depth: 2, limit: 10 });
    const cut: Value = { $type: 'truncated', value: { length: 0, head: 'Object' }, why: 'depth' };
    const inner: Value = { $type: 'object', class: 'Object', value: { b: cut } };
    assert.deepEqual(members(nested), { a: inner });
    assert.deepEqual(read(graph, 'kinds.proxy'), { ...customer, proxy: true });
  });

  onEach('symbol keys, indices, dictionaries, accessors, objects without prototype', (graph) => {
    assert.deepEqual(members(read(graph, 'kinds.symbolKeyed')), { '@@meta': 'by symbol', plain: 1, '@@shared': 2 });
    assert.deepEqual(members(read(graph, 'kinds.indexed')), { 0: 'zero', 5: 'five', name: 'n' });
    assert.deepEqual(members(read(graph, 'kinds.accessor')), { value: { $type: 'accessor' }, plain: 'p' });
    assert.deepEqual(members(read(graph, 'kinds.nullProto')), { x: 'bare' });
    const dictionary = members(read(graph, 'kinds.dictionary'));
    assert.equal(Object.keys(dictionary).length, 1199);
    assert.deepEqual([dictionary['key1'], dictionary['key3'], dictionary['key800']], ['v1', undefined, 800]);
    assert.deepEqual(graph.leaf(at(graph, 'kinds.sym')), { $type: 'symbol', value: 'meta' });
  });

  onEach('one property by name is the one of the list', (graph) => {
    for (const path of [
      'order',
      'customer',
      'symbolKeyed',
      'indexed',
      'accessor',
      'proxy',
      'error',
      'klass',
      'arrays',
    ]) {
      const node = at(graph, `kinds.${path}`);
      const list = graph.properties(node);
      for (const { name, node: target } of list) assert.equal(graph.property(node, name), target, `${path}.${name}`);
      for (const name of ['__proto__', 'map', 'get value', 'nothing', '']) {
        const found = list.find((each) => each.name === name)?.node;
        assert.equal(graph.property(node, name), found, `${path}.${name}`);
      }
    }
  });

  onEach(
    'what has no exact form in the file is missing; regexp, error, promise and weak reference are named',
    (graph) => {
      for (const path of [
        'big',
        'bytes.buffer',
        'bytes.u8',
        'bytes.f64',
        'bytes.ab',
        'bytes.view',
        'boxed.number',
        'boxed.string',
      ])
        assert.deepEqual(read(graph, `kinds.${path}`), MISSING, path);
      assert.equal(graph.kind(at(graph, 'kinds.big')), 'bigint');
      assert.equal(graph.kind(at(graph, 'kinds.bytes.ab')), 'bytes');
      assert.deepEqual(read(graph, 'kinds.regexp'), { $type: 'regexp', value: 'ab+c' });
      const error = read(graph, 'kinds.error');
      assert.ok(typeof error === 'object' && error !== null && error.$type === 'error' && error.class === 'TypeError');
      assert.equal(error.value['message'], 'went wrong');
      assert.equal('@@' in error.value, false);
      assert.deepEqual(read(graph, 'kinds.promise.resolved'), { $type: 'promise', state: 'unknown', value: 'done' });
      assert.deepEqual(read(graph, 'kinds.promise.pending'), { $type: 'promise', state: 'unknown' });
      const weak = read(graph, 'kinds.weakRef', 1);
      assert.ok(typeof weak === 'object' && weak !== null && weak.$type === 'weakref');
    },
  );

  onEach('a function carries its variables, a bound one what it is bound to', (graph) => {
    const captured = graph.captured(at(graph, 'kinds.counter'));
    const leaf = (wanted: string): Value | undefined => {
      const found = captured.find((each) => each.name === wanted);
      return found && graph.leaf(found.node);
    };
    assert.deepEqual([leaf('count'), leaf('label')], [10, 'n']);
    const bound = graph.captured(at(graph, 'kinds.bound')).map((each) => each.name);
    assert.deepEqual(bound, ['[[TargetFunction]]', '[[BoundThis]]', '[[BoundArgs]][0]', '[[BoundArgs]][1]']);
    assert.equal(graph.kind(at(graph, 'kinds.klass')), 'function');
  });

  onEach('classes by constructor, told apart by place, prototypes left out', (graph) => {
    const find = (wanted: string): readonly { place: unknown; instances: readonly number[] }[] =>
      graph
        .classes()
        .filter((each) => each.name === wanted)
        .map(({ location, instances }) => ({ place: location && [location.line, location.column], instances }));
    const orders = [...find('Order')].sort((a, b) => a.instances.length - b.instances.length);
    assert.deepEqual(
      orders.map((each) => each.instances.length),
      [1, 2],
      'two classes named Order',
    );
    assert.deepEqual(orders[0]?.instances, [at(graph, 'kinds.order')]);
    assert.notDeepEqual(orders[0]?.place, orders[1]?.place);
    assert.deepEqual(find('SpecialOrder')[0]?.instances, [at(graph, 'kinds.special')]);
    assert.equal(find('Object')[0]?.place, undefined);
    const sizes = graph.classes().map((each) => each.instances.length);
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
    assert.deepEqual(graph.constructorLocation(at(graph, 'kinds.order'))?.line, 18);
  });

  onEach('referrers are the inverse of edges', (graph) => {
    const order = at(graph, 'kinds.order');
    const customer = at(graph, 'kinds.customer');
    const holders = graph.referrers(customer).filter(({ node, name }) => node === order && name === 'customer');
    assert.equal(holders.length, 1);
    assert.ok(graph.referrers(order).some(({ node, name }) => node === order && name === 'self'));
  });
}

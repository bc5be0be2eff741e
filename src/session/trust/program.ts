// A program that holds one value of every kind, and what each of them is in the contract's form. Written for any Node.js, since it is run
// by the very binary whose memory is to be understood.
import type { Value } from '../../model/index.ts';

export const READY = 'ready';

/** Keys in the dictionary of which one is deleted again. */
const KEYS = 300;

/** Given to `node -e`. */
export const PROGRAM = String.raw`'use strict';
class Base {
  #hidden = 'secret';
  constructor(id) { this.id = id; }
}
class Derived extends Base {
  constructor(id) { super(id); this.total = 12.5; this.open = true; }
}
class List extends Array {}
const order = new Derived(7);
order.self = order;
const text = 'abcdefghijklmnopqrstuvwxyz'.repeat(4);
let joined = 'part';
for (let n = 0; n < 40; n++) joined += '-' + n;
const dictionary = {};
for (let n = 0; n < ${KEYS}; n++) dictionary['key' + n] = n % 2 ? 'v' + n : n;
delete dictionary.key7;
const changed = new Map([['gone', 1], ['kept', 2], ['late', 3]]);
changed.delete('gone');
const removed = new Set([1, 'two', order]);
removed.delete(1);
const counter = ((start, label) => {
  let count = start;
  return function counter() { return label + count++; };
})(10, 'n');
const far = [1];
far[3000] = 'far';
const rejected = Promise.reject(new RangeError('no'));
rejected.catch(() => {});
globalThis.kinds = {
  order,
  numbers: [0, -0, 1, -5, 2147483647, -2147483648, 9007199254740991, 0.1, 5e-324, 1.7976931348623157e308, NaN, Infinity, -Infinity],
  integers: [1, 2, 3],
  doubles: [1.5, , -0],
  oddballs: [true, false, null, undefined, , 'x'],
  strings: ['', 'flat', 'é', '注文', 'a😀b', 'a\ud800b', 'x'.repeat(1500), text.slice(3, 50), joined, JSON.parse('"\\u0101z"')],
  big: [0n, -1n, 12345678901234567890n, -(2n ** 200n)],
  symbols: { [Symbol('meta')]: 'by symbol', name: Symbol('name') },
  indexed: { 5: 'five', 0: 'zero', name: 'n' },
  dictionary,
  far: far.length,
  list: List.from(['p', 'q']),
  frozen: Object.freeze(['f', 1]),
  map: new Map([['a', 1], [2, 'two'], [-0.5, 0.5], [true, null], [order, 'order'], [NaN, 1n]]),
  changed,
  removed,
  empty: [new Map(), new Set(), [], {}],
  dates: [new Date(1700000000123), new Date(5), new Date(-1), new Date(NaN)],
  regexp: /ab+c\//gi,
  error: Object.assign(new TypeError('went wrong'), { code: 'E' }),
  promises: [Promise.resolve('done'), new Promise(() => {}), rejected],
  proxy: new Proxy({ inside: 1 }, {}),
  bytes: [Buffer.from('hello'), new Uint8Array([1, 2]), new Float64Array([1.5]), new Uint16Array(300).fill(258).buffer, new DataView(new ArrayBuffer(4))],
  boxed: [new Number(5), new String('boxed'), new Boolean(true)],
  weak: new WeakRef(order),
  accessor: { get value() { return 1; }, plain: 'p' },
  bare: Object.assign(Object.create(null), { x: 'bare' }),
  counter,
};
setTimeout(() => { process.stdout.write('${READY}\n'); setInterval(() => {}, 1e6); }, 20);
`;

const UNDEFINED: Value = { $type: 'undefined' };
const HOLE = { $type: 'undefined', hole: true } as const;
const list = (...value: Value[]): Value => ({ $type: 'list', value });
const object = (value: { readonly [name: string]: Value }, of = 'Object'): Value => ({
  $type: 'object',
  class: of,
  value,
});
const bigint = (value: bigint): Value => ({ $type: 'bigint', value: String(value) });
const date = (value: string): Value => ({ $type: 'date', value });
const bytes = (of: string, ...content: number[]): Value => ({
  $type: 'bytes',
  value: Buffer.from(content).toString('base64'),
  of,
});
const boxed = (of: string, value: Value): Value => object({ '[[PrimitiveValue]]': value }, of);
/** Where the order stands in the document that the objects are given in. */
const ORDER: Value = { $type: 'ref', value: '$.objects[0].value.order' };

/** What `globalThis.kinds` of the program is. */
export function expectedKinds(): Value {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz';
  const keys = Array.from({ length: KEYS }, (_, n): [string, Value] => [`key${n}`, n % 2 ? `v${n}` : n]);
  return object({
    order: object({ '#hidden': 'secret', id: 7, total: 12.5, open: true, self: ORDER }, 'Derived'),
    numbers: list(
      ...[0, -0, 1, -5, 2147483647, -2147483648, 9007199254740991, 0.1, 5e-324, 1.7976931348623157e308],
      ...([{ $type: 'nan' }, { $type: 'infinity' }, { $type: '-infinity' }] satisfies Value[]),
    ),
    integers: list(1, 2, 3),
    doubles: list(1.5, HOLE, -0),
    oddballs: list(true, false, null, UNDEFINED, HOLE, 'x'),
    strings: list(
      ...['', 'flat', 'é', '注文', 'a😀b', 'a\ud800b', 'x'.repeat(1500), alphabet.repeat(4).slice(3, 50)],
      ...[`part${Array.from({ length: 40 }, (_, n) => `-${n}`).join('')}`, 'āz'],
    ),
    big: list(bigint(0n), bigint(-1n), bigint(12345678901234567890n), bigint(-(2n ** 200n))),
    symbols: object({ name: { $type: 'symbol', value: 'name' }, '@@meta': 'by symbol' }),
    indexed: object({ 0: 'zero', 5: 'five', name: 'n' }),
    dictionary: object(Object.fromEntries(keys.filter(([name]) => name !== 'key7'))),
    far: 3001,
    list: list('p', 'q'),
    frozen: list('f', 1),
    map: {
      $type: 'map',
      value: [
        ['a', 1],
        [2, 'two'],
        [-0.5, 0.5],
        [true, null],
        [ORDER, 'order'],
        [{ $type: 'nan' }, bigint(1n)],
      ],
    },
    changed: {
      $type: 'map',
      value: [
        ['kept', 2],
        ['late', 3],
      ],
    },
    removed: { $type: 'set', value: ['two', ORDER] },
    empty: list({ $type: 'map', value: [] }, { $type: 'set', value: [] }, list(), object({})),
    dates: list(date('2023-11-14T22:13:20.123Z'), date('1970-01-01T00:00:00.005Z'), date('1969-12-31T23:59:59.999Z'), {
      $type: 'date',
      value: { $type: 'nan' },
    }),
    regexp: { $type: 'regexp', value: '/ab+c\\//gi' },
    error: { $type: 'error', class: 'TypeError', value: { message: 'went wrong', code: 'E' } },
    promises: list(
      { $type: 'promise', state: 'fulfilled', value: 'done' },
      { $type: 'promise', state: 'pending' },
      {
        $type: 'promise',
        state: 'rejected',
        value: { $type: 'error', class: 'RangeError', value: { message: 'no' } },
      },
    ),
    proxy: { $type: 'object', class: 'Object', proxy: true, value: { inside: 1 } },
    bytes: list(
      bytes('Buffer', ...Buffer.from('hello')),
      bytes('Uint8Array', 1, 2),
      bytes('Float64Array', 0, 0, 0, 0, 0, 0, 0xf8, 0x3f),
      bytes('ArrayBuffer', ...new Array<number>(600).fill(0).map((_, n) => (n % 2 ? 1 : 2))),
      bytes('DataView', 0, 0, 0, 0),
    ),
    boxed: list(boxed('Number', 5), boxed('String', 'boxed'), boxed('Boolean', true)),
    weak: { $type: 'weakref', value: ORDER },
    accessor: object({ value: { $type: 'accessor' }, plain: 'p' }),
    bare: object({ x: 'bare' }),
    counter: { $type: 'function', value: 'counter', variables: { count: 10, label: 'n' } },
  });
}

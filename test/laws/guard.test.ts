// Conditions as programs write them, judged on a state: true, false with what makes it so, or not known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluateGuard } from '../../src/laws/index.ts';
import { missing, NO_CONTEXT, refKey, showValue } from '../../src/model/index.ts';
import type { EntityInstance, Model, Value } from '../../src/model/index.ts';

const SEED = 1042;
const attributes = (...names: string[]) => names.map((name) => ({ name, type: 'unknown' }) as const);
const model: Model = {
  ...{ document: 'model', version: 1, context: NO_CONTEXT, problems: [], transitions: [] },
  entities: [
    {
      name: 'Order',
      status: 'confirmed',
      attributes: [
        { name: 'status', type: 'enum', states: [{ value: 'placed', label: 'Placed' }] },
        ...attributes('total', 'paid', 'tags', 'dueAt', 'secret', 'note'),
      ],
    },
    { name: 'Payment', status: 'confirmed', attributes: attributes('status', 'amount') },
    { name: 'Item', status: 'confirmed', attributes: attributes('reserved', 'count') },
  ],
  relations: [
    { subject: 'Order', predicate: 'items', object: 'Item', cardinality: '*', kind: 'structural', status: 'confirmed' },
    {
      subject: 'Order',
      predicate: 'refund',
      object: 'Payment',
      cardinality: '0..1',
      kind: 'structural',
      status: 'confirmed',
    },
    {
      subject: 'Payment',
      predicate: 'order',
      object: 'Order',
      cardinality: '1',
      kind: 'attributive',
      status: 'confirmed',
    },
  ],
};
const order: EntityInstance = {
  entity: 'Order',
  id: 7,
  attributes: {
    ...{ status: 'placed', total: 30, paid: 20, note: '', secret: missing() },
    tags: { $type: 'list', value: ['new', 'gift'] },
    dueAt: { $type: 'date', value: '2026-01-01T00:00:00.000Z' },
  },
  links: {
    items: [
      { entity: 'Item', id: 'a' },
      { entity: 'Item', id: 'b' },
    ],
    refund: [],
  },
};
const others: EntityInstance[] = [
  {
    entity: 'Payment',
    id: 'p',
    attributes: { status: 'failed', amount: 20 },
    links: { order: [{ entity: 'Order', id: 7 }] },
  },
  { entity: 'Item', id: 'a', attributes: { reserved: true, count: 1 }, links: {} },
  { entity: 'Item', id: 'b', attributes: { reserved: false, count: 2 }, links: {} },
];
const state = new Map([order, ...others].map((each) => [refKey(each), each]));
const NOW = Date.parse('2026-01-02T00:00:00Z') * 1000;

function judged(text: string): string {
  const answer = evaluateGuard(text, { self: order, state, model }, NOW);
  if (!answer) return 'unknown';
  const because = answer.because.map((each) => `${each.text} ${showValue(each.value)}`).join(', ');
  return `${answer.holds}: ${because}`;
}

const CASES: readonly [string, string][] = [
  ["this.status === 'placed'", 'true: this.status placed'],
  ["order.status !== 'placed'", 'false: order.status placed'],
  ["o.status === 'placed' && o.total > 100", 'false: o.total 30'],
  ['this.paid >= this.total', 'false: this.paid 20, this.total 30'],
  ['this.#paid >= this.#total', 'false: this.paid 20, this.total 30'],
  ["payment.status === 'captured'", 'false: payment.status failed'],
  ["!payment || payment.status !== 'failed'", 'false: payment.status failed'],
  ['order.items.every(item => item.reserved)', 'false: item.reserved false'],
  ['order.items.every((item) => item.reserved)', 'false: item.reserved false'],
  ['this.items.some(i => i.count > 1)', 'true: i.count 2'],
  ['this.items.length > 2', 'false: this.items.length 2'],
  ['this.refund != null', 'false: this.refund null'],
  ["this.refund?.status === 'captured'", 'false: this.refund null'],
  ["this.tags.includes('gift')", 'true: this.tags [2]'],
  ["['placed', 'paid'].includes(this.status)", 'true: this.status placed'],
  ['this.dueAt.getTime() < Date.now()', 'true: this.dueAt 2026-01-01T00:00:00.000Z'],
  ['!this.note', 'true: this.note '],
  ['this.secret === 1', 'unknown'],
  ["this.secret === 1 && this.status === 'paid'", 'false: this.status placed'],
  ["this.secret === 1 || this.status === 'placed'", 'true: this.status placed'],
  ['isOpen(this)', 'unknown'],
  ['this.status === Status.Placed', 'true: this.status placed'],
  ['this.status === Status.Nowhere', 'unknown'],
  ["clock.hour > 3 && this.status === 'paid'", 'false: this.status placed'],
  ['this.status = 1', 'unknown'],
  ['if (', 'unknown'],
  ['this.nothing === 1', 'unknown'],
  ["this.total > 10 ? this.status === 'placed' : false", 'true: this.total 30, this.status placed'],
];
for (const [text, expected] of CASES) test(text, () => assert.equal(judged(text), expected));

test(`numbers, texts and null compare as in JavaScript (seed ${SEED})`, () => {
  const value = fc.constantFrom<Value>(0, 1, -1, 2.5, '', 'a', '1', null, true, false);
  const operator = fc.constantFrom('===', '!==', '==', '!=', '<', '<=', '>', '>=', '&&', '||', '??');
  fc.assert(
    fc.property(value, operator, value, (left, sign, right) => {
      const self = { ...order, attributes: { total: left, paid: right } };
      const got = evaluateGuard(`this.total ${sign} this.paid`, { self, state, model }, NOW)?.holds;
      const expected = Boolean(new Function('a', 'b', `return a ${sign} b`)(left, right));
      // Loose equality of different kinds is not imitated to the last case.
      if (sign.length === 2 && /[=!]=/.test(sign) && typeof left !== typeof right) return true;
      return got === expected;
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test(`no text makes it throw (seed ${SEED})`, () => {
  const piece = fc.constantFrom(
    'this',
    '.status',
    '(',
    ')',
    '&&',
    '!',
    "'x'",
    '=>',
    'items',
    '.every',
    '[0]',
    '?',
    ':',
    '`',
    '\u0000',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      evaluateGuard(pieces.join(' '), { self: order, state, model }, NOW);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

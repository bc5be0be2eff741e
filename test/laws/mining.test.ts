// Laws found in recorded data: those of a simulated shop as a person would name them, and none in noise.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkState, mineLaws, type MiningInput, type Proposal } from '../../src/laws/index.ts';
import { applyChanges, NO_CONTEXT, refKey } from '../../src/model/index.ts';
import type { Attribute, Change, EntityInstance, Model, SemanticState, Value } from '../../src/model/index.ts';

const SEED = 1042;

/** mulberry32, a small generator of the public domain. */
function randomFrom(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function attribute(name: string, more: Partial<Attribute> = {}): Attribute {
  return { name, type: 'unknown', ...more };
}

const shop: Model = {
  ...{ document: 'model', version: 1, context: NO_CONTEXT, problems: [], transitions: [] },
  entities: [
    {
      ...{ name: 'Order', status: 'confirmed', identity: ['id'] },
      attributes: [
        attribute('id'),
        attribute('status', { role: 'state' }),
        ...['net', 'vat', 'total', 'currency', 'priority', 'note', 'placedAt', 'paidAt', 'revision'].map((name) =>
          attribute(name),
        ),
      ],
    },
    {
      ...{ name: 'Line', status: 'confirmed', identity: ['id'] },
      attributes: [attribute('id'), attribute('price', { type: 'number' }), attribute('count', { type: 'number' })],
    },
  ],
  relations: [
    { subject: 'Order', predicate: 'lines', object: 'Line', cardinality: '*', kind: 'structural', status: 'confirmed' },
  ],
};

const date = (ms: number): Value => ({ $type: 'date', value: new Date(ms).toISOString() });

/** A shop that keeps its laws, unless `spoil` changes an order before it is placed. */
function simulate(
  orders: number,
  seed: number,
  spoil: (n: number, order: { [name: string]: Value }) => void = () => undefined,
): MiningInput {
  const random = randomFrom(seed);
  const state = new Map<string, EntityInstance>();
  const samples: { time: number; state: SemanticState }[] = [];
  for (let n = 0; n < orders; n++) {
    const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i): EntityInstance => {
      const attributes = { id: `${n}-${i}`, price: 1 + Math.floor(random() * 90), count: 1 + Math.floor(random() * 4) };
      return { entity: 'Line', id: attributes.id, attributes, links: {} };
    });
    const net = lines.reduce(
      (sum, { attributes }) => sum + Number(attributes['price']) * Number(attributes['count']),
      0,
    );
    const vat = Math.round(net * 0.19);
    const placed = 1.7e12 + n * 4e6 + random() * 1e6;
    const attributes: { [name: string]: Value } = {
      ...{ id: n, status: 'open', net, vat, total: net + vat, currency: random() < 0.5 ? 'EUR' : 'USD' },
      ...{
        priority: Math.floor(random() * 5) - 2,
        note: random() < 0.3 ? null : `call ${Math.floor(random() * 1e6)} back`,
        revision: 1,
      },
      ...{ placedAt: date(placed), paidAt: null },
    };
    spoil(n, attributes);
    const order: EntityInstance = {
      entity: 'Order',
      id: n,
      attributes,
      links: { lines: lines.map(({ entity, id }) => ({ entity, id })) },
    };
    for (const each of [order, ...lines]) state.set(refKey(each), each);
    const older = state.get(refKey({ entity: 'Order', id: Math.max(0, n - 3) }));
    if (older?.attributes['status'] === 'open') {
      const ref = { entity: 'Order', id: older.id };
      const set = (name: string, after: Value): Change => ({
        kind: 'attribute',
        ref,
        attribute: name,
        before: older.attributes[name] ?? null,
        after,
      });
      applyChanges(state, [
        set('status', 'paid'),
        set('paidAt', date(placed + 1000)),
        set('revision', 2),
        set('priority', Math.floor(random() * 5) - 2),
      ]);
    }
    if (n % 5 === 4) samples.push({ time: n, state: new Map(state) });
  }
  return { model: shop, samples, events: [] };
}

const shown = (proposals: readonly Proposal[]): string[] =>
  proposals.map(({ law }) => `${law.for ?? 'all'}: ${law.holds}`).sort();

test(`the laws that a shop keeps are found, and no others (seed ${SEED})`, () => {
  assert.deepEqual(shown(mineLaws(simulate(150, SEED))), [
    'Line: self.count != null',
    'Line: self.price > 0',
    'Order: before.currency == null || after.currency == before.currency',
    'Order: before.net == null || after.net == before.net',
    'Order: before.note == null || after.note == before.note',
    'Order: before.placedAt == null || after.placedAt == before.placedAt',
    'Order: before.revision == null || after.revision == null || after.revision >= before.revision',
    'Order: before.total == null || after.total == before.total',
    'Order: before.vat == null || after.vat == before.vat',
    'Order: self.currency in ["EUR", "USD"]',
    'Order: self.net == sum(self.lines.map(each, each.price * each.count))',
    'Order: self.placedAt == null || self.paidAt == null || self.placedAt <= self.paidAt',
    'Order: self.priority != null',
    'Order: self.revision != null',
    'Order: self.status in ["open", "paid"]',
    'Order: self.total == self.net + self.vat',
    'Order: self.total > 0',
    'Order: self.vat >= 0',
  ]);
});

test('each proposal holds in the data it comes from, as the law it would become', () => {
  const input = simulate(150, SEED + 1);
  const laws = mineLaws(input).map(({ law }) => law);
  const last = input.samples.at(-1);
  assert.ok(last && laws.length > 5);
  const own = new Set(laws.map(({ id }) => id));
  assert.deepEqual(
    checkState(last.state, { ...shop, laws }, 0).filter(({ law }) => own.has(law)),
    [],
  );
});

test('a law with a few exceptions is proposed with them: they may be the fault', () => {
  const input = simulate(150, SEED, (n, order) => {
    if (n === 70) order['net'] = -5;
  });
  const found = mineLaws(input).find(({ law }) => law.id === 'Order.net-not-negative');
  assert.ok(found);
  assert.ok(found.exceptions > 0 && found.support > 140);
  assert.ok(found.confidence <= 0.5);
});

test('what was accepted or rejected is not proposed again', () => {
  const input = simulate(150, SEED);
  const before = mineLaws(input);
  const [first, second] = before;
  assert.ok(first && second);
  const { id, ...law } = first.law;
  const after = mineLaws(input, { laws: { [id]: law }, rejected: [second.law.id] });
  assert.deepEqual(
    after.map((each) => each.law.id),
    before.slice(2).map((each) => each.law.id),
  );
});

test(`independent numbers, words and times have no laws but of their kind (seed ${SEED})`, () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const noise: Model = {
    ...shop,
    relations: [],
    entities: [{ name: 'Noise', status: 'observed', attributes: names.map((name) => attribute(name)) }],
  };
  let found = 0;
  const runs = 40;
  for (let run = 0; run < runs; run++) {
    const random = randomFrom(SEED + run);
    const state = new Map<string, EntityInstance>();
    for (let n = 0; n < 60; n++) {
      const attributes = Object.fromEntries(names.map((name) => [name, Math.floor((random() - 0.5) * 200)]));
      const instance: EntityInstance = { entity: 'Noise', id: n, attributes, links: {} };
      state.set(refKey(instance), instance);
    }
    found += mineLaws({ model: noise, samples: [{ time: 1, state }], events: [] }).filter(
      ({ template }) => template !== 'non-null',
    ).length;
  }
  assert.ok(found <= runs * 0.1, `${found} laws in ${runs} sets of noise`);
});

test('keys of few entities are no set of values', () => {
  const customers = Array.from({ length: 3 }, (_, n) => ({
    entity: 'Customer',
    id: `cus-${n}`,
    attributes: {},
    links: {},
  }));
  const carts = Array.from({ length: 60 }, (_, n) => ({
    ...{ entity: 'Cart', id: n, links: {} },
    attributes: { customer: `cus-${n % 3}`, kind: n % 2 === 0 ? 'web' : 'phone' },
  }));
  const state = new Map([...customers, ...carts].map((each) => [refKey(each), each]));
  const entities = [
    { name: 'Cart', status: 'observed', attributes: [attribute('customer'), attribute('kind')] },
  ] as const;
  const found = mineLaws({ model: { ...shop, relations: [], entities }, samples: [{ time: 1, state }], events: [] });
  const sets = found.filter(({ template }) => template === 'value-set').map(({ about }) => about);
  assert.deepEqual(sets, [['kind']]);
});

// The comparison of models: what is told of each kind of change, what breaks, what is a rename, and what is no change at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Attribute, Entity, Model, Relation, StateValue, Transition } from '../../src/model/index.ts';
import { diffModels, modelDiffText } from '../../src/present/index.ts';
import { assertGolden } from './golden.ts';
import { SHOP } from './shopModel.ts';

type Change = (model: Model) => Model;

const inEntity =
  (name: string, change: (entity: Entity) => Entity): Change =>
  (model) => ({ ...model, entities: model.entities.map((each) => (each.name === name ? change(each) : each)) });
const inAttribute = (entity: string, name: string, change: (attribute: Attribute) => Attribute): Change =>
  inEntity(entity, (each) => ({
    ...each,
    attributes: each.attributes.map((one) => (one.name === name ? change(one) : one)),
  }));
const inStates = (entity: string, attribute: string, change: (states: readonly StateValue[]) => StateValue[]): Change =>
  inAttribute(entity, attribute, (one) => ({ ...one, states: change(one.states ?? []) }));
const inRelation =
  (predicate: string, change: (relation: Relation) => Relation): Change =>
  (model) => ({
    ...model,
    relations: model.relations.map((each) => (each.predicate === predicate ? change(each) : each)),
  });
const inTransitions =
  (change: (transitions: readonly Transition[]) => readonly Transition[]): Change =>
  (model) => ({ ...model, transitions: change(model.transitions) });
const without =
  (name: string): Change =>
  (model) => ({
    ...model,
    entities: model.entities.filter((each) => each.name !== name),
    relations: model.relations.filter(({ subject, object }) => subject !== name && object !== name),
    transitions: model.transitions.filter(({ object }) => object !== name),
  });
const to = (text: string) =>
  JSON.parse(JSON.stringify(SHOP).replaceAll(...(text.split('=>') as [string, string]))) as Model;
const all =
  (...changes: readonly Change[]): Change =>
  (model) =>
    changes.reduce((at, change) => change(at), model);

/** Each change with what it is called, and by which rule it breaks (none: it does not). */
const CASES: readonly (readonly [string, Change, readonly string[]])[] = [
  ['an entity removed', without('Shipment'), ['removed entity Shipment: removed']],
  ['an entity that was only seen', without('Customer'), ['removed relation Order: removed', 'removed entity Customer']],
  [
    'an attribute removed',
    inEntity('Order', (e) => ({ ...e, attributes: e.attributes.filter(({ name }) => name !== 'note') })),
    ['removed attribute Order: removed'],
  ],
  [
    'an attribute added',
    inEntity('Order', (e) => ({ ...e, attributes: [...e.attributes, { name: 'tax', type: 'number' }] })),
    ['added attribute Order'],
  ],
  [
    'a type changed',
    inAttribute('Order', 'total', (a) => ({ ...a, type: 'string' })),
    ['changed attribute Order: type-changed'],
  ],
  [
    'a type that holds more',
    inAttribute('Order', 'total', (a) => ({ ...a, type: 'unknown' })),
    ['changed attribute Order'],
  ],
  [
    'an optional attribute required',
    inAttribute('Order', 'note', ({ optional: _, ...a }) => a),
    ['changed attribute Order: required'],
  ],
  [
    'a required attribute optional',
    inAttribute('Order', 'total', (a) => ({ ...a, optional: true })),
    ['changed attribute Order'],
  ],
  [
    'a state removed with its transitions',
    all(
      inStates('Order', 'status', (s) => s.filter(({ value }) => value !== 'cancelled')),
      inTransitions((ts) => ts.filter(({ postState }) => postState !== 'cancelled')),
    ),
    ['removed state Order: removed', 'removed transition Order: removed'],
  ],
  ['a state added', inStates('Order', 'status', (s) => [...s, { value: 'returned' }]), ['added state Order']],
  [
    'no state any more',
    inAttribute('Order', 'status', ({ states: _, ...a }) => ({ ...a, role: 'plain' })),
    ['changed attribute Order: no-state-any-more'],
  ],
  [
    'another identity',
    inEntity('Order', (e) => ({ ...e, identity: ['id', 'total'] })),
    ['changed identity Order: identity-changed'],
  ],
  [
    'a relation removed',
    (m) => ({ ...m, relations: m.relations.filter(({ predicate }) => predicate !== 'paidBy') }),
    ['removed relation Order: removed'],
  ],
  [
    'a cardinality narrowed',
    inRelation('paidBy', (r) => ({ ...r, cardinality: '1' })),
    ['changed relation Order: cardinality-narrowed'],
  ],
  ['a cardinality widened', inRelation('paidBy', (r) => ({ ...r, cardinality: '*' })), ['changed relation Order']],
  [
    'a transition removed',
    inTransitions((ts) => ts.filter(({ type }) => type !== 'OrderPaid')),
    ['removed transition Order: removed'],
  ],
  [
    'a transition added',
    inTransitions((ts) => [
      ...ts,
      { object: 'Order', attribute: 'status', preState: 'paid', postState: 'placed', status: 'declared' },
    ]),
    ['added transition Order'],
  ],
  [
    'an event called otherwise',
    inTransitions((ts) => ts.map((t) => (t.type === 'OrderPaid' ? { ...t, type: 'OrderWasPaid' } : t))),
    ['changed transition Order'],
  ],
  [
    'another guard',
    inTransitions((ts) => ts.map((t) => (t.type === 'OrderPaid' ? { ...t, guard: 'true' } : t))),
    ['changed transition Order'],
  ],
  [
    'any state where it was some',
    inTransitions((ts) => ts.map((t) => (t.type === 'PaymentFailed' ? { ...t, preState: { $any: true } } : t))),
    ['added transition Payment', 'removed transition Payment'],
  ],
  [
    'each state where it was any',
    inTransitions((ts) =>
      ts.flatMap((t) =>
        t.type === 'OrderCancelled'
          ? ['placed', 'paid', 'packed', 'shipped'].map((preState) => ({ ...t, preState }))
          : [t],
      ),
    ),
    [...Array.from({ length: 4 }, () => 'added transition Order'), 'removed transition Order'],
  ],
  [
    'context',
    (m) => ({ ...m, context: { ...m.context, space: [], subject: [{ name: 'tenant' }] } }),
    ['removed context', 'added context'],
  ],
];

const told = (before: Model, after: Model): string[] =>
  diffModels(before, after)
    .changes.map(
      ({ change, element, entity, breaking }) =>
        `${change} ${element}${entity === undefined ? '' : ` ${entity}`}${breaking ? `: ${breaking}` : ''}`,
    )
    .sort();

for (const [what, change, expected] of CASES)
  test(`${what}: ${expected.join('; ')}`, () => {
    assert.deepEqual(told(SHOP, change(SHOP)), [...expected].sort());
    const { breaking, changes } = diffModels(SHOP, change(SHOP));
    assert.equal(
      breaking,
      changes.some((each) => each.breaking !== undefined),
    );
  });

test('renames are one change each, with the reason, and nothing else is told', () => {
  for (const [text, element] of [
    ['"Shipment"=>"Delivery"', 'renamed entity Delivery: renamed'],
    ['"state"=>"phase"', 'renamed attribute Payment: renamed'],
    ['captured=>settled', 'renamed state Payment: renamed'],
    ['placedBy=>buyer', 'renamed relation Order: renamed'],
  ] as const) {
    const after = to(text);
    // `"state"` is also a role.
    const restored = JSON.parse(
      JSON.stringify(after)
        .replaceAll('"role":"phase"', '"role":"state"')
        .replaceAll('payment.state === \\"settled\\"', 'payment.state === \\"captured\\"'),
    ) as Model;
    assert.deepEqual(told(SHOP, restored), [element]);
    for (const { because } of diffModels(SHOP, restored).changes) assert.ok(because);
  }
});

test('what is too unlike is no rename', () => {
  const unlike = { name: 'Invoice', status: 'declared', attributes: [{ name: 'number', type: 'string' }] } as const;
  const after = { ...without('Shipment')(SHOP), entities: [...without('Shipment')(SHOP).entities, unlike] };
  assert.deepEqual(told(SHOP, after), ['added entity Invoice', 'removed entity Shipment: removed']);
});

test('a model has no difference to itself; what one direction adds the other removes (seed 42)', () => {
  const some = fc.subarray([...CASES.map(([, change]) => change)], { maxLength: 3 });
  fc.assert(
    fc.property(some, some, (left, right) => {
      const [a, b] = [all(...left)(SHOP), all(...right)(SHOP)];
      assert.deepEqual(diffModels(a, a).changes, []);
      const count = (kind: string, from: Model, into: Model): number =>
        diffModels(from, into).changes.filter(({ change }) => change === kind).length;
      assert.equal(count('added', a, b), count('removed', b, a));
      assert.equal(count('changed', a, b), count('changed', b, a));
      assert.equal(count('renamed', a, b), count('renamed', b, a));
    }),
    { seed: 42, numRuns: 200 },
  );
});

test('the text for people is the one that was agreed on', () => {
  const after = all(
    inAttribute('Order', 'total', (a) => ({ ...a, type: 'bigint' })),
    inStates('Order', 'status', (s) => [...s, { value: 'returned', label: 'Status.RETURNED' }]),
    inTransitions((ts) => [
      ...ts.filter(({ type }) => type !== 'OrderShipped'),
      {
        object: 'Order',
        attribute: 'status',
        preState: 'shipped',
        postState: 'returned',
        type: 'OrderReturned',
        status: 'declared',
      },
    ]),
    inRelation('placedBy', (r) => ({ ...r, cardinality: '*' })),
    (m) => ({ ...m, context: { ...m.context, subject: [{ name: 'tenant' }] } }),
  )(to('"Shipment"=>"Delivery"'));
  assertGolden('shop.modelDiff.txt', modelDiffText(diffModels(SHOP, after)));
  assert.equal(modelDiffText(diffModels(SHOP, SHOP)), 'Nothing changed in meaning.\n');
});

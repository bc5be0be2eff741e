// Two successive snapshots as events between them: what is claimed, and what is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyChanges, GONE, missing, NEW, NO_CONTEXT, refKey } from '../../src/model/index.ts';
import type { EntityInstance, Model, SemanticState, Transition } from '../../src/model/index.ts';
import { eventsBetween, learnedBetween } from '../../src/timeline/index.ts';
import { instance, order } from './scratch.ts';

const SPAN = { since: 100, time: 200, target: 'docker:shop' };
const states = (...all: EntityInstance[]): SemanticState => new Map(all.map((one) => [refKey(one), one]));
const goes = (
  preState: Transition['preState'],
  postState: Transition['postState'],
  type: string,
  line: number,
): Transition => ({
  ...{ type, object: 'Order', attribute: 'status', preState, postState, status: 'declared' },
  evidence: [{ by: 'write', source: { file: 'order.ts', line } }],
});
const model: Model = {
  ...{ document: 'model', version: 1, relations: [], context: NO_CONTEXT, problems: [] },
  entities: [
    {
      ...{ name: 'Order', status: 'confirmed' },
      attributes: [
        { name: 'status', type: 'enum', role: 'state' },
        { name: 'stock', type: 'enum', role: 'state' },
        { name: 'total', type: 'number' },
      ],
    },
  ],
  transitions: [
    goes(NEW, 'placed', 'OrderPlaced', 3),
    goes('placed', 'paid', 'OrderPaid', 7),
    goes({ $any: true }, 'cancelled', 'OrderCancelled', 9),
    goes('paid', 'cancelled', 'OrderRefunded', 11),
    goes({ $any: true }, GONE, 'OrderForgotten', 13),
  ],
};

test('a changed state is one event of the whole span, named by the only declared transition that fits', () => {
  const [before, after] = [instance(order(1), { status: 'placed' }), instance(order(1), { status: 'paid' })];
  assert.deepEqual(eventsBetween(states(before), states(after), model, SPAN), [
    {
      ...{ kind: 'event', time: 200, since: 100, target: 'docker:shop', observed: 'between-snapshots' },
      ...{ type: 'OrderPaid', source: { file: 'order.ts', line: 7 }, likely: true },
      ...{ object: order(1), attribute: 'status', preState: 'placed', postState: 'paid' },
      change: { kind: 'attribute', ref: order(1), attribute: 'status', before: 'placed', after: 'paid' },
    },
  ]);
});

test('where two declared transitions fit, neither is claimed', () => {
  const [before, after] = [instance(order(1), { status: 'paid' }), instance(order(1), { status: 'cancelled' })];
  const [event] = eventsBetween(states(before), states(after), model, SPAN);
  assert.ok(event && !('type' in event) && !('source' in event) && !('likely' in event));
});

test('creation and removal: the first state attribute stops, the others accompany it', () => {
  const one = instance(order(1), { stock: 'held', status: 'placed', total: 12 });
  const born = eventsBetween(states(), states(one), model, SPAN);
  assert.deepEqual(
    born.map(
      (event) =>
        event.kind === 'event' && [event.attribute, event.preState, event.postState, event.type, !!event.change],
    ),
    [
      ['status', NEW, 'placed', 'OrderPlaced', true],
      ['stock', NEW, 'held', undefined, false],
    ],
  );
  const dead = eventsBetween(states(one), states(), model, SPAN);
  assert.deepEqual(
    dead.map(
      (event) =>
        event.kind === 'event' && [event.attribute, event.preState, event.postState, event.type, !!event.change],
    ),
    [
      ['status', 'placed', GONE, 'OrderForgotten', true],
      ['stock', 'held', GONE, undefined, false],
    ],
  );
});

test('values that either side could not read are no event; those read for the first time are learned', () => {
  const before = instance(order(1), { status: missing(), total: 10, stock: 'held' });
  const after = instance(order(1), { status: 'paid', total: missing(), stock: 'held' });
  assert.deepEqual(eventsBetween(states(before), states(after), model, SPAN), []);
  assert.deepEqual(learnedBetween(states(before), states(after)), [
    { kind: 'attribute', ref: order(1), attribute: 'status', before: missing(), after: 'paid' },
  ]);
});

test('the events of a span lead from the one state to the other', () => {
  const a = { ...instance(order(1), { status: 'placed', total: 1 }), links: { lines: [order(2)] } };
  const b = { ...instance(order(1), { status: 'paid', note: 'x' }), links: { lines: [order(2), order(3)] } };
  const [before, after] = [states(a, instance(order(2), {})), states(b, instance(order(3), {}))];
  const state = new Map(before);
  for (const event of eventsBetween(before, after, model, SPAN))
    if (event.kind === 'event' && event.change) applyChanges(state, [event.change]);
  assert.deepEqual(state, new Map(after));
});

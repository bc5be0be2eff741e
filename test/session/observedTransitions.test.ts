// What counts as a transition that happened, and what it adds to the model.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventPoint, Model } from '../../src/model/index.ts';
import { TransitionCounts, withHappened } from '../../src/session/observedTransitions.ts';
import { EMPTY_MODEL } from '../../src/session/storedSession.ts';

const attributes = [{ name: 'status', type: 'enum', role: 'state' }] as const;
const FROM_CODE: Model = {
  ...EMPTY_MODEL,
  entities: [{ name: 'Order', status: 'declared', attributes, source: { file: 'order.ts', line: 1 } }],
  transitions: [
    { object: 'Order', attribute: 'status', preState: 'open', postState: 'paid', status: 'declared' },
    { object: 'Order', attribute: 'status', preState: { $any: true }, postState: 'failed', status: 'declared' },
  ],
};

function seen(
  from: string,
  to: string,
  observed: EventPoint['observed'] = 'between-snapshots',
): Omit<EventPoint, 'seq'> {
  const object = { entity: 'Order', id: 1 };
  return { kind: 'event', time: 1, object, attribute: 'status', preState: from, postState: to, observed };
}

const summary = (model: Model): unknown[] => model.transitions.map((t) => [t.preState, t.postState, t.status, t.count]);

test('what is declared and was seen is confirmed, with how often', () => {
  const model = withHappened(FROM_CODE, [seen('open', 'paid'), seen('open', 'paid'), seen('paid', 'failed')]);
  assert.deepEqual(summary(model), [
    ['open', 'paid', 'confirmed', 2],
    [{ $any: true }, 'failed', 'confirmed', 1],
  ]);
  assert.deepEqual(model.transitions[0]?.evidence, [{ by: 'event', count: 2 }]);
});

test('two ends of an unobserved span are no transition where the code declares others', () => {
  assert.deepEqual(summary(withHappened(FROM_CODE, [seen('open', 'shipped')])), summary(FROM_CODE));
});

test('a recorded change counts although it is not declared', () => {
  const model = withHappened(FROM_CODE, [seen('open', 'shipped', 'recorded')]);
  assert.deepEqual(summary(model).at(-1), ['open', 'shipped', 'observed', 1]);
});

test('from memory alone every change counts', () => {
  const memory: Model = { ...EMPTY_MODEL, entities: [{ name: 'Order', status: 'observed', attributes }] };
  assert.deepEqual(summary(withHappened(memory, [seen('open', 'shipped')])), [['open', 'shipped', 'observed', 1]]);
});

test('an attribute that takes ever new values is no state', () => {
  const counts = new TransitionCounts();
  for (let n = 0; n < 200; n++) counts.add({ ...seen(`v${n}`, `v${n + 1}`), attribute: 'note' });
  counts.add(seen('open', 'paid'));
  counts.add(seen('open', 'paid'));
  assert.deepEqual(
    counts.all().map((t) => [t.attribute, t.count]),
    [['status', 2]],
  );
});

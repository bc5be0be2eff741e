// The state at any place is what replaying the changes gives, from whichever side and store it is reached.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyChanges, refKey, type EntityInstance, type NewPoint, type SemanticState } from '../../src/model/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';
import { anyPoint } from './arbitraryPoints.ts';
import { changed, created, instance, order, scratchFile, scratchTimeline, snapshot } from './scratch.ts';

const SEED = 20260711;

function replay(points: readonly NewPoint[], start: SemanticState = new Map()): Map<string, EntityInstance> {
  const state = new Map(start);
  for (const point of points) {
    if (point.kind === 'event' && point.change) applyChanges(state, [point.change]);
    if (point.kind === 'snapshot') applyChanges(state, point.learned ?? []);
  }
  return state;
}

const asText = (state: SemanticState): string =>
  [...state]
    .map(([key, one]) => `${JSON.stringify(key)} ${show(one)}`)
    .sort()
    .join('\n');
const show = (one: EntityInstance): string =>
  JSON.stringify([sorted(one.attributes), sorted(one.links)], (_, value: unknown) =>
    Object.is(value, -0) ? '-0' : value,
  );
const sorted = (object: object): unknown[] => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));

test(`random changes: state and instances at random places equal replay (seed ${SEED})`, (t) => {
  const file = scratchFile(t);
  let run = 0;
  fc.assert(
    fc.property(
      fc.array(fc.array(anyPoint, { maxLength: 12 }), { maxLength: 5 }),
      fc.array(fc.nat(60), { maxLength: 10 }),
      fc.boolean(),
      (batches, places, reopened) => {
        let store = openTimeline(`${file}${run++}`);
        try {
          for (const batch of batches) store.append(batch);
          if (reopened) {
            store.dispose();
            store = openTimeline(store.file, { readOnly: true });
          }
          const all = batches.flat();
          for (const place of [all.length, ...places]) {
            const expected = replay(all.slice(0, place));
            assert.equal(asText(store.stateAt(place)), asText(expected));
            for (const key of expected.keys()) assert.ok(store.stateAt(place).has(key));
          }
          const fresh = openTimeline(store.file, { readOnly: true });
          for (const place of places) {
            const expected = replay(all.slice(0, place));
            for (const one of replay(all).values())
              assert.equal(
                show(fresh.instanceAt(one, place) ?? instance(one, {})),
                show(expected.get(refKey(one)) ?? instance(one, {})),
              );
          }
          fresh.dispose();
          const points = all.map((point, at) => ({ ...point, seq: at + 1 }));
          assert.deepEqual(
            points.map((_, at) => store.point(at + 1)),
            points,
          );
        } finally {
          store.dispose();
        }
      },
    ),
    { seed: SEED, numRuns: 60 },
  );
});

test('thousands of changes cross keyframes: every way to a place gives the same state', (t) => {
  const store = scratchTimeline(t);
  const points: NewPoint[] = [];
  for (let at = 0; at < 3000; at++) {
    const ref = order(at % 400);
    if (at < 400) points.push(created(at, instance(ref, { status: 'placed', n: 0 })));
    else points.push(changed(at, ref, 'n', Math.floor(at / 400) - 1, Math.floor(at / 400)));
  }
  store.append(points);
  for (const place of [3000, 2999, 1200, 1201, 1199, 10, 2000, 2500, 0, 2047, 2048, 2049]) {
    assert.equal(asText(store.stateAt(place)), asText(replay(points.slice(0, place))), `at ${place}`);
  }
});

test('a recording that starts with instances: its first state stands at that point, and nothing before it', (t) => {
  const store = scratchTimeline(t);
  const start = new Map([[refKey(order(1)), instance(order(1), { status: 'paid' })]]);
  store.append([snapshot(10, 's1')], start);
  store.append([changed(20, order(1), 'status', 'paid', 'shipped')]);
  assert.equal(store.instanceAt(order(1), 2)?.attributes['status'], 'shipped');
  assert.equal(store.instanceAt(order(1), 1)?.attributes['status'], 'paid');
  assert.equal(store.instanceAt(order(1), 0), undefined);
  assert.equal(store.stateAt(0).size, 0);
  store.append([snapshot(30, 's2')]);
  store.keyframe(3, new Map([[refKey(order(2)), instance(order(2), { status: 'new' })]]));
  assert.deepEqual([...store.stateAt(3).keys()], [refKey(order(2))]);
  assert.deepEqual(
    [...store.stateAt(2).keys()],
    [refKey(order(1))],
    'stepping back does not carry the new beginning along',
  );
  assert.throws(() => store.keyframe(1, new Map()), { code: 'store-wrong-point' });
});

test('a state that was given out does not change when the recording goes on', (t) => {
  const store = scratchTimeline(t);
  store.append([created(1, instance(order(1), { status: 'placed' }))]);
  const before = store.stateAt(1);
  store.append([changed(2, order(1), 'status', 'placed', 'paid')]);
  assert.equal(before.get(refKey(order(1)))?.attributes['status'], 'placed');
  assert.equal(store.stateAt(99).get(refKey(order(1)))?.attributes['status'], 'paid');
});

test('a reader that asked too early sees the first state once it is there', (t) => {
  const store = scratchTimeline(t);
  store.append([snapshot(10, 's1')]);
  const reader = openTimeline(store.file, { readOnly: true });
  t.after(() => reader.dispose());
  assert.equal(reader.stateAt(1).size, 0);
  store.keyframe(1, new Map([[refKey(order(1)), instance(order(1), { status: 'paid' })]]));
  assert.equal(reader.stateAt(1).size, 1);
  assert.equal(reader.instanceAt(order(1), 1)?.attributes['status'], 'paid');
});

// Colours of states: stable once given, apart within a type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assignColours, overviewPage } from '../../src/present/index.ts';
import { changed, order, recorded, sceneOf } from './recording.ts';
import { SHOP } from './shopModel.ts';

const SEED = 8;
const hue = (slot: number | undefined): number => (slot ?? -1) % 8;

test('FNV-1a chooses the start, and the same name is the same colour in every type', () => {
  // Reference values of 32-bit FNV-1a: '' 811c9dc5, 'a' e40c292c, 'foobar' bf9cf968.
  assert.deepEqual(assignColours({}, [['a']]), { a: 0xe40c292c % 8 });
  assert.deepEqual(assignColours({}, [['foobar']]), { foobar: 0xbf9cf968 % 8 });
  const slots = assignColours({}, [
    ['paid', 'delivered'],
    ['delivered', 'lost'],
  ]);
  assert.deepEqual(Object.keys(slots), ['paid', 'delivered', 'lost']);
});

test(`up to seven states of a type have as many hues (seed ${SEED})`, () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 7 }), (states) => {
      const hues = states.map((state) => hue(assignColours({}, [states])[state]));
      assert.equal(new Set(hues).size, states.length);
      assert.ok(hues.every((each) => each >= 0 && each < 8));
    }),
    { seed: SEED },
  );
});

test(`a state found later never recolours another; a hue used again takes the next pattern (seed ${SEED})`, () => {
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(fc.string(), { maxLength: 12 }), { maxLength: 6 }), (types) => {
      let slots: Readonly<Record<string, number>> = {};
      for (const states of types) {
        const next = assignColours(slots, [states]);
        for (const [state, slot] of Object.entries(slots)) assert.equal(next[state], slot);
        for (const state of states)
          assert.ok(Object.hasOwn(next, state) && Number.isInteger(next[state]) && (next[state] ?? 32) < 32);
        slots = next;
      }
    }),
    { seed: SEED },
  );
  const nine = Array.from({ length: 9 }, (_, at) => `state ${at}`);
  assert.deepEqual(
    Object.values(assignColours({}, [nine]))
      .map((slot) => slot >> 3)
      .sort(),
    [0, 0, 0, 0, 0, 0, 0, 0, 1],
  );
});

test('colours are kept with the recording and survive a model that names its states otherwise', (t) => {
  const store = recorded(t);
  const before = overviewPage(sceneOf(store, 10)).colours;
  store.append([changed(2e15, order(1042), 'status', 'paid', 'awaiting stock')]);
  const { transitions: _, ...rest } = SHOP;
  const fewer = { ...rest, transitions: [], entities: [...SHOP.entities].reverse() };
  const after = overviewPage(sceneOf(store, 11, { model: fewer })).colours;
  for (const [state, slot] of Object.entries(before)) assert.equal(after[state], slot, state);
  assert.ok(Object.hasOwn(after, 'awaiting stock'));
});

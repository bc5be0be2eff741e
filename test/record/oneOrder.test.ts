// What several tell is in one order: what one says early waits for what the others may still say, but for nobody without end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OneOrder } from '../../src/record/oneOrder.ts';
import type { ProbeRecord } from '../../src/record/probeAnswer.ts';

const record = (t: number, o = 1): ProbeRecord => ({ s: 0, t, o, e: 0 });
const nobody = (): boolean => false;

test('whoever is about to tell is waited for, until it is late or has left', () => {
  const order = new OneOrder();
  const one = order.join(0);
  const other = order.join(10);
  order.add([record(5), record(12)]);
  one.until = 20;
  assert.deepEqual(
    order.take(nobody).records.map(({ t }) => t),
    [5],
  );
  assert.deepEqual(
    order.take((voice) => voice === other).records.map(({ t }) => t),
    [12],
  );
  order.add([record(15)]);
  assert.deepEqual(order.take(nobody).records, []);
  order.leave(other);
  assert.deepEqual(
    order.take(nobody).records.map(({ t }) => t),
    [15],
  );
});

test('a key that comes while its record is held back is given to it', () => {
  const order = new OneOrder();
  order.join(0);
  const one = order.join(0);
  order.add([record(5, 7)]);
  one.until = 9;
  assert.deepEqual(order.take(nobody).records, []);
  order.add([], new Map([[7, 'T1']]));
  assert.deepEqual(order.take(() => true).records, [{ ...record(5, 7), k: 'T1' }]);
});

test('spans of which something is missing are told one by one, where they belong', () => {
  const order = new OneOrder();
  order.join(0);
  const missing = (since: number) => ({ since, until: since + 1, lost: 1, isSilent: false });
  order.add([record(1), record(5), record(9)], undefined, [missing(6), missing(3)]);
  const told = [order.take(nobody), order.take(nobody)];
  assert.deepEqual(
    told.map(({ missing: each, records, more }) => [each?.since, records.map(({ t }) => t), more]),
    [
      [3, [1, 5], true],
      [6, [9], false],
    ],
  );
});

test('whatever the parts and rounds, everything is told once and in order', () => {
  const rounds = fc.array(fc.array(fc.nat(6), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(rounds, (all) => {
      const order = new OneOrder();
      const voices = [0, 1, 2].map(() => order.join(0));
      const [told, given]: [number[], number[]] = [[], []];
      for (const steps of all) {
        for (const [n, step] of steps.entries()) {
          const voice = voices[n];
          if (!voice || step === 0) continue;
          const times = Array.from({ length: step }, (_, i) => voice.until + i + 1);
          given.push(...times);
          order.add(times.map((t) => record(t, n)));
          voice.until += step;
        }
        told.push(...order.take(nobody).records.map(({ t }) => t));
      }
      told.push(...order.take(() => true).records.map(({ t }) => t));
      assert.deepEqual(
        told,
        [...given].sort((a, b) => a - b),
      );
    }),
    { seed: 11, numRuns: 200 },
  );
});

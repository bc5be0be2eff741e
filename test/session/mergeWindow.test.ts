// What several services tell late and in turn comes out in the order in which it happened, and each one's own order never changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NewPoint } from '../../src/model/index.ts';
import { MergeWindow } from '../../src/session/mergeWindow.ts';

const at = (time: number, reason = ''): NewPoint => ({ kind: 'gap', since: time, time, reason });

test('the earliest goes first; what is too young waits for those who may still tell earlier things', () => {
  const out: [string, number[]][] = [];
  const window = new MergeWindow((target, points) => out.push([target, points.map(({ time }) => time)]));
  window.add('north', [at(10), at(20), at(40)]);
  window.add('south', [at(15), at(30)]);
  window.releaseUpTo(30);
  assert.deepEqual(out, [
    ['north', [10]],
    ['south', [15]],
    ['north', [20]],
    ['south', [30]],
  ]);
  assert.equal(window.isEmpty, false);
  window.add('south', [at(35)]);
  out.length = 0;
  window.releaseUpTo(Infinity);
  assert.deepEqual(out, [
    ['south', [35]],
    ['north', [40]],
  ]);
  assert.equal(window.isEmpty, true);
});

test('all comes out once, in order of time over all services, in its own order within each', () => {
  const told = fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 5 })),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(told, (batches) => {
      const out: { target: string; time: number; reason: string }[] = [];
      const window = new MergeWindow((target, points) =>
        points.forEach((point) =>
          out.push({ target, time: point.time, reason: point.kind === 'gap' ? point.reason : '' }),
        ),
      );
      let number = 0;
      const given: string[] = [];
      for (const [target, times] of batches) {
        const points = times.map((time) => at(time, String(number++)));
        given.push(...points.map((point) => `${target} ${point.kind === 'gap' ? point.reason : ''}`));
        window.add(target, points);
      }
      window.releaseUpTo(Infinity);
      const got = out.map(({ target, reason }) => `${target} ${reason}`);
      assert.deepEqual([...got].sort(), [...given].sort());
      for (const target of ['a', 'b', 'c']) {
        const own = (list: readonly string[]): readonly string[] => list.filter((one) => one.startsWith(target));
        assert.deepEqual(own(got), own(given), 'its own order');
      }
      // Where each service tells in order of time, so does the whole.
      const sorted = batches.every(([target, times], n) => {
        const before = batches.slice(0, n).flatMap(([other, earlier]) => (other === target ? earlier : []));
        return [...before, ...times].every((time, at, all) => at === 0 || (all[at - 1] ?? 0) <= time);
      });
      if (sorted)
        assert.deepEqual(
          out,
          [...out].sort((a, b) => a.time - b.time),
        );
    }),
    { seed: 20261124, numRuns: 500 },
  );
});

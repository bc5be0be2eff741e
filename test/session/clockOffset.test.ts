// The distance of two clocks: known within half the quickest answer, corrected only where it is more than that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NewPoint } from '../../src/model/index.ts';
import {
  correctionOf,
  describeOffset,
  inOurTime,
  measureOffset,
  offsetOf,
  type ClockSample,
} from '../../src/session/clockOffset.ts';

test('whatever the answers take, the true distance lies within the error told', () => {
  const delay = fc.integer({ min: 0, max: 200_000 });
  fc.assert(
    fc.property(
      fc.integer({ min: -3_600_000_000, max: 3_600_000_000 }),
      fc.array(fc.tuple(delay, delay), { minLength: 1, maxLength: 9 }),
      (truth, delays) => {
        let asked = 1_700_000_000_000_000;
        const samples = delays.map(([there, back]): ClockSample => {
          const sample = { asked, theirs: asked + there + truth, answered: asked + there + back };
          asked += there + back + 1000;
          return sample;
        });
        const { offset, error } = offsetOf(samples);
        assert.ok(Math.abs(offset - truth) <= error + 1, `${offset} is ${truth} within ${error}`);
      },
    ),
    { seed: 20261124, numRuns: 500 },
  );
});

test('a process whose clock is ahead is asked over its inspector; its points come into our time', async () => {
  let ours = 5_000_000_000;
  const ahead = 2_500_000;
  const attachment = {
    send: <T>(): Promise<T> => {
      ours += 300;
      const value = ours + ahead;
      ours += 500;
      return Promise.resolve({ result: { value } } as T);
    },
  };
  const clock = await measureOffset(attachment, {}, () => ours);
  assert.deepEqual([clock.offset, clock.error], [ahead - 100, 400]);
  const gap: NewPoint = { kind: 'gap', since: 10_000_000, time: 11_000_000, reason: 'away' };
  const [moved] = inOurTime([gap], clock);
  assert.deepEqual(moved, { ...gap, since: 7_500_100, time: 8_500_100 });
  assert.equal(
    describeOffset('shop', clock),
    'The clock of shop is 2500 ms ahead of ours, give or take 0.40 ms: its times are corrected.',
  );
});

test('clocks that agree as far as can be known are left alone', () => {
  const clock = { offset: -180, error: 400 };
  assert.equal(correctionOf(clock), 0);
  const points: NewPoint[] = [{ kind: 'gap', since: 1, time: 2, reason: 'away' }];
  assert.equal(inOurTime(points, clock), points);
  assert.equal(describeOffset('shop', clock), 'The clock of shop agrees with ours within 0.40 ms.');
});

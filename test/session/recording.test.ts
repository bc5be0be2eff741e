// How often a recording looks, and what it does when a look fails.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure, isFailure, type SnapshotPoint } from '../../src/model/index.ts';
import { recordBySnapshots, waitAfter, TIERS } from '../../src/session/recording.ts';
import type { Session, SessionEvents } from '../../src/session/session.ts';

type Taking = Pick<Session, 'takeSnapshot' | 'on'>;

/** Gives what stands in the list, one after the other, then the last of it for ever. */
class Scripted implements Taking {
  taken = 0;
  readonly #results: readonly (number | Failure)[];
  #gone: (() => void) | undefined;

  constructor(...results: readonly (number | Failure)[]) {
    this.#results = results;
  }

  takeSnapshot(): Promise<SnapshotPoint> {
    const result = this.#results[Math.min(this.taken++, this.#results.length - 1)] ?? 1;
    if (typeof result !== 'number') return Promise.reject(result);
    const rest = { seq: this.taken, time: 1, id: '1', method: 'heap', bytes: 1, entities: 1, problems: 0 } as const;
    return Promise.resolve({ kind: 'snapshot', ...rest, pauseMs: result, consistency: 'consistent' });
  }

  on<N extends keyof SessionEvents>(name: N, listener: (body: SessionEvents[N]) => void): () => void {
    if (name === 'disconnected') this.#gone = () => (listener as (body: unknown) => void)({ reason: 'test' });
    return () => undefined;
  }

  vanish(): void {
    this.#gone?.();
  }
}

const busy = new Failure('inspector-error', 'It is busy.', 'Wait.');
const options = (stop: AbortController, lines: string[] = []) => ({
  tier: 'gold' as const,
  stop: stop.signal,
  ready: () => lines.push('recording'),
  log: (text: string) => void lines.push(text),
});

test('pauses stay within the share of their tier, and short ones do not follow each other without rest', () => {
  for (const tier of TIERS) {
    assert.ok(waitAfter(0, tier) >= 250);
    const share = 10_000 / (10_000 + waitAfter(10_000, tier));
    assert.ok(share <= 0.2001, `${tier}: ${share}`);
  }
  assert.ok(waitAfter(10_000, 'gold') < waitAfter(10_000, 'silver'));
  assert.ok(waitAfter(10_000, 'silver') < waitAfter(10_000, 'bronze'));
});

test('the end takes one more snapshot, so that what happened just before is there', async () => {
  const stop = new AbortController();
  const session = new Scripted(1);
  const lines: string[] = [];
  const recording = recordBySnapshots(session, { ...options(stop, lines), tier: 'bronze' }, {});
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([session.taken, lines], [1, ['recording']]);
  stop.abort();
  assert.equal(await recording, 'stopped');
  assert.equal(session.taken, 2);
});

test('it ends when the time is up', async () => {
  const session = new Scripted(1);
  assert.equal(await recordBySnapshots(session, { ...options(new AbortController()), seconds: 0.05 }, {}), 'time-up');
  assert.equal(session.taken, 2);
});

test('a failed look is tried again, three in a row are not', async () => {
  const stop = new AbortController();
  const lines: string[] = [];
  const session = new Scripted(1, busy, busy, 1, busy, busy, busy);
  await assert.rejects(recordBySnapshots(session, options(stop, lines), {}), (e) => isFailure(e, 'inspector-error'));
  assert.equal(session.taken, 7);
  assert.equal(lines.filter((line) => line.includes('It is busy.')).length, 4);
});

test('a first look that fails is told at once', async () => {
  const session = new Scripted(busy);
  await assert.rejects(recordBySnapshots(session, options(new AbortController()), {}));
  assert.equal(session.taken, 1);
});

test('a target that goes away is not waited for', async () => {
  const session = new Scripted(1, new Failure('target-gone', 'It is gone.', 'Attach again.'));
  const recording = recordBySnapshots(session, { ...options(new AbortController()), tier: 'bronze' }, {});
  await new Promise((resolve) => setTimeout(resolve, 10));
  session.vanish();
  await assert.rejects(recording, (error) => isFailure(error, 'target-gone'));
});

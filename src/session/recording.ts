// Recording by repeated snapshots: often enough to see changes, seldom enough that the target hardly notices.
import { Failure, isFailure, type Work } from '../model/index.ts';
import type { Session } from './session.ts';

export type Tier = 'gold' | 'silver' | 'bronze';
export const TIERS: readonly Tier[] = ['gold', 'silver', 'bronze'];

/** The share of time that the target may stand still, and the shortest wait; the price of each tier. */
const TIER_COSTS: { readonly [tier in Tier]: { readonly share: number; readonly leastMs: number } } = {
  gold: { share: 0.2, leastMs: 250 },
  silver: { share: 0.1, leastMs: 500 },
  bronze: { share: 0.02, leastMs: 5000 },
};
/** A failed snapshot may be bad luck; so many in a row are not. */
const MOST_FAILURES = 3;
/** The longest that a timer can wait. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export interface RecordingOptions {
  readonly tier: Tier;
  /** Ends by itself after so many seconds from the first snapshot on. */
  readonly seconds?: number;
  readonly force?: boolean;
  /** Asks for the end: one more snapshot is taken, so that nothing seen is lost. `work.signal` ends at once. */
  readonly stop: AbortSignal;
  /** The first snapshot is there: what happens from now on is recorded. */
  readonly ready: () => void;
  /** Called after the first snapshot. True: everything is recorded as it happens, and only a last snapshot is still needed. */
  readonly begin?: () => Promise<boolean>;
  readonly log: (text: string) => void;
}

/** How long to wait after a pause, so that pauses stay within their share. */
export function waitAfter(pauseMs: number, tier: Tier): number {
  const { share, leastMs } = TIER_COSTS[tier];
  return Math.max(leastMs, pauseMs / share - pauseMs);
}

/**
 * Arms the program. @returns true where every planned place is armed; false where snapshots have to show the rest
 * @throws Failure `cancelled`, `target-gone`
 */
export async function beginLive(
  session: Pick<Session, 'record'>,
  log: (text: string) => void,
  work: Work,
): Promise<boolean> {
  try {
    const recording = await session.record?.(work);
    if (!recording) return false;
    for (const { message } of recording.notRecorded) log(message);
    return recording.complete;
  } catch (error) {
    if (!isFailure(error, 'not-recordable') && !isFailure(error, 'probe-failed')) throw error;
    log(`${error.message} What changes is seen by snapshots.`);
    return false;
  }
}

/** @throws Failure of the first snapshot, `target-gone`, `cancelled`, or the last of several failures in a row */
export async function recordBySnapshots(
  session: Pick<Session, 'takeSnapshot' | 'on'>,
  options: RecordingOptions,
  work: Work,
): Promise<'time-up' | 'stopped'> {
  const snapshot = options.force ? { force: true } : {};
  // Where the target goes away there is nothing to wait for.
  const gone = new AbortController();
  session.on('disconnected', () => gone.abort());
  let { pauseMs } = await session.takeSnapshot(snapshot, work);
  const onlyLast = (await options.begin?.()) ?? false;
  options.ready();
  const end = options.seconds === undefined ? Infinity : performance.now() + options.seconds * 1000;
  let failures = 0;
  for (;;) {
    const left = end - performance.now();
    const wait = onlyLast ? LONGEST_WAIT_MS : waitAfter(pauseMs, options.tier);
    await pause(Math.min(wait, Math.max(0, left)), [options.stop, gone.signal, ...(work.signal ? [work.signal] : [])]);
    // Not asked of the clock again: timers may fire a moment early.
    const last = options.stop.aborted || left <= wait;
    try {
      ({ pauseMs } = await session.takeSnapshot(snapshot, work));
      failures = 0;
    } catch (error) {
      if (!mayPass(error) || ++failures >= MOST_FAILURES) throw error;
      options.log(`A snapshot failed and is tried again: ${error.message}`);
      if (last) throw error;
      continue;
    }
    if (last) return options.stop.aborted ? 'stopped' : 'time-up';
  }
}

function mayPass(error: unknown): error is Failure {
  return isFailure(error) && !['cancelled', 'target-gone', 'store-full', 'store-locked'].includes(error.code);
}

function pause(ms: number, ends: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const signal of ends) signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    for (const signal of ends) signal.addEventListener('abort', done, { once: true });
    if (ends.some((signal) => signal.aborted)) done();
  });
}

// The clock by which a thread tells its times. Each thread starts its own from the time of day and then counts; a machine whose time of
// day was set meanwhile has threads whose clocks differ. All of them count by the one clock of their kernel, by which they are compared.
import type { Micros, Work } from '../model/index.ts';
import { evaluate, type Door } from './door.ts';

export interface ThreadClock {
  /** What it says at the kernel's zero. */
  readonly zero: Micros;
  readonly now: Micros;
}

/** Runs in the target. Of several readings the one that took least time is the most exact. */
function readClock(): readonly [zero: number, now: number] {
  let [zero, least] = [0, Infinity];
  for (let n = 0; n < 9; n++) {
    const [before, own, after] = [process.hrtime(), performance.now(), process.hrtime()];
    const took = (after[0] - before[0]) * 1e3 + (after[1] - before[1]) / 1e6;
    if (took >= least) continue;
    least = took;
    zero = performance.timeOrigin - (before[0] * 1e3 + before[1] / 1e6 + took / 2 - own);
  }
  return [zero * 1000, (performance.timeOrigin + performance.now()) * 1000];
}

/** @throws Failure `target-gone`, `timeout`, `cancelled` */
export async function threadClock(door: Door, work: Work): Promise<ThreadClock> {
  const [zero, now] = await evaluate<readonly [number, number]>(door, `(${readClock.toString()})()`, work);
  return { zero, now };
}

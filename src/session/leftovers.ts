// What recordings that died have left in a process, in all its threads: found, and put back when asked.
import { isFailure, type Work } from '../model/index.ts';
import type { Door } from '../record/index.ts';

export interface Leftovers {
  /** Scripts that are edited and recorded by nobody. */
  readonly edited: number;
  readonly restored: number;
  /** Somebody records now: what is edited is in use. */
  readonly inUse: boolean;
}

/** @throws Failure of attaching, `not-restored`, `cancelled` */
export async function leftoversIn(target: string, clean: boolean, work: Work): Promise<Leftovers> {
  const { attach, parseTarget, watchWorkers } = await import('../acquire/index.ts');
  const { findLeftovers, restoreLeftovers } = await import('../record/index.ts');
  await using attachment = await attach(parseTarget(target), {}, work);
  const doors: Door[] = [attachment];
  await using _workers = await watchWorkers(attachment, (worker) => doors.push(worker), work);
  let [edited, restored] = [0, 0];
  try {
    for (const door of [...doors]) {
      const found = (await findLeftovers(door, work)).length;
      edited += found;
      if (clean && found > 0) restored += await restoreLeftovers(door, work);
    }
  } catch (error) {
    if (isFailure(error, 'already-recorded')) return { edited, restored, inUse: true };
    throw error;
  }
  return { edited, restored, inUse: false };
}

// What recordings that died have left in a process, in all its threads and children: found, and put back when asked.
import type { Attachment } from '../acquire/index.ts';
import { isFailure, type Work } from '../model/index.ts';
import { findLeftovers, restoreLeftovers, type Door } from '../record/index.ts';

export interface Leftovers {
  /** Scripts that are edited and recorded by nobody. */
  readonly edited: number;
  readonly restored: number;
  /** Somebody records now: what is edited is in use. */
  readonly inUse: boolean;
  /** Child processes that could not be looked at, a sentence each. */
  readonly unseen: readonly string[];
}

/** @throws Failure of attaching to the process itself, `not-restored`, `cancelled` */
export async function leftoversIn(target: string, clean: boolean, work: Work): Promise<Leftovers> {
  const { attach, ChildWatch, parseTarget } = await import('../acquire/index.ts');
  await using attachment = await attach(parseTarget(target), {}, work);
  const all = [inProcess(attachment, clean, work)];
  const unseen: string[] = [];
  await using children = new ChildWatch(attachment, {
    async attached(child) {
      const found = inProcess(child, clean, work).finally(() => child[Symbol.asyncDispose]());
      all.push(found);
      await found.catch(() => undefined);
    },
    refused: ({ pid }, why) => void unseen.push(`child ${pid}: ${why}`),
    missed: () => undefined,
  });
  await children.start(work);
  const found = await Promise.all(all);
  return {
    edited: found.reduce((sum, { edited }) => sum + edited, 0),
    restored: found.reduce((sum, { restored }) => sum + restored, 0),
    inUse: found.some(({ inUse }) => inUse),
    unseen,
  };
}

async function inProcess(attachment: Attachment, clean: boolean, work: Work): Promise<Omit<Leftovers, 'unseen'>> {
  const { watchWorkers } = await import('../acquire/index.ts');
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

// When an engine pauses a container, its state is taken from its memory as it stands, without waking it; when it goes on, it is looked at
// again, and what differs is told as what changed between two snapshots.
import type { PauseState } from '../acquire/index.ts';
import { messageOf, type Work } from '../model/index.ts';
import type { Session } from './session.ts';
import type { SnapshotSource } from './snapshotSource.ts';

/** What is listened to, and where it is told. */
export type WatchedSession = Pick<Session, 'takeSnapshot' | 'recording'> & { log(text: string): void };

/** The sources, of which the first to be closed ends the watch as well; it begins when there is a session to tell. */
export function pauseWatch(sources: readonly SnapshotSource[]): {
  readonly sources: readonly SnapshotSource[];
  /** Never throws: a session is of use without it. */
  begin(session: WatchedSession, work: Work): Promise<void>;
} {
  const ends: (() => void)[] = [];
  return {
    sources: sources.map((source) => ({
      ...source,
      async [Symbol.asyncDispose]() {
        for (const end of ends.splice(0)) end();
        await source[Symbol.asyncDispose]();
      },
    })),
    async begin(session, work) {
      // Only what is read from outside can be read while it is paused.
      for (const source of sources)
        if (source.extension === '.memory') ends.push(...(await watchOne(source, session, work)));
    },
  };
}

async function watchOne(source: SnapshotSource, session: WatchedSession, work: Work): Promise<(() => void)[]> {
  const look = async (state: PauseState): Promise<void> => {
    // A recording is asked at every snapshot, and a program that stands still does not answer.
    if (session.recording && state === 'paused') {
      session.log(`${source.name} was paused; what was recorded until then is there.`);
      return;
    }
    session.log(`${source.name} was ${state}: its state is taken from its memory.`);
    await session.takeSnapshot({ target: source.address }, {});
  };
  const { parseTarget, watchPauses } = await import('../acquire/index.ts');
  try {
    const listener = (state: PauseState): void =>
      void look(state).catch((error: unknown) => session.log(`No snapshot: ${messageOf(error)}`));
    const end = await watchPauses(parseTarget(source.address), listener, work);
    return end ? [end] : [];
  } catch (error) {
    session.log(`Pauses of ${source.name} are not noticed: ${messageOf(error)}`);
    return [];
  }
}

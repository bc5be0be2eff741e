// A container paused for as long as its checkpoint takes, in a moment in which its program waits for events, and let go whatever becomes
// of us.
import { setTimeout as wait } from 'node:timers/promises';
import { isIdle } from '../acquire/index.ts';
import { cancelled, type Work } from '../model/index.ts';
import { askEngine, EngineRefusal } from './engineSocket.ts';
import { startGuard } from './guard.ts';

/** Each try costs the program a few milliseconds; a program that is never found idle is checkpointed in the midst of its work. */
const TRIES = 40;
const BETWEEN_MS = 15;
export interface PausedMoment {
  /** Microseconds since 1970. */
  readonly time: number;
  readonly pauseMs: number;
  /** False: it was in the midst of work. */
  readonly safe: boolean;
}

/**
 * @param path of the container in the engine's interface
 * @param pid of the program, by this machine's number
 * @param wasPaused then it stays paused
 * @throws what `work` throws, and what the engine answers
 */
export async function whilePaused<T>(
  at: { readonly socket: string; readonly path: string; readonly pid: number | undefined; readonly wasPaused: boolean },
  during: () => Promise<T>,
  work: Work,
): Promise<PausedMoment & { readonly value: T }> {
  const { socket, path, pid, wasPaused } = at;
  if (wasPaused) {
    const time = Date.now() * 1000;
    return { value: await during(), time, pauseMs: 0, safe: pid === undefined || isIdle(pid) };
  }
  const guard = startGuard(socket, [`${path}/unpause`]);
  // Once it is paused, letting it go is not called off.
  const resume = (): Promise<unknown> => askEngine(socket, { method: 'POST', path: `${path}/unpause` }, {});
  try {
    for (let turn = 1; ; turn++) {
      if (work.signal?.aborted) throw cancelled();
      if (pid !== undefined && turn < TRIES && !isIdle(pid)) {
        await wait(BETWEEN_MS);
        continue;
      }
      const begin = performance.now();
      const time = Date.now() * 1000;
      await askEngine(socket, { method: 'POST', path: `${path}/pause` }, {});
      let value: T;
      const safe = pid === undefined || isIdle(pid);
      try {
        if (!safe && turn < TRIES) continue;
        value = await during();
      } finally {
        await resume().catch(ignoreRunning);
      }
      return { value, time, pauseMs: Math.round(performance.now() - begin), safe };
    }
  } finally {
    guard.done();
  }
}

/** Someone else let it go meanwhile. */
function ignoreRunning(error: unknown): void {
  if (!(error instanceof EngineRefusal)) throw error;
}

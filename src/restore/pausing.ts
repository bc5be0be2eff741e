// A container paused for as long as its checkpoint takes, in a moment in which its program waits for events, and let go whatever becomes
// of us: a child that outlives this program asks the engine to go on when the pipe between the two ends.
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { isIdle } from '../acquire/index.ts';
import { cancelled, type Work } from '../model/index.ts';
import { askEngine, EngineRefusal } from './engineSocket.ts';

/** Each try costs the program a few milliseconds; a program that is never found idle is checkpointed in the midst of its work. */
const TRIES = 40;
const BETWEEN_MS = 15;
/** Takes the socket and the request's path; asks unless it is told that all went well. */
const GUARD = `let said = '';
process.stdin.on('data', (text) => (said += text)).on('end', () => {
  if (said.includes('done')) return;
  require('node:http').request({ socketPath: process.argv[1], method: 'POST', path: process.argv[2] }).end();
});`;

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
  const guard = startGuard(socket, `${path}/unpause`);
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
    guard.stdin?.end('done');
  }
}

/** Someone else let it go meanwhile. */
function ignoreRunning(error: unknown): void {
  if (!(error instanceof EngineRefusal)) throw error;
}

function startGuard(socket: string, path: string): ChildProcess {
  const child = spawn(process.execPath, ['-e', GUARD, socket, path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    // Inside VS Code this program's own binary is Electron.
    env: { ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1' },
  });
  child.stdin.on('error', () => undefined);
  child.on('error', () => undefined);
  child.unref();
  return child;
}

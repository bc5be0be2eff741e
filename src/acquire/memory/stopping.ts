// Stops a process for the time of a copy and lets it go on whatever becomes of us: a child that outlives this program resumes the
// process when the pipe between the two ends, which the kernel sees to even when this program is killed.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as files from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Work } from '../../model/index.ts';
import { checkCancelled } from '../deadline.ts';
import { captureFailed, targetGone } from '../failures.ts';
import { createStillness } from './stillness.ts';

export { WAITING_CALLS } from './stillness.ts';

const stillness = createStillness(files, process.arch);
export const { standsStill, isIdle } = stillness;

const TRY_PAUSE_MS = 1;
/** How long a stop at any moment is tried for. */
const LONGEST_FORCE_MS = 5000;
/** Resumes the process unless it is told that all went well. */
const WATCH = 'echo watching; read -r said && exit 0; kill -CONT "$1"';

export class Watchdog implements Disposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @throws Failure `capture-failed`; then the process must not be stopped */
  static async start(pid: number): Promise<Watchdog> {
    const child = spawn('/bin/sh', ['-c', WATCH, 'sh', String(pid)], {
      // A session of its own, so that what ends us together with our group does not end it.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: '/usr/bin:/bin' },
    });
    child.stdin.on('error', () => undefined);
    try {
      await Promise.race([
        once(child.stdout, 'data'),
        once(child, 'exit').then(() => {
          throw new Error('it ended at once');
        }),
      ]);
    } catch (error) {
      throw captureFailed('no watcher could be started that resumes the target if this program ends', error);
    }
    return new Watchdog(child);
  }

  [Symbol.dispose](): void {
    this.#child.stdin?.end('done\n');
    this.#child.stdout?.destroy();
    this.#child.unref();
  }
}

export interface Stopped<T> {
  readonly value: T;
  /** Idle in its event loop when it was stopped. */
  readonly safe: boolean;
  /** Milliseconds it did not run; 0 where it stood still before. */
  readonly pauseMs: number;
  /** When it stood still: microseconds since 1970. */
  readonly time: number;
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    throw gone
      ? targetGone(`process ${pid}`, 'it ended')
      : captureFailed(`the target cannot be stopped: ${String(error)}`, error);
  }
}

/**
 * Runs `copy` while the process stands still at a safe moment, trying for `tryMs`; after that at any moment where `force` says so.
 * `copy` must not wait for anything.
 * @returns undefined where no safe moment came
 * @throws Failure `target-gone`, `capture-failed`, `cancelled`, and what `copy` throws; the process runs then
 */
export async function whileStopped<T>(
  pid: number,
  options: { readonly tryMs: number; readonly force: boolean },
  work: Work,
  copy: () => T,
): Promise<Stopped<T> | undefined> {
  if (standsStill(pid)) {
    const still = { time: Date.now() * 1000, safe: isIdle(pid), value: copy(), pauseMs: 0 };
    // Whoever held it may have let it go meanwhile; then the copy is of no one moment.
    if (standsStill(pid)) return still;
  }
  using _watchdog = await Watchdog.start(pid);
  const end = performance.now() + options.tryMs;
  for (;;) {
    checkCancelled(work);
    const now = performance.now();
    const last = now > end;
    if (last && !options.force) return undefined;
    if (now > end + LONGEST_FORCE_MS) throw captureFailed('the target did not stop');
    // Looking first costs the target nothing; where it is not waiting now, it is not stopped for nothing.
    if (isIdle(pid) || last) {
      const stopped = stopOnce(pid, last, copy);
      if (stopped) return stopped;
    }
    await wait(TRY_PAUSE_MS);
  }
}

/** One stop; undefined where it turned out not to be safe, and that was asked for. */
function stopOnce<T>(pid: number, force: boolean, copy: () => T): Stopped<T> | undefined {
  const time = Date.now() * 1000;
  const begin = performance.now();
  signal(pid, 'SIGSTOP');
  let value: T;
  let safe: boolean;
  try {
    // On a machine that is busy, a thread that waits for its turn comes to its stop only then: it is let go and tried again.
    const stood = stillness.waitForStop(pid);
    if (stood === 'gone') throw targetGone(`process ${pid}`, 'it ended');
    if (stood === 'runs') return undefined;
    safe = isIdle(pid);
    if (!safe && !force) return undefined;
    value = copy();
  } finally {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It ended meanwhile; whoever copied has noticed.
    }
  }
  return { value, safe, pauseMs: performance.now() - begin, time };
}

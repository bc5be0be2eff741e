// Whether a process stands still, and whether it waits with nothing half done. The function that knows runs in two worlds: here, and as
// text inside a container; it names nothing but its arguments.
import type * as Fs from 'node:fs';

/** Calls in which a thread waits for events, by processor: epoll_wait, epoll_pwait, epoll_pwait2. */
export const WAITING_CALLS: { readonly [processor: string]: readonly number[] } = {
  x64: [232, 281, 441],
  arm64: [22, 441],
};

export interface Stillness {
  /** Frozen by its container's engine, or stopped by someone else: it is read as it stands, and not woken. */
  standsStill(pid: number): boolean;
  /** Whether the main thread waits for events: then no JavaScript is on its stack, no object half built, no collection under way. */
  isIdle(pid: number): boolean;
  /** Waits, for a tenth of a second, until every thread has stopped, but for those that wait for a device. */
  waitForStop(pid: number): 'stands' | 'runs' | 'gone';
}

export function createStillness(
  fs: Pick<typeof Fs, 'readFileSync' | 'readdirSync'>,
  processor: string,
  waiting: { readonly [processor: string]: readonly number[] } = WAITING_CALLS,
): Stillness {
  const STOP_TURNS = 400;
  const STOP_PAUSE_MS = 0.25;
  const calls = waiting[processor] || [];
  const read = (path: string): string => {
    try {
      return fs.readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  /** R, S, D, T, Z ... as the kernel says; '' where there is no such thread. */
  const stateOf = (path: string): string => (/^\d+ \([^]*\) (\S)/.exec(read(`${path}/stat`)) || [])[1] || '';
  return {
    standsStill(pid) {
      if (/^[Tt]$/.test(stateOf(`/proc/${pid}`))) return true;
      for (const line of read(`/proc/${pid}/cgroup`).split('\n')) {
        const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) || [];
        if (path === '') continue;
        const unified = controllers === '' && /^frozen 1$/m.test(read(`/sys/fs/cgroup${path}/cgroup.events`));
        const separate =
          controllers.indexOf('freezer') >= 0 && /FROZEN/.test(read(`/sys/fs/cgroup/freezer${path}/freezer.state`));
        if (unified || separate) return true;
      }
      return false;
    },
    isIdle(pid) {
      const call = Number((/^(\d+)/.exec(read(`/proc/${pid}/syscall`)) || [])[1]);
      return calls.indexOf(call) >= 0;
    },
    waitForStop(pid) {
      const pause = new Int32Array(new SharedArrayBuffer(4));
      for (let turn = 0; turn < STOP_TURNS; turn++) {
        let threads: string[] = [];
        try {
          threads = fs.readdirSync(`/proc/${pid}/task`);
        } catch {
          threads = [];
        }
        const states = threads.map((thread) => stateOf(`/proc/${pid}/task/${thread}`)).filter((state) => state !== '');
        if (states.every((state) => state === 'Z' || state === 'X')) return 'gone';
        if (states.every((state) => state !== 'R' && state !== 'S')) return 'stands';
        Atomics.wait(pause, 0, 0, STOP_PAUSE_MS);
      }
      return 'runs';
    },
  };
}

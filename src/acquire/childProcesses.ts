// The Node processes that a process has started (node:cluster, child_process), each through an attachment of its own. The process itself
// is asked for them, since it sees the numbers that are right in its world; Linux only, elsewhere it has none. A child of a child is
// found by watching the child.
import { isFailure, messageOf, type Work } from '../model/index.ts';
import { parseTarget } from './address.ts';
import type { Attachment } from './attachment.ts';
import { attach } from './heldAttachment.ts';
import { RELAY_MARK } from './remote/programs.ts';

const LOOK_EVERY_MS = 2000;
/** Before a child sets up its signals SIGUSR1 would end it. */
const LEAST_AGE_SECONDS = 1;
/** A child may be busy, or not be ready for the signal yet. */
const MOST_ATTEMPTS = 3;
/** What trying again does not change. */
const FOREVER = ['not-node', 'sigusr1-forbidden', 'signal-refused'];

interface Child {
  readonly pid: number;
  /** Seconds since it was started. */
  readonly age: number;
}

export interface ChildListener {
  /** Its attachment is the listener's, to be disposed of by it, unless the child ends by itself. */
  attached(child: Attachment): Promise<void>;
  refused(pid: number, why: string): void;
}

/** Runs in the target. */
function childrenOf(
  fs: Pick<typeof import('node:fs'), 'readFileSync' | 'readdirSync' | 'readlinkSync'>,
  mark: string,
): readonly Child[] {
  const TICKS_PER_SECOND = 100;
  const found: Child[] = [];
  try {
    const uptime = parseFloat(fs.readFileSync('/proc/uptime', 'utf8'));
    const program = fs.readlinkSync('/proc/self/exe');
    for (const thread of fs.readdirSync('/proc/self/task')) {
      const pids = fs.readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').map(Number);
      for (const pid of pids) {
        if (!(pid > 0)) continue;
        try {
          if (fs.readlinkSync(`/proc/${pid}/exe`) !== program) continue;
          if (fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').indexOf(mark) > 0) continue;
          const stat = fs
            .readFileSync(`/proc/${pid}/stat`, 'utf8')
            .replace(/^.*\) /s, '')
            .split(' ');
          found.push({ pid, age: uptime - Number(stat[19]) / TICKS_PER_SECOND });
        } catch {
          // It ended meanwhile.
        }
      }
    }
  } catch {
    // No /proc, or one without lists of children.
  }
  return found;
}

const LIST = `(() => {
  const load = process.getBuiltinModule || (typeof require === 'function' ? require : undefined);
  return load ? (${childrenOf.toString()})(load('fs'), ${JSON.stringify(RELAY_MARK)}) : [];
})()`;

/**
 * Attaches to each child that runs, before it returns, and to each that starts later, until it is disposed of. One after the other:
 * they open their inspectors at the same port, which each gives free before the next.
 */
export async function watchChildren(host: Attachment, listener: ChildListener, work: Work): Promise<AsyncDisposable> {
  const address = parseTarget(host.address);
  // What is behind a port may be another machine, whose numbers mean nothing here.
  if (address.runtime === 'inspect' || address.runtime === 'file')
    return { [Symbol.asyncDispose]: async () => undefined };
  const settled = new Set<number>();
  const attempts = new Map<number, number>();
  let isOver = false;

  const attachTo = async (pid: number): Promise<void> => {
    const where = address.runtime === 'local' ? { runtime: 'local' as const, pid } : address;
    try {
      const child = await attach(where, { pid, adopt: host.process.inspector?.opened === true }, work);
      settled.add(pid);
      child.onClosed(() => void child[Symbol.asyncDispose]());
      await listener.attached(child);
    } catch (error) {
      if (isFailure(error, 'cancelled')) throw error;
      const count = (attempts.get(pid) ?? 0) + 1;
      attempts.set(pid, count);
      if (!settled.has(pid) && count < MOST_ATTEMPTS && !FOREVER.some((code) => isFailure(error, code))) return;
      settled.add(pid);
      listener.refused(pid, messageOf(error));
    }
  };
  const look = async (leastAge: number): Promise<number> => {
    const { result } = await host.send<{ readonly result: { readonly value?: readonly Child[] } }>('Runtime.evaluate', {
      ...{ expression: LIST, includeCommandLineAPI: true, returnByValue: true, silent: true },
    });
    const children = result.value ?? [];
    let waiting = 0;
    for (const { pid, age } of children) {
      if (isOver || settled.has(pid)) continue;
      if (age < leastAge) waiting++;
      else await attachTo(pid);
    }
    // Numbers are given again.
    const present = new Set(children.map(({ pid }) => pid));
    for (const pid of settled) if (!present.has(pid)) settled.delete(pid);
    for (const pid of attempts.keys()) if (!present.has(pid)) attempts.delete(pid);
    return waiting;
  };

  let turn: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    if (isOver) return;
    timer = setTimeout(() => {
      turn = look(LEAST_AGE_SECONDS).catch(() => undefined);
      void turn.then(again);
    }, LOOK_EVERY_MS);
    timer.unref();
  };
  if ((await look(LEAST_AGE_SECONDS)) > 0) {
    await new Promise((resolve) => setTimeout(resolve, LEAST_AGE_SECONDS * 1000));
    await look(LEAST_AGE_SECONDS);
  }
  again();
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      clearTimeout(timer);
      await turn;
    },
  };
}

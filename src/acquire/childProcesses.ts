// The Node processes that a process has started, directly or through others (node:cluster, child_process, a shell): which there are, and
// an attachment to each. The process itself is asked for them, since it sees the numbers that are right in its world; Linux only,
// elsewhere it has none.
import type { Work } from '../model/index.ts';
import { parseTarget } from './address.ts';
import type { Attachment, AttachOptions } from './attachment.ts';
import { inspectorDidNotOpen } from './failures.ts';
import { attach } from './heldAttachment.ts';
import { RELAY_MARK } from './remote/programs.ts';

export interface ChildProcess {
  readonly pid: number;
  readonly command: string;
  /** When it began, in microseconds of the clock that the target has; to a hundredth of a second. */
  readonly began: number;
  /** Tells it from another one that got the same number later. */
  readonly key: string;
}

interface Found {
  readonly pid: number;
  readonly command: string;
  readonly ticks: number;
  readonly began: number;
}

const ASK_MS = 30_000;

/** Runs in the target. What never started anything is asked for nothing more. */
function descendants(
  fs: Pick<typeof import('node:fs'), 'readFileSync' | 'readdirSync' | 'readlinkSync'>,
  mark: string,
): readonly Found[] {
  const TICKS_PER_SECOND = 100;
  const MOST = 512;
  const found: Found[] = [];
  const link = (path: string): string => {
    try {
      return fs.readlinkSync(path);
    } catch {
      return '';
    }
  };
  const base = (path: string): string => path.replace(/ \(deleted\)$/, '').replace(/^.*\//, '');
  const childrenOf = (pid: number | 'self'): number[] => {
    const children: number[] = [];
    try {
      for (const thread of fs.readdirSync(`/proc/${pid}/task`))
        for (const child of fs.readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
          if (Number(child) > 0) children.push(Number(child));
    } catch {
      // It ended meanwhile; or there is no /proc, or one without lists of children.
    }
    return children;
  };
  const loaded = (process as { readonly moduleLoadList?: readonly string[] }).moduleLoadList;
  if (loaded && loaded.indexOf('NativeModule child_process') < 0) return found;
  const program = link('/proc/self/exe');
  const open = childrenOf('self');
  for (let n = 0; n < open.length && n < MOST; n++) {
    const pid = open[n] as number;
    open.push(...childrenOf(pid));
    try {
      const argv = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      const exe = link(`/proc/${pid}/exe`);
      const isNode =
        exe === '' ? /^node(js)?$/.test(base(argv[0] || '')) : exe === program || /^node(js)?$/.test(base(exe));
      if (!isNode || argv.length === 0 || argv.indexOf(mark) > 0) continue;
      const stat = fs
        .readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      if (stat[0] === 'Z' || stat[0] === 'X') continue;
      const ticks = Number(stat[19]);
      const uptime = parseFloat(fs.readFileSync('/proc/uptime', 'utf8'));
      const age = Math.max(0, uptime - ticks / TICKS_PER_SECOND);
      found.push({
        pid,
        ticks,
        command: argv.join(' ').slice(0, 512),
        began: Math.round((Date.now() - age * 1000) * 1000),
      });
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

const LIST = `(() => {
  const load = process.getBuiltinModule || (typeof require === 'function' ? require : undefined);
  return load ? (${descendants.toString()})(load('fs'), ${JSON.stringify(RELAY_MARK)}) : [];
})()`;

/** @throws Failure `target-gone`, `timeout`, `cancelled`, `inspector-error` */
export async function childrenOf(
  host: Pick<Attachment, 'address' | 'send'>,
  work: Work,
): Promise<readonly ChildProcess[]> {
  // What is behind a port may be another machine, whose numbers mean nothing here.
  const { runtime } = parseTarget(host.address);
  if (runtime === 'inspect' || runtime === 'file') return [];
  const { result } = await host.send<{ readonly result: { readonly value?: readonly Found[] } }>(
    'Runtime.evaluate',
    { expression: LIST, includeCommandLineAPI: true, returnByValue: true, silent: true },
    { ...work, timeoutMs: ASK_MS },
  );
  return (result.value ?? []).map(({ ticks, ...child }) => ({ ...child, key: `${child.pid} ${ticks}` }));
}

/** @param isAsked it was signalled before, which is not done twice @throws Failure, any of the catalogue */
export function attachChild(
  host: Pick<Attachment, 'address' | 'process'>,
  { pid }: Pick<ChildProcess, 'pid'>,
  work: Work,
  { inTurn, isAsked = false }: Pick<AttachOptions, 'inTurn'> & { readonly isAsked?: boolean } = {},
): Promise<Attachment> {
  const address = parseTarget(host.address);
  const where = address.runtime === 'local' ? { runtime: 'local' as const, pid } : address;
  // Where the host's inspector was open before, those of its children may have been as well.
  if (host.process.inspector?.opened === true)
    return attach(where, { pid, child: isAsked ? 'unasked' : 'asked', ...(inTurn && { inTurn }) }, work);
  const refuse = (): Promise<never> => Promise.reject(inspectorDidNotOpen(pid));
  const turn = isAsked ? refuse : inTurn;
  return attach(where, { pid, ...(turn && { inTurn: turn }) }, work);
}

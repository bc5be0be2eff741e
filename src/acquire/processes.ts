// From what the survey saw to what a person is offered: which process of several is the service, how attaching will go, and the
// failures that an attempt to wake an inspector can end in. Knows no engine and no system calls.
import type { AttachWay } from '../model/index.ts';
import {
  inspectorDidNotOpen,
  inspectorPortTaken,
  noSuchProcess,
  notNode,
  signalRefused,
  sigusr1Forbidden,
} from './failures.ts';
import type { Awakening } from './remote/awaken.ts';
import type { SurveyedProcess } from './remote/survey.ts';
import type { InspectorEndpoint, TargetProcess } from './target.ts';

// Programs that start, watch or restart other programs: the service is what they started.
const LAUNCHER =
  /(^|\/)(npm|npx|yarn|pnpm|corepack|nodemon|pm2|forever|concurrently|ts-node-dev|tsx|turbo|nx|lerna)(-cli)?(\.[cm]?js)?$|\/(npm|yarn|pnpm|nodemon|corepack|tsx)\/(bin|dist|lib)\//;

/** Node processes, the likeliest service first: no launcher, serves a port, has an inspector open, runs longest. */
export function rankProcesses(found: readonly SurveyedProcess[]): readonly SurveyedProcess[] {
  const score = (p: SurveyedProcess): number => (isLauncher(p) ? 0 : 4) + (p.serves ? 2 : 0) + (p.inspector ? 1 : 0);
  return found
    .filter((p) => p.language === 'node')
    .sort((a, b) => score(b) - score(a) || a.started - b.started || a.pid - b.pid);
}

function isLauncher({ argv }: SurveyedProcess): boolean {
  const script = argv.findIndex((part, i) => i > 0 && !part.startsWith('-'));
  const flags = argv.slice(1, script < 0 ? argv.length : script);
  return flags.includes('--watch') || LAUNCHER.test(argv[script] ?? '') || LAUNCHER.test(argv[0] ?? '');
}

export function targetProcess(process: SurveyedProcess): TargetProcess {
  const { attach, why } = attachWay(process);
  return {
    pid: process.pid,
    command: process.argv.join(' '),
    attach,
    ...(why !== undefined && { why }),
    ...(process.inspector && { inspector: { ...process.inspector, opened: false } }),
  };
}

export function attachWay(process: SurveyedProcess): { readonly attach: AttachWay; readonly why?: string } {
  if (process.inspector) {
    const { port, sessions } = process.inspector;
    const others = sessions > 0 ? `; ${sessions === 1 ? 'one other debugger is' : `${sessions} others are`} on it` : '';
    return { attach: 'inspector-open', why: `the inspector listens on port ${port}${others}` };
  }
  switch (process.language) {
    case 'node':
      if (!process.caughtSigusr1) return { attach: 'no', why: sigusr1Forbidden(process.pid).message };
      if (process.takenPort !== undefined)
        return {
          attach: 'no',
          why: `port ${process.takenPort}, where its inspector would open, is used by another process`,
        };
      return { attach: 'inspector-can-open', why: 'SIGUSR1 will open the inspector on loopback' };
    case 'jvm':
      return { attach: 'no', why: 'Java cannot be attached to yet' };
    case 'python':
      return { attach: 'no', why: 'Python cannot be attached to yet' };
    default:
      return { attach: 'no', why: 'not a Node.js process' };
  }
}

/** @throws Failure where the inspector is not open now */
export function awakened(result: Awakening, pid: number, where: string): InspectorEndpoint {
  switch (result.outcome) {
    case 'open':
      if (!result.process.inspector) throw inspectorDidNotOpen(pid);
      return { ...result.process.inspector, opened: result.opened };
    case 'gone':
      throw noSuchProcess(pid, where, []);
    case 'not-node':
      throw notNode(pid, result.program);
    case 'forbidden':
      throw sigusr1Forbidden(pid);
    case 'port-taken':
      throw inspectorPortTaken(result.port, where);
    case 'refused':
      throw signalRefused(pid, result.why);
    case 'silent':
      throw inspectorDidNotOpen(pid);
  }
}

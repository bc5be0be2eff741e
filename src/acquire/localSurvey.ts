// The processes of this machine: through /proc; where there is none, what can be had from `ps` and `lsof` (macOS).
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { get } from 'node:http';
import { promisify } from 'node:util';
import type { Work } from '../model/index.ts';
import { within } from './deadline.ts';
import { inspectorId } from './direct.ts';
import { otherNamespace, platformUnsupported } from './failures.ts';
import { surveyProcesses } from './remote/survey.ts';
import type { SurveyedProcess, SurveyOptions } from './remote/survey.ts';

const SURVEY_MS = 10_000;
const run = promisify(execFile);

/** Depth of this program's own PID namespace: deeper processes live in containers. */
function ownDepth(): number {
  try {
    return /^NSpid:\s+(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]?.split(/\s+/).length ?? 1;
  } catch {
    return 1;
  }
}

export interface LocalSurveyOptions {
  /** Only this process. */
  readonly pid?: number;
  readonly look: SurveyOptions['look'];
  /** Those of containers as well: seen, though their network cannot be reached from here. */
  readonly contained?: boolean;
}

/**
 * Processes of this machine.
 * @throws Failure `processes-unsupported`, `process-in-container`, `timeout`, `cancelled`
 */
export async function surveyLocal(options: LocalSurveyOptions, work?: Work): Promise<readonly SurveyedProcess[]> {
  const { pid, look, contained } = options;
  if (process.platform !== 'linux') return surveyByPs(pid);
  const found = await within('Looking at the processes of this machine', SURVEY_MS, work, () =>
    surveyProcesses(
      { readFileSync, readlinkSync, readdirSync },
      { get },
      { self: process.pid, look, ...(pid !== undefined && { pid }) },
    ),
  );
  if (contained === true) return found;
  const depth = ownDepth();
  if (pid === undefined) return found.filter((p) => p.depth <= depth);
  if (found[0] && found[0].depth > depth) throw otherNamespace(pid);
  return found;
}

async function surveyByPs(pid?: number): Promise<readonly SurveyedProcess[]> {
  if (process.platform === 'win32') throw platformUnsupported(process.platform);
  const columns = 'pid=,uid=,gid=,rss=,args=';
  const { stdout } = await run('ps', pid === undefined ? ['-axo', columns] : ['-o', columns, '-p', String(pid)]);
  const rows = stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match ? [match] : [];
  });
  return Promise.all(
    rows.map(async ([, id, uid, gid, rss, command = '']) => {
      const argv = command.split(' ');
      const program = (argv[0] ?? '').replace(/^.*\//, '');
      const node = /^node(js)?$/.test(program);
      const inspector = node ? await inspectorByLsof(Number(id)) : undefined;
      return {
        pid: Number(id),
        uid: Number(uid),
        gid: Number(gid),
        depth: 1,
        language: node ? 'node' : program === 'java' ? 'jvm' : /^python/i.test(program) ? 'python' : 'unknown',
        program,
        argv,
        // `ps` does not show handlers; every Node has one unless told otherwise.
        caughtSigusr1: node && !argv.includes('--disable-sigusr1'),
        started: Number(id),
        residentBytes: Number(rss) * 1024,
        serves: false,
        ...(inspector && { inspector }),
      } as const;
    }),
  );
}

async function inspectorByLsof(pid: number): Promise<SurveyedProcess['inspector']> {
  const listing = await run('lsof', ['-nP', '-a', '-p', String(pid), '-iTCP', '-sTCP:LISTEN', '-Fn']).catch(
    () => undefined,
  );
  for (const match of listing?.stdout.matchAll(/^n(?:127\.0\.0\.1|\[::1\]):(\d+)$/gm) ?? []) {
    const id = await inspectorId('127.0.0.1', Number(match[1])).catch(() => undefined);
    if (id !== undefined) return { host: '127.0.0.1', port: Number(match[1]), id, sessions: 0 };
  }
  return undefined;
}

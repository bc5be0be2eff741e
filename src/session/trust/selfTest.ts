// Whether the memory of a binary is understood: the binary is run with a program of which every value is known, its memory is read as
// that of any target, and each value compared. The program runs as nobody where this runs as root, since the binary is a container's.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFailure, messageOf, type Work } from '../../model/index.ts';
import { Analysis } from '../analysis.ts';
import { differences } from './differences.ts';
import { expectedKinds, PROGRAM, READY } from './program.ts';

const START_MS = 20_000;
const NOBODY = 65534;
/** Fewer leaves than this would mean that the program was not what it should be. */
const FEWEST_LEAVES = 450;
const DEPTH = 50;

export type Verdict =
  | { readonly trusted: true; readonly leaves: number }
  /** `final`: the binary was read and values differed; else it could not be tried. */
  | { readonly trusted: false; readonly final: boolean; readonly why: string };

/** @param id the build that is to be tried out @throws Failure `cancelled` */
export async function selfTest(path: string, work: Work, id?: string): Promise<Verdict> {
  const directory = mkdtempSync(join(tmpdir(), 'semstate-self-test-'));
  let child: ChildProcess | undefined;
  try {
    // A copy, for the target may end, and its binary with it.
    const copy = join(directory, 'node');
    copyFileSync(path, copy);
    chmodSync(directory, 0o755);
    chmodSync(copy, 0o755);
    child = await start(copy, directory);
    return await readAndCompare(child.pid as number, id, work);
  } catch (error) {
    if (isFailure(error, 'cancelled')) throw error;
    const final = isFailure(error, 'snapshot-foreign');
    return { trusted: false, final, why: messageOf(error) };
  } finally {
    if (child && child.exitCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(directory, { recursive: true, force: true });
  }
}

async function start(binary: string, directory: string): Promise<ChildProcess> {
  const isRoot = process.getuid?.() === 0;
  const child = spawn(binary, ['-e', PROGRAM], {
    cwd: directory,
    env: {},
    stdio: ['ignore', 'pipe', 'ignore'],
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
  try {
    const [said] = (await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => ['']),
    ])) as unknown[];
    if (!String(said).startsWith(READY)) throw new Error('the binary could not be run here');
    return child;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function readAndCompare(pid: number, id: string | undefined, work: Work): Promise<Verdict> {
  const { openMemory } = await import('../../acquire/index.ts');
  const { memory } = await openMemory({ runtime: 'local', pid }, {}, work);
  const own = (await memory.binary())?.id;
  if (id !== undefined && own !== id)
    return { trusted: false, final: false, why: `here it runs with another library of V8 (${own ?? 'unknown'})` };
  const analysis = new Analysis();
  const quiet: Work = work.signal ? { signal: work.signal } : {};
  try {
    await analysis.begin(quiet);
    await memory.capture((chunk) => analysis.write(chunk, quiet), {}, quiet);
    const { recognised, problems } = await analysis.end(quiet);
    const problem = problems[0];
    if (!recognised || problem) return refused(problem?.message ?? 'nothing was recognised');
    const query = { select: { path: 'globalThis.kinds' }, limit: 1, depth: DEPTH };
    const { objects } = await analysis.call('objects', query, quiet);
    const { leaves, different } = differences(objects[0] ?? null, expectedKinds());
    if (different.length > 0) return refused(`${different.length} values differ, the first: ${different[0]}`);
    return leaves < FEWEST_LEAVES ? refused(`only ${leaves} values were read`) : { trusted: true, leaves };
  } finally {
    await analysis[Symbol.asyncDispose]();
  }
}

function refused(why: string): Verdict {
  return { trusted: false, final: true, why };
}

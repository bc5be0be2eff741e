// Whether the memory of a binary may be relied on: known builds are, others after a self-test, which is made once for each build.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MemoryBinary } from '../../acquire/index.ts';
import { Failure, type Work } from '../../model/index.ts';
import { dataDirectory } from '../storePaths.ts';
import { KNOWN_BUILDS } from './knownBuilds.ts';
import { selfTest, type Verdict } from './selfTest.ts';

/** Counted up when the reader or the self-test learns something, so that old verdicts are made anew. */
const VERSION = 1;

export interface TrustOptions {
  /** Where verdicts are kept; default: the user's data directory. */
  readonly directory?: string;
  readonly test?: (path: string, work: Work, id: string) => Promise<Verdict>;
}

/**
 * @returns why its memory must not be relied on; undefined where it may be
 * @throws Failure `cancelled`
 */
export async function distrust(
  binary: MemoryBinary,
  work: Work,
  options: TrustOptions = {},
): Promise<Failure | undefined> {
  const { id } = binary;
  if (KNOWN_BUILDS.has(id)) return undefined;
  const file = join(options.directory ?? join(dataDirectory(), 'builds'), `${id}.json`);
  let verdict = known(file);
  if (!verdict) {
    work.progress?.({
      phase: 'connect',
      message: `Trying out whether the memory of this Node.js is understood (${id})`,
    });
    verdict = await tried(binary, options.test ?? selfTest, work);
    if (verdict.trusted || verdict.final) keep(file, verdict);
  }
  return verdict.trusted ? undefined : untested(id, verdict.why);
}

/** A binary that lies elsewhere is fetched; one of another system or processor cannot be run here, and is not relied on. */
async function tried(
  { path, content, id }: MemoryBinary,
  test: NonNullable<TrustOptions['test']>,
  work: Work,
): Promise<Verdict> {
  if (path !== undefined) return test(path, work, id);
  const bytes = await content?.(work);
  if (!bytes) return { trusted: false, final: false, why: 'its program could not be fetched to be tried out' };
  const directory = mkdtempSync(join(tmpdir(), 'semstate-binary-'));
  try {
    const copy = join(directory, 'node');
    writeFileSync(copy, bytes, { mode: 0o700 });
    return await test(copy, work, id);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function known(file: string): Verdict | undefined {
  try {
    const { version, verdict } = JSON.parse(readFileSync(file, 'utf8')) as { version: unknown; verdict: Verdict };
    return version === VERSION && typeof verdict.trusted === 'boolean' ? verdict : undefined;
  } catch {
    return undefined;
  }
}

/** Where it cannot be written, it is made again next time. */
function keep(file: string, verdict: Verdict): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify({ version: VERSION, verdict }), { mode: 0o600 });
  } catch {
    return;
  }
}

function untested(id: string, why: string): Failure {
  return new Failure(
    'memory-self-test',
    `The memory of this build of Node.js (${id}) is not relied on: ${why}.`,
    'Use an official build of Node.js 20, 22 or 24, or --method heap, which asks V8 through the inspector.',
  );
}

// Whether the memory of a binary may be relied on: known builds are, others after a self-test, which is made once for each build.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  readonly test?: (path: string, work: Work) => Promise<Verdict>;
}

/**
 * @returns why its memory must not be relied on; undefined where it may be
 * @throws Failure `cancelled`
 */
export async function distrust(
  { path, id }: MemoryBinary,
  work: Work,
  options: TrustOptions = {},
): Promise<Failure | undefined> {
  if (KNOWN_BUILDS.has(id)) return undefined;
  const file = join(options.directory ?? join(dataDirectory(), 'builds'), `${id}.json`);
  let verdict = known(file);
  if (!verdict) {
    work.progress?.({
      phase: 'connect',
      message: `Trying out whether the memory of this Node.js is understood (${id})`,
    });
    verdict = await (options.test ?? selfTest)(path, work);
    if (verdict.trusted || verdict.final) keep(file, verdict);
  }
  return verdict.trusted ? undefined : untested(id, verdict.why);
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

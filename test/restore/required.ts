// Whether checkpoints can be made here: CRIU on the path, and of Docker its experimental features.
import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import type { TestEngine } from '../containers/index.ts';

/** False, with the test skipped, where they cannot; throws where REQUIRE_CHECKPOINTS=1. */
export function canCheckpoint(t: TestContext, engine: TestEngine): boolean {
  const why = lacking(engine);
  if (why === undefined) return true;
  if (process.env['REQUIRE_CHECKPOINTS'] === '1') throw new Error(why);
  t.skip(why);
  return false;
}

function lacking({ kind, command }: TestEngine): string | undefined {
  const { env } = command;
  if (spawnSync('criu', ['check'], { env }).status !== 0)
    return 'CRIU is not installed or cannot work with this kernel';
  if (kind === 'podman') return undefined;
  const { stdout } = spawnSync('docker', ['info', '-f', '{{.ExperimentalBuild}}'], { env, encoding: 'utf8' });
  return stdout.trim() === 'true' ? undefined : 'dockerd was started without --experimental';
}

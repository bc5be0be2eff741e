// Return in time on a real Podman with CRIU: skipped without, and fails where REQUIRE_CHECKPOINTS=1.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { requirePodman, type TestEngine } from '../containers/index.ts';
import { semstate } from '../cli/semstate.ts';
import { inItsPlace, movedBeyond, movesIn, startTill, thereAndBack } from './cycle.ts';
import { canCheckpoint } from './required.ts';

async function withPodman(t: TestContext, use: (engine: TestEngine) => Promise<void>): Promise<void> {
  const engine = await requirePodman(t);
  if (!engine) return;
  const before = process.env['CONTAINER_HOST'];
  process.env['CONTAINER_HOST'] = engine.host;
  try {
    await use(engine);
  } finally {
    if (before === undefined) delete process.env['CONTAINER_HOST'];
    else process.env['CONTAINER_HOST'] = before;
    await engine.stop();
  }
}

describe('return in time, Podman', { skip: process.platform !== 'linux' }, () => {
  it('into a copy: equal, alone, and it counts on from there; then in its place', async (t) => {
    await withPodman(t, async (engine) => {
      if (!canCheckpoint(t, engine)) return;
      await using till = await startTill(engine);
      await thereAndBack(engine, till);
      await inItsPlace(engine, till);
    });
  });

  it('without CRIU it is said, and the container goes on', async (t) => {
    const path = process.env['PATH'] ?? '';
    process.env['PATH'] = path
      .split(delimiter)
      .filter((folder) => !existsSync(join(folder, 'criu')))
      .join(delimiter);
    try {
      await withPodman(t, async (engine) => {
        await using till = await startTill(engine);
        const { status, stderr } = await semstate('checkpoint', till.container.target, '--store', till.store);
        assert.equal(status, 3);
        assert.match(stderr, /error \[checkpoint-failed\].*CRIU is not installed.*write-back/);
        assert.equal(existsSync(till.store), false, 'nothing is left of it');
        await movedBeyond(() => till.container.logs(), movesIn(till.container.logs()).at(-1)?.count ?? 0);
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});

// Return in time on a real Docker Engine with CRIU: skipped without, and fails where REQUIRE_CHECKPOINTS=1.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { requireEngine, type TestEngine } from '../containers/index.ts';
import { semstate } from '../cli/semstate.ts';
import { checkpointOf, inItsPlace, movedBeyond, movesIn, startTill, thereAndBack } from './cycle.ts';
import { canCheckpoint } from './required.ts';

describe('return in time, Docker', { skip: process.platform !== 'linux' }, () => {
  const engineOf = (t: TestContext): TestEngine | undefined => {
    const engine = requireEngine(t);
    return engine && canCheckpoint(t, engine) ? engine : undefined;
  };

  it('into a copy: equal, alone, and it counts on from there', async (t) => {
    const engine = engineOf(t);
    if (!engine) return;
    await using till = await startTill(engine, 22);
    await thereAndBack(engine, till);
  });

  const cycles = Number(process.env['RETURN_CYCLES'] ?? 0);
  it(
    `${cycles} times there and back`,
    { skip: cycles > 0 ? false : 'RETURN_CYCLES=100 asks for it', timeout: 3_600_000 },
    async (t) => {
      const engine = engineOf(t);
      if (!engine) return;
      await using till = await startTill(engine, 22, 5);
      for (let n = 1; n <= cycles; n++) await thereAndBack(engine, till);
    },
  );

  it('in its place', async (t) => {
    const engine = engineOf(t);
    if (!engine) return;
    await using till = await startTill(engine, 24);
    await inItsPlace(engine, till);
  });

  it('a checkpoint that is not whole is refused, and nothing is changed', async (t) => {
    const engine = engineOf(t);
    if (!engine) return;
    await using till = await startTill(engine, 20);
    const { folder, seq } = await checkpointOf(till);
    const pages = readdirSync(join(folder, 'images')).find((name) => name.startsWith('pages-')) as string;
    truncateSync(join(folder, 'images', pages), readFileSync(join(folder, 'images', pages)).length - 4096);
    const { status, stderr } = await semstate(
      'rollback',
      till.container.target,
      '--store',
      till.store,
      '--to',
      String(seq),
    );
    assert.equal(status, 3);
    assert.match(stderr, /checkpoint-torn.*pages-/);
    await movedBeyond(() => till.container.logs(), movesIn(till.container.logs()).at(-1)?.count ?? 0);
    const before = await semstate('rollback', till.container.target, '--store', till.store, '--to', String(seq - 1));
    assert.match(before.stderr, /no-such-point|no-checkpoint/);
  });
});

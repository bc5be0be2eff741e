// The same way into containers of Podman, by the same client, on a Podman service of the test's own.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { listTargets } from '../../src/acquire/index.ts';
import { requirePodman, startContainer } from '../containers/index.ts';
import { attachTo, failsWith, snapshotOf } from './attachedService.ts';

it('Podman: listed, attached to, a snapshot taken, left as it was', { timeout: 60_000 }, async (t) => {
  const engine = await requirePodman(t);
  if (!engine) return;
  const before = process.env['CONTAINER_HOST'];
  process.env['CONTAINER_HOST'] = engine.host;
  try {
    await using container = await startContainer(engine, {
      node: 24,
      flags: ['--cap-drop', 'ALL', '--user', '1000:1000'],
    });
    const entry = (await listTargets({})).targets.find((target) => target.target === container.target);
    assert.deepEqual([entry?.language, entry?.attach, entry?.pid], ['node', 'inspector-can-open', 1]);
    const processes = container.top().length;
    {
      await using service = await attachTo(container.target);
      assert.equal(service.context.space.find((p) => p.name === 'runtime')?.value, 'podman');
      const { strings } = await snapshotOf(service);
      assert.ok(strings.includes('shipped'));
    }
    assert.equal(container.top().length, processes);
    container.run('pause');
    await assert.rejects(attachTo(container.target), failsWith('container-paused'));
    container.run('unpause');
  } finally {
    if (before === undefined) delete process.env['CONTAINER_HOST'];
    else process.env['CONTAINER_HOST'] = before;
    await engine.stop();
  }
});

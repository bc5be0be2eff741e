// The list is never an error as a whole: an engine that is away, or that never answers, is one line that says what to do.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listTargets } from '../../src/acquire/index.ts';
import { requireEngine, startContainer } from '../containers/index.ts';
import { attachTo, failsWith } from './attachedService.ts';

async function withHosts(docker: string, podman: string, body: () => Promise<void>): Promise<void> {
  const before = { DOCKER_HOST: process.env['DOCKER_HOST'], CONTAINER_HOST: process.env['CONTAINER_HOST'] };
  Object.assign(process.env, { DOCKER_HOST: docker, CONTAINER_HOST: podman });
  try {
    await body();
  } finally {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}

test('one engine away, one silent: two lines, and this process is listed all the same', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'semstate-silent-'));
  const silent = createServer(() => undefined).listen(join(dir, 'silent.sock'));
  try {
    await withHosts(`unix://${join(dir, 'none.sock')}`, `unix://${join(dir, 'silent.sock')}`, async () => {
      const started = Date.now();
      const { targets, problems } = await listTargets({});
      assert.ok(Date.now() - started < 8000);
      assert.deepEqual(problems.map((p) => p.code).sort(), ['engine-unreachable', 'timeout']);
      assert.match(problems.find((p) => p.code === 'engine-unreachable')?.message ?? '', /none\.sock.*DOCKER_HOST/);
      assert.ok(targets.every((t) => t.target.startsWith('pid:')));
      await assert.rejects(attachTo('docker:shop'), failsWith('engine-unreachable'));
    });
  } finally {
    silent.close();
    rmSync(dir, { recursive: true });
  }
});

test('containers are listed with name, image, process, language and way, without running anything in them', async (t) => {
  const engine = requireEngine(t);
  if (!engine) return;
  await using closed = await startContainer(engine, { node: 22 });
  await using open = await startContainer(engine, {
    node: 24,
    env: { NODE_OPTIONS: '--inspect' },
    command: ['sh', '-c', 'node /app/service.cjs; true'],
  });
  await using bare = await startContainer(engine, { command: ['sh', '-c', 'echo ready; sleep 60'] });
  const { targets } = await listTargets({});
  const of = (name: string): unknown[] => {
    const entry = targets.find((one) => one.target === `docker:${name}`);
    return [entry?.name, entry?.language, entry?.attach, entry?.pid !== undefined];
  };
  assert.deepEqual(of(closed.name), [closed.name, 'node', 'inspector-can-open', true]);
  assert.deepEqual(of(open.name), [open.name, 'node', 'inspector-open', true]);
  assert.deepEqual(of(bare.name), [bare.name, 'unknown', 'no', false]);
  assert.equal(targets.find((one) => one.name === open.name)?.pid === 1, false, 'PID 1 is the shell');
  assert.match(targets.find((one) => one.name === closed.name)?.image ?? '', /^semstate-test-node-22/);
});

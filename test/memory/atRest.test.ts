// One container, its memory captured live, as a core file and as a checkpoint of its engine, Docker's and Podman's: the same objects,
// the same model, the same state. Needs engines that can make checkpoints (CRIU on their path; Docker started with --experimental) and
// gcore; skipped without, and fails where REQUIRE_CHECKPOINTS=1.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { canonicalText, type Model } from '../../src/model/index.ts';
import { createApp, extractOnce, readObjects, snapshotToFile } from '../../src/session/index.ts';
import {
  requireEngine,
  requirePodman,
  startContainer,
  type TestContainer,
  type TestEngine,
} from '../containers/index.ts';

/** io_uring is what CRIU cannot keep; newer engines forbid it by themselves. */
const NO_IO_URING = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['io_uring_setup'], action: 'SCMP_ACT_ERRNO' }],
};
const program = readFileSync(join(import.meta.dirname, 'fixtures/still.cjs'), 'utf8');
const isRequired = process.env['REQUIRE_CHECKPOINTS'] === '1';
const hasGcore = spawnSync('gcore', ['-h']).error === undefined;

interface Found {
  readonly model: string;
  readonly state: string;
  readonly orders: string;
}
/** What was read first, whatever the engine and the form: everything after it is compared with it. */
let first: Found | undefined;

/** A checkpoint of the container at a path; undefined, with the reason, where the engine cannot make one. */
function checkpoint(engine: TestEngine, container: TestContainer, folder: string): string | { readonly why: string } {
  try {
    if (engine.kind === 'podman') {
      const path = join(folder, 'checkpoint.tar.zst');
      const { program: podman, args, env } = engine.command;
      const { status, stderr } = spawnSync(
        podman,
        [...args, 'container', 'checkpoint', '--leave-running', '--export', path, container.name],
        { env, encoding: 'utf8' },
      );
      return status === 0 ? path : { why: stderr.trim() };
    }
    const { program: docker, args, env } = engine.command;
    const { status, stderr } = spawnSync(
      docker,
      [...args, 'checkpoint', 'create', '--leave-running', container.name, 'one'],
      { env, encoding: 'utf8' },
    );
    if (status !== 0) return { why: stderr.trim() };
    const root = spawnSync(docker, [...args, 'info', '-f', '{{.DockerRootDir}}'], { env, encoding: 'utf8' }).stdout;
    const id = container.run('inspect', '-f', '{{.Id}}').trim();
    return join(root.trim(), 'containers', id, 'checkpoints', 'one');
  } catch (error) {
    return { why: String(error) };
  }
}

async function modelOf(target: string): Promise<Model> {
  return extractOnce({ source: [], snapshots: [], target }, {});
}

/** What the program is, without when and where it was read. */
const meaning = ({ entities, relations, transitions }: Model): string =>
  canonicalText(
    JSON.parse(
      JSON.stringify({ entities, relations, transitions }, (name, value: unknown) =>
        name === 'evidence' ? null : value,
      ),
    ),
  );

async function stateOf(target: string, store: string): Promise<string> {
  await using app = createApp();
  const session = await app.openSession({ target, source: [], store }, {});
  const { seq } = await session.takeSnapshot({}, {});
  return canonicalText([...session.store.stateAt(seq).values()]);
}

async function same(t: TestContext, engine: TestEngine): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-at-rest-'));
  try {
    const seccomp = join(folder, 'seccomp.json');
    writeFileSync(seccomp, JSON.stringify(NO_IO_URING));
    await using container = await startContainer(engine, {
      node: 22,
      files: { '/app/still.cjs': program },
      command: ['node', '/app/still.cjs'],
      flags: ['--security-opt', `seccomp=${seccomp}`],
    });
    const live = join(folder, 'live.memory');
    const taken = await snapshotToFile(container.target, live, { method: 'memory' }, {});
    assert.equal(taken.method, 'memory');
    const forms = new Map([['live', `file:${live}`]]);
    const pid = container.run('inspect', '-f', '{{.State.Pid}}').trim();
    assert.ok(hasGcore || !isRequired, 'gcore is not installed (package gdb)');
    if (hasGcore) {
      spawnSync('gcore', ['-o', join(folder, 'core'), pid], { stdio: 'ignore', timeout: 60_000 });
      const core = join(folder, `core.${pid}`);
      assert.ok(existsSync(core));
      forms.set('core', `file:${core}`);
    }
    const made = checkpoint(engine, container, folder);
    if (typeof made === 'string') forms.set('checkpoint', `file:${made}`);
    else {
      if (isRequired) throw new Error(made.why);
      t.skip(`${engine.kind} cannot make checkpoints here: ${made.why}`);
      return;
    }
    const orders = async (target: string): Promise<string> => {
      const query = { select: { class: 'Order' }, limit: 100, depth: 4 } as const;
      const { objects, count, problems } = await readObjects(target, query, {}, {});
      assert.deepEqual([count, problems ?? []], [40, []], target);
      return canonicalText([...objects].sort((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1)));
    };
    for (const [form, target] of forms) {
      const found = {
        orders: await orders(target),
        model: meaning(await modelOf(target)),
        state: await stateOf(target, join(folder, `${form}.store`)),
      };
      assert.match(found.state, /"entity":"Order"/);
      first ??= found;
      for (const what of ['orders', 'model', 'state'] as const)
        assert.equal(found[what], first[what], `the ${what} by ${form} of ${engine.kind}`);
    }
    t.diagnostic(`${engine.kind}: ${[...forms.keys()].join(', ')} give the same`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a container live, as core file and as checkpoint', { skip: process.platform !== 'linux' }, () => {
  it('of Docker', async (t) => {
    const engine = requireEngine(t);
    if (engine) await same(t, engine);
  });
  it('of Podman', async (t) => {
    const engine = await requirePodman(t);
    if (!engine) return;
    const before = process.env['CONTAINER_HOST'];
    process.env['CONTAINER_HOST'] = engine.host;
    try {
      await same(t, engine);
    } finally {
      if (before === undefined) delete process.env['CONTAINER_HOST'];
      else process.env['CONTAINER_HOST'] = before;
      await engine.stop();
    }
  });
});

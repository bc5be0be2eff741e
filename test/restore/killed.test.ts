// Killed in the midst of it: whatever the moment, the service goes on under its name. And what a checkpoint cannot keep is refused.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Running, semstate } from '../cli/semstate.ts';
import { requireEngine, startContainer, type TestEngine } from '../containers/index.ts';
import {
  assertGoesOn,
  checkpointOf,
  movedBeyond,
  movesIn,
  removeContainer,
  runEngine,
  startTill,
  type Till,
} from './cycle.ts';
import { canCheckpoint } from './required.ts';

const LONGEST_MS = 60_000;

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + LONGEST_MS;
  while (!holds()) {
    assert.ok(Date.now() < end, what);
    await wait(20);
  }
}

const stateOf = (engine: TestEngine, name: string): string => {
  try {
    return runEngine(engine, 'inspect', '-f', '{{.State.Status}}', name);
  } catch {
    return '';
  }
};

/** It runs, without a gap, and goes on running. */
async function goesOn(engine: TestEngine, { container }: Till): Promise<void> {
  await until('it runs', () => stateOf(engine, container.name) === 'running');
  const last = movesIn(container.logs()).at(-1)?.count ?? 0;
  assertGoesOn(await movedBeyond(() => container.logs(), last + 3), 0);
}

async function kill(command: Running): Promise<void> {
  command.child.kill('SIGKILL');
  await command.outcome;
}

describe('killed in the midst of a return, Docker', { skip: process.platform !== 'linux' }, () => {
  const engineOf = (t: TestContext): TestEngine | undefined => {
    const engine = requireEngine(t);
    return engine && canCheckpoint(t, engine) ? engine : undefined;
  };

  it('while the container is paused for its checkpoint, beside a restored copy, and in its place', async (t) => {
    const engine = engineOf(t);
    if (!engine) return;
    await using till = await startTill(engine, 22);
    const { container, store } = till;
    const during = new Running(['checkpoint', container.target, '--store', store]);
    await until('it is paused', () => stateOf(engine, container.name) === 'paused' || during.child.exitCode !== null);
    await kill(during);
    await goesOn(engine, till);

    const { seq } = await checkpointOf(till);
    const [copy, temporary] = [`${container.name}-at-${seq}`, `${container.name}-returning-${seq}`];
    try {
      const beside = new Running(['rollback', container.target, '--store', store, '--to', String(seq)]);
      await until('the copy is there', () => stateOf(engine, copy) !== '' || beside.child.exitCode !== null);
      await kill(beside);
      await goesOn(engine, till);

      const inPlace = new Running(['rollback', container.target, '--store', store, '--to', String(seq), '--in-place']);
      await until('a copy is there', () => stateOf(engine, temporary) === 'running' || inPlace.child.exitCode !== null);
      assert.equal(stateOf(engine, container.name), 'paused');
      await kill(inPlace);
      await goesOn(engine, till);
    } finally {
      removeContainer(engine, copy);
      removeContainer(engine, temporary);
    }
  });

  it('open connections and io_uring are refused before anything is done', async (t) => {
    const engine = engineOf(t);
    if (!engine) return;
    const program = `const http = require('node:http'); const agent = new http.Agent({ keepAlive: true });
      const server = http.createServer((_, r) => r.end('x')).listen(80, '127.0.0.1', () =>
        http.get({ host: '127.0.0.1', port: 80, agent }, (r) => r.resume().on('end', () => console.log('ready'))));
      server.keepAliveTimeout = 600000; setInterval(() => {}, 1000);`;
    await using till = await startTill(engine, 24);
    const seccomp = `seccomp=${till.folder}/seccomp.json`;
    for (const [flags, why] of [
      [['--security-opt', seccomp], /error \[checkpoint-refused\].*open connections.*127\.0\.0\.1:80/],
      [
        ['-e', 'UV_USE_IO_URING=1', '--security-opt', 'seccomp=unconfined'],
        /error \[checkpoint-refused\].*(io_uring|open connections)/,
      ],
    ] as const) {
      await using busy = await startContainer(engine, { node: 22, command: ['node', '-e', program], flags });
      const { status, stderr } = await semstate('checkpoint', busy.target, '--store', till.store);
      assert.equal(status, 3);
      assert.match(stderr, why);
      assert.equal(stateOf(engine, busy.name), 'running');
    }
  });
});

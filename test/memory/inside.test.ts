// Memory of a container read where this machine's own view does not reach: in a helper container on the engine's machine. Nothing is run in
// the container itself, nothing is left, and whatever dies meanwhile, the service goes on.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { attach, openMemory, parseTarget, type MemoryReading } from '../../src/acquire/index.ts';
import { InsideMemory } from '../../src/acquire/memory/index.ts';
import { isFailure } from '../../src/model/index.ts';
import { findPath, readValue, type HeapGraph } from '../../src/parse/index.ts';
import { engineCommand } from '../containers/images.ts';
import { requireEngine, startContainer, type TestContainer, type TestEngine } from '../containers/index.ts';
import { graphOf } from './account.ts';

const HARDENED = ['--user', '1000:1000', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
const HEAVY = `class Order{constructor(n){this.id=n;this.text='order '+n}}
globalThis.orders=Array.from({length:150000},(_,n)=>new Order(n));console.log('ready');setInterval(()=>{},50)`;

async function graphBy(memory: MemoryReading): Promise<{ readonly graph: HeapGraph; readonly pauseMs: number }> {
  const parts: Uint8Array[] = [];
  const { pauseMs } = await memory.capture((chunk) => void parts.push(Uint8Array.from(chunk)), {}, {});
  return { graph: graphOf(Buffer.concat(parts)), pauseMs };
}

const helpers = (engine: TestEngine, container: TestContainer): string =>
  engineCommand(engine.command, ['ps', '-aq', '--filter', `label=semstate.helper=${idOf(container)}`]);
const idOf = (container: TestContainer): string => container.run('inspect', '--format', '{{.Id}}').slice(0, 12);

async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!isSo()) {
    assert.ok(Date.now() < end, what);
    await wait(20);
  }
}

const stateOf = (pid: number): string => {
  try {
    return /^\d+ \(.*\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
};

/** The helper's reader, by this machine's number: it names the process that it reads. */
const readerOf = (first: number): number | undefined =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .find((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes('semstate-relay') && line.includes(`"first":${first},`);
      } catch {
        return false;
      }
    });

describe(
  "memory by a helper on the engine's machine",
  { skip: process.platform === 'linux' ? false : 'Linux only' },
  () => {
    it('a hardened container: the same as by this machine, also attached; nothing is run in it, nothing is left', async (t) => {
      const engine = requireEngine(t);
      if (!engine) return;
      await using container = await startContainer(engine, { node: 24, flags: HARDENED });
      const address = parseTarget(container.target);
      const before = container.top().join();
      const opened = await openMemory(address, { inside: true }, {});
      assert.ok(opened.memory instanceof InsideMemory);
      const local = await openMemory(address, {}, {});
      assert.equal((await opened.memory.binary())?.id, (await local.memory.binary())?.id);
      const { graph, pauseMs } = await graphBy(opened.memory);
      assert.deepEqual(graph.problems, []);
      assert.ok(pauseMs > 0);
      const orders = findPath(graph, 'orders') as number;
      assert.match(
        JSON.stringify(readValue(graph, orders, { depth: 3, limit: 100 })),
        /"id":20,"total":30,"status":"(new|paid|shipped)"/,
      );
      assert.equal(container.top().join(), before, 'nothing was started in it');
      {
        await using attachment = await attach(address, { inside: true }, {});
        const attached = await graphBy(attachment.memory);
        assert.ok([...attached.graph.scripts.values()].some(({ url }) => url.endsWith('/service.cjs')));
      }
      await until('the helpers are gone', () => helpers(engine, container) === '');
    });

    it('a container at its memory limit is read, and nothing of the copy counts against it', async (t) => {
      const engine = requireEngine(t);
      if (!engine) return;
      const flags = ['--memory', '112m', '--memory-swap', '112m'];
      await using container = await startContainer(engine, { node: 22, command: ['node', '-e', HEAVY], flags });
      const { memory } = await openMemory(parseTarget(container.target), { inside: true }, {});
      const { graph } = await graphBy(memory);
      assert.equal(graph.classes().find(({ name }) => name === 'Order')?.instances.length, 150_000);
      assert.equal(
        container.run('inspect', '--format', '{{.State.OOMKilled}} {{.State.Running}}').trim(),
        'false true',
      );
    });

    it('a reader that is killed while the service stands still leaves it running; a service that ends is gone', async (t) => {
      const engine = requireEngine(t);
      if (!engine) return;
      await using container = await startContainer(engine, { node: 22, command: ['node', '-e', HEAVY] });
      const first = Number(container.run('inspect', '--format', '{{.State.Pid}}'));
      const { memory } = await openMemory(parseTarget(container.target), { inside: true }, {});
      let died = 0;
      for (let n = 0; n < 20 && died === 0; n++) {
        const capturing = memory
          .capture(() => undefined, {}, {})
          .then(
            () => 'done',
            (error: unknown) => (isFailure(error, 'capture-failed') ? 'failed' : String(error)),
          );
        let ended = false;
        void capturing.then(() => (ended = true));
        while (!ended) {
          for (let look = 0; look < 200 && stateOf(first) !== 'T'; look++);
          const reader = stateOf(first) === 'T' ? readerOf(first) : undefined;
          if (reader !== undefined && stateOf(first) === 'T') {
            process.kill(reader, 'SIGKILL');
            died++;
            break;
          }
          await wait(0);
        }
        const outcome = await capturing;
        assert.match(outcome, died > 0 ? /^(failed|done)$/ : /^done$/);
      }
      assert.ok(died > 0, 'a reader died while the service stood still');
      await until('it goes on', () => stateOf(first) !== 'T');
      await until('the helpers are gone', () => helpers(engine, container) === '');

      container.run('kill');
      await assert.rejects(
        memory.capture(() => undefined, {}, {}),
        (error) =>
          isFailure(error, 'target-gone') || isFailure(error, 'memory-out-of-reach') || isFailure(error, 'exec-failed'),
      );
    });
  },
);

it('where no helper can be started, it is said why and what to do', async () => {
  const memory = new InsideMemory({
    name: 'docker:far',
    pid: 1,
    notes: () => Promise.resolve({ target: {}, scripts: [] }),
    runtime: {
      outerPid: () => 1,
      runBeside: () => Promise.reject(new Error('helpers are not allowed here')),
      readFile: () => Promise.resolve(undefined),
    },
  });
  const refusal = await memory.refusal();
  assert.ok(isFailure(refusal, 'memory-out-of-reach'));
  assert.match(refusal.message, /helpers are not allowed here/);
  assert.match(refusal.action, /--method heap/);
  await assert.rejects(
    memory.capture(() => undefined, {}, {}),
    (error) => isFailure(error, 'memory-out-of-reach'),
  );
});

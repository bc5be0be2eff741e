// The memory of containers read from the host: hardened ones, in which nothing is run and nothing is opened for it; a paused one, which
// is not woken; and the command line over both.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { openMemory, parseTarget } from '../../src/acquire/index.ts';
import { findPath, readValue, type HeapGraph } from '../../src/parse/index.ts';
import { NODE_MAJORS, requireEngine, startContainer } from '../containers/index.ts';
import { graphOf } from './account.ts';

const HARDENED = ['--user', '1000:1000', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
const cli = resolve(import.meta.dirname, '../../src/cli.ts');

async function memoryOf(target: string): Promise<{ readonly graph: HeapGraph; readonly pauseMs: number }> {
  const { memory } = await openMemory(parseTarget(target), {}, {});
  const parts: Uint8Array[] = [];
  const { pauseMs } = await memory.capture((chunk) => void parts.push(Uint8Array.from(chunk)), {}, {});
  return { graph: graphOf(Buffer.concat(parts)), pauseMs };
}

function ordersIn(graph: HeapGraph): string {
  return JSON.stringify(readValue(graph, findPath(graph, 'orders') as number, { depth: 3, limit: 100 }));
}

describe('the memory of containers', { skip: process.platform === 'linux' ? false : 'read on Linux only' }, () => {
  for (const node of NODE_MAJORS) {
    it(`Node ${node}, hardened, running and paused`, async (t) => {
      const engine = requireEngine(t);
      if (!engine) return;
      await using container = await startContainer(engine, { node, flags: HARDENED });
      const before = container.top().join();
      const running = await memoryOf(container.target);
      assert.match(ordersIn(running.graph), /"id":20,"total":30,"status":"(new|paid|shipped)"/);
      assert.ok(running.pauseMs > 0);
      assert.equal(container.top().join(), before, 'nothing was started in it');

      container.run('pause');
      const first = await memoryOf(container.target);
      await new Promise((done) => setTimeout(done, 300));
      const second = await memoryOf(container.target);
      // The engine pauses at any moment, also in the midst of work, which is said.
      const problems = first.graph.problems.filter(({ code }) => code !== 'unsafe-point');
      assert.deepEqual(problems, []);
      assert.equal(ordersIn(first.graph), ordersIn(second.graph), 'it stood still');
      assert.equal(second.pauseMs, 0, 'and was not stopped again');
      const state = container.run('inspect', '--format', '{{.State.Status}}');
      assert.equal(state.trim(), 'paused', 'nor woken');
      container.run('unpause');
      await new Promise((done) => setTimeout(done, 500));
      assert.notEqual(ordersIn((await memoryOf(container.target)).graph), ordersIn(second.graph), 'it goes on');
    });
  }

  it('semstate snapshot and objects of a paused container, and of the file', async (t) => {
    const engine = requireEngine(t);
    if (!engine) return;
    await using container = await startContainer(engine, { node: 22 });
    container.run('pause');
    const directory = mkdtempSync(join(tmpdir(), 'semstate-memory-'));
    try {
      const file = join(directory, 'paused.memory');
      const semstate = (...args: readonly string[]): Record<string, unknown> => {
        const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args, '--json'], { encoding: 'utf8' });
        assert.equal(status, 0, stderr);
        return JSON.parse(stdout) as Record<string, unknown>;
      };
      // `auto` finds that nothing can be run in it, and reads its memory.
      const taken = semstate('snapshot', container.target, '--out', file);
      assert.equal(taken['method'], 'memory');
      const live = semstate('objects', container.target, '--method', 'memory', '--class', 'Order');
      const atRest = semstate('objects', '--snapshot', file, '--class', 'Order');
      assert.equal(live['count'], 20);
      assert.deepEqual(atRest['objects'], live['objects']);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

// What can go wrong on the way to a container, on real ones: each has its own error, and the service is none the worse.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { captureToFile, diagnose, listTargets, parseTarget } from '../../src/acquire/index.ts';
import { requireEngine, startContainer } from '../containers/index.ts';
import type { TestContainer, TestEngine } from '../containers/index.ts';
import { attachTo, evaluate, eventually, failsWith, footprint, snapshotOf } from './attachedService.ts';

const HEAVY = { FILLER_MB: '8' };
const BLOCKER = "require('net').createServer().listen(9229,'127.0.0.1')";

function inContainer(title: string, body: (engine: TestEngine) => Promise<void>): void {
  it(title, { timeout: 40_000 }, async (t) => {
    const engine = requireEngine(t);
    if (engine) await body(engine);
  });
}

async function expectTrouble(container: TestContainer, code: string, pattern?: RegExp, pid?: number): Promise<void> {
  await assert.rejects(attachTo(container.target, pid === undefined ? {} : { pid }), failsWith(code, pattern));
}

describe('troubles on the way to a container', { concurrency: 2 }, () => {
  inContainer('a paused container', async (engine) => {
    await using container = await startContainer(engine, { node: 24 });
    container.run('pause');
    await expectTrouble(container, 'container-paused', new RegExp(container.name));
    const entry = (await listTargets({})).targets.find((t) => t.target === container.target);
    assert.equal(entry?.attach, 'no');
    assert.match(entry.why ?? '', /paused/);
    container.run('unpause');
  });

  inContainer('a stopped container, and one that is not there', async (engine) => {
    await using container = await startContainer(engine, { node: 24 });
    container.run('kill');
    await expectTrouble(container, 'container-not-running', /exited/);
    await assert.rejects(attachTo('docker:semstate-no-such'), failsWith('container-not-found'));
  });

  inContainer('a beginning of a name that fits two containers', async (engine) => {
    const options = { command: ['sh', '-c', 'echo ready; sleep 60'] };
    await using first = await startContainer(engine, options);
    await using second = await startContainer(engine, options);
    await assert.rejects(attachTo('docker:semstate-test-'), failsWith('container-ambiguous', new RegExp(first.name)));
    await assert.rejects(attachTo('docker:semstate-test-'), failsWith('container-ambiguous', new RegExp(second.name)));
  });

  inContainer('a container without Node', async (engine) => {
    await using container = await startContainer(engine, { command: ['sh', '-c', 'echo ready; sleep 60'] });
    await expectTrouble(container, 'no-node-process', /sleep/);
  });

  inContainer('a container with Node in the image and none running', async (engine) => {
    await using container = await startContainer(engine, { node: 22, command: ['sh', '-c', 'echo ready; sleep 60'] });
    await expectTrouble(container, 'no-node-process', /sleep/);
  });

  inContainer('SIGUSR1 forbidden: never sent, the service lives', async (engine) => {
    const command = ['node', '--disable-sigusr1', '/app/service.cjs'];
    await using container = await startContainer(engine, { node: 24, command });
    await expectTrouble(container, 'sigusr1-forbidden');
    assert.match(
      container.exec('node', '-e', "console.log(require('fs').readFileSync('/proc/1/cmdline','utf8'))"),
      /service/,
    );
  });

  inContainer("the inspector's port is another process's", async (engine) => {
    const command = ['sh', '-c', `node -e "${BLOCKER}" & sleep 0.5; exec node /app/service.cjs`];
    await using container = await startContainer(engine, { node: 22, command });
    await expectTrouble(container, 'inspector-port-taken', /9229/, 1);
    const diagnosis = await diagnose(parseTarget(container.target), {});
    assert.equal(diagnosis.healthy, false);
    assert.equal(diagnosis.fix?.code, 'inspector-port-taken');
    assert.deepEqual(
      diagnosis.links.map((l) => l.result),
      ['ok', 'ok', 'ok', 'failed', 'not-reached', 'not-reached', 'not-reached'],
    );
  });

  inContainer('no headroom under the memory limit: refused with the numbers', async (engine) => {
    await using container = await startContainer(engine, { node: 22, env: HEAVY, flags: ['--memory', '96m'] });
    await using service = await attachTo(container.target);
    const sink = (): void => assert.fail('nothing is written');
    await assert.rejects(service.heap.capture(sink, {}, {}), failsWith('no-headroom', /limit of 96 MB/));
    assert.equal((await service.heap.estimate()).fits, false);
  });

  inContainer('a container at its memory limit: nothing is run in it', async (engine) => {
    await using container = await startContainer(engine, { node: 24, flags: ['--memory', '30m'] });
    await expectTrouble(container, 'no-headroom', /left under its memory limit/);
  });

  inContainer('another debugger on the process: both work, and its leaving is noticed', async (engine) => {
    await using container = await startContainer(engine, { node: 24, env: { NODE_OPTIONS: '--inspect' } });
    await using service = await attachTo(container.target);
    await snapshotOf(service);
    assert.equal(await service.heapIdsHold(), true);
    {
      await using other = await attachTo(container.target);
      assert.equal(other.otherDebuggers, 1);
      await other.send('HeapProfiler.enable');
      assert.equal(await evaluate(service, '1+1'), 2);
    }
    assert.equal(await service.heapIdsHold(), false);
    await snapshotOf(service);
    assert.equal(await service.heapIdsHold(), true);
    await snapshotOf(service);
    assert.equal(await service.heapIdsHold(), true);
  });

  inContainer('source maps are read from the file system of the container', async (engine) => {
    const map = JSON.stringify({ version: 3, sources: ['../src/order.ts'], names: [], mappings: 'AAAA' });
    const files = {
      '/app/dist/order.js': 'exports.Order = class Order {};\n//# sourceMappingURL=order.js.map\n',
      '/app/dist/order.js.map': map,
    };
    const command = ['node', '-e', "require('/app/dist/order.js');require('/app/service.cjs')"];
    await using container = await startContainer(engine, { node: 22, files, command, flags: ['--read-only'] });
    await using service = await attachTo(container.target);
    const { notes } = await snapshotOf(service);
    const maps = notes.scripts.map((s): readonly unknown[] => [s.url, s.sourceMap]);
    assert.deepEqual(Object.fromEntries(maps), {
      'file:///app/dist/order.js': map,
      'file:///app/service.cjs': undefined,
    });
  });

  inContainer('killed in mid-capture: the target is gone and no file is there', async (engine) => {
    await using container = await startContainer(engine, { node: 22, env: HEAVY });
    await using service = await attachTo(container.target);
    const closed = new Promise<string>((resolve) => service.onClosed(resolve));
    const dir = mkdtempSync(join(tmpdir(), 'semstate-capture-'));
    try {
      let killed = false;
      const kill = (): void => {
        if (!killed) spawn('docker', ['kill', container.name], { env: engine.command.env, stdio: 'ignore' });
        killed = true;
      };
      const progress = (p: { readonly phase: string }): void => (p.phase === 'capture' ? kill() : undefined);
      await assert.rejects(
        captureToFile(service.heap, join(dir, 'shop.heapsnapshot'), {}, { progress }),
        failsWith('target-gone', /status 137/),
      );
      assert.deepEqual(readdirSync(dir), []);
      assert.match(await closed, /status 137/);
      await assert.rejects(service.send('Runtime.getHeapUsage'), failsWith('target-gone'));
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  inContainer('cancelled in mid-capture: no file, the session holds, the service goes on', async (engine) => {
    await using container = await startContainer(engine, { node: 22, env: HEAVY });
    const before = footprint(container);
    const dir = mkdtempSync(join(tmpdir(), 'semstate-capture-'));
    try {
      await using service = await attachTo(container.target);
      const stop = new AbortController();
      const progress = (p: { readonly phase: string }): void => (p.phase === 'capture' ? stop.abort() : undefined);
      const work = { signal: stop.signal, progress };
      await assert.rejects(
        captureToFile(service.heap, join(dir, 'shop.heapsnapshot'), {}, work),
        failsWith('cancelled'),
      );
      assert.deepEqual(readdirSync(dir), []);
      const { strings } = await snapshotOf(service);
      assert.ok(strings.includes('shipped'), 'the next snapshot is whole');
      assert.equal(await service.heapIdsHold(), true);
    } finally {
      rmSync(dir, { recursive: true });
    }
    assert.deepEqual(footprint(container), before);
  });

  inContainer('the debugger killed: its relay ends and closes the inspector again', async (engine) => {
    await using container = await startContainer(engine, { node: 20 });
    const before = footprint(container);
    const door = new URL('../../src/acquire/index.ts', import.meta.url).href;
    const program = `import { attach, parseTarget } from ${JSON.stringify(door)};
      await attach(parseTarget(${JSON.stringify(container.target)}), {}, {}); console.log('attached'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    // The inspector is at 9229, or has made room there for those of children.
    assert.equal(footprint(container).ports.length, 2);
    child.kill('SIGKILL');
    const restored = (): boolean => JSON.stringify(footprint(container)) === JSON.stringify(before);
    assert.ok(await eventually(restored, 6000), JSON.stringify(footprint(container)));
  });
});

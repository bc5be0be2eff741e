// Processes of this machine: by pid, by the port of their inspector, and what is no service at all.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { diagnose, listTargets, parseTarget } from '../../src/acquire/index.ts';
import type { TargetEntry } from '../../src/model/index.ts';
import { attachTo, evaluate, eventually, failsWith, snapshotOf } from './attachedService.ts';

const MAP = JSON.stringify({ version: 3, sources: ['order.ts'], names: [], mappings: 'AAAA' });
/** Lies beside the map that only names it. */
const ORDER = `export class Order { status = 'shipped' }\n`;
const WHOLE = JSON.stringify({ ...(JSON.parse(MAP) as object), sourcesContent: [ORDER] });
const INLINE = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(MAP).toString('base64')}`;

/** A small service in a directory of its own: one script with a map beside it, one with its map inside, one dependency. */
class Service implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'semstate-service-'));
  readonly child: ChildProcess;
  readonly #up: Promise<unknown>;

  constructor(...flags: readonly string[]) {
    mkdirSync(join(this.dir, 'node_modules/left'), { recursive: true });
    const write = (name: string, text: string): void => writeFileSync(join(this.dir, name), text);
    write('order.js', `exports.Order = class Order { status = 'shipped' };\n//# sourceMappingURL=order.js.map\n`);
    write('order.js.map', MAP);
    write('order.ts', ORDER);
    write('line.js', `exports.Line = class Line {};\n${INLINE}\n`);
    write('node_modules/left/index.js', `exports.left = 1;\n${INLINE}\n`);
    write(
      'main.js',
      `require('left');globalThis.order=new (require('./order.js').Order)();globalThis.line=new (require('./line.js').Line)();
      setInterval(()=>{},1000);console.log('up');`,
    );
    this.child = spawn(process.execPath, [...flags, join(this.dir, 'main.js')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#up = new Promise((up) => this.child.stdout?.once('data', up));
  }

  async target(): Promise<string> {
    await this.#up;
    return `pid:${this.child.pid}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = new Promise((done) => this.child.once('exit', done));
    if (this.child.kill('SIGKILL')) await exit;
    rmSync(this.dir, { recursive: true });
  }
}

async function entryOf(target: string): Promise<TargetEntry | undefined> {
  return (await listTargets({})).targets.find((t) => t.target === target);
}

describe('processes of this machine', { skip: process.platform !== 'linux' && 'needs /proc' }, () => {
  // Closing an inspector makes a process wait for whoever is on it: 1.5 s it was while the one who closed it stayed on.
  it('a process goes on while it is attached and left', async () => {
    const PACE = `let [last, worst] = [performance.now(), 0];
      setInterval(() => { const now = performance.now(); worst = Math.max(worst, now - last); last = now; }, 5);
      process.stdin.on('data', () => { console.log(worst); worst = 0; });
      console.log('up');`;
    const child = spawn(process.execPath, ['--inspect-port=0', '-e', PACE], { stdio: ['pipe', 'pipe', 'ignore'] });
    const line = (): Promise<string> => new Promise((said) => child.stdout.once('data', (text) => said(String(text))));
    try {
      await line();
      const attachment = await attachTo(`pid:${child.pid}`);
      await attachment[Symbol.asyncDispose]();
      await new Promise((resolve) => setTimeout(resolve, 100));
      const said = line();
      child.stdin.write('?');
      const worst = Number(await said);
      assert.ok(worst < 1000, `stood still for ${Math.round(worst)} ms`);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('inspector closed: opened, a snapshot with its source maps, closed again', async () => {
    await using service = new Service('--inspect-port=0');
    const target = await service.target();
    assert.equal((await entryOf(target))?.attach, 'inspector-can-open');
    {
      await using attached = await attachTo(target);
      assert.equal(attached.process.pid, service.child.pid);
      assert.equal((await entryOf(target))?.attach, 'inspector-open');
      const { notes, strings, result } = await snapshotOf(attached);
      assert.ok(strings.includes('Order') && (result.targetGrowthBytes ?? 0) > 0);
      const maps = notes.scripts.map((s) => [s.url.replace(/^.*\/semstate-service-[^/]*\//, ''), s.sourceMap]);
      assert.deepEqual(Object.fromEntries(maps), {
        'main.js': undefined,
        'order.js': WHOLE,
        'line.js': WHOLE,
        'node_modules/left/index.js': undefined,
      });
      const texts = notes.scripts.filter((s) => s.text !== undefined).map((s) => s.url.replace(/^.*\//, ''));
      assert.deepEqual(texts.sort(), ['main.js'], 'where no map holds the source, what runs is noted');
      assert.equal((await attached.readFile(join(service.dir, 'order.js.map'), 1000))?.toString(), MAP);
      assert.equal(await attached.readFile(join(service.dir, 'order.js.map'), 3), undefined, 'over the limit');
    }
    assert.equal((await entryOf(target))?.attach, 'inspector-can-open', 'as it was');
    assert.equal((await diagnose(parseTarget(target), {})).healthy, true);
  });

  it('inspector open: left open, and the same by its port', async () => {
    await using service = new Service('--inspect=127.0.0.1:0');
    const target = await service.target();
    let port = 0;
    {
      await using attached = await attachTo(target);
      port = attached.process.inspector?.port ?? 0;
      assert.equal(await evaluate(attached, 'order.status'), 'shipped');
    }
    assert.equal((await entryOf(target))?.attach, 'inspector-open');
    await using byPort = await attachTo(`inspect:127.0.0.1:${port}`);
    assert.equal(byPort.process.pid, service.child.pid);
    const { notes } = await snapshotOf(byPort);
    assert.ok(
      notes.scripts.some((s) => s.sourceMap === WHOLE),
      'its files are those of this machine',
    );
    const gone = new Promise<string>((resolve) => byPort.onClosed(resolve));
    service.child.kill('SIGKILL');
    assert.equal(await gone, 'the process ended');
    await assert.rejects(byPort.send('Runtime.getHeapUsage'), failsWith('target-gone'));
  });

  it('an inspector that the program opened itself, and a port of its own that only attaching speaks to', async () => {
    const program = `const { createServer } = require('http'); let asked = 0; globalThis.questions = () => asked;
      createServer((q, r) => { asked++; r.end(); }).listen(0, '127.0.0.1', () => { require('inspector').open(0); console.log('up'); });`;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await new Promise((up) => child.stdout.once('data', up));
      await listTargets({});
      await using attached = await attachTo(`pid:${child.pid}`);
      assert.equal(attached.process.inspector?.opened, false);
      assert.ok((await evaluate<number>(attached, 'questions()')) <= 1, 'the list asked nothing');
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('a slow taker gets the bytes in order, one piece at a time; a failing one stops it and nothing else', async () => {
    await using service = new Service('--inspect-port=0');
    await using attached = await attachTo(await service.target());
    let busy = 0;
    const chunks: Buffer[] = [];
    const slow = async (chunk: Uint8Array): Promise<void> => {
      assert.equal(busy++, 0, 'the next piece comes when the last one is done');
      await new Promise((done) => setTimeout(done, 3));
      busy--;
      chunks.push(Buffer.from(chunk));
    };
    const { bytes } = await attached.heap.capture(slow, {}, {});
    const text = Buffer.concat(chunks).toString('utf8');
    assert.equal(Buffer.byteLength(text), bytes);
    assert.ok('semstate' in (JSON.parse(text) as object));

    const full = (): void => {
      throw new Error('no space left on device');
    };
    await assert.rejects(attached.heap.capture(full, {}, {}), /no space left/);
    const { result } = await snapshotOf(attached);
    assert.ok(result.targetGrowthBytes !== undefined, 'growth is known for a later capture too');
    assert.equal(await attached.heapIdsHold(), true);
  });

  it('the debugger killed: the inspector is closed all the same', async () => {
    await using service = new Service('--inspect-port=0');
    const target = await service.target();
    const door = new URL('../../src/acquire/index.ts', import.meta.url).href;
    const program = `import { attach, parseTarget } from ${JSON.stringify(door)};
      await attach(parseTarget('${target}'), {}, {}); console.log('attached'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    assert.equal((await entryOf(target))?.attach, 'inspector-open');
    child.kill('SIGKILL');
    assert.ok(await eventually(async () => (await entryOf(target))?.attach === 'inspector-can-open', 5000));
  });

  it('cancelled before it began, and while it was under way: the target as it was', async () => {
    await using service = new Service('--inspect-port=0');
    const target = await service.target();
    await assert.rejects(attachTo(target, {}, { signal: AbortSignal.abort() }), failsWith('cancelled'));
    const stop = new AbortController();
    const progress = (p: { readonly message: string }): void => (/Opening/.test(p.message) ? stop.abort() : undefined);
    await assert.rejects(attachTo(target, {}, { signal: stop.signal, progress }), failsWith('cancelled'));
    assert.equal((await entryOf(target))?.attach, 'inspector-can-open');
  });

  it('a program that is not Node is never signalled', async () => {
    const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      await assert.rejects(attachTo(`pid:${sleeper.pid}`), failsWith('not-node', /sleep/));
      assert.equal(sleeper.kill(0), true);
    } finally {
      sleeper.kill('SIGKILL');
    }
  });

  it('no such process, no inspector at the port, a file', async () => {
    await assert.rejects(attachTo('pid:4194303'), failsWith('process-not-found'));
    await assert.rejects(attachTo('file:/tmp/x.heapsnapshot'), failsWith('bad-target'));
    const server = createServer((_request, response) => response.end('[{"hello":1}]')).listen(0, '127.0.0.1');
    await new Promise((up) => server.once('listening', up));
    const { port } = server.address() as AddressInfo;
    await assert.rejects(attachTo(`inspect:127.0.0.1:${port}`), failsWith('inspector-refused', /no inspector/));
    await new Promise((down) => server.close(down));
    await assert.rejects(attachTo(`inspect:127.0.0.1:${port}`), failsWith('inspector-refused'));
  });
});

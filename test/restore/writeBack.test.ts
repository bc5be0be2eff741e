// Values written back into a running program: what it says of itself afterwards, what is refused, and the way back.
import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { createApp } from '../../src/session/index.ts';
import { semstate } from '../cli/semstate.ts';
import { nodeBinary, type NodeMajor } from '../containers/index.ts';

const fixture = join(import.meta.dirname, 'fixtures/desk.cjs');

interface Told {
  readonly orders: readonly { readonly [name: string]: unknown }[];
  readonly printed: string;
}

class Desk implements AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams;
  readonly folder = mkdtempSync(join(tmpdir(), 'semstate-desk-'));
  readonly store = join(this.folder, 'desk.semstate');
  readonly #lines: AsyncIterator<string>;

  constructor(node: NodeMajor) {
    // Where its inspector is opened: any port will do.
    this.child = spawn(nodeBinary(node), ['--inspect-port=0', fixture], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  get target(): string {
    return `pid:${this.child.pid}`;
  }

  async line(): Promise<string> {
    return String((await this.#lines.next()).value);
  }

  async say(command: 'change' | 'freeze' | 'tell'): Promise<Told> {
    this.child.stdin.write(`${command}\n`);
    return JSON.parse(await this.line()) as Told;
  }

  async snapshot(): Promise<number> {
    await using app = createApp();
    const session = await app.openSession({ target: this.target, source: [], store: this.store }, {});
    return (await session.takeSnapshot({}, {})).seq;
  }

  rollback(...flags: readonly string[]): ReturnType<typeof semstate> {
    return semstate('rollback', this.target, '--store', this.store, ...flags);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe('values written back', { skip: process.platform !== 'linux' }, () => {
  for (const node of [20, 24] as const) {
    it(`Node ${node}: what can be is as it was, what cannot is named, and all of it is taken back again`, async () => {
      await using desk = new Desk(node);
      assert.equal(await desk.line(), 'ready');
      const before = await desk.say('tell');
      const seq = await desk.snapshot();
      const changed = await desk.say('change');

      const dry = await desk.rollback('--method', 'write-back', '--to', String(seq), '--dry-run');
      assert.equal(dry.status, 0, dry.stderr);
      assert.match(dry.stdout, /Order 1\.status: paid -> open/);
      assert.match(dry.stdout, /not written: Order 2\.tags .*only single values/);
      assert.match(dry.stdout, /not written: Order 4 was not there yet/);
      assert.deepEqual(await desk.say('tell'), changed);

      const one = await desk.rollback('--method', 'write-back', '--to', String(seq), '--entity', 'Order:1');
      assert.equal(one.status, 0, one.stdout + one.stderr);
      assert.match(one.stdout, /5 values written to 5 objects/);
      const after = await desk.say('tell');
      assert.deepEqual(after.orders[0], before.orders[0]);
      assert.deepEqual(after.orders[1], changed.orders[1], 'the other one was not asked for');
      assert.equal(after.printed, 'open', 'a copy that was printed is no order');
      const { stdout } = await semstate('state', '--store', desk.store, '--entity', 'Order:1', '--json');
      assert.match(stdout, /"status":"open"/);

      const undone = await desk.rollback('--undo');
      assert.equal(undone.status, 0, undone.stdout + undone.stderr);
      assert.deepEqual(await desk.say('tell'), changed);
      const again = await desk.rollback('--undo');
      assert.equal(again.status, 3);
      assert.match(again.stderr, /nothing-to-undo/);
    });
  }

  it('what differs is named; a value that is read only keeps all of them from being written', async () => {
    await using desk = new Desk(24);
    assert.equal(await desk.line(), 'ready');
    const seq = await desk.snapshot();
    const equal = await semstate('verify', desk.target, '--store', desk.store);
    assert.equal(equal.status, 0, equal.stdout + equal.stderr);
    await desk.say('change');
    const differs = await semstate('verify', desk.target, '--store', desk.store, '--at', String(seq), '--json');
    assert.equal(differs.status, 1, differs.stderr);
    const { differences } = JSON.parse(differs.stdout) as { readonly differences: readonly string[] };
    assert.ok(differences.includes('Order 1.status is paid and was open'), differences.join('; '));
    assert.ok(differences.includes('Order 4 is there and was not'));
    const frozen = await desk.say('freeze');
    const { status, stderr } = await desk.rollback('--method', 'write-back', '--to', String(seq));
    assert.equal(status, 3);
    assert.match(stderr, /error \[not-written\].*Order 2\.status is read only/);
    assert.deepEqual(await desk.say('tell'), frozen);
  });
});

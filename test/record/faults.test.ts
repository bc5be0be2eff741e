// What may go wrong while a service is recorded, each for real: it goes on unharmed, and what is missing is said.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isFailure } from '../../src/model/index.ts';
import { runningScripts, startRecorder } from '../../src/record/index.ts';
import { attachTo, look, planOf, recordProgram, RUNNING, startProgram, type Program } from './running.ts';
import { nodes } from './service.ts';
import { line, recordSession } from './session.ts';

const CLI = join(resolve(dirname(fileURLToPath(import.meta.url)), '../..'), 'src/cli.ts');
const POOL = join(RUNNING, 'pool');
const DESK = join(RUNNING, 'desk.cjs');
/** An inspector that stays open, whoever comes and goes. */
const OPEN = ['--inspect=127.0.0.1:0'];

for (const { name, path } of nodes()) {
  describe(`Node ${name}`, { concurrency: 2 }, () => {
    test('the recorder is killed: silence within five seconds, then doctor --clean puts all of it back', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'semstate-killed-'));
      await using program = await startProgram(join(POOL, 'main.cjs'), { node: path });
      await program.ask({ do: 'start', in: 'a' });
      const before = await textsOf(program);
      const store = join(directory, 'timeline.semstate');
      const child = semstate(['record', `pid:${program.pid}`, '--source', POOL, '--store', store]);
      await said(child, /^recording$/m);
      await program.ask({ do: 'open', id: 'T1' });
      child.kill('SIGKILL');
      await wait(5000);
      await program.ask({ do: 'take', id: 'T1' });
      await program.ask({ do: 'close', id: 'T1' });
      const attachment = await attachTo(program);
      assert.equal(await look({ attachment }, `globalThis['$semstate$probe'].held()`), false);
      await attachment[Symbol.asyncDispose]();
      assert.notDeepEqual(await textsOf(program), before);
      assert.match((await finished(semstate(['doctor', `pid:${program.pid}`]))).out, /2 scripts still edited/);
      assert.match((await finished(semstate(['doctor', `pid:${program.pid}`, '--clean']))).out, /Put back 2 scripts/);
      assert.deepEqual(await textsOf(program), before);
      assert.equal(await program.ask({ do: 'reopen', id: 'T1' }), 'open');
      rmSync(directory, { recursive: true });
    });

    test("another debugger's session is opened and closed meanwhile", async () => {
      await using program = await startProgram(DESK, { node: path, options: OPEN });
      await program.ask({ do: 'open', id: 'T1', note: '' });
      await using recorded = await recordProgram(program);
      const other = await attachTo(program);
      await other.send('Runtime.enable');
      await program.ask({ do: 'move', id: 'T1', to: 'waiting' });
      await other[Symbol.asyncDispose]();
      await program.ask({ do: 'move', id: 'T1', to: 'closed' });
      assert.deepEqual((await recorded.events()).map(line), ['T1: open -> waiting', 'T1: waiting -> closed']);
    });

    test('a function that is suspended when it is to be edited: recorded all the same, or said not to be', async () => {
      await using program = await startProgram(join(RUNNING, 'waiting.cjs'), { node: path });
      await program.ask({ do: 'hang' });
      const recorded = await recordProgram(program);
      await program.ask({ do: 'move', to: 'waiting' });
      await program.ask({ do: 'release' });
      const lines = (await recorded.events()).map(line);
      assert.equal(lines[0], 'W1: open -> waiting');
      if (lines.length < 2) assert.ok(recorded.recorder.refused.length > 0 && !recorded.recorder.complete);
      else assert.equal(lines[1], 'W1: waiting -> settled');
      await recorded[Symbol.asyncDispose]();
      await using after = await recordProgram(program);
      await program.ask({ do: 'hang' });
      await program.ask({ do: 'move', to: 'open' });
      assert.equal((await after.events()).map(line).at(-1), 'W1: settled -> open');
      await program.ask({ do: 'release' });
    });

    test('24 recorders at once: one records, the others are told so, and the source is as it was', async () => {
      await using program = await startProgram(DESK, { node: path, options: OPEN });
      await program.ask({ do: 'open', id: 'T1', note: '' });
      const before = await textsOf(program);
      const ends = await Promise.all(
        Array.from({ length: 24 }, async () => {
          const attachment = await attachTo(program);
          try {
            const recorder = await startRecorder(attachment, await planOf(attachment, RUNNING), {});
            for (const end = Date.now() + 6000; Date.now() < end; await wait(100)) await recorder.drain();
            assert.deepEqual(await recorder.stop(), []);
            return 'recorded';
          } catch (error) {
            return isFailure(error) ? error.code : String(error);
          } finally {
            await attachment[Symbol.asyncDispose]();
          }
        }),
      );
      assert.deepEqual(
        ends.sort((a, b) => b.localeCompare(a)),
        ['recorded', ...Array<string>(23).fill('already-recorded')],
      );
      assert.deepEqual(await textsOf(program), before);
      assert.equal(await program.ask({ do: 'move', id: 'T1', to: 'closed' }), 'closed');
    });
  });
}

test('source that is newer than what runs is refused, with what to do', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'semstate-newer-'));
  cpSync(POOL, directory, { recursive: true });
  await using program = await startProgram(join(directory, 'main.cjs'));
  const file = join(directory, 'ticket.cjs');
  writeFileSync(file, readFileSync(file, 'utf8').replace('class Ticket {', '// Longer by a line.\nclass Ticket {'));
  const before = await textsOf(program);
  await assert.rejects(recordSession(program, directory), (error) => {
    assert.ok(isFailure(error, 'source-differs'), String(error));
    assert.match(error.message, /ticket\.cjs has changed/);
    assert.match(error.action, /Restart/);
    return true;
  });
  assert.deepEqual(await textsOf(program), before);
  rmSync(directory, { recursive: true });
});

test('a process near the end of its memory is not made to take more', async () => {
  const options = ['--inspect-port=0', '--max-old-space-size=64'];
  await using program = await startProgram(DESK, { options });
  const attachment = await attachTo(program);
  const { roomIn } = await import('../../src/session/recordedScripts.ts');
  const small = await roomIn(attachment, 'desk', 12 * 2 ** 20, {});
  assert.ok(small.capacity < 1 << 13 && small.capacity >= 1 << 10, String(small.capacity));
  assert.match(small.told ?? '', /at most \d+ events/);
  await assert.rejects(roomIn(attachment, 'desk', 2 ** 20, {}), (error) => isFailure(error, 'no-headroom'));
  const left = await look<number>(
    { attachment },
    `(() => {
      const v8 = process.getBuiltinModule('node:v8');
      const left = () => v8.getHeapStatistics().heap_size_limit - v8.getHeapStatistics().used_heap_size;
      const young = (parseInt(process.versions.v8) >= 13 ? 192 : 48) * 2 ** 20;
      globalThis.ballast = [];
      while (left() > young + 10 * 2 ** 20) ballast.push(new Array(2 ** 14).fill(1.5));
      return left() - young;
    })()`,
  );
  assert.ok(left > 0 && left <= 10 * 2 ** 20, String(left));
  const last = await roomIn(attachment, 'desk', undefined, {}).catch((error: unknown) => error);
  assert.ok(isFailure(last, 'no-headroom') || (last as { capacity: number }).capacity < 1 << 13, JSON.stringify(last));
  await attachment[Symbol.asyncDispose]();
});

test('the service is killed: the timeline is whole up to there, and says why it ends', async () => {
  const program = await startProgram(join(POOL, 'main.cjs'));
  await using recorded = await recordSession(program, POOL);
  const gone = new Promise<string>((done) => recorded.session.on('disconnected', ({ reason }) => done(reason)));
  await program.ask({ do: 'open', id: 'T1' });
  await recorded.until(1);
  await program[Symbol.asyncDispose]();
  assert.equal(await gone, 'the process ended');
  assert.deepEqual((await recorded.until(1)).map(line), ['T1: new -> open']);
  const { store } = recorded.session;
  await recorded.app[Symbol.asyncDispose]();
  const { openTimeline } = await import('../../src/timeline/index.ts');
  const again = openTimeline(store.file, { readOnly: true });
  assert.equal(again.summary().events, 1);
  again.dispose();
});

test('a recorder that did not ask for too long says from when to when nothing is known', async () => {
  await using program = await startProgram(DESK);
  await program.ask({ do: 'open', id: 'T1', note: '' });
  await using recorded = await recordProgram(program);
  await program.ask({ do: 'move', id: 'T1', to: 'waiting' });
  const from = Date.now() * 1000;
  await wait(4500);
  await program.ask({ do: 'move', id: 'T1', to: 'closed' });
  assert.deepEqual(await recorded.events(), []);
  const [answer] = recorded.answers;
  assert.ok(answer && answer.silentSince > 0 && answer.silentSince < from);
  assert.equal(answer.lost, 1);
  await program.ask({ do: 'move', id: 'T1', to: 'open' });
  assert.deepEqual((await recorded.events()).map(line), ['T1: closed -> open']);
});

test('what happens while the process stands still for a snapshot is no silence', async () => {
  await using program = await startProgram(DESK);
  await program.ask({ do: 'open', id: 'T1', note: '' });
  await using recorded = await recordProgram(program);
  process.kill(program.pid, 'SIGSTOP');
  await wait(6000);
  process.kill(program.pid, 'SIGCONT');
  await program.ask({ do: 'move', id: 'T1', to: 'closed' });
  assert.deepEqual((await recorded.events()).map(line), ['T1: open -> closed']);
});

/** First versions of the texts of all scripts, in the main thread and in workers. */
async function textsOf(program: Program): Promise<string[]> {
  const { watchWorkers } = await import('../../src/acquire/index.ts');
  const attachment = await attachTo(program);
  const doors: Parameters<typeof runningScripts>[0][] = [attachment];
  const watch = await watchWorkers(attachment, (worker) => doors.push(worker), {});
  const all: string[] = [];
  for (const door of doors) for (const { text } of await runningScripts(door, {})) all.push(text);
  await watch[Symbol.asyncDispose]();
  await attachment[Symbol.asyncDispose]();
  return all;
}

function semstate(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function said(child: ChildProcess, what: RegExp): Promise<void> {
  let text = '';
  return new Promise((done, failed) => {
    child.stderr?.on('data', (piece) => {
      text += String(piece);
      if (what.test(text)) done();
    });
    child.once('exit', () => failed(new Error(`it ended: ${text}`)));
  });
}

async function finished(child: ChildProcess): Promise<{ readonly status: number | null; readonly out: string }> {
  let out = '';
  child.stdout?.on('data', (piece) => (out += String(piece)));
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { status, out };
}

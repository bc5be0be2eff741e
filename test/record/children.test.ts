// A service whose children hold the state: all of them are recorded in one timeline, whichever way they were started, and put back.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { attach, parseTarget } from '../../src/acquire/index.ts';
import { evaluate, PROBE, runningScripts } from '../../src/record/index.ts';
import { leftoversIn } from '../../src/session/index.ts';
import { assertInOrder, assertTold, linesOf, type Logged } from './crew.ts';
import { RUNNING, startProgram, type Program } from './running.ts';
import { nodes } from './service.ts';
import { recordSession, type Recorded } from './session.ts';

const POOL = join(RUNNING, 'pool');
const CLI = join(RUNNING, '../../../src/cli.ts');
const skip = process.platform !== 'linux' && 'children are listed by /proc';
const PATIENCE_MS = 120_000;

for (const { name, path } of nodes()) {
  const isNewest = name === nodes().at(-1)?.name;
  describe(`Node ${name}`, { concurrency: 3, skip }, () => {
    const start = async (): Promise<Program> => {
      // Another program of this machine may be at the port that is meant where nothing is said.
      const port = String(await freePort());
      const env = { CREW_PORT: port, NODE_OPTIONS: `--inspect-port=${port}` };
      return startProgram(join(POOL, 'crew.cjs'), { node: path, env });
    };
    const started = async (program: Program, where: string, how: object = {}): Promise<number> =>
      Number(await program.ask({ do: 'start', in: where, ...how }));
    const log = async (program: Program, where: string): Promise<Logged[]> =>
      (await program.ask({ do: 'rest', in: where })) as Logged[];

    test('a cluster of three, one of which is killed and replaced by one that works at once, beside one that cannot be', async () => {
      await using program = await start();
      const [a, b, c] = [await started(program, 'a'), await started(program, 'b'), await started(program, 'c')];
      const deaf = await started(program, 'deaf', { plain: true, deaf: true });
      await using recorded = await recordSession(program, POOL);
      // Its inspector cannot be opened: that is told, and the others are recorded.
      const refused = recorded.recording.notRecorded.map(({ message }) => message);
      assert.ok(refused.length === 1 && refused[0]?.startsWith(`child ${deaf} of`), refused.join('\n'));
      await program.ask({ do: 'work', in: 'deaf', times: 3 });
      for (let n = 0; n < 10; n++)
        for (const each of ['a', 'b', 'c']) await program.ask({ do: 'work', in: each, times: n });
      const ofB = await log(program, 'b');
      await recorded.until(3 * ofB.length);
      const d = Number(await program.ask({ do: 'replace', in: 'b', tick: 20 }));
      await isSaid(recorded, `child ${d} of`, 'as well');
      for (const each of ['a', 'c']) await program.ask({ do: 'work', in: each, times: 5 });
      await wait(500);
      const ofD = await log(program, 'b');
      const [ofA, ofC] = [await log(program, 'a'), await log(program, 'c')];
      await recorded.recording.stop();
      const points = recorded.points();
      for (const [pid, logged] of [
        [a, ofA],
        [b, ofB],
        [c, ofC],
      ] as const)
        assertTold(points, pid, logged);
      assertInOrder(points);
      // Of the newborn what it did since it was armed, and before that nothing: that span is a gap.
      const births = points.filter(
        (point) => point.kind === 'gap' && point.reason.startsWith(`child ${d} began, recorded`),
      );
      assert.equal(births.length, 1);
      assert.ok(assertTold(points, d, ofD) > 0);
      assert.ok(recorded.log.some((text) => text.startsWith(`child ${b} of`) && text.includes('was killed')));
      // It may have a use of its own for the signal.
      assert.ok(Number(await program.ask({ do: 'signals', in: 'deaf' })) <= 2);
    });

    test('children of child_process.fork; one that ends by itself tells what it did last and leaves no gap, the other is put back', async () => {
      await using program = await start();
      const a = await started(program, 'a', { plain: true });
      const b = await started(program, 'b', { plain: true });
      const before = await scriptsOf(b);
      await using recorded = await recordSession(program, POOL);
      assert.deepEqual(recorded.recording.notRecorded, []);
      assert.ok((await scriptsOf(b)).texts.some((text) => text.includes(PROBE)));
      const ofA = (await program.ask({ do: 'work', in: 'a', times: 7 })) as Logged[];
      await program.ask({ do: 'end', in: 'a' });
      const ofB = (await program.ask({ do: 'work', in: 'b', times: 7 })) as Logged[];
      const events = await recorded.until(ofA.length + ofB.length);
      assertTold(recorded.points(), a, ofA);
      assertTold(recorded.points(), b, ofB);
      assertInOrder(recorded.points());
      assert.equal(events[1]?.source?.file, 'ticket.cjs');
      assert.deepEqual(
        recorded.points().filter((point) => point.kind === 'gap' && point.reason.startsWith('child ')),
        [],
      );
      assert.ok(recorded.session.connected);
      // What lives in children alone is not gone because the primary's memory does not have it.
      await recorded.session.takeSnapshot({}, {});
      assert.equal(recorded.points().filter((point) => point.kind === 'event').length, events.length);
      await recorded[Symbol.asyncDispose]();
      assert.deepEqual(await scriptsOf(b), before);
    });

    const once = { skip: !isNewest && 'the same on every Node' };
    test(
      'one that stands still keeps no other from being recorded, and is recorded when it goes on',
      once,
      async () => {
        await using program = await start();
        const directory = mkdtempSync(join(tmpdir(), 'semstate-held-'));
        const held = join(directory, 'held');
        execFileSync('mkfifo', [held]);
        try {
          await using recorded = await recordSession(program, POOL);
          const slow = await started(program, 'slow', { held });
          const quick = await started(program, 'quick');
          await isSaid(recorded, `child ${quick} of`, 'as well');
          assert.ok(!recorded.log.some((text) => text.startsWith(`child ${slow} of`) && text.includes('as well')));
          const ofQuick = (await program.ask({ do: 'work', in: 'quick', times: 3 })) as Logged[];
          assert.deepEqual(linesOf(await recorded.until(ofQuick.length), quick), texts(ofQuick));
          release(held);
          await isSaid(recorded, `child ${slow} of`, 'as well');
          const ofSlow = (await program.ask({ do: 'work', in: 'slow', times: 3 })) as Logged[];
          assert.deepEqual(linesOf(await recorded.until(ofQuick.length + ofSlow.length), slow), texts(ofSlow));
        } finally {
          release(held);
          rmSync(directory, { recursive: true, force: true });
        }
      },
    );
  });
}

test(
  'the recorder is killed: every child falls silent, and doctor --clean on the primary puts all back',
  { skip },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'semstate-children-'));
    const port = String(await freePort());
    await using program = await startProgram(join(POOL, 'crew.cjs'), {
      env: { CREW_PORT: port, NODE_OPTIONS: `--inspect-port=${port}` },
    });
    try {
      const pids: number[] = [];
      for (const where of ['a', 'b'])
        pids.push(Number(await program.ask({ do: 'start', in: where, plain: where === 'b' })));
      const before = await each(pids, scriptsOf);
      const target = `pid:${program.pid}`;
      const recorder = spawn(
        process.execPath,
        [CLI, 'record', target, '--source', POOL, '--store', join(directory, 'timeline.semstate')],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      let said = '';
      recorder.stderr.on('data', (text) => (said += String(text)));
      await eventually(() => Promise.resolve(/^recording$/m.test(said)), [said]);
      // Consent names the processes.
      for (const pid of pids) assert.match(said, new RegExp(`^.*The same in 2 child processes:[^]*  ${pid}  `, 'm'));
      recorder.kill('SIGKILL');
      await eventually(async () => (await each(pids, isHeld)).every((held) => !held));
      assert.notDeepEqual(await each(pids, scriptsOf), before);
      // Two files in each of the three processes.
      assert.deepEqual(await leftoversIn(target, false, {}), { edited: 6, restored: 0, inUse: false, unseen: [] });
      assert.deepEqual(await leftoversIn(target, true, {}), { edited: 6, restored: 6, inUse: false, unseen: [] });
      assert.deepEqual(await each(pids, scriptsOf), before);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

/** Whoever reads there reads nothing and goes on. */
function release(pipe: string): void {
  try {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // Nobody does.
  }
}

/** One after the other: their inspectors would open at one port. */
async function each<T>(pids: readonly number[], ask: (pid: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (const pid of pids) answers.push(await ask(pid));
  return answers;
}

function texts(logged: readonly Logged[]): string[] {
  return logged.map((each) => each.line);
}

async function isSaid({ log }: Recorded, ...words: readonly string[]): Promise<void> {
  await eventually(() => Promise.resolve(log.some((text) => words.every((word) => text.includes(word)))), log);
}

async function eventually(holds: () => Promise<boolean>, said: readonly string[] = []): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await holds()); await wait(50))
    assert.ok(Date.now() < end, `it never came to that: ${said.join('\n')}`);
}

/** Somebody records it. */
async function isHeld(pid: number): Promise<boolean> {
  await using attachment = await attach(parseTarget(`pid:${pid}`), {}, {});
  return evaluate<boolean>(attachment, `globalThis[${JSON.stringify(PROBE)}].held()`, {});
}

/** The text of every script of the program, first versions only; and whether its inspector is closed where nobody needs it. */
async function scriptsOf(pid: number): Promise<{ readonly texts: readonly string[]; readonly isClosed: boolean }> {
  await using attachment = await attach(parseTarget(`pid:${pid}`), {}, {});
  const running = await runningScripts(attachment, {});
  return { texts: running.map(({ text }) => text), isClosed: attachment.process.inspector?.opened === true };
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

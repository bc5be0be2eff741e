// A service whose children hold the state: all of them are recorded in one timeline, whichever way they were started, and put back.
import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { parseTarget, attach, type Attachment } from '../../src/acquire/index.ts';
import { PROBE, runningScripts } from '../../src/record/index.ts';
import { RUNNING, startProgram, type Program } from './running.ts';
import { nodes } from './service.ts';
import { line, recordSession, type Recorded } from './session.ts';

const POOL = join(RUNNING, 'pool');
const skip = process.platform !== 'linux' && 'children are listed by /proc';

for (const { name, path } of nodes()) {
  describe(`Node ${name}`, { concurrency: 3, skip }, () => {
    /** Its children open their inspectors at the same port as itself, as they do where nothing is said of it. */
    const start = async (): Promise<Program> => {
      const port = String(await freePort());
      // Another program of this machine may be at the port that is meant where nothing is said.
      const env = { INSPECTOR_PORT: port, NODE_OPTIONS: `--inspect-port=${port}` };
      return startProgram(join(POOL, 'main.cjs'), { node: path, env });
    };

    for (const plain of [false, true]) {
      test(`children of ${plain ? 'child_process.fork' : 'node:cluster'}, those that run and one that is born`, async () => {
        await using program = await start();
        const a = await program.ask({ do: 'fork', in: 'a', plain });
        const b = await program.ask({ do: 'fork', in: 'b', plain });
        await using recorded = await recordSession(program, POOL);
        assert.deepEqual(recorded.recording.notRecorded, []);
        await program.ask({ do: 'open', id: 'T1', in: 'a' });
        await program.ask({ do: 'open', id: 'T2', in: 'b' });
        await program.ask({ do: 'take', id: 'T1', in: 'a' });
        await program.ask({ do: 'open', id: 'T3' });
        const c = await program.ask({ do: 'fork', in: 'c', plain });
        await isRecorded(recorded, c);
        await program.ask({ do: 'open', id: 'T4', in: 'c' });
        await program.ask({ do: 'close', id: 'T1', in: 'a' });
        const events = await recorded.until(6);
        assert.deepEqual(events.map(line), [
          `T1: new -> open in child ${a}`,
          `T2: new -> open in child ${b}`,
          `T1: open -> taken in child ${a}`,
          'T3: new -> open',
          `T4: new -> open in child ${c}`,
          `T1: taken -> closed in child ${a}`,
        ]);
        assert.equal(events[2]?.source?.file, 'ticket.cjs');
      });
    }

    test('a child that ends tells what it did last, one that is killed disturbs nobody', async () => {
      await using program = await start();
      const a = await program.ask({ do: 'fork', in: 'a' });
      const b = Number(await program.ask({ do: 'fork', in: 'b' }));
      await using recorded = await recordSession(program, POOL);
      assert.deepEqual(recorded.recording.notRecorded, []);
      await program.ask({ do: 'open', id: 'T1', in: 'a' });
      await program.ask({ do: 'end', in: 'a' });
      process.kill(b, 'SIGKILL');
      await wait(200);
      await program.ask({ do: 'open', id: 'T2' });
      assert.deepEqual(
        (await recorded.until(2)).map(line),
        [`T1: new -> open in child ${a}`, 'T2: new -> open'],
        recorded.log.join('\n'),
      );
      assert.ok(recorded.session.targets?.every(({ connected }) => connected) ?? true);
    });

    test('every child has its own text and its closed inspector again', async () => {
      await using program = await start();
      const pid = Number(await program.ask({ do: 'fork', in: 'a' }));
      const before = await texts(pid);
      const recorded = await recordSession(program, POOL);
      assert.ok((await texts(pid)).some((text) => text.includes(PROBE)));
      await recorded[Symbol.asyncDispose]();
      assert.deepEqual(await texts(pid), before);
      // An inspector is closed a moment after its last session.
      await wait(1500);
      await using child = await attach(parseTarget(`pid:${pid}`), {}, {});
      assert.equal(child.process.inspector?.opened, true, 'it had been closed before');
    });
  });
}

async function isRecorded({ log }: Recorded, child: unknown): Promise<void> {
  for (let n = 0; n < 200 && !log.some((text) => text.startsWith(`child ${String(child)} of`)); n++) await wait(100);
}

/** The text of every script of the program, first versions only. */
async function texts(pid: number): Promise<string[]> {
  await using attachment: Attachment = await attach(parseTarget(`pid:${pid}`), {}, {});
  return (await runningScripts(attachment, {})).map(({ text }) => text);
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

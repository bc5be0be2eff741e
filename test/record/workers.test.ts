// Threads beside the main one, and code that is loaded while it is recorded: one timeline, and all of it put back.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { attachTo, RUNNING, startProgram, type Program } from './running.ts';
import { nodes } from './service.ts';
import { line, recordSession } from './session.ts';

const POOL = join(RUNNING, 'pool');

for (const { name, path } of nodes()) {
  describe(`Node ${name}`, { concurrency: 3 }, () => {
    const start = (): Promise<Program> => startProgram(join(POOL, 'main.cjs'), { node: path });

    test('a thread that runs and one that starts later are recorded, in order with the main one', async () => {
      await using program = await start();
      await program.ask({ do: 'start', in: 'a' });
      await using recorded = await recordSession(program, POOL);
      await program.ask({ do: 'open', id: 'T1' });
      await program.ask({ do: 'open', id: 'T2', in: 'a' });
      await program.ask({ do: 'take', id: 'T2', in: 'a' });
      await program.ask({ do: 'take', id: 'T1' });
      await program.ask({ do: 'start', in: 'b' });
      for (let n = 0; n < 100 && !recorded.log.some((text) => text.startsWith('worker 2')); n++) await wait(100);
      await program.ask({ do: 'open', id: 'T3', in: 'b' });
      await program.ask({ do: 'close', id: 'T1' });
      assert.deepEqual((await recorded.until(6)).map(line), [
        'T1: new -> open',
        'T2: new -> open in worker 1',
        'T2: open -> taken in worker 1',
        'T1: open -> taken',
        'T3: new -> open in worker 2',
        'T1: taken -> closed',
      ]);
      const [, , taken] = await recorded.until(6);
      assert.equal(taken?.source?.file, 'ticket.cjs');
      assert.equal(taken?.stack?.[0]?.source?.line, taken?.source?.line);
    });

    test('what a thread did last is told before it ends', async () => {
      await using program = await start();
      await program.ask({ do: 'start', in: 'a' });
      await using recorded = await recordSession(program, POOL);
      await program.ask({ do: 'open', id: 'T1', in: 'a' });
      await program.ask({ do: 'take', id: 'T1', in: 'a' });
      await program.ask({ do: 'end', in: 'a' });
      assert.deepEqual((await recorded.until(2)).map(line), [
        'T1: new -> open in worker 1',
        'T1: open -> taken in worker 1',
      ]);
    });

    test('so is what a process did last', async () => {
      await using program = await start();
      await using recorded = await recordSession(program, POOL);
      const gone = new Promise<string>((resolve) =>
        recorded.session.on('disconnected', (body) => resolve(body.reason)),
      );
      await program.ask({ do: 'open', id: 'T1' });
      void program.ask({ do: 'exit' }).catch(() => undefined);
      assert.equal(await gone, 'the process ended');
      assert.deepEqual((await recorded.until(1)).map(line), ['T1: new -> open']);
    });

    test('code that is loaded later is recorded from then on', async () => {
      await using program = await start();
      await using recorded = await recordSession(program, POOL);
      await program.ask({ do: 'late', id: 'L1' });
      for (let n = 0; n < 100 && !recorded.log.some((text) => text.includes('loaded meanwhile')); n++) await wait(100);
      await program.ask({ do: 'late', id: 'L1' });
      const [event] = await recorded.until(1);
      assert.equal(event && line(event), 'L1: closed -> open');
      assert.equal(event?.source?.file, 'late.cjs');
    });

    test('every thread has its own text again', async () => {
      await using program = await start();
      await program.ask({ do: 'start', in: 'a' });
      const before = await texts(program);
      assert.equal(before.length, 6);
      const recorded = await recordSession(program, POOL);
      const during = await texts(program);
      assert.equal(during.filter((text) => text.includes('$semstate$probe')).length, 2);
      await recorded[Symbol.asyncDispose]();
      assert.deepEqual(await texts(program), before);
    });
  });
}

/** The text of every script of the program in every thread, first versions only. */
async function texts(program: Program): Promise<string[]> {
  const { watchWorkers } = await import('../../src/acquire/index.ts');
  const { runningScripts } = await import('../../src/record/index.ts');
  const attachment = await attachTo(program);
  const doors: Parameters<typeof runningScripts>[0][] = [attachment];
  const watch = await watchWorkers(attachment, (worker) => doors.push(worker), {});
  await wait(300);
  const all: string[] = [];
  for (const door of doors) for (const { text } of await runningScripts(door, {})) all.push(text);
  await watch[Symbol.asyncDispose]();
  await attachment[Symbol.asyncDispose]();
  return all;
}

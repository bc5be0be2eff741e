// What V8 refuses to edit, and what may not be watched: tried again when it is idle, then watched, then said not to be recorded; and a
// place that is watched and come to too often is let go of, and said to be.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { recordProgram, RUNNING, startProgram, type Recorded } from './running.ts';
import { nodes } from './service.ts';
import { line } from './session.ts';

const ROOT = join(RUNNING, 'limits');
const MAIN = join(ROOT, 'main.cjs');
const LONGEST_MS = 60_000;

for (const { name, path } of nodes())
  describe(`Node ${name}`, { concurrency: 3 }, () => {
    test('a function that is suspended is edited when it is idle', async () => {
      await using program = await startProgram(MAIN, { node: path });
      await program.ask({ do: 'settle', id: 'W1' });
      const starting = recordProgram(program, { root: ROOT });
      // Long enough to be refused, and sooner than it is given up.
      await wait(600);
      await program.ask({ do: 'release' });
      await using recorded = await starting;
      await program.ask({ do: 'settle', id: 'W2' });
      await program.ask({ do: 'release' });
      const events = (await recorded.events()).filter(({ object }) => object.id === 'W2');
      assert.deepEqual(
        events.map((each) => [line(each), each.method]),
        [['W2: open -> settled', 'edit']],
      );
      assert.deepEqual(notRecorded(recorded), []);
    });

    test('one that stays suspended is watched, and what cannot be watched is said', async () => {
      await using program = await startProgram(MAIN, { node: path });
      await program.ask({ do: 'settle', id: 'W1' });
      await program.ask({ do: 'drop', id: 'W2' });
      await using recorded = await recordProgram(program, { root: ROOT });
      assert.deepEqual(notRecorded(recorded), [
        'main.cjs:17 is not recorded: what it writes to can be evaluated only once.',
      ]);
      assert.equal(recorded.recorder.complete, false);
      await program.ask({ do: 'move', id: 'W3', to: 'moved' });
      await program.ask({ do: 'release' });
      await program.ask({ do: 'settle', id: 'W3' });
      await program.ask({ do: 'release' });
      const events = (await recorded.events()).filter(({ object }) => object.id === 'W3');
      assert.deepEqual(
        events.map((each) => [line(each), each.method]),
        [
          ['W3: open -> moved', 'edit'],
          ['W3: moved -> settled', 'breakpoint'],
        ],
      );
    });

    test('a place that is watched and come to too often is let go of', async () => {
      await using program = await startProgram(MAIN, { node: path });
      await using recorded = await recordProgram(program, { root: ROOT });
      assert.deepEqual(notRecorded(recorded), []);
      assert.equal(recorded.recorder.complete, true);
      await program.ask({ do: 'spin', id: 'W1', times: 3 });
      assert.equal((await recorded.events()).length, 3);
      await program.ask({ do: 'spin', id: 'W1', times: 4000 });
      for (const end = Date.now() + LONGEST_MS; notRecorded(recorded).length === 0 && Date.now() < end;) {
        await recorded.events();
        await wait(50);
      }
      assert.match(
        notRecorded(recorded).join(),
        /^narrow\.cjs:1 is not recorded: it is come to \d{3,} times a second, too often for a breakpoint\.$/,
      );
      assert.equal(recorded.recorder.complete, false);
      await recorded.events();
      await program.ask({ do: 'spin', id: 'W1', times: 5 });
      await program.ask({ do: 'move', id: 'W1', to: 'moved' });
      assert.deepEqual(
        (await recorded.events()).map(({ postState }) => postState),
        ['moved'],
      );
    });
  });

function notRecorded({ recorder, plan }: Recorded): string[] {
  return [...plan.problems, ...recorder.refused].map(({ message }) => message.replace(/^\S*\//, ''));
}

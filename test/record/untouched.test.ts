// V8 answers that an edit is done and leaves a function as it is (here text put before the end of an arrow function without braces, which
// planning avoids): that is seen, and said to be not recorded; what the edit did reach is recorded.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { armAll, disarm, textOf } from '../../src/record/arming.ts';
import type { ScriptPlan } from '../../src/record/plan.ts';
import { applyEdits } from '../../src/record/textEdits.ts';
import { attachTo, look, startProgram } from './running.ts';
import { nodes } from './service.ts';

const PROGRAM = `const o = {};
const tail = (o) => ((o.state = given(o)));
function given() { return 'a'; }
function plain(o) {
  o.state = 'b';
}
require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
  tail(o);
  plain(o);
  process.stdout.write('{"result":1}\\n');
});
process.stdout.write('ready\\n');
`;

for (const { name, path } of nodes())
  describe(`Node ${name}`, () => {
    test('a function that an edit did not reach is said to be not recorded', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'semstate-untouched-'));
      try {
        const file = join(directory, 'program.cjs');
        writeFileSync(file, PROGRAM);
        await using program = await startProgram(file, { node: path });
        await program.ask({ do: 'run' });
        await using attachment = await attachTo(program);
        await look(
          { attachment },
          `void (globalThis.seen = { sites: [], w(site, value) { this.sites.push(site); return value; } })`,
        );
        const plan = planOf(attachment.scripts().find(({ url }) => url.endsWith('program.cjs'))?.id ?? -1);
        const armed = await armAll(attachment, [plan], {});
        assert.deepEqual([...armed.sites], [1]);
        assert.deepEqual(
          armed.refused.map(({ message }) => message),
          [
            'program.cjs:2 is not recorded: V8 did the edit and kept the old code of a function that was there already.',
          ],
        );
        await program.ask({ do: 'run' });
        assert.deepEqual(await look({ attachment }, 'seen.sites'), [1]);
        assert.deepEqual(await disarm(attachment, armed), []);
        assert.equal(await textOf(attachment, plan.scriptId), PROGRAM);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
  });

/** Two values given through a function, whatever V8 makes of it. */
function planOf(scriptId: number): ScriptPlan {
  const at = (text: string): number => PROGRAM.indexOf(text);
  const around = (site: number, text: string, put: string) => [
    { start: at(text), end: at(text), text: put, site },
    { start: at(text) + text.length, end: at(text) + text.length, text: ')', site },
  ];
  const edits = [...around(0, 'given(o)', 'seen.w(0,'), ...around(1, `'b'`, 'seen.w(1,')];
  const point = (site: number, text: string, from: string, to: string) => ({
    ...{ site, ways: [], why: '', at: at(text) },
    within: [at(from), PROGRAM.indexOf(to, at(from))] as const,
  });
  return {
    ...{ scriptId, url: 'program.cjs', original: PROGRAM, edited: applyEdits(PROGRAM, edits), edits },
    ...{ sites: [0, 1], suspending: [] },
    points: [point(0, 'given(o)', '(o) => ((', ';\nfunction'), point(1, `'b'`, 'function plain', '\nrequire')],
  };
}

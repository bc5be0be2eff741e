// What `record` says to people: the plan before anything is edited, each change as a sentence, what came of it; and that a model is
// extracted from what it kept. Times, places of files and sizes are those of the machine, and left out.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Model } from '../../src/model/index.ts';
import { RUNNING, startProgram } from '../record/running.ts';
import { Running, semstate } from './semstate.ts';

const ROWS = join(RUNNING, 'rows');
const GOLDEN = new URL('../goldens/cli/record.txt', import.meta.url);

test('record tells its plan, every change and what came of it; a model is extracted from what it kept', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'semstate-texts-'));
  const store = join(directory, 'timeline.semstate');
  try {
    await using program = await startProgram(join(ROWS, 'main.cjs'));
    const recording = new Running(['record', `pid:${program.pid}`, '--source', ROWS, '--store', store]);
    await recording.said(/^recording$/m);
    await program.ask({ do: 'order', id: 'P1', weight: 3 });
    await program.ask({ do: 'change', id: 'P1', how: 'pack' });
    await program.ask({ do: 'change', id: 'P1', how: 'send' });
    await recording.said(/packed -> sent/);
    recording.child.kill('SIGINT');
    const { status, stdout, stderr } = await recording.outcome;
    assert.equal(status, 4);
    const plain = (text: string): string =>
      text
        .replaceAll(store, 'STORE')
        .replaceAll(String(program.pid), 'PID')
        .replace(/\d\d:\d\d:\d\d\S*/g, 'TIME')
        .replace(/\d+(?:\.\d+)? (ms|MB|KB|s)\b/g, 'N $1');
    const [progress = '', said = ''] = plain(stderr).split(/^(?=To be edited)/m);
    for (const phase of [/^Attaching to pid:PID \.\.\.$/m, /^Extracting the model \.\.\.$/m])
      assert.match(progress, phase);
    const text = `stdout\n${plain(stdout)}\nstderr\n${said.replace(/^The clock of .*\n/m, '')}`;
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(GOLDEN, text);
    assert.equal(text, readFileSync(GOLDEN, 'utf8'));

    const { stdout: json } = await semstate('extract', '--source', ROWS, '--store', store, '--json');
    const model = JSON.parse(json) as Model;
    const seen = model.transitions.map(({ type, preState, postState, count, status: how }) =>
      [type, JSON.stringify(preState), JSON.stringify(postState), count, how].join(' '),
    );
    assert.deepEqual(seen.sort(), [
      'order {"$new":true} "ordered" 1 confirmed',
      'pack "ordered" "packed" 1 confirmed',
      'send "packed" "sent" 1 confirmed',
    ]);
    assert.deepEqual(
      model.entities.map(({ name }) => name),
      ['Parcel'],
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

// What shows only after many captures, or on a very large process. `CAPTURES=1000` takes so many in a row, without it there are sixty;
// `LARGE=1` reads a process of four gigabytes, where the machine has the memory for it twice over.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { MemoryCapture } from '../../src/acquire/memory/index.ts';
import { binaryOf, startProgram } from './account.ts';

const CAPTURES = Number(process.env['CAPTURES'] ?? 60);
const LARGE = 4e9;
const binary = binaryOf(22);
const skip = binary ? false : 'npm has no binary of this Node for this machine';

const captureOf = (pid: number): MemoryCapture =>
  new MemoryCapture({ name: 'one', hostPid: pid, notes: () => Promise.resolve({ target: {}, scripts: [] }) });
const openFiles = (): number => readdirSync('/proc/self/fd').length;
const resident = (pid: number | 'self'): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
/** Children of this process, those that ended and were not taken leave of too. */
const children = (): number => {
  const own = `/proc/self/task/${process.pid}/children`;
  return readFileSync(own, 'utf8')
    .trim()
    .split(' ')
    .filter((pid) => pid !== '').length;
};

test(`${CAPTURES} captures in a row leave nothing behind, neither here nor there`, { skip }, async (t) => {
  await using program = await startProgram(binary as string, 'heavy.cjs', ['1']);
  const take = (): Promise<unknown> => captureOf(program.pid).capture(() => undefined, {}, {});
  for (let n = 0; n < 10; n++) await take();
  const before = { files: openFiles(), here: resident('self'), there: resident(program.pid) };
  for (let n = 0; n < CAPTURES; n++) await take();
  const end = Date.now() + 60_000;
  while (children() > 1 && Date.now() < end) await wait(50);
  const [here, there] = [resident('self') - before.here, resident(program.pid) - before.there];
  t.diagnostic(`after ${CAPTURES}: ${Math.round(here / 1e6)} MB more here, ${Math.round(there / 1e6)} MB there`);
  assert.ok(openFiles() <= before.files + 2, 'no file stays open');
  assert.ok(children() <= 1, 'no watcher stays: only the program that is read');
  // A capture of this program is 20 MB: were one in ten kept, it would show.
  assert.ok(here < 60e6 + CAPTURES * 50e3, `this process grew by ${here} bytes`);
  assert.ok(there < 20e6, `the target grew by ${there} bytes`);
});

const room =
  process.env['LARGE'] !== '1' ? 'LARGE=1 reads four gigabytes' : freemem() < 2.5 * LARGE ? 'too little memory' : false;

test(
  'a process of four gigabytes is copied across many pieces, each byte in its place',
  { skip: skip || room, timeout: 600_000 },
  async (t) => {
    await using program = await startProgram(binary as string, 'large.cjs', [String(LARGE)]);
    const { marks } = program.account as { readonly marks: number };
    const found = new Set<number>();
    let bytes = 0;
    const result = await captureOf(program.pid).capture(
      (chunk) => {
        bytes += chunk.length;
        const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        // Each block of the program begins with a word of its own and its number.
        for (let at = text.indexOf('semstate-block-'); at >= 0; at = text.indexOf('semstate-block-', at + 1)) {
          const number = text.toString('latin1', at + 15, at + 21);
          if (/^\d{6}$/.test(number)) found.add(Number(number));
        }
      },
      {},
      {},
    );
    assert.ok(bytes > LARGE, `${bytes} bytes were read`);
    assert.equal(found.size, marks, 'every block was read');
    t.diagnostic(`${Math.round(bytes / 1e6)} MB, paused ${result.pauseMs} ms`);
  },
);

// The worker: what it reads again, what it keeps, and that its death is an error and not a hang.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { getHeapSnapshot } from 'node:v8';
import { isFailure } from '../../src/model/index.ts';
import { Analysis, workerMemory } from '../../src/session/analysis.ts';

const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('source is read once, and again when a file changed or came', async () => {
  await using analysis = new Analysis();
  const roots = [folder.replaceAll('\\', '/')];
  const read = async (): Promise<boolean> => (await analysis.call('source', { roots }, {})).read;
  writeFileSync(join(folder, 'a.ts'), 'export class A { id = 1; }');
  assert.deepEqual([await read(), await read()], [true, false]);
  writeFileSync(join(folder, 'a.ts'), 'export class A { id = 1; name = 2; }');
  assert.deepEqual([await read(), await read()], [true, false]);
  writeFileSync(join(folder, 'b.ts'), 'export class B { id = 1; }');
  assert.deepEqual([await read(), await read()], [true, false]);
});

test('a heap that is more than the worker may hold ends in an error; the next call has a new worker', async () => {
  await using analysis = new Analysis({ memory: 20 * 1024 * 1024 });
  await analysis.begin({});
  await assert.rejects(
    async () => {
      for await (const chunk of getHeapSnapshot()) await analysis.write(chunk as Uint8Array, {});
      await analysis.end({});
      for (;;) await analysis.call('extract', { roots: [`${import.meta.dirname}/../../src`], heap: true }, {});
    },
    (error) => isFailure(error, 'analysis-memory') || isFailure(error, 'analysis-died'),
  );
  await analysis.begin({});
});

test('a call that was called off is told at once, what follows is not', async () => {
  await using analysis = new Analysis();
  const stop = new AbortController();
  const roots = [join(import.meta.dirname, '../../src').replaceAll('\\', '/')];
  const reading = analysis.call('source', { roots }, { signal: stop.signal });
  setTimeout(() => stop.abort(), 20);
  await assert.rejects(reading, (error) => isFailure(error, 'cancelled'));
  assert.equal((await analysis.call('source', { roots: [folder] }, {})).read, true);
  await assert.rejects(analysis.call('release', {}, { signal: AbortSignal.abort() }), (e) => isFailure(e, 'cancelled'));
});

test('closing ends what runs', async () => {
  const analysis = new Analysis();
  const roots = [join(import.meta.dirname, '../../src').replaceAll('\\', '/')];
  const reading = analysis.call('source', { roots }, {});
  const failed = assert.rejects(reading, (error) => isFailure(error, 'cancelled'));
  await analysis[Symbol.asyncDispose]();
  await failed;
});

test('memory follows the size of the snapshot, within this machine', () => {
  assert.ok(workerMemory(1e9) >= workerMemory(1e6));
  assert.ok(workerMemory(1e12) < 1e12);
});

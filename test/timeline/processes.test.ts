// What happens to the process or the disk while a batch is written: whole batches only, and the file goes on.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openTimeline } from '../../src/timeline/index.ts';
import { batch, wholeBatches } from './batchWriter.ts';
import { created, instance, order, scratchFile } from './scratch.ts';

const here = dirname(fileURLToPath(import.meta.url));
const WRITER = join(here, 'batchWriter.ts');
const READER = join(here, 'batchReader.ts');
const FLAGS = ['--disable-warning=ExperimentalWarning'];
const SEED = 9;

function start(script: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [...FLAGS, script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function textOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return `${text}${code === 0 ? '' : `ended with ${code ?? signal}`}`;
}

test(`kill -9 in the middle of appending: reopened, there are whole batches only, and none that was told is lost (seed ${SEED})`, async (t) => {
  const file = scratchFile(t);
  let random = SEED;
  let least = 0;
  for (let round = 0; round < 4; round++) {
    const child = start(WRITER, file);
    t.after(() => child.kill('SIGKILL'));
    const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    assert.equal(line.toString(), `writing from ${least}\n`);
    random = (random * 48271) % 2147483647;
    await wait(20 + (random % 180));
    child.kill('SIGKILL');
    await once(child, 'close');
    const store = openTimeline(file);
    const batches = wholeBatches(store);
    assert.ok(batches >= least, `${batches} of ${least}`);
    store.append(batch(batches));
    least = wholeBatches(store);
    assert.equal(least, batches + 1);
    store.dispose();
  }
  assert.ok(least > 20, `only ${least} batches were written: the kills proved nothing`);
});

test('two processes read while a third writes: each look is of whole batches', async (t) => {
  const file = scratchFile(t);
  const store = openTimeline(file);
  t.after(() => store.dispose());
  store.append(batch(0));
  const readers = [start(READER, file, '400'), start(READER, file, '400')];
  for (const reader of readers) t.after(() => reader.kill('SIGKILL'));
  const ends = readers.map(textOf);
  for (let n = 1; n < 400; n++) {
    store.append(batch(n));
    if (n % 4 === 0) await wait(1);
  }
  for (const end of await Promise.all(ends)) assert.match(end, /^saw all, \d+ looks\n$/);
});

test('a second writer, of this or another process, is told that the first is there', async (t) => {
  const file = scratchFile(t);
  const store = openTimeline(file);
  store.append(batch(0));
  assert.throws(() => openTimeline(file), { code: 'store-locked' });
  const child = spawnSync(process.execPath, [...FLAGS, WRITER, file, '1'], { encoding: 'utf8' });
  assert.match(child.stderr, /store-locked/);
  store.dispose();
  assert.match(await textOf(start(WRITER, file, '1')), /^writing from 1\ndone\n$/);
});

/** Fills a disk of one megabyte that holds a file to be thrown away. */
function fillDisk(folder: string): void {
  writeFileSync(join(folder, 'ballast'), new Uint8Array(300_000));
  const store = openTimeline(join(folder, 'timeline.semstate'));
  let batches = 0;
  const fill = (): void => {
    for (; ; batches++) store.append(batch(batches));
  };
  try {
    assert.throws(fill, { code: 'store-full' });
    assert.ok(batches > 3);
    assert.equal(wholeBatches(store), batches);
    const large = Array.from({ length: 999 }, (_, id) => created(1, instance(order(`x${id}`), { n: 0 })));
    assert.throws(() => store.append(large), { code: 'store-full' });
    assert.equal(wholeBatches(store), batches);
    rmSync(join(folder, 'ballast'));
    store.append(batch(batches));
  } finally {
    store.dispose();
  }
  const again = openTimeline(store.file, { readOnly: true });
  assert.equal(wholeBatches(again), batches + 1);
  again.dispose();
}

test('a full disk: the batch is refused as a whole, all before it stays, and with room again the recording goes on', (t) => {
  const folder = join(dirname(scratchFile(t)), 'small');
  mkdirSync(folder);
  const mount = ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder];
  if (process.platform !== 'linux' || spawnSync('mount', mount).status !== 0)
    return t.skip('a small file system can be mounted by root only');
  try {
    fillDisk(folder);
  } finally {
    // Before the folder around it is removed.
    spawnSync('umount', [folder]);
  }
});

test(
  'a limit on the size of files is a full disk as well',
  { skip: process.platform === 'win32' && 'no ulimit' },
  (t) => {
    const file = scratchFile(t);
    const script = 'trap "" XFSZ; ulimit -f 4000; exec "$@"';
    const child = spawnSync('sh', ['-c', script, 'sh', process.execPath, ...FLAGS, WRITER, file], { encoding: 'utf8' });
    const told = /^writing from 0\nstore-full after (\d+)\n$/.exec(child.stdout);
    assert.ok(told, `${child.stdout}${child.stderr}`);
    const store = openTimeline(file);
    assert.equal(wholeBatches(store), Number(told[1]));
    assert.ok(Number(told[1]) > 3, told[0]);
    store.dispose();
  },
);

// Every file that can be given to it: private, foreign, newer, older, damaged, away. Each by its own error.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { isFailure } from '../../src/model/index.ts';
import { openDatabase } from '../../src/timeline/database.ts';
import { MIGRATIONS } from '../../src/timeline/schema.ts';
import { openTimeline, type TimelineStore } from '../../src/timeline/index.ts';
import { batch } from './batchWriter.ts';
import { scratchFile, scratchTimeline } from './scratch.ts';

const SEED = 77;

function filled(file: string, batches: number): void {
  const store = openTimeline(file);
  for (let n = 0; n < batches; n++) store.append(batch(n));
  store.dispose();
}

test(
  'files are private to the user, also those beside the timeline, and none stays behind',
  { skip: process.platform === 'win32' && 'no modes' },
  (t) => {
    const file = scratchFile(t, 'sub/timeline.semstate');
    const store = openTimeline(file);
    store.append(batch(0));
    const names = readdirSync(dirname(file));
    assert.ok(names.length >= 3, names.join());
    for (const name of names) assert.equal(statSync(join(dirname(file), name)).mode & 0o777, 0o600, name);
    assert.equal(statSync(dirname(file)).mode & 0o777, 0o700);
    store.dispose();
    assert.deepEqual(readdirSync(dirname(file)), ['timeline.semstate']);
  },
);

test('what is no timeline is refused untouched', (t) => {
  const file = scratchFile(t, 'notes.txt');
  writeFileSync(file, 'Dear diary, today nothing was recorded.\n');
  assert.throws(() => openTimeline(file), { code: 'store-foreign' });
  assert.throws(() => openTimeline(dirname(file)), { code: 'store-foreign' });
  assert.equal(readFileSync(file, 'utf8'), 'Dear diary, today nothing was recorded.\n');
  const other = scratchFile(t, 'other.db');
  const database = new DatabaseSync(other);
  database.exec('CREATE TABLE bookmarks (url TEXT)');
  database.close();
  const before = readFileSync(other);
  assert.throws(() => openTimeline(other), { code: 'store-foreign' });
  assert.throws(() => openTimeline(other, { readOnly: true }), { code: 'store-foreign' });
  assert.deepEqual(readFileSync(other), before);
});

test('a file that is not there is made for writing and told of when reading', (t) => {
  const file = scratchFile(t);
  assert.throws(() => openTimeline(file, { readOnly: true }), { code: 'store-missing' });
  assert.ok(!existsSync(file));
  openTimeline(file).dispose();
  const store = openTimeline(file, { readOnly: true });
  assert.equal(store.summary().stops, 0);
  assert.throws(() => store.append(batch(0)), { code: 'store-read-only' });
  assert.throws(() => store.saveSetting('a', 'b'), { code: 'store-read-only' });
  store.dispose();
  store.dispose();
  assert.throws(() => store.summary(), { code: 'store-closed' });
});

test('a newer format is refused untouched, an older one is brought up to date when opened for writing', (t) => {
  const file = scratchFile(t);
  filled(file, 2);
  const newer = [...MIGRATIONS, 'CREATE TABLE bookmarks (seq INTEGER PRIMARY KEY) STRICT'];
  assert.throws(() => openDatabase(file, { readOnly: true, migrations: newer }), { code: 'store-older' });
  const migrated = openDatabase(file, { migrations: newer });
  assert.deepEqual(
    migrated.all('SELECT version FROM migrations ORDER BY version').map((row) => row['version']),
    [1, 2],
  );
  assert.equal(migrated.get('SELECT count(*) AS n FROM bookmarks')?.['n'], 0);
  migrated.close();
  const before = readFileSync(file);
  assert.throws(() => openTimeline(file), { code: 'store-newer' });
  assert.deepEqual(readFileSync(file), before);
});

test('a migration that fails leaves the file as it was', (t) => {
  const file = scratchFile(t);
  filled(file, 2);
  assert.throws(() =>
    openDatabase(file, { migrations: [...MIGRATIONS, 'CREATE TABLE half (a) ; SELECT nonsense FROM nowhere'] }),
  );
  const store = openTimeline(file, { readOnly: true });
  assert.equal(store.summary().stops, 6);
  store.dispose();
});

/** Everything a reader may ask. */
function readAll(store: TimelineStore): void {
  const { last } = store.summary();
  store.model();
  store.setting('x');
  store.snapshots();
  const { points } = store.page({ companions: true }, 0, 500);
  for (const point of points.slice(-3)) if (point.kind === 'event') store.life(point.object);
  for (const seq of [1, 7, last?.seq ?? 0])
    [...store.stateAt(seq).values()].forEach((each) => store.instanceAt(each, seq));
}

test(`damage anywhere gives an error of the catalogue or readable content, never another one (seed ${SEED})`, (t) => {
  const file = scratchFile(t);
  filled(file, 60);
  const whole = readFileSync(file);
  const broken = scratchFile(t, 'broken.semstate');
  let random = SEED;
  const next = (below: number): number => (random = (random * 48271) % 2147483647) % below;
  const codes = new Map<string, number>();
  for (let round = 0; round < 60; round++) {
    const bytes = Uint8Array.from(whole);
    if (round % 6 === 0) writeFileSync(broken, bytes.subarray(0, next(bytes.length)));
    else {
      const at = next(bytes.length);
      for (let n = 0; n < 1 + next(64); n++) bytes[(at + n * 7) % bytes.length] = next(256);
      writeFileSync(broken, bytes);
    }
    let code = 'readable';
    try {
      const store = openTimeline(broken, { readOnly: true });
      try {
        readAll(store);
      } finally {
        store.dispose();
      }
    } catch (error) {
      assert.ok(isFailure(error), `round ${round}: ${String(error)}`);
      code = error.code;
    }
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  assert.ok((codes.get('store-damaged') ?? 0) > 5, JSON.stringify([...codes]));
  for (const code of codes.keys())
    assert.ok(
      ['readable', 'store-damaged', 'store-foreign', 'store-newer', 'store-older', 'store-missing'].includes(code),
      code,
    );
});

test('a copy taken while it is written opens as of whole batches', (t) => {
  const file = scratchFile(t);
  const store = openTimeline(file);
  t.after(() => store.dispose());
  for (let n = 0; n < 20; n++) store.append(batch(n));
  const copy = scratchFile(t, 'copy.semstate');
  copyFileSync(file, copy);
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
  const read = openTimeline(copy, { readOnly: true });
  assert.equal(read.summary().stops % 3, 0);
  read.dispose();
});

test('settings and names of any kind come back as they were', (t) => {
  const store = scratchTimeline(t);
  for (const text of ['', 'model', '__proto__', '\u0000', '\ud800', '"', '{"a":1}']) {
    assert.equal(store.setting(text), undefined);
    store.saveSetting(text, `${text}!`);
    assert.equal(store.setting(text), `${text}!`);
  }
  assert.equal(store.model(), undefined);
});

test('a point that could not be found again is refused before anything is written', (t) => {
  const store = scratchTimeline(t);
  const [good] = batch(0);
  assert.ok(good);
  for (const time of [Number.NaN, 0.5, Infinity, 2 ** 60])
    assert.throws(() => store.append([good, { ...good, time }]), { code: 'store-wrong-point' });
  assert.equal(store.summary().stops, 0);
});

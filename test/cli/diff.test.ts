// The model as a file: saved by `extract`, the same every time, compared by `diff`; and exports that make a file.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Model } from '../../src/model/index.ts';
import { EXPORT_EXTENSIONS, modelFile, type ModelDiff } from '../../src/present/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';
import { nodeBinary } from '../containers/nodes.ts';
import { record } from '../present/recording.ts';
import { SHOP } from '../present/shopModel.ts';
import { faultsOf, semstate } from './semstate.ts';

const SHOP_SOURCE = fileURLToPath(new URL('../demo/shop/src', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the shop's source, with a change of its text. */
function shopWith(name: string, file: string, change: (text: string) => string): string {
  const place = join(folder, name);
  cpSync(SHOP_SOURCE, place, { recursive: true });
  const path = join(place, file);
  const text = readFileSync(path, 'utf8');
  assert.notEqual(change(text), text, 'the change changes nothing');
  writeFileSync(path, change(text));
  return place;
}

async function saved(source: string): Promise<string> {
  const file = `${source}.model.json`;
  const { status, stderr, stdout } = await semstate('extract', '--source', source, '--out', file);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, '', 'what is saved is not printed as well');
  return file;
}

test('extract --save writes beside semstate.json; the same source in another place gives the same bytes', async () => {
  const place = join(folder, 'workspace');
  cpSync(SHOP_SOURCE, join(place, 'src'), { recursive: true });
  writeFileSync(join(place, 'semstate.json'), '{}');
  const { status, stderr } = await semstate('extract', '--source', join(place, 'src'), '--save');
  assert.equal(status, 0, stderr);
  assert.match(stderr, /saved to .*semstate\.model\.json/);
  const text = readFileSync(join(place, 'semstate.model.json'), 'utf8');
  const moved = shopWith('moved', 'order.ts', (source) => `// One line more above everything.\n\n${source}`);
  assert.equal(readFileSync(await saved(moved), 'utf8'), text);
  const model = JSON.parse(text) as Model;
  assert.deepEqual(faultsOf(model), []);
  assert.ok(model.entities.some(({ name }) => name === 'Order'));
  const { stdout, status: same } = await semstate('diff', join(place, 'semstate.model.json'), await saved(moved));
  assert.deepEqual([same, stdout], [0, 'Nothing changed in meaning.\n']);
});

test('extract --json is compared like a saved model', async () => {
  const { stdout } = await semstate('extract', '--source', SHOP_SOURCE, '--json');
  const printed = join(folder, 'printed.json');
  writeFileSync(printed, stdout);
  const plain = shopWith('plain', 'order.ts', (text) => `${text}\n`);
  assert.equal((await semstate('diff', printed, await saved(plain))).status, 0);
});

test('a renamed state: status 1, as text and as a document', async () => {
  const before = await saved(shopWith('before', 'order.ts', (text) => `${text}\n`));
  const after = await saved(shopWith('after', 'order.ts', (text) => text.replaceAll("'shipped'", "'sent'")));
  const text = await semstate('diff', before, after);
  assert.equal(text.status, 1);
  assert.match(text.stdout, /^Order\n(.*\n)*? {2}! [>-] status: state "shipped"/m);
  const { status, stdout } = await semstate('diff', before, after, '--json');
  assert.equal(status, 1);
  const document = JSON.parse(stdout) as ModelDiff;
  assert.deepEqual(faultsOf(document), []);
  assert.equal(document.breaking, true);
  assert.ok(document.changes.every(({ entity }) => entity === 'Order'));
  const added = await semstate('diff', after, after);
  assert.equal(added.status, 0);
});

test('the built command line saves and compares on Node 20', () => {
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const place = mkdtempSync(join(folder, 'node20-'));
  const model = join(place, 'a.json');
  const run = (...args: readonly string[]): number | null =>
    spawnSync(nodeBinary(20), [cli, ...args], { encoding: 'utf8', timeout: 60_000 }).status;
  assert.equal(run('extract', '--source', SHOP_SOURCE, '--out', model), 0);
  const other = join(place, 'b.json');
  writeFileSync(other, readFileSync(model, 'utf8').replaceAll('"shipped"', '"sent"'));
  assert.deepEqual([run('diff', model, model), run('diff', model, other)], [0, 1]);
});

test('what is no model is wrong usage, status 2, and says where it is wrong', async () => {
  const model = await saved(shopWith('whole', 'order.ts', (text) => `${text}\n`));
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, readFileSync(model, 'utf8').replaceAll('"cardinality": "', '"cardinality": "x'));
  const { status, stderr, stdout } = await semstate('diff', model, broken);
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^error \[model-file\]: .*broken\.json is no model: relations\[\d+\]\.cardinality/);
  assert.equal((await semstate('diff', model, join(folder, 'nowhere.json'))).status, 2);
  assert.equal((await semstate('diff', model)).status, 2);
  assert.equal((await semstate('extract', '--source', SHOP_SOURCE, '--evidence')).status, 2);
});

test('export writes every form to a file; a database replaces what is there, and never the timeline', async () => {
  const file = join(folder, 'shop.semstate');
  const store = openTimeline(file);
  record(store);
  store.dispose();
  for (const [form, extension] of Object.entries(EXPORT_EXTENSIONS)) {
    const out = join(folder, `${form}.${extension}`);
    for (let times = 0; times < 2; times++) {
      const { status, stderr } = await semstate('export', '--store', file, '--as', form, '--out', out);
      assert.equal(status, 0, stderr);
    }
    assert.ok(readFileSync(out).length > 0);
  }
  const database = new DatabaseSync(join(folder, 'ocel2-sqlite.sqlite'), { readOnly: true });
  const [row] = database.prepare('SELECT count(*) AS events FROM event').all();
  database.close();
  assert.equal(row?.['events'], 7);
  assert.equal((await semstate('export', '--store', file, '--as', 'ocel2-sqlite', '--out', file)).status, 2);
  assert.equal((await semstate('export', '--store', file, '--as', 'ocel2-sqlite', '--out', folder)).status, 3);
  assert.equal((await semstate('state', '--store', file)).status, 0, 'the timeline is whole');
  const model = join(folder, 'recorded.json');
  writeFileSync(model, modelFile(SHOP));
  assert.deepEqual(await semstate('diff', model, file), {
    status: 0,
    stdout: 'Nothing changed in meaning.\n',
    stderr: '',
  });
  const empty = join(folder, 'empty.semstate');
  openTimeline(empty).dispose();
  assert.match((await semstate('diff', model, empty)).stderr, /\[model-file\]: .* holds no model/);
});

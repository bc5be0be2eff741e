// Whole runs of the commands against a real service; every document is checked against the contract's schema.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type {
  EventDocument,
  Model,
  ObjectsDocument,
  SnapshotDocument,
  StateDocument,
  TargetsDocument,
  ViolationsDocument,
} from '../../src/model/index.ts';
import { PARCEL_SOURCE, ParcelService } from '../fixtures/parcels/parcelService.ts';
import { faultsOf, Running, semstate } from './semstate.ts';

const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
const snapshot = join(folder, 'one.heapsnapshot');
const store = join(folder, 'recorded.semstate');
let service: ParcelService;

before(async () => {
  service = await ParcelService.start();
});
// Every command leaves the service as it was.
afterEach(() => service.settled());
after(async () => {
  await service[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function json<T>(expected: number, ...args: readonly string[]): Promise<T> {
  const { status, stdout, stderr } = await semstate(...args, '--json');
  assert.equal(status, expected, stderr);
  const document: unknown = JSON.parse(stdout);
  assert.deepEqual(faultsOf(document), []);
  return document as T;
}

test('ps lists the service and says how attaching will go', async () => {
  const { targets } = await json<TargetsDocument>(0, 'ps');
  const found = targets.find(({ target }) => target === service.target);
  assert.deepEqual([found?.language, found?.attach], ['node', 'inspector-can-open']);
  assert.match((await semstate('ps')).stdout, new RegExp(`^${service.target} `, 'm'));
});

test('doctor walks the chain to its end', async () => {
  const { status, stdout } = await semstate('doctor', service.target);
  assert.equal(status, 0, stdout);
  assert.ok(!/FAILED|not reached/.test(stdout), stdout);
  const missing = await semstate('doctor', 'pid:999999999');
  assert.equal(missing.status, 3);
  assert.match(missing.stdout, /FAILED[\s\S]*not reached[\s\S]*→/);
});

test('snapshot writes a private file and says what it cost', async () => {
  const taken = await json<SnapshotDocument>(0, 'snapshot', service.target, '--out', snapshot);
  assert.equal(taken.bytes, statSync(snapshot).size);
  assert.equal(statSync(snapshot).mode & 0o777, 0o600);
  assert.ok(taken.pauseMs > 0);
  assert.equal(taken.target, service.target);
  JSON.parse(readFileSync(snapshot, 'utf8'));
});

test('objects are exact, from a file by class and from the live service by path', async () => {
  const found = await json<ObjectsDocument>(0, 'objects', '--snapshot', snapshot, '--class', 'Parcel', '--limit', '2');
  assert.deepEqual([found.class, found.count, found.objects.length], ['Parcel', 5, 2]);
  assert.deepEqual(found.objects[0], {
    $type: 'object',
    class: 'Parcel',
    value: { id: 'p1', weight: 0.5, status: 'registered', courierId: null, stops: { $type: 'list', value: [] } },
  });
  const at = await json<ObjectsDocument>(
    0,
    'objects',
    service.target,
    '--path',
    'globalThis.depot.couriers["c2"].name',
  );
  assert.deepEqual(at.objects, ['Bo']);
  const none = await json<ObjectsDocument>(0, 'objects', '--snapshot', snapshot, '--class', 'Unicorn');
  assert.deepEqual([none.count, none.problems?.[0]?.code], [0, 'class-missing']);
});

test('extract: code declares, memory shows, both confirm; several snapshots add up', async () => {
  const code = await json<Model>(0, 'extract', '--source', PARCEL_SOURCE);
  const memory = await json<Model>(0, 'extract', '--snapshot', snapshot, '--memory-only');
  const carried = await json<Model>(0, 'extract', '--snapshot', snapshot);
  const joined = await json<Model>(0, 'extract', '--source', PARCEL_SOURCE, '--snapshot', snapshot);
  const parcel = (model: Model) => model.entities.find(({ name }) => name === 'Parcel');
  assert.deepEqual(
    [code, memory, carried, joined].map((model) => [parcel(model)?.status, parcel(model)?.instances]),
    [
      ['declared', undefined],
      ['observed', 5],
      ['confirmed', 5],
      ['confirmed', 5],
    ],
  );
  const steps = (model: Model) =>
    model.transitions.map((t) => JSON.stringify([t.object, t.preState, t.postState])).sort();
  assert.deepEqual([steps(memory).length, steps(carried)], [0, steps(code)], 'what runs says what the source says');
  await service.tell('collect p3 c2');
  const later = join(folder, 'two.heapsnapshot');
  assert.equal((await semstate('snapshot', service.target, '--out', later)).status, 0);
  const both = await json<Model>(0, 'extract', '--memory-only', '--snapshot', snapshot, '--snapshot', later);
  const states = parcel(both)?.attributes.find(({ name }) => name === 'status')?.states ?? [];
  assert.deepEqual(states.map(({ value }) => value).sort(), ['collected', 'registered']);
  assert.match((await semstate('extract', '--source', PARCEL_SOURCE)).stdout, /^Parcel +id +status: registered/m);
});

test('extract --target leaves no file of its own; semstate.json above the source is applied', async () => {
  const place = mkdtempSync(join(folder, 'settings-'));
  cpSync(PARCEL_SOURCE, join(place, 'src'), { recursive: true });
  const settings = { entities: { Courier: { rename: 'Driver' } }, redact: ['Parcel.weight'] };
  writeFileSync(join(place, 'semstate.json'), JSON.stringify(settings));
  const own = mkdtempSync(join(folder, 'tmp-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = own;
  try {
    const source = join(place, 'src');
    const model = await json<Model>(0, 'extract', '--source', source, '--target', service.target);
    assert.deepEqual(model.entities.map(({ name }) => name).sort(), ['Driver', 'Parcel']);
    assert.deepEqual(readdirSync(own), []);
    writeFileSync(join(place, 'semstate.json'), '{\n  "ignroe": []\n}');
    const wrong = await semstate('extract', '--source', source);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /\[workspace-file\]: .*semstate\.json, line 2: ignroe is no setting/);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
});

test('record writes events while they happen; the store answers state, check and export', async () => {
  const recording = new Running([
    'record',
    service.target,
    ...['--source', PARCEL_SOURCE, '--store', store, '--tier', 'gold', '--ndjson'],
  ]);
  await recording.said(/^recording$/m);
  await service.tell('collect p1 c1');
  await recording.said(/"postState":"collected"/);
  await service.tell('deliver p1');
  recording.child.kill('SIGINT');
  const { status, stdout, stderr } = await recording.outcome;
  assert.equal(status, 4, stderr);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EventDocument);
  assert.deepEqual(events.flatMap(faultsOf), []);
  const p1 = events.filter(({ object, attribute }) => object.id === 'p1' && attribute === 'status');
  assert.deepEqual(
    p1.map(({ preState, postState, observed }) => [preState, postState, observed]),
    [
      ['registered', 'collected', 'recorded'],
      ['collected', 'delivered', 'recorded'],
    ],
    'what happened just before the interrupt is there as well',
  );

  const state = async (...args: readonly string[]): Promise<StateDocument> =>
    json<StateDocument>(0, 'state', '--store', store, '--entity', 'Parcel:p1', ...args);
  const statusOf = ({ entities }: StateDocument): unknown => entities[0]?.attributes['status'];
  assert.equal(statusOf(await state()), 'delivered');
  assert.equal(statusOf(await state('--at', '-1')), 'delivered');
  assert.equal(statusOf(await state('--at', '1')), 'registered');
  const collected = p1[0];
  assert.equal(statusOf(await state('--at', String(collected?.seq))), 'collected');
  assert.equal(statusOf(await state('--at', String(collected?.timestamp))), 'collected');
  assert.equal((await semstate('state', '--store', store, '--at', '99999')).status, 2);
  assert.equal((await semstate('state', '--store', store, '--at', 'noon')).status, 2);
  const all = await json<StateDocument>(0, 'state', '--store', store);
  assert.ok(all.relations.some((r) => r.subject.id === 'p1' && r.object.id === 'c1'));
  assert.ok(!JSON.stringify(all).includes('secret-of-'));

  assert.deepEqual((await json<ViolationsDocument>(0, 'check', '--store', store)).violations, []);
  const ocel = await semstate('export', '--store', store, '--as', 'ocel2');
  assert.ok('objectTypes' in (JSON.parse(ocel.stdout) as object));
  assert.match((await semstate('export', '--store', store, '--as', 'mermaid')).stdout, /Parcel/);
  const csv = join(folder, 'events.csv');
  assert.equal((await semstate('export', '--store', store, '--as', 'csv', '--out', csv)).status, 0);
  assert.match(readFileSync(csv, 'utf8'), /p1,status,/);

  const model = await json<Model>(0, 'extract', '--source', PARCEL_SOURCE, '--store', store);
  const seen = model.transitions.find((t) => t.preState === 'registered' && t.postState === 'collected');
  assert.equal(seen?.count, 1, 'what was recorded is evidence');
});

test('record for a time ends by itself; check finds the broken reference, status 1', async () => {
  const broken = join(folder, 'broken.semstate');
  const record = async (): Promise<void> => {
    const args = ['record', service.target, '--source', PARCEL_SOURCE, '--store', broken, '--for', '0.1'];
    const { status, stderr } = await semstate(...args);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^recording$/m);
    await service.settled();
  };
  await service.tell('register q1 1', 'collect q1 c2');
  await record();
  assert.deepEqual((await json<ViolationsDocument>(0, 'check', '--store', broken)).violations, []);
  await service.tell('dismiss c2');
  await record();
  const { violations } = await json<ViolationsDocument>(1, 'check', '--store', broken);
  const about = violations.filter(({ law }) => law === 'references-resolve').flatMap(({ subjects }) => subjects ?? []);
  assert.ok(about.some(({ entity, id }) => entity === 'Parcel' && id === 'q1'));
  assert.deepEqual((await json<ViolationsDocument>(0, 'check', '--store', broken, '--at', '1')).violations, []);
  assert.match((await semstate('check', '--store', broken)).stdout, /^references-resolve /m);
  const first = await semstate('bisect', '--store', broken, '--law', 'references-resolve', '--entity', 'Parcel:q1');
  assert.equal(first.status, 1, first.stderr);
  assert.match(
    first.stdout,
    /^Point \d+, .*is the first bad one\. It held at point \d+\.\nreferences-resolve: Parcel q1/,
  );
  assert.equal((await semstate('bisect', '--store', broken, '--law', 'no-such')).status, 2);
  const laws = join(folder, 'laws.json');
  writeFileSync(
    laws,
    '{"laws": {"far": {"for": "Parcel", "holds": "self.id != \'q1\'", "title": "No parcel is q1."}}}',
  );
  assert.match(
    (await semstate('check', '--store', broken, '--laws', laws)).stdout,
    /^far .*Parcel q1: No parcel is q1\./m,
  );
});

test('record that is killed leaves a store that can be read and a service that is well', async () => {
  const killed = join(folder, 'killed.semstate');
  const recording = new Running(['record', service.target, '--store', killed, '--tier', 'gold', '--ndjson']);
  await recording.said(/^recording$/m);
  await service.tell('register p9 1');
  await recording.said(/"p9"/);
  const count = await service.count();
  recording.child.kill('SIGKILL');
  await recording.outcome;
  await service.settled();
  const state = await json<StateDocument>(0, 'state', '--store', killed, '--entity', 'Parcel:p9');
  assert.equal(state.entities.length, 1);
  assert.equal(await service.count(), count);
  const again = await semstate('record', service.target, '--store', killed, '--for', '0.1');
  assert.equal(again.status, 0, again.stderr);
});

test('an interrupted snapshot leaves nothing, status 4', async () => {
  const place = mkdtempSync(join(folder, 'interrupted-'));
  const count = await service.count();
  const running = new Running(['snapshot', service.target, '--out', join(place, 'x.heapsnapshot')]);
  await running.said(/heap down/);
  running.child.kill('SIGINT');
  const { status } = await running.outcome;
  assert.equal(status, 4);
  assert.deepEqual(readdirSync(place), []);
  assert.equal(await service.count(), count);
});

test('a target that dies while it is recorded: status 3, and what was seen is kept', async () => {
  await using mortal = await ParcelService.start();
  const kept = join(folder, 'mortal.semstate');
  const recording = new Running(['record', mortal.target, '--store', kept, '--ndjson']);
  await recording.said(/^recording$/m);
  await mortal.kill();
  const { status, stderr } = await recording.outcome;
  assert.equal(status, 3, stderr);
  assert.match(stderr, /target went away[\s\S]*error \[target-gone\]/);
  assert.ok((await json<StateDocument>(0, 'state', '--store', kept)).entities.length > 0);
});

test('a reader that goes away ends a recording, which leaves quietly', async () => {
  const recording = new Running([
    'record',
    service.target,
    '--store',
    join(folder, 'piped.semstate'),
    // A closed pipe is noticed by whoever writes to it: each snapshot is a line.
    ...['--method', 'snapshots', '--tier', 'gold'],
  ]);
  await recording.said(/^recording$/m);
  recording.child.stdout?.destroy();
  const { status, stderr } = await recording.outcome;
  assert.equal(status, 4, stderr);
  assert.ok(!/error|EPIPE/.test(stderr), stderr);
});

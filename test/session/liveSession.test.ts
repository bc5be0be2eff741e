// A session on a real process: from attach to a timeline, through the worker, and what happens when things go wrong.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isFailure, refKey, type Point, type Progress } from '../../src/model/index.ts';
import { createApp, extractOnce, withTimeline, type Session } from '../../src/session/index.ts';
import { openSnapshotSource } from '../../src/session/snapshotSource.ts';
import { PARCEL_SOURCE, ParcelService } from '../fixtures/parcels/parcelService.ts';

const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const statusOf = (session: Session, id: string, seq: number): unknown =>
  session.store.stateAt(seq).get(refKey({ entity: 'Parcel', id }))?.attributes['status'];

test('three snapshots of a live process become a timeline that can be stepped through', async () => {
  await using service = await ParcelService.start();
  await using app = createApp();
  const store = join(folder, 'three');
  const session = await app.openSession(
    { target: service.target, source: [PARCEL_SOURCE], store, keepSnapshots: true },
    {},
  );
  assert.ok(
    session.model().entities.some((entity) => entity.name === 'Parcel' && entity.status === 'declared'),
    'the source alone gives a model',
  );
  const heard: Point[] = [];
  const phases = new Set<Progress['phase']>();
  session.on('points', (points) => heard.push(...points));
  const work = { progress: ({ phase }: Progress) => void phases.add(phase) };

  const first = await session.takeSnapshot({}, work);
  await service.tell('collect p1 c1', 'register p6 9', 'forget p5');
  const second = await session.takeSnapshot({}, work);
  await service.tell('deliver p1', 'dismiss c1');
  const third = await session.takeSnapshot({}, work);

  assert.deepEqual([first.consistency, second.consistency, third.consistency], ['consistent', 'consistent', 'broken']);
  assert.deepEqual(
    [first, second, third].map(({ seq }) => statusOf(session, 'p1', seq)),
    ['registered', 'collected', 'delivered'],
  );
  assert.deepEqual(heard, session.store.page({ companions: true }, 0, 100).points);
  const told = heard.flatMap((p) => (p.kind === 'event' ? [`${p.object.entity} ${p.object.id} ${p.attribute}`] : []));
  for (const expected of ['Parcel p5 status', 'Parcel p1 status', 'Parcel p1 courierId', 'Parcel p6 status'])
    assert.ok(told.includes(expected), `${expected} in ${told.join(', ')}`);
  const dismissed = heard.find((p) => p.kind === 'event' && p.object.id === 'c1');
  assert.deepEqual(dismissed?.kind === 'event' && dismissed.breaks, ['references-resolve']);
  for (const phase of ['estimate', 'capture', 'source', 'extract', 'store'] as const)
    assert.ok(phases.has(phase) || phase === 'source', `${phase} was told`);
  const text = JSON.stringify([...session.store.stateAt(third.seq).values(), ...heard]);
  assert.ok(!text.includes('secret-of-'), 'no secret reaches the store');

  const seen = session.model().transitions.find((t) => t.preState === 'collected' && t.postState === 'delivered');
  assert.equal(seen?.count, 1);
  assert.deepEqual(session.store.model(), session.model());

  const kept = readdirSync(`${store}.snapshots`);
  assert.equal(kept.length, 3);
  const model = await extractOnce({ source: [], snapshots: [String(third.file)] }, {});
  assert.ok(
    model.entities.some((entity) => entity.name === 'Parcel'),
    'a kept snapshot can be read again',
  );
  await session[Symbol.asyncDispose]();
  await service.settled();

  // A second attach to the same timeline: the time between is unobserved, what changed in it is told.
  await service.tell('collect p2 c2');
  const again = await app.openSession({ target: service.target, source: [PARCEL_SOURCE], store }, {});
  const fourth = await again.takeSnapshot({}, {});
  const points = again.store.page({ from: third.time + 1 }, 0, 100).points;
  assert.equal(points[0]?.kind, 'gap');
  assert.equal(statusOf(again, 'p2', third.seq), 'registered');
  assert.equal(statusOf(again, 'p2', fourth.seq), 'collected');
  assert.equal(await service.count(), 5, 'the service is well');
});

test('a cancelled snapshot leaves nothing; the next one works', async () => {
  await using service = await ParcelService.start();
  await using app = createApp();
  const store = join(folder, 'cancelled');
  const session = await app.openSession({ target: service.target, source: [], store, keepSnapshots: true }, {});
  const stop = new AbortController();
  const progress = ({ phase }: Progress): void => {
    if (phase === 'capture') stop.abort();
  };
  const cancelled = (error: unknown): boolean => isFailure(error, 'cancelled');
  await assert.rejects(session.takeSnapshot({}, { signal: stop.signal, progress }), cancelled);
  assert.equal(session.store.summary().last, undefined);
  assert.deepEqual(existsSync(`${store}.snapshots`) ? readdirSync(`${store}.snapshots`) : [], []);
  const point = await session.takeSnapshot({}, {});
  assert.ok(point.bytes > 0);
});

/** Another debugger comes and goes: V8 numbers its objects anew after that. */
async function anotherDebugger(service: ParcelService): Promise<void> {
  const other = new WebSocket(await service.inspector());
  await new Promise((resolve) => other.addEventListener('open', resolve));
  other.send(JSON.stringify({ id: 1, method: 'HeapProfiler.enable' }));
  await new Promise((resolve) => other.addEventListener('message', resolve));
  const closed = new Promise((resolve) => other.addEventListener('close', resolve));
  other.close();
  await closed;
}

test('object ids that V8 gives anew, because another debugger left, are noticed where they are used', async () => {
  await using service = await ParcelService.start();
  await using source = await openSnapshotSource(service.target, {}, 'heap');
  await source.capture(() => undefined, {}, {});
  assert.equal(await source.heapIdsHold({}), true);
  await anotherDebugger(service);
  assert.equal(await source.heapIdsHold({}), false);
});

test('a thing stays the same thing by its type and key, wherever it lies in memory', async () => {
  await using service = await ParcelService.start();
  await using app = createApp();
  const session = await app.openSession({ target: service.target, source: [], store: join(folder, 'reset') }, {});
  const first = await session.takeSnapshot({}, {});
  await anotherDebugger(service);
  await service.tell('collect p1 c1', 'register p6 9');
  const second = await session.takeSnapshot({}, {});
  assert.equal(
    process.platform !== 'linux' || first.method === 'memory',
    true,
    'read from outside where that can be done',
  );
  assert.equal(first.method, second.method);
  const told = session.store
    .page({ companions: true }, 0, 100)
    .points.flatMap((p) =>
      p.kind === 'event' && p.change ? [`${p.object.entity} ${p.object.id} ${p.change.kind}`] : [],
    );
  assert.ok(told.includes('Parcel p6 created'), told.join());
  assert.ok(told.includes('Parcel p1 attribute'), told.join());
  assert.ok(!told.some((text) => text.endsWith('removed')), told.join());
  assert.equal(told.filter((text) => text.endsWith('created')).length, 1, told.join());
});

test('a target that vanishes is told once; the timeline stays', async () => {
  await using service = await ParcelService.start();
  await using app = createApp();
  const store = join(folder, 'vanished');
  const session = await app.openSession({ target: service.target, source: [], store }, {});
  await session.takeSnapshot({}, {});
  const reasons: string[] = [];
  const told = new Promise<void>((resolve) =>
    session.on('disconnected', ({ reason }) => {
      reasons.push(reason);
      resolve();
    }),
  );
  await service.kill();
  await told;
  assert.equal(session.connected, false);
  await assert.rejects(session.takeSnapshot({}, {}), (error) => isFailure(error, 'target-gone'));
  assert.equal(reasons.length, 1);
  assert.equal(session.store.snapshots().length, 1);
  await session[Symbol.asyncDispose]();
  assert.equal(
    withTimeline(store, (each) => each.snapshots().length),
    1,
  );
});

test('an attach that fails leaves no file', async () => {
  await using app = createApp();
  const store = join(folder, 'never');
  await assert.rejects(app.openSession({ target: 'pid:999999999', source: [], store }, {}));
  await assert.rejects(
    app.openSession({ target: `file:${join(folder, 'none')}`, source: [join(folder, 'no-source')], store }, {}),
    (error) => isFailure(error, 'source-missing'),
  );
  assert.equal(existsSync(store), false);
});

test('a file that is no snapshot is refused and leaves no point', async () => {
  await using app = createApp();
  const file = join(folder, 'foreign');
  writeFileSync(file, 'PK\u0003\u0004 nothing of a heap');
  const session = await app.openSession(
    { target: `file:${file}`, source: [], store: join(folder, 'foreign.store') },
    {},
  );
  await assert.rejects(session.takeSnapshot({}, {}), (error) => isFailure(error, 'snapshot-foreign'));
  assert.equal(session.store.summary().last, undefined);
});

// Sessions, extraction and the command line on objects that were walked through the inspector, and when that is done unasked.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Attachment, CaptureResult } from '../../src/acquire/index.ts';
import { Failure, isFailure, type Model, type ObjectsDocument, type SnapshotDocument } from '../../src/model/index.ts';
import { createApp, extractOnce } from '../../src/session/index.ts';
import { attachedSource } from '../../src/session/snapshotSource.ts';
import { faultsOf, semstate } from '../cli/semstate.ts';
import { PARCEL_SOURCE, ParcelService } from '../fixtures/parcels/parcelService.ts';

const folder = mkdtempSync(join(tmpdir(), 'semstate-walked-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const named = ({ entities }: Model): unknown =>
  entities
    .filter(({ instances }) => instances !== undefined)
    .map(({ name, status, instances, attributes }) => [
      name,
      status,
      instances,
      attributes.map(({ name: attribute, role }) => `${attribute} ${role ?? ''}`).sort(),
    ]);

test('a session by walking sees what changes; the model is that of the memory', async () => {
  await using service = await ParcelService.start();
  await using app = createApp();
  const options = { target: service.target, source: [PARCEL_SOURCE], method: 'objects' } as const;
  const session = await app.openSession({ ...options, store: join(folder, 'one') }, {});
  const first = await session.takeSnapshot({}, {});
  assert.deepEqual([first.method, first.entities > 0], ['objects', true]);
  await service.tell('collect p1 c1', 'forget p5');
  await session.takeSnapshot({}, {});
  const told = session.store
    .page({ from: first.time + 1 }, 0, 100)
    .points.flatMap((point) =>
      point.kind === 'event' ? [`${point.object.entity} ${point.object.id} ${JSON.stringify(point.postState)}`] : [],
    );
  assert.ok(told.includes('Parcel p1 "collected"'), told.join());
  assert.ok(told.includes('Parcel p5 {"$gone":true}'), told.join());
  const extracted = (method: 'auto' | 'objects'): Promise<Model> =>
    extractOnce({ source: [PARCEL_SOURCE], snapshots: [], target: service.target, method }, {});
  assert.deepEqual(named(await extracted('objects')), named(await extracted('auto')));
});

test('the commands take --method objects', async () => {
  await using service = await ParcelService.start();
  const out = join(folder, 'walked.objects');
  const json = async <T>(...args: readonly string[]): Promise<T> => {
    const { status, stdout, stderr } = await semstate(...args, '--json');
    assert.equal(status, 0, stderr);
    const document: unknown = JSON.parse(stdout);
    assert.deepEqual(faultsOf(document), []);
    return document as T;
  };
  const taken = await json<SnapshotDocument>('snapshot', service.target, '--method', 'objects', '--out', out);
  assert.equal(taken.method, 'objects');
  assert.ok(taken.pauseMs > 0);
  const found = await json<ObjectsDocument>('objects', '--snapshot', out, '--class', 'Parcel', '--limit', '1');
  assert.deepEqual(found.objects, [
    {
      $type: 'object',
      class: 'Parcel',
      value: { id: 'p1', weight: 0.5, status: 'registered', courierId: null, stops: { $type: 'list', value: [] } },
    },
  ]);
  assert.ok(found.problems?.some(({ code }) => code === 'walked'));
  const path = 'globalThis.depot.couriers["c2"].name';
  const at = await json<ObjectsDocument>('objects', service.target, '--method', 'objects', '--path', path);
  assert.deepEqual(at.objects, ['Bo']);
});

const REFUSED = new Failure('memory-out-of-reach', 'It is elsewhere.', 'Go there.');
const FULL = new Failure('no-headroom', 'There is no room.', 'Make some.');

/** An attachment of which only the ways to read it matter. */
function attachmentOf(heap: () => Promise<CaptureResult>): Attachment {
  const walked: CaptureResult = { method: 'objects', bytes: 1, pauseMs: 1 };
  const process = { pid: 1, command: '', attach: 'inspector-open' };
  const stub = { address: 'pid:1', name: 'one', process, context: {}, heap: { capture: heap } };
  return { ...stub, memory: {}, objects: { capture: () => Promise.resolve(walked) } } as unknown as Attachment;
}

test('without being asked, objects are walked only where V8 has no room for its snapshot', async () => {
  const noRoom = (): Promise<CaptureResult> => Promise.reject(FULL);
  const take = async (source: ReturnType<typeof attachedSource>): Promise<string> =>
    (await source.capture(() => undefined, {}, {})).method;
  const source = attachedSource(attachmentOf(noRoom), 'auto', REFUSED);
  assert.deepEqual([await take(source), await take(source)], ['objects', 'objects']);
  await assert.rejects(take(attachedSource(attachmentOf(noRoom), 'heap', undefined)), (e) =>
    isFailure(e, 'no-headroom'),
  );

  // After a snapshot of V8 a walk would show less, and what it does not show would seem gone.
  let isFull = false;
  const fills = (): Promise<CaptureResult> =>
    isFull ? Promise.reject(FULL) : Promise.resolve({ method: 'heap', bytes: 1, pauseMs: 1 });
  const filling = attachedSource(attachmentOf(fills), 'auto', REFUSED);
  assert.equal(await take(filling), 'heap');
  isFull = true;
  await assert.rejects(take(filling), (error) => isFailure(error, 'no-headroom'));
});

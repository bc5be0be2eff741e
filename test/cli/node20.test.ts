// The built command line on Node 20: everything that needs no timeline runs there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Model, ObjectsDocument, SnapshotDocument, TargetsDocument } from '../../src/model/index.ts';
import { nodeBinary } from '../containers/nodes.ts';
import { PARCEL_SOURCE, ParcelService } from '../fixtures/parcels/parcelService.ts';
import { faultsOf } from './semstate.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

test('ps, doctor, snapshot, objects and extract run on Node 20', { timeout: 120_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await using service = await ParcelService.start();
  const snapshot = join(folder, 'one.heapsnapshot');
  const old = nodeBinary(20);
  const text = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(old, [CLI, ...args], { encoding: 'utf8', timeout: 60_000 });
    assert.equal(status, 0, `${args[0]}: ${stderr}`);
    return stdout;
  };
  const json = <T>(...args: readonly string[]): T => {
    const document: unknown = JSON.parse(text(...args, '--json'));
    assert.deepEqual(faultsOf(document), []);
    return document as T;
  };

  const { targets } = json<TargetsDocument>('ps');
  assert.ok(targets.some(({ target }) => target === service.target));
  assert.ok(!/FAILED|not reached/.test(text('doctor', service.target)));
  await service.settled();
  assert.ok(json<SnapshotDocument>('snapshot', service.target, '--out', snapshot).bytes > 0);
  await service.settled();
  assert.equal(json<ObjectsDocument>('objects', '--snapshot', snapshot, '--class', 'Parcel').count, 5);
  const model = json<Model>('extract', '--source', PARCEL_SOURCE, '--snapshot', snapshot);
  assert.equal(model.entities.find(({ name }) => name === 'Parcel')?.status, 'confirmed');
});

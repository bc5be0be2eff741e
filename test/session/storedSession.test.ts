// A timeline that is only read, also while another program records to it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFailure, type NewPoint, type Point } from '../../src/model/index.ts';
import { EMPTY_MODEL, StoredSession } from '../../src/session/storedSession.ts';
import { openTimeline } from '../../src/timeline/index.ts';

function event(time: number, status: string): NewPoint {
  const object = { entity: 'Order', id: 1 };
  return {
    kind: 'event',
    time,
    object,
    attribute: 'status',
    preState: 'open',
    postState: status,
    observed: 'recorded',
  };
}

test('what another program adds is told, with the model it was added with', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
  const writer = openTimeline(join(folder, 'store'));
  try {
    writer.append([event(1, 'paid')]);
    await using session = new StoredSession(openTimeline(join(folder, 'store'), { readOnly: true }), [], { lookMs: 5 });
    assert.deepEqual(session.model(), EMPTY_MODEL);
    const heard = new Promise<readonly Point[]>((resolve) => session.on('points', resolve));
    const model = { ...EMPTY_MODEL, problems: [{ code: 'x', message: 'y' }] };
    writer.saveModel(model);
    const added = writer.append([event(2, 'shipped'), event(3, 'delivered')]);
    assert.deepEqual(await heard, added);
    assert.deepEqual(session.model(), model);
    assert.deepEqual(session.problems(), model.problems);
    await assert.rejects(session.takeSnapshot(), (error) => isFailure(error, 'no-target'));
  } finally {
    writer.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});

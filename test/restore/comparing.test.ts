// What a return says: each kind of difference by its name, the report before it, the checkpoint that leads to a point.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { refKey, type EntityInstance, type NewPoint, type SemanticState } from '../../src/model/index.ts';
import { chooseCheckpoint, compareStates, preflight, type StoredCheckpoint } from '../../src/restore/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';

const order = (id: number, status: string, lines: readonly number[] = []): EntityInstance => ({
  ...{ entity: 'Order', id, attributes: { id, status } },
  links: { lines: lines.map((line) => ({ entity: 'Line', id: line })) },
});
const stateOf = (...instances: readonly EntityInstance[]): SemanticState =>
  new Map(instances.map((instance) => [refKey(instance), instance]));

const snapshot = (time: number, consistency: 'consistent' | 'broken'): NewPoint => ({
  ...{ kind: 'snapshot', time, id: String(time), method: 'checkpoint', bytes: 1, pauseMs: 1 },
  ...{ consistency, entities: 1, problems: 0 },
});
const paid: NewPoint = {
  ...{ kind: 'event', time: 2_000_000, object: { entity: 'Order', id: 1 }, attribute: 'status' },
  ...{ preState: 'open', postState: 'paid', observed: 'recorded' },
  change: { kind: 'attribute', ref: { entity: 'Order', id: 1 }, attribute: 'status', before: 'open', after: 'paid' },
};
const checkpointAt = (seq: number): StoredCheckpoint => ({
  folder: `/nowhere/${seq}`,
  manifest: {
    ...{ version: 1, engine: 'docker', container: { id: 'c', name: 'shop', image: 'shop:1' }, seq },
    ...{ time: seq * 1_000_000, pauseMs: 700, bytes: 54_000_000, host: { kernel: '6.1', arch: 'x64', cpu: 'one' } },
    ...{ threads: [{ tid: 1, sp: 100 }], files: [] },
    outside: [
      { kind: 'connection', text: 'the connection 10.0.0.2:40000 to 10.0.0.9:5432', peer: '10.0.0.9:5432' },
      { kind: 'volume', text: '/data, which is the volume shop-data' },
    ],
  },
});

test('equal is said only where entities, values, relations and threads all are', () => {
  const before = { state: stateOf(order(1, 'open', [7]), order(2, 'open')), threads: [{ tid: 1, sp: 100 }] };
  assert.deepEqual(compareStates(before, before).differences, []);
  const after = {
    state: stateOf(order(1, 'paid', [8]), order(3, 'open')),
    threads: [
      { tid: 1, sp: 96 },
      { tid: 9, sp: 1 },
    ],
  };
  const { equal, differences, relations, threads } = compareStates(before, after);
  assert.deepEqual([equal, relations, threads], [false, 1, 1]);
  assert.deepEqual(differences, [
    'Order 2 is missing',
    'Order 1.status is paid and was open',
    'Order 1.lines leads to Line 8 and led to Line 7',
    'Order 3 is there and was not',
    'thread 1 stands elsewhere',
  ]);
  assert.deepEqual(compareStates(before, { state: before.state, threads: [] }).differences, ['thread 1 is missing']);
});

test('the last checkpoint until the place; of the last consistent one, those that were broken are passed over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-choosing-'));
  const store = openTimeline(join(folder, 'shop.semstate'));
  try {
    store.append([snapshot(1_000_000, 'consistent')], stateOf(order(1, 'open')));
    store.append([paid, snapshot(3_000_000, 'broken')]);
    const all = [checkpointAt(1), checkpointAt(3)];
    const chosen = (place: string): number => chooseCheckpoint(store, all, place).point.seq;
    assert.deepEqual([chosen('last-consistent'), chosen('2'), chosen('3'), chosen('-1')], [1, 1, 3, 3]);
    assert.equal(chosen('1970-01-01T00:00:02.5Z'), 1);
    assert.throws(() => chooseCheckpoint(store, [checkpointAt(3)], '2'), /no checkpoint at or before point 2/);
    assert.throws(() => chooseCheckpoint(store, [checkpointAt(3)], 'last-consistent'), /in which every law held/);
    assert.throws(() => chosen('9'), /no point at 9/);
    assert.throws(() => chosen('yesterday'), /no point to go back to/);

    const report = preflight(chooseCheckpoint(store, all, '2'), [], 1, { kernel: '6.2', arch: 'x64', cpu: 'one' });
    assert.deepEqual(report.doesNot, ['1 changes between point 1 and point 2', '/data, which is the volume shop-data']);
    assert.deepEqual(report.notice, ['10.0.0.9:5432']);
    assert.deepEqual(report.warnings, ['it was made on kernel 6.1, this is 6.2']);
    assert.ok(report.expectedMs > 500);
  } finally {
    store.dispose();
    rmSync(folder, { recursive: true });
  }
});

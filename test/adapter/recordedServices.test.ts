// Two services recorded at once, the clock of one of them five seconds ahead: what happens in turn stands in turn on the one timeline.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { createApp } from '../../src/session/index.ts';
import type { EventPoint } from '../../src/model/index.ts';
import { PARCEL_SOURCE, ParcelService } from '../fixtures/parcels/parcelService.ts';

const AHEAD_MS = 5000;

it('events of two services are merged by time, their clocks aligned', { timeout: 120_000 }, async (t) => {
  await using north = await ParcelService.start();
  await using south = await ParcelService.start(AHEAD_MS);
  const directory = mkdtempSync(join(tmpdir(), 'semstate-several-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  await using app = createApp({ dataDirectory: directory });
  const targets = [north.target, south.target];
  const session = await app.openSession(
    { target: targets, source: [PARCEL_SOURCE], store: join(directory, 'both') },
    {},
  );
  const log: string[] = [];
  session.on('log', (text) => log.push(text));
  await session.takeSnapshot({}, {});
  const recording = await session.record?.({});
  assert.equal(recording?.complete, true);
  const clocks = log.filter((line) => line.startsWith('The clock of'));
  assert.equal(clocks.length, 2);
  assert.match(clocks[0] ?? '', /agrees with ours within \d+(\.\d+)? ms\.$/);
  const ahead = /is (\d+) ms ahead of ours, give or take (\d+(?:\.\d+)?) ms: its times are corrected\.$/.exec(
    clocks[1] ?? '',
  );
  assert.ok(ahead, clocks[1]);
  assert.ok(Math.abs(Number(ahead[1]) - AHEAD_MS) <= Number(ahead[2]) + 1, clocks[1]);

  // Nearer to each other than the clocks are known, their order is not known either.
  const apart = 2 * Number(ahead[2]) + 10;
  const before = performance.timeOrigin + performance.now();
  for (let n = 1; n <= 5; n++) {
    await north.tell(`register n${n} 1`);
    await wait(apart);
    await south.tell(`register s${n} 1`);
    await wait(apart);
  }
  await recording.stop();
  const after = performance.timeOrigin + performance.now();
  const events = session.store
    .page({ kinds: ['event'], entity: 'Parcel' }, 0, 100)
    .points.filter((point): point is EventPoint => point.kind === 'event' && point.observed === 'recorded');
  assert.deepEqual(
    events.map(({ object }) => object.id),
    ['n1', 's1', 'n2', 's2', 'n3', 's3', 'n4', 's4', 'n5', 's5'],
  );
  assert.deepEqual([...new Set(events.map(({ target }) => target))], targets);
  const error = Number(ahead[2]) + 1;
  for (const { time, object } of events)
    assert.ok(time / 1000 > before - error && time / 1000 < after + error, `${object.id} happened while it was driven`);
});

// More than the ring holds: what did not fit is counted to the event, and the timeline shows a gap where it is missing.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { RecorderGroup, type ProbeAnswer, type Recorder } from '../../src/record/index.ts';
import { recordProgram, RUNNING, startProgram } from './running.ts';
import { eventsOf, line, recordSession } from './session.ts';

const DESK = join(RUNNING, 'desk.cjs');
const POOL = join(RUNNING, 'pool');

test('what does not fit is counted, with the times of the first and the last', async () => {
  await using program = await startProgram(DESK);
  await program.ask({ do: 'open', id: 'T1', note: '' });
  await using recorded = await recordProgram(program, { capacity: 1024 });
  const from = Date.now() * 1000;
  await program.ask({ do: 'burst', id: 'T1', times: 5001 });
  const events = await recorded.events();
  const lost = recorded.answers.reduce((sum, answer) => sum + answer.lost, 0);
  assert.deepEqual([events.length, lost], [1024, 5001 - 1024]);
  const { lostSince = 0, lostUntil = 0 } = recorded.answers.find((answer) => answer.lost > 0) ?? {};
  assert.ok(lostSince >= (events.at(-1)?.time ?? Infinity) - 1000 && lostUntil >= lostSince && lostSince > from - 1e6);
  await program.ask({ do: 'move', id: 'T1', to: 'waiting' });
  assert.equal((await recorded.events()).map(line).at(-1)?.endsWith('-> waiting'), true);
});

test('a burst within the ring is told to the last event, in order', async () => {
  await using program = await startProgram(DESK);
  await program.ask({ do: 'open', id: 'T1', note: '' });
  await using recorded = await recordProgram(program);
  await program.ask({ do: 'burst', id: 'T1', times: 20_000 });
  const events = await recorded.events();
  assert.equal(events.length, 20_000);
  assert.ok(events.every(({ postState }, n) => postState === (n % 2 === 0 ? 'busy' : 'open')));
  assert.equal(
    recorded.answers.reduce((sum, answer) => sum + answer.lost, 0),
    0,
  );
});

test('the timeline has a gap with the number of what was lost, and goes on after it', async () => {
  await using program = await startProgram(join(POOL, 'main.cjs'));
  await program.ask({ do: 'open', id: 'T1' });
  await using recorded = await recordSession(program, POOL);
  const times = 50_000;
  await program.ask({ do: 'burst', id: 'T1', times });
  // Only counted: to read so many takes this process longer than the other goes on unasked.
  const { store } = recorded.session;
  for (const end = Date.now() + 60_000; Date.now() < end && store.summary().events < 2 ** 16; await wait(50));
  await program.ask({ do: 'take', id: 'T1' });
  await recorded.recording.stop();
  const points = recorded.points();
  // More than one where it was asked in the middle of it.
  const gaps = points.filter((point) => point.kind === 'gap');
  const events = eventsOf(points);
  assert.ok(gaps.length > 0 && gaps.every(({ since, time }) => since <= time), 'no gap');
  assert.equal(
    gaps.reduce((sum, { lost = 0 }) => sum + lost, events.length),
    times * 3 + 1,
  );
  assert.ok(events.at(-1) && line(events.at(-1) as (typeof events)[number]).endsWith('-> taken'));
  assert.ok(
    points.every(({ time }, n) => n === 0 || time >= (points[n - 1]?.time ?? 0)),
    'out of order',
  );
});

test('threads are told in one order: what one says early waits for what the others may still say', async () => {
  const answer = (until: number, ...times: number[]): ProbeAnswer => ({
    records: times.map((t) => ({ s: 0, t, o: 1, e: 0 })),
    ...{ keys: [], contexts: [], lost: 0, silentSince: 0, until, more: false },
  });
  const thread = (...answers: ProbeAnswer[]): Recorder => ({
    plan: { entities: [], sites: [], scripts: [], files: [], problems: [] },
    ...{ refused: [], armed: 0, complete: true },
    extend: () => Promise.resolve(),
    drain: () => Promise.resolve(answers.shift() ?? answer(100)),
    keepAlive: () => Promise.resolve(),
    stop: () => Promise.resolve([]),
  });
  const group = new RecorderGroup();
  const clock = { zero: 0, now: 0 };
  group.expect(clock).add(thread(answer(10, 1, 5), answer(20, 12)));
  group.expect(clock).add(thread(answer(14, 3, 11, 13), answer(24, 15, 22)), { name: 'worker 1' });
  const told = async (last = false): Promise<number[]> => (await group.drain(last)).records.map(({ t }) => t);
  assert.deepEqual(await told(), [1, 3, 5]);
  assert.deepEqual(await told(), [11, 12, 13, 15]);
  assert.deepEqual(await told(true), [22]);
});

test('a silence ends when somebody asked again, however late the answer is read', async () => {
  const silent: ProbeAnswer = {
    ...{ records: [], keys: [], contexts: [], lost: 7, lostSince: 12, lostUntil: 14 },
    ...{ silentSince: 12, until: 90, more: false },
  };
  const group = new RecorderGroup();
  group.expect({ zero: 0, now: 0 }).add({
    plan: { entities: [], sites: [], scripts: [], files: [], problems: [] },
    ...{ refused: [], armed: 0, complete: true },
    extend: () => Promise.resolve(),
    drain: () => Promise.resolve(silent),
    keepAlive: () => Promise.resolve(),
    stop: () => Promise.resolve([]),
  });
  const { lost, silentSince, lostUntil } = await group.drain(true);
  assert.deepEqual({ lost, silentSince, lostUntil }, { lost: 7, silentSince: 12, lostUntil: 90 });
});

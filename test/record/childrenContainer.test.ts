// A cluster in a container, where all inspectors want the same port: each child is recorded, also one that takes the place of another.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { requireEngine, startContainer, type TestContainer } from '../containers/index.ts';
import { assertInOrder, assertTold, type Logged } from './crew.ts';
import { RUNNING } from './running.ts';
import { recordSession } from './session.ts';

const POOL = join(RUNNING, 'pool');
const PATIENCE_MS = 120_000;

test('a cluster in a container: what each child logs of itself is what is recorded of it', async (t) => {
  const engine = requireEngine(t);
  if (!engine) return;
  const files = Object.fromEntries(
    ['crew.cjs', 'ticket.cjs'].map((name) => [`/app/${name}`, readFileSync(join(POOL, name), 'utf8')]),
  );
  await using container = await startContainer(engine, {
    node: 24,
    files,
    env: { CREW_TICK: '50', CREW_LOGS: '/tmp' },
    command: ['node', '/app/crew.cjs'],
  });
  await eventually(() => childrenOf(container).length === 3);
  const first = childrenOf(container);
  await using recorded = await recordSession(container.target, POOL);
  assert.deepEqual(recorded.recording.notRecorded, []);
  const since = Date.now() * 1000;
  const counts = new Map<string, number>();
  recorded.session.on('points', (points) => {
    for (const point of points)
      if (point.kind === 'event' && point.thread !== undefined)
        counts.set(point.thread, (counts.get(point.thread) ?? 0) + 1);
  });
  await recorded.until(60);
  const killed = first[0] ?? 0;
  container.exec('node', '-e', `process.kill(${killed}, 'SIGKILL')`);
  const isAsWell = (): number | undefined =>
    childrenOf(container).find(
      (pid) => !first.includes(pid) && recorded.log.some((text) => text.startsWith(`child ${pid} of`)),
    );
  await eventually(() => isAsWell() !== undefined);
  const born = isAsWell() ?? 0;
  // Counted as they come: to read the whole timeline again and again would keep the recorder from asking.
  await eventually(() => (counts.get(`child ${born}`) ?? 0) >= 9);
  const until = Date.now() * 1000;
  await recorded.recording.stop();
  const points = recorded.points();
  for (const pid of [...first, born]) assertTold(points, pid, logOf(container, pid), { since, until });
  assertInOrder(points);
  const gaps = points.filter((point) => point.kind === 'gap');
  for (const start of [`child ${killed} was killed`, `child ${born} began, recorded since then`])
    assert.equal(gaps.filter(({ reason }) => reason.startsWith(start)).length, 1, JSON.stringify(gaps));
});

function childrenOf(container: TestContainer): number[] {
  const list = `require('fs').readdirSync('/tmp').filter((name) => name.endsWith('.log')).map((name) => parseInt(name))`;
  return JSON.parse(container.exec('node', '-p', `JSON.stringify(${list})`)) as number[];
}

function logOf(container: TestContainer, pid: number): Logged[] {
  const text = container.exec('node', '-p', `require('fs').readFileSync('/tmp/${pid}.log', 'utf8')`);
  return text.split('\n').flatMap((each) => (each.trim() === '' ? [] : [JSON.parse(each) as Logged]));
}

async function eventually(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !holds(); await wait(200))
    assert.ok(Date.now() < end, 'it never came to that');
}

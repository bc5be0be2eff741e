// A cluster in a container, where all inspectors want the same port: each child is recorded, also one that takes the place of another.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { requireEngine, startContainer, type TestContainer } from '../containers/index.ts';
import { RUNNING } from './running.ts';
import { eventsOf, line, recordSession } from './session.ts';

const POOL = join(RUNNING, 'pool');
const PATIENCE_MS = 60_000;

interface Logged {
  readonly time: number;
  readonly line: string;
}

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
  await recorded.until(60);
  const killed = first[0] ?? 0;
  container.exec('node', '-e', `process.kill(${killed}, 'SIGKILL')`);
  const isAsWell = (): number | undefined =>
    childrenOf(container).find(
      (pid) => !first.includes(pid) && recorded.log.some((text) => text.startsWith(`child ${pid} of`)),
    );
  await eventually(() => isAsWell() !== undefined);
  const born = isAsWell() ?? 0;
  const linesOf = (pid: number): string[] =>
    eventsOf(recorded.points())
      .filter(({ thread }) => thread === `child ${pid}`)
      .map((event) => line(event).replace(` in child ${pid}`, ''));
  await eventually(() => linesOf(born).length >= 9);
  const until = Date.now() * 1000;
  await recorded.recording.stop();
  const gaps = recorded.points().filter((point) => point.kind === 'gap');
  const isMissing = (time: number): boolean => gaps.some((gap) => time >= gap.since - 20_000 && time <= gap.time);
  for (const pid of [...first, born]) {
    const told = linesOf(pid);
    const log = logOf(container, pid);
    const at = log.findIndex((each) => each.line === told[0]);
    assert.deepEqual(
      told,
      log.slice(at, at + told.length).map((each) => each.line),
      `child ${pid}`,
    );
    const untold = [...log.slice(0, at), ...log.slice(at + told.length)].filter(
      ({ time }) => time > since && time < until,
    );
    assert.deepEqual(
      untold.filter(({ time }) => !isMissing(time)),
      [],
      JSON.stringify(gaps),
    );
  }
  const order = eventsOf(recorded.points()).map(({ time }) => time);
  assert.ok(
    order.every((time, n) => n === 0 || time >= (order[n - 1] ?? 0)),
    'out of order',
  );
  assert.equal(gaps.length, 2, JSON.stringify(gaps));
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

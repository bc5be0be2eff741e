// A service that keeps its state in a database, driven while it is recorded: what was recorded is what its driver saw, thing by thing, in
// order. As a process of each Node, and in a container.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { EventDocument } from '../../src/model/index.ts';
import { faultsOf, Running } from '../cli/semstate.ts';
import { requireEngine, startContainer } from '../containers/index.ts';
import {
  buildOrm,
  drive,
  linesOf,
  livesOf,
  ORM,
  ORM_PACKAGES,
  ORM_SOURCE,
  requireOrm,
  seenIn,
  type Seen,
} from './ormService.ts';
import { nodes } from './service.ts';

const OPERATIONS = '240';
const DRIVER = join(ORM, 'drive.mjs');
let built: ReturnType<typeof buildOrm>;
before(() => (built = buildOrm()));
after(() => built.remove());

/** Records while the work is done. @returns every event that was recorded */
async function recorded(target: string, work: () => Promise<Seen[]>): Promise<[EventDocument[], Seen[]]> {
  const store = join(built.dir, `${target.replace(/\W+/g, '-')}.semstate`);
  const recording = new Running(['record', target, '--source', ORM_SOURCE, '--store', store, '--ndjson']);
  await recording.said(/^recording$/m);
  const log = await work();
  recording.child.kill('SIGINT');
  const { stdout, stderr } = await recording.outcome;
  assert.doesNotMatch(stderr, /is not recorded|could not be/);
  return [linesOf(stdout) as EventDocument[], log];
}

function assertEqual([events, log]: readonly [EventDocument[], Seen[]]): void {
  assert.ok(log.length > 60, `${log.length} changes are enough to compare`);
  assert.deepEqual(livesOf(seenIn(events, log)), livesOf(log));
  const spoken = events.filter(({ observed }) => observed === 'recorded');
  assert.ok(spoken.every(({ source, method }) => source?.file.endsWith('.ts') && method === 'edit'));
  assert.deepEqual(events.flatMap(faultsOf), []);
}

for (const { name, path } of nodes()) {
  test(`a service on an ORM, Node ${name}: recorded is what the driver saw`, async (t) => {
    if (!requireOrm(t)) return;
    const env = { ...process.env, PORT: String(await freePort()), OPS: OPERATIONS };
    const service = spawn(path, ['--inspect-port=0', join(built.dir, 'dist', 'main.js')], { env });
    try {
      await once(service.stdout, 'data');
      assertEqual(await recorded(`pid:${service.pid}`, () => drive([process.execPath, DRIVER], env)));
    } finally {
      service.kill('SIGKILL');
    }
  });
}

test('a service on an ORM in a container: recorded is what the driver saw', async (t) => {
  if (!requireOrm(t)) return;
  const engine = requireEngine(t);
  if (!engine) return;
  await using container = await startContainer(engine, {
    node: 24,
    command: ['node', '/orm/dist/main.js'],
    env: { OPS: OPERATIONS },
    flags: ['-v', `${built.dir}:/orm:ro`, '-v', `${ORM_PACKAGES}:/node_modules:ro`, '-v', `${DRIVER}:/drive.mjs:ro`],
  });
  const { program, args, env } = engine.command;
  const inside = [program, ...args, 'exec', container.name, 'node', '/drive.mjs'];
  assertEqual(await recorded(container.target, () => drive(inside, env)));
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

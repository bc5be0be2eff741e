// A container that is killed while it is recorded: what was seen is kept, its end is told; and each event says where it happened.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTimeline } from '../../src/timeline/index.ts';
import { requireEngine, startContainer } from '../containers/index.ts';
import { RUNNING } from './running.ts';
import { eventsOf, recordSession } from './session.ts';

const POOL = join(RUNNING, 'pool');
const TICK = `
const { act } = require('./act.cjs');
let n = 0;
setInterval(() => { const id = 'T' + ++n; act({ do: 'open', id }); act({ do: 'take', id }); }, 100);
console.log('ready');
`;

test('a killed container leaves a timeline that can be read, and says that it was killed', async (t) => {
  const engine = requireEngine(t);
  if (!engine) return;
  const files = Object.fromEntries(
    ['act.cjs', 'ticket.cjs'].map((name) => [`/app/${name}`, readFileSync(join(POOL, name), 'utf8')]),
  );
  await using container = await startContainer(engine, {
    node: 24,
    files: { ...files, '/app/tick.cjs': TICK },
    command: ['node', '/app/tick.cjs'],
  });
  await using recorded = await recordSession(container.target, POOL);
  const gone = new Promise<string>((done) => recorded.session.on('disconnected', ({ reason }) => done(reason)));
  const [first] = await recorded.until(10);
  assert.deepEqual(
    first?.context?.space.find(({ name }) => name === 'container')?.value,
    container.name,
    JSON.stringify(first?.context),
  );
  container.run('kill');
  assert.match(await gone, /137|SIGKILL|killed|ended|exited/i);
  const { file } = recorded.session.store;
  const seen = eventsOf(recorded.points()).length;
  assert.ok(seen >= 10);
  const again = openTimeline(file, { readOnly: true });
  assert.ok(again.summary().events >= seen);
  again.dispose();
});

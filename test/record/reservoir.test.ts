// A service whose things only pass through its memory: some of them are kept, few and young, so that a snapshot has something to read.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { redacted } from '../../src/model/index.ts';
import { look, recordProgram, RUNNING, startProgram, type Program, type Recorded } from './running.ts';
import { recordSession } from './session.ts';

const DESK = join(RUNNING, 'desk.cjs');
const ROWS = join(RUNNING, 'rows');

/** Ids that are held, by state. */
function held(recorded: Pick<Recorded, 'attachment'>): Promise<{ readonly [state: string]: readonly string[] }> {
  return look(
    recorded,
    `(() => { const [shelf] = globalThis['$semstate$probe'].reservoir;
       return Object.fromEntries([...shelf.states].map(([state, row]) => [state, [...row.values()].flatMap(({ object }) => object ? [object.id] : [])])); })()`,
  );
}

async function pass(program: Program, id: string, to: string): Promise<void> {
  await program.ask({ do: 'pass', id, to });
}

test('by type and state, the latest of each thing, so many of each', async () => {
  await using program = await startProgram(DESK);
  await using recorded = await recordProgram(program, { reservoir: { perState: 3, perType: 5, ageMs: 60_000 } });
  // Twice the same thing in two objects: it is read from somewhere else each time.
  await pass(program, 'T0', 'paid');
  await pass(program, 'T0', 'sent');
  for (const n of [1, 2, 3, 4]) await pass(program, `T${n}`, 'paid');
  await recorded.events();
  assert.deepEqual(await held(recorded), { sent: ['T0'], paid: ['T2', 'T3', 'T4'] });
  await pass(program, 'T3', 'sent');
  await pass(program, 'T5', 'lost');
  await recorded.events();
  assert.deepEqual(await held(recorded), { sent: ['T0', 'T3'], paid: ['T2', 'T4'], lost: ['T5'] });
});

test('what is old is let go, and all of it when nobody asks any more', async () => {
  await using program = await startProgram(DESK);
  await using recorded = await recordProgram(program, { reservoir: { ageMs: 1000 } });
  await pass(program, 'T0', 'paid');
  await pass(program, 'T0', 'sent');
  await recorded.events();
  assert.deepEqual(await held(recorded), { sent: ['T0'] });
  await wait(1200);
  await recorded.events();
  assert.deepEqual(await held(recorded), {});
  await pass(program, 'T0', 'sent');
  await recorded.events();
  await wait(4500);
  assert.deepEqual(await held(recorded), {});
});

test('what the program keeps itself is not kept from being let go', async () => {
  await using program = await startProgram(DESK);
  await using recorded = await recordProgram(program);
  await program.ask({ do: 'open', id: 'T1', note: '' });
  await program.ask({ do: 'move', id: 'T1', to: 'paid' });
  await recorded.events();
  assert.deepEqual(await held(recorded), { paid: [] });
});

test('a snapshot of a service with an empty heap has instances to read, and no entity that is not its own', async () => {
  await using program = await startProgram(join(ROWS, 'main.cjs'));
  await using recorded = await recordSession(program, ROWS);
  const { session } = recorded;
  const entities = (): string[] =>
    session
      .model()
      .entities.map(({ name }) => name)
      .sort();
  const before = entities();
  for (const n of [1, 2, 3]) await program.ask({ do: 'order', id: `P${n}`, weight: n });
  await program.ask({ do: 'change', id: 'P1', how: 'pack' });
  await program.ask({ do: 'change', id: 'P1', how: 'send' });
  for (const n of [2, 3]) await program.ask({ do: 'change', id: `P${n}`, how: 'pack' });
  const events = await recorded.until(7);
  const made = events.filter(({ change }) => change?.kind === 'created');
  // That there is a secret is told, and nothing of it.
  for (const { change } of made)
    assert.deepEqual(change?.kind === 'created' && change.instance.attributes['pickupToken'], redacted());
  assert.equal(made.length, 3);
  const { entities: read } = await session.takeSnapshot({}, {});
  assert.ok(read >= 3, `${read} were read`);
  assert.deepEqual(entities(), before);
  const last = session.store.summary().last;
  const state = last && [...session.store.stateAt(last.seq).values()];
  assert.deepEqual(
    state?.map(({ entity, id, attributes }) => `${entity} ${id} ${String(attributes['status'])}`).sort(),
    ['Parcel P1 sent', 'Parcel P2 packed', 'Parcel P3 packed'],
  );
  for (const { attributes } of state ?? []) assert.deepEqual(attributes['pickupToken'], redacted());
  assert.ok(!JSON.stringify(recorded.points()).includes('hunter-'));
});

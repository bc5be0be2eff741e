// What V8 cannot edit, in real processes of each Node: one long line is watched by breakpoints that never stop; functions that several
// closures share can be called after an edit; arrow functions without braces take their edit over.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Ledger, startRecorder, type Recorder } from '../../src/record/index.ts';
import { attachTo, nodes, planFor, startService, type Service } from './service.ts';

const NARROW = [
  ['create', ['NEW -> draft']],
  ['assign', ['draft -> packed']],
  ['skip', ['packed -> sent']],
  ['skip', []],
  ['call', ['sent -> back']],
  ['argument', ['back -> argued']],
  ['variable', ['argued -> varied']],
  ['merge', ['varied -> merged']],
  ['wait', ['merged -> awaited']],
  ['branch', []],
  ['remove', ['awaited -> GONE']],
] as const;

const ARROWS = [
  ['create', ['NEW -> draft']],
  ['close', ['draft -> closed']],
  ['renew', ['closed -> renewed']],
  // The name of the value could be mistaken for the name of the probe, so this one is watched.
  ['mark', ['renewed -> marked'], 'breakpoint'],
  ['left', ['marked -> left']],
  ['right', ['left -> right']],
] as const;

for (const { name, path } of nodes()) {
  describe(`Node ${name}`, () => {
    test('a long line is watched, and tells what it does', () => drive(path, 'narrow.cjs', NARROW, 'breakpoint'));
    test('arrow functions and shared closures are edited, and go on', () => drive(path, 'arrows.cjs', ARROWS, 'edit'));
  });
}

async function drive(
  path: string,
  file: string,
  forms: readonly (readonly [string, readonly string[], string?])[],
  method: 'edit' | 'breakpoint',
): Promise<void> {
  await using service = await startService(path, file);
  const attachment = await attachTo(service);
  const plan = await planFor(attachment);
  const recorder = await startRecorder(attachment, plan, {});
  assert.deepEqual(recorder.refused, []);
  const ledger = new Ledger(recorder.plan);
  for (const [form, expected, other] of forms) await tells(service, recorder, ledger, form, expected, other ?? method);
  assert.deepEqual(await recorder.stop(), []);
  const restored = await planFor(attachment);
  assert.deepEqual(
    restored.scripts.map((each) => each.original),
    plan.scripts.map((each) => each.original),
  );
  await service.ask('create');
  await attachment[Symbol.asyncDispose]();
}

async function tells(
  service: Service,
  recorder: Recorder,
  ledger: Ledger,
  form: string,
  expected: readonly string[],
  method: string,
): Promise<void> {
  await service.ask(form);
  const events = ledger.read(await recorder.drain());
  // A watched place reads what became of it when the turn is over; the question may come before that.
  for (let n = 0; n < 20 && events.length < expected.length; n++) {
    await wait(20);
    events.push(...ledger.read(await recorder.drain()));
  }
  const arrows = events.map(({ preState, postState }) => `${edge(preState, 'NEW')} -> ${edge(postState, 'GONE')}`);
  assert.deepEqual(arrows, expected, form);
  for (const event of events) assert.equal(event.method, method, form);
}

function edge(state: unknown, other: string): string {
  return typeof state === 'string' ? state : other;
}

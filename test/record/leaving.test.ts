// Things that leave the collections they are kept in, in real processes of each Node: told once as removals; what is only moved, listed
// or replaced by its next version is none, and the program answers as it does unobserved.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { extractModel } from '../../src/extract/index.ts';
import { GONE, type Model } from '../../src/model/index.ts';
import { Ledger, planRecording, runningScripts, startRecorder } from '../../src/record/index.ts';
import { createFileHost } from '../../src/session/worker/fileHost.ts';
import { readSources } from '../../src/source/index.ts';
import { attachTo, FIXTURES, nodes, PARCELS, startService } from './service.ts';
import { line } from './session.ts';

const ROOT = join(FIXTURES, '../leaving');
const STEPS: readonly (readonly [string, readonly string[]])[] = [
  ['add', ['C1 made']],
  ['filter', ['C1 gone']],
  ['add', ['C2 made']],
  ['splice', ['C2 gone']],
  ['add', ['C3 made']],
  ['pop', ['C3 gone']],
  ['add', ['C4 made']],
  ['shift', ['C4 gone']],
  ['add', ['C5 made']],
  ['move', []],
  ['add', ['C6 made']],
  ['renew', []],
  ['rotate', []],
  ['brief', ['C7 made', 'C7 gone']],
  ['add', ['C8 made']],
  ['length', ['C6 gone', 'C8 gone']],
  ['addPallet', ['P9 made']],
  ['queue', []],
  ['delete', ['P9 gone']],
  ['addPallet', ['P10 made']],
  ['clear', ['P10 gone']],
  ['add', ['C11 made']],
  ['copy', ['C11 gone']],
];

/** What extraction says of the fixture, in short. */
const DEPOT: Model = {
  ...PARCELS,
  entities: ['Crate', 'Pallet'].map((name) => ({
    name,
    identity: ['id'],
    status: 'declared',
    attributes: [
      { name: 'id', type: 'string', role: 'identity' },
      { name: 'status', type: 'enum', role: 'state' },
    ],
  })),
  transitions: ['Crate', 'Pallet'].map((object) => ({
    object,
    attribute: 'status',
    preState: { $any: true },
    postState: GONE,
    status: 'declared',
  })),
};

for (const { name, path } of nodes())
  describe(`Node ${name}`, () => {
    test('what leaves its collection is told as removed, once', async () => {
      await using plain = await startService(path, '../leaving/depot.cjs');
      await using service = await startService(path, '../leaving/depot.cjs');
      const attachment = await attachTo(service);
      const scripts = (await runningScripts(attachment, {})).filter(({ url }) => url.includes('fixtures/leaving'));
      const code = readSources(
        [ROOT],
        createFileHost(() => undefined),
      );
      const plan = planRecording(DEPOT, code, scripts);
      const recorder = await startRecorder(attachment, plan, {});
      const ledger = new Ledger(recorder.plan);
      for (const [step, expected] of STEPS) {
        assert.deepEqual(await service.ask(step), await plain.ask(step), step);
        const told = ledger.read(await recorder.drain()).map(({ object, preState, postState }) => {
          if (isEdge(postState, '$gone')) return `${object?.id} gone`;
          return `${object?.id} ${isEdge(preState, '$new') ? 'made' : 'changed'}`;
        });
        assert.deepEqual(told, expected, step);
      }
      assert.deepEqual(await recorder.stop(), []);
      await attachment[Symbol.asyncDispose]();
    });
  });

test('what the code alone says of a list is enough to tell what leaves it', async () => {
  await using service = await startService(process.execPath, '../letting/lockers.cjs');
  const attachment = await attachTo(service);
  const scripts = (await runningScripts(attachment, {})).filter(({ url }) => url.includes('fixtures/letting'));
  const code = readSources(
    [join(FIXTURES, '../letting')],
    createFileHost(() => undefined),
  );
  const recorder = await startRecorder(attachment, planRecording(extractModel({ code }).model, code, scripts), {});
  const ledger = new Ledger(recorder.plan);
  const gone: Record<string, string[]> = {};
  for (const step of ['build', 'rent', 'tear', 'last', 'first', 'keepFree', 'close']) {
    await service.ask(step);
    gone[step] = ledger
      .read(await recorder.drain())
      .flatMap((event) => (isEdge(event.postState, '$gone') ? [line(event)] : []));
  }
  assert.deepEqual(gone, {
    build: [],
    rent: [],
    tear: ['2: free -> gone'],
    last: ['6: free -> gone'],
    first: ['1: free -> gone'],
    keepFree: ['4: rented -> gone'],
    close: ['3: free -> gone', '5: free -> gone'],
  });
  assert.deepEqual(await recorder.stop(), []);
  await attachment[Symbol.asyncDispose]();
});

function isEdge(state: unknown, marker: string): boolean {
  return typeof state === 'object' && state !== null && marker in state;
}

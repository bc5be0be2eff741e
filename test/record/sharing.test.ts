// Things whose states are variables that functions share, in real processes of each Node: made and changed as told by the code alone, and
// the program answers as it does unobserved.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { extractModel } from '../../src/extract/index.ts';
import { Ledger, planRecording, runningScripts, startRecorder } from '../../src/record/index.ts';
import { createFileHost } from '../../src/session/worker/fileHost.ts';
import { readSources } from '../../src/source/index.ts';
import { attachTo, FIXTURES, nodes, startService } from './service.ts';
import { line } from './session.ts';

const STEPS: readonly (readonly [string, readonly string[]])[] = [
  ['add', ['C1: new -> yard', 'C1: new -> false', 'C2: new -> yard', 'C2: new -> false']],
  ['seal', ['C1: false -> true']],
  ['load', ['C1: yard -> aboard', 'C2: yard -> aboard']],
  ['land', ['C2: aboard -> quay']],
  ['open', ['C1: true -> false']],
  ['shown', []],
];

for (const { name, path } of nodes())
  describe(`Node ${name}`, () => {
    test('variables that the functions of a thing share are its states', async () => {
      await using plain = await startService(path, '../sharing/crates.cjs');
      await using service = await startService(path, '../sharing/crates.cjs');
      const attachment = await attachTo(service);
      const scripts = (await runningScripts(attachment, {})).filter(({ url }) => url.includes('fixtures/sharing'));
      const code = readSources(
        [join(FIXTURES, '../sharing')],
        createFileHost(() => undefined),
      );
      const recorder = await startRecorder(attachment, planRecording(extractModel({ code }).model, code, scripts), {});
      assert.deepEqual(recorder.refused, []);
      const ledger = new Ledger(recorder.plan);
      for (const [step, expected] of STEPS) {
        assert.deepEqual(await service.ask(step), await plain.ask(step), step);
        assert.deepEqual(
          ledger
            .read(await recorder.drain())
            .map(line)
            .sort(),
          [...expected].sort(),
          step,
        );
      }
      assert.deepEqual(await recorder.stop(), []);
      await attachment[Symbol.asyncDispose]();
    });
  });

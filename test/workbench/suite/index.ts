// Entry of the suite inside the extension host: the same for the workbench in Chromium and for a desktop VS Code.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { defineSuite } from './extension.ts';
import { defineModelSuite } from './model.ts';

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  defineSuite();
  defineModelSuite();
  const results: { title: string; ok: boolean; error?: string }[] = [];
  const failures = await new Promise<number>((done) => {
    mocha
      .run(done)
      .on('pass', (test) => results.push({ title: test.fullTitle(), ok: true }))
      .on('fail', (test, error: Error) =>
        results.push({ title: test.fullTitle(), ok: false, error: error.stack ?? error.message }),
      );
  });
  const file = process.env['SEMSTATE_RESULTS'];
  if (file) writeFileSync(file, JSON.stringify(results));
  if (failures) throw new Error(`${failures} of ${results.length} tests failed`);
}

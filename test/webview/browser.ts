// Chromium for the panel's tests, and the panel over a recording in one of its shapes and themes.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { serveFixtures, type FixtureServer } from './fixturePage.ts';

export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const OUT = join(dirname(fileURLToPath(import.meta.url)), '../out');

/** Why the tests are skipped, or false; where a workbench is required, a missing Chromium is a failure. */
export function skipReason(): string | false {
  if (existsSync(CHROMIUM) || process.env['REQUIRE_VSCODE'] === '1') return false;
  return `no Chromium at ${CHROMIUM}`;
}

export const SHAPES = {
  panel: { width: 1400, height: 380 },
  tab: { width: 1180, height: 1000 },
  sidebar: { width: 300, height: 860 },
} as const;

export const THEMES = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'high-contrast': 'vscode-high-contrast',
  'high-contrast-light': 'vscode-high-contrast vscode-high-contrast-light',
} as const;

export interface Opened {
  readonly shape?: keyof typeof SHAPES;
  readonly theme?: keyof typeof THEMES;
  readonly focus?: { readonly entity: string; readonly id: string | number } | undefined;
  readonly seq?: number;
  readonly events?: number;
  readonly minutes?: number;
  readonly hostile?: boolean;
  readonly fixture?: 'hostile' | 'rightToLeft' | 'nothing' | 'one' | 'torn';
  readonly chinese?: boolean;
  readonly instead?: { readonly [name: string]: unknown };
  readonly kept?: unknown;
  readonly motion?: 'reduce' | 'no-preference';
}

export const STUCK = { entity: 'Order', id: 5120 };

/**
 * One browser, one server and one page for a file of tests: the page is loaded once, and each test finds a panel freshly mounted
 * over a host of its own, in its own shape and theme.
 */
export class Bench {
  #browser: Browser | undefined;
  #server: FixtureServer | undefined;
  #page: Page | undefined;
  readonly #faults = new Map<Page, string[]>();

  async start(): Promise<void> {
    [this.#server, this.#browser] = await Promise.all([
      serveFixtures(),
      chromium.launch({ executablePath: CHROMIUM, args: QUIET }),
    ]);
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    this.#server?.close();
  }

  async open(options: Opened = {}): Promise<Page> {
    const { shape = 'panel', theme = 'dark', motion = 'reduce', ...rest } = options;
    // A test that failed may have left anything behind: the next one begins with a page that nobody has touched.
    const page = (this.#page && (await emptied(this.#page)) ? this.#page : undefined) ?? (await this.#load());
    this.#page = page;
    this.#faults.set(page, []);
    await page.setViewportSize(SHAPES[shape]);
    await page.emulateMedia({ reducedMotion: motion });
    await page.evaluate(`document.body.className = ${JSON.stringify(THEMES[theme])}`);
    await page.evaluate(`start(${JSON.stringify({ focus: STUCK, ...rest })})`);
    await page.waitForSelector('.toolbar *', { state: 'attached' });
    await settled(page);
    return page;
  }

  async #load(): Promise<Page> {
    if (!this.#browser || !this.#server) throw new Error('the bench was not started');
    await this.#page?.context().close();
    const context = await this.#browser.newContext({ timezoneId: 'UTC', locale: 'en-GB' });
    const page = await context.newPage();
    const note = (fault: string): void => void this.#faults.get(page)?.push(fault);
    page.on('pageerror', (error) => note(String(error.stack ?? error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') note(message.text());
    });
    page.on('dialog', (dialog) => {
      note(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    this.#faults.set(page, []);
    // The page's module script has run when the page has loaded.
    await page.goto(this.#server.address);
    const faults = this.#faults.get(page) ?? [];
    if (faults.length > 0) throw new Error(faults.join('\n'));
    return page;
  }

  /** What went wrong in the page: errors, and what the content security policy refused. */
  faults(page: Page): readonly string[] {
    return this.#faults.get(page) ?? [];
  }
}

/** Takes the panel out of the page. @returns whether nothing of it stayed */
async function emptied(page: Page): Promise<boolean> {
  await page.mouse.move(0, 0);
  return page.evaluate(`(() => {
    document.activeElement?.blur();
    unmount();
    for (const name of ['kept', 'hit']) delete globalThis[name];
    return document.getElementById('panel').childNodes.length === 0;
  })()`);
}

/** Until nothing was asked and nothing drawn for a moment. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(`new Promise((done) => {
    let [calls, quiet] = [-1, 0];
    const look = () => {
      quiet = host.calls.length === calls ? quiet + 1 : 0;
      calls = host.calls.length;
      if (quiet > 4) done(); else requestAnimationFrame(look);
    };
    look();
  })`);
}

/** Until an expression of the page is true; the page's policy forbids it to evaluate one by itself. */
export async function until(page: Page, expression: string): Promise<void> {
  for (const end = Date.now() + 60_000; !(await page.evaluate(expression)); await page.waitForTimeout(30))
    if (Date.now() > end) throw new Error(`never true: ${expression}`);
}

/** Arguments of the requests of one name, oldest first. */
export function callsOf(page: Page, name: string): Promise<unknown[]> {
  return page.evaluate(`host.calls.filter((call) => call.name === ${JSON.stringify(name)}).map((call) => call.args)`);
}

/** For people to look at, with PICTURES=1: taking one is slower than all that is tested about it. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['PICTURES'] !== '1') return;
  mkdirSync(OUT, { recursive: true });
  await page.screenshot({ path: join(OUT, `${name}.png`) });
}

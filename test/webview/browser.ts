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
  readonly instead?: { readonly [name: string]: unknown };
  readonly kept?: unknown;
  readonly motion?: 'reduce' | 'no-preference';
}

export const STUCK = { entity: 'Order', id: 5120 };

/** One browser and one server for a file of tests. Pages with errors or refused content fail when they are closed. */
export class Bench {
  #browser: Browser | undefined;
  #server: FixtureServer | undefined;
  readonly #faults = new Map<Page, string[]>();

  async start(): Promise<void> {
    this.#server = await serveFixtures();
    this.#browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    this.#server?.close();
  }

  async open(options: Opened = {}): Promise<Page> {
    if (!this.#browser || !this.#server) throw new Error('the bench was not started');
    const { shape = 'panel', theme = 'dark', motion = 'reduce', ...rest } = options;
    const context = await this.#browser.newContext({
      viewport: SHAPES[shape],
      timezoneId: 'UTC',
      locale: 'en-GB',
      reducedMotion: motion,
    });
    const page = await context.newPage();
    const faults: string[] = [];
    this.#faults.set(page, faults);
    page.on('pageerror', (error) => faults.push(String(error.stack ?? error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
    });
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(`${this.#server.address}/?theme=${encodeURIComponent(THEMES[theme])}`);
    // The page's module script has run when the page has loaded.
    await page.evaluate(`start(${JSON.stringify({ focus: STUCK, ...rest })})`);
    await page.waitForSelector('.toolbar *', { state: 'attached' });
    await settled(page);
    return page;
  }

  /** What went wrong in the page: errors, and what the content security policy refused. */
  faults(page: Page): readonly string[] {
    return this.#faults.get(page) ?? [];
  }
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

/** Arguments of the requests of one name, oldest first. */
export function callsOf(page: Page, name: string): Promise<unknown[]> {
  return page.evaluate(`host.calls.filter((call) => call.name === ${JSON.stringify(name)}).map((call) => call.args)`);
}

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  await page.screenshot({ path: join(OUT, `${name}.png`) });
}

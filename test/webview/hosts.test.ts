// The panel's two real hosts: a page of its own over a WebSocket, and a webview of VS Code, both with the built bundle's entry,
// under the strictest policy, answered in Node by a recording.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { WebSocketServer, type WebSocket } from 'ws';
import { servePage } from '../../src/cli/pageServer.ts';
import type { PanelMessage } from '../../src/present/index.ts';
import { CHROMIUM, QUIET, SHAPES, skipReason, STUCK } from './browser.ts';
import { record } from './recording.ts';
import { RecordedHost } from './recordedHost.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** What VS Code gives to its webviews, kept small: messages go up through a function of the test. */
const VSCODE = `
  let kept = { view: 'states' };
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => globalThis.toExtension(message),
    getState: () => kept,
    setState: (value) => { kept = value; globalThis.keptState = value; },
  });
`;

suite('the hosts of the panel', { skip: skipReason() }, () => {
  const recording = record(380, 46);
  const dictionary = readFileSync(join(root, 'l10n/panel.zh-cn.json'), 'utf8');
  let browser: Browser | undefined;
  let server: Server | undefined;
  let sockets: WebSocketServer | undefined;
  let address = '';
  const urls: string[] = [];
  const open = new Set<WebSocket>();
  let panel = new RecordedHost(recording, STUCK);

  before(async () => {
    const { outputFiles } = await build({
      entryPoints: [join(root, 'webview/panel.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      minify: true,
    });
    const files: { readonly [path: string]: readonly [string, string] } = {
      '/panel.js': ['text/javascript', outputFiles[0]?.text ?? ''],
      '/panel.css': ['text/css', readFileSync(join(root, 'webview/panel.css'), 'utf8')],
      '/vscode.js': ['text/javascript', VSCODE],
      '/': ['text/html', page('')],
      '/panel.zh-cn.json': ['application/json', dictionary],
      '/webview': ['text/html', page('<script src="/vscode.js"></script>')],
      '/webview-chinese': [
        'text/html',
        page(
          `<script src="/vscode.js"></script><script type="application/json" id="texts">${dictionary.replaceAll('<', '\\u003c')}</script>`,
        ),
      ],
    };
    server = createServer((request, response) => {
      const [type, text] = files[new URL(request.url ?? '/', 'http://localhost').pathname] ?? ['text/plain', ''];
      response.setHeader('content-type', `${type}; charset=utf-8`);
      response.setHeader(
        'content-security-policy',
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'",
      );
      response.end(text);
    });
    sockets = new WebSocketServer({ server, path: '/ws' });
    sockets.on('connection', (socket, request) => {
      urls.push(request.url ?? '');
      open.add(socket);
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as PanelMessage;
        void answer(panel, message).then((reply) => socket.send(JSON.stringify(reply)));
      });
      panel.on('semantic/cursor', (body) =>
        socket.send(JSON.stringify({ type: 'event', name: 'semantic/cursor', body })),
      );
      socket.on('close', () => open.delete(socket));
    });
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  });

  after(async () => {
    await browser?.close();
    for (const socket of open) socket.terminate();
    sockets?.close();
    server?.close();
  });

  async function visit(
    path: string,
    prepare?: (page: Page) => Promise<void>,
    locale = 'en-GB',
  ): Promise<{ page: Page; faults: string[] }> {
    assert.ok(browser);
    const more = { timezoneId: 'UTC', colorScheme: 'light', locale } as const;
    const context = await browser.newContext({ viewport: SHAPES.panel, ...more });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await prepare?.(page);
    await page.goto(address + path);
    return { page, faults };
  }

  test('a page of its own: token forwarded, theme of the system, steps both ways, and it comes back after a lost connection', async () => {
    const { page, faults } = await visit('/#token=s3cret');
    await page.waitForSelector('.why .lead');
    assert.deepEqual(urls, ['/ws?token=s3cret']);
    assert.match((await page.getAttribute('body', 'class')) ?? '', /vscode-light/);
    await page.keyboard.press('ArrowLeft');
    await page.waitForSelector(`.position:has-text("${recording.events.length - 1} of")`);
    panel.move(230);
    await page.waitForSelector('.position:has-text("230 of")');
    assert.deepEqual(faults, []);
    for (const socket of open) socket.terminate();
    await page.waitForSelector('.notice');
    assert.match(await page.innerText('.notice'), /connection to the debugger was lost/);
    for (let wait = 0; wait < 50 && urls.length < 2; wait++) await page.waitForTimeout(100);
    assert.equal(urls.length, 2, 'connected again');
    await page.waitForSelector('.notice', { state: 'detached' });
    panel.move(200);
    await page.waitForSelector('.position:has-text("200 of")');
    await page.context().close();
  });

  test('a webview of VS Code: the same messages by postMessage, failures with what to do, the view kept', async () => {
    panel = new RecordedHost(recording, STUCK);
    const { page, faults } = await visit('/webview', async (fresh) => {
      await fresh.exposeFunction('toExtension', async (message: PanelMessage) => {
        const refused = message.type === 'request' && message.name === 'semantic/takeSnapshot';
        const failure = { code: 'no-headroom', message: 'Too little memory is left.', action: 'Raise the limit.' };
        const reply = refused ? { type: 'response', id: message.id, failure } : await answer(panel, message);
        await fresh.evaluate(`postMessage(${JSON.stringify(reply)}, '*')`);
      });
    });
    await page.waitForSelector('.machinePicture svg');
    await page.keyboard.press('t');
    await page.waitForSelector('.why .lead');
    assert.equal(await page.evaluate('keptState.view'), 'timeline');
    await page.keyboard.press('c');
    await page.waitForSelector('.notice[role=alert]');
    assert.match(
      await page.innerText('.notice'),
      /Too little memory is left\. Raise the limit\.\s+no-headroom\s+Take it anyway/,
    );
    await page.click('[data-key=force]');
    await page.waitForTimeout(100);
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test('texts in the language of the browser, or as the editor wrote them into the page', async () => {
    panel = new RecordedHost(recording, STUCK);
    const relay = async (fresh: Page): Promise<void> => {
      await fresh.exposeFunction('toExtension', async (message: PanelMessage) => {
        await fresh.evaluate(`postMessage(${JSON.stringify(await answer(panel, message))}, '*')`);
      });
    };
    for (const [path, locale, lang, says] of [
      ['/', 'zh-TW', 'zh-CN', /自 .+ 起，已持续 .+中位数的/],
      ['/webview-chinese', 'de-CH', 'en', /自 .+ 起，已持续 .+中位数的/],
    ] as const) {
      const { page, faults } = await visit(path, path === '/' ? undefined : relay, locale);
      if (path !== '/') {
        await page.waitForSelector('.machinePicture svg');
        await page.keyboard.press('t');
      }
      assert.match(await page.innerText('.why .lead'), says, `${path} ${locale}`);
      assert.equal(await page.getAttribute('html', 'lang'), lang, 'an editor sets it in its page');
      assert.deepEqual(faults, []);
      await page.context().close();
    }
  });
});

function page(first: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Panel</title><link rel="stylesheet" href="/panel.css">${first}</head><body><div id="panel"></div><script type="module" src="/panel.js"></script></body></html>`;
}

async function answer(host: RecordedHost, message: PanelMessage): Promise<PanelMessage> {
  assert.equal(message.type, 'request');
  const { id, name, args } = message;
  return { type: 'response', id, result: await host.request(name, args as never) };
}

test('the page of this machine serves the dictionary that the package has for the editor', async (context) => {
  const place = mkdtempSync(join(tmpdir(), 'semstate-test-'));
  context.after(() => rmSync(place, { recursive: true, force: true }));
  const assets = join(place, 'dist/webview');
  mkdirSync(assets, { recursive: true });
  writeFileSync(join(assets, 'panel.js'), '');
  cpSync(join(root, 'l10n'), join(place, 'l10n'), { recursive: true });
  await using served = await servePage({ request: () => Promise.resolve({}), on: () => () => undefined }, 0, assets);
  const response = await fetch(new URL('/panel.zh-cn.json', served.url));
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.deepEqual(await response.json(), JSON.parse(readFileSync(join(root, 'l10n/panel.zh-cn.json'), 'utf8')));
});

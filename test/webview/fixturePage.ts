// A page with the panel over a recorded host, bundled in memory and served under the strictest policy that VS Code also sets.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** What the page's script offers to tests: `start(options)` mounts the panel, `host` is what it asks. */
const ENTRY = `
import { mountPanel } from './webview/mount.ts';
import { useTexts } from './webview/texts.ts';
import chinese from './l10n/panel.zh-cn.json';
import { record } from './test/webview/recording.ts';
import { RecordedHost } from './test/webview/recordedHost.ts';
import { hostile, rightToLeft } from './test/webview/hostileRecording.ts';
import { nothing, one, torn } from './test/webview/oddRecordings.ts';
globalThis.start = (options) => {
  const odd = { hostile, rightToLeft, nothing, one, torn };
  const made = options.hostile ? hostile() : options.fixture ? odd[options.fixture]() : record(options.events ?? 380, options.minutes ?? 46);
  const host = new RecordedHost(made, options.focus, options.seq);
  Object.assign(host.instead, options.instead ?? {});
  globalThis.host = host;
  useTexts(options.chinese ? chinese : {});
  document.documentElement.lang = options.chinese ? 'zh-CN' : 'en';
  globalThis.begun = performance.now();
  globalThis.unmount = mountPanel(document.getElementById('panel'), host, options.kept && { get: () => options.kept, set: (value) => (globalThis.kept = value) });
};

`;

export interface FixtureServer {
  readonly address: string;
  close(): void;
}

export async function serveFixtures(): Promise<FixtureServer> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: false,
    logLevel: 'error',
  });
  const script = outputFiles[0]?.text ?? '';
  const style = readFileSync(join(root, 'webview/panel.css'), 'utf8');
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Panel</title><link rel="stylesheet" href="/panel.css"></head><body><div id="panel"></div><script type="module" src="/panel.js"></script></body></html>`;
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = (type: string, text: string) => {
      response.setHeader('content-type', `${type}; charset=utf-8`);
      response.setHeader(
        'content-security-policy',
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:",
      );
      response.end(text);
    };
    if (url.pathname === '/panel.js') answer('text/javascript', script);
    else if (url.pathname === '/panel.css') answer('text/css', style);
    else if (url.pathname === '/') answer('text/html', page);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

// The panel on a page of this machine: static files over HTTP, its requests over one WebSocket. Loopback only; who does not know
// the token gets nothing of the service's data, and a foreign page cannot reach it under another name.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer, type WebSocket } from 'ws';
import { Failure, isFailure, messageOf, type Work } from '../model/index.ts';
import type { Events, PanelMessage, RequestName } from '../present/index.ts';

const LOOPBACK = '127.0.0.1';
/** A request of the panel is small; whatever is larger is none. */
const LONGEST_MESSAGE = 1 << 20;

/** Only what this server itself serves, and its own socket under either of its names. */
function policy(port: number): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ws://${LOOPBACK}:${port} ws://localhost:${port}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const FILES: { readonly [path: string]: { readonly file: string; readonly type: string } } = {
  '/panel.js': { file: 'panel.js', type: 'text/javascript' },
  '/panel.css': { file: 'panel.css', type: 'text/css' },
  // The same dictionary that the editor reads, at the root of the package. Without it the panel speaks English.
  '/panel.zh-cn.json': { file: '../../l10n/panel.zh-cn.json', type: 'application/json' },
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Semantic State Debugger</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/panel.css">
<script type="module" src="/panel.js"></script>
</head>
<body><div id="panel"></div></body>
</html>
`;

/** What answers the panel: the view of a session. */
export interface PageBackend {
  request(name: RequestName, args: unknown, work: Work): Promise<unknown>;
  on(listener: (name: keyof Events, body: unknown) => void): () => void;
}

export interface PageServer extends AsyncDisposable {
  /** With the token in it: to be opened, not to be passed on. */
  readonly url: string;
}

/** Where the built panel lies: beside the bundle, or in dist/ where this runs from source. */
function assetsDirectory(): string {
  const beside = fileURLToPath(new URL('./webview', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/webview', import.meta.url));
}

/** @throws Failure `panel-missing`, `page-port` */
export async function servePage(backend: PageBackend, port = 0, assets = assetsDirectory()): Promise<PageServer> {
  if (!existsSync(join(assets, 'panel.js')))
    throw new Failure('panel-missing', `The panel is not built (${assets}).`, 'Run `npm run build`, then try again.');
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => answer(request, response, { server, token, assets }));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LONGEST_MESSAGE });
  server.on('upgrade', (request, socket, head) => {
    const place = placeOf(request);
    const allowed = isOurs(request, server) && sameOrigin(request) && place?.pathname === '/ws' && knows(place, token);
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => relay(client, backend));
  });
  await listen(server, port);
  return {
    url: `http://${LOOPBACK}:${portOf(server)}/?token=${token}`,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Failure('page-port', `The page cannot be served: ${error.message}.`, 'Choose another --port.', error)),
    );
    server.listen(port, LOOPBACK, resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { server, token, assets }: { readonly server: Server; readonly token: string; readonly assets: string },
): void {
  const place = placeOf(request);
  const send = (status: number, type: string, body: string | Buffer): void => {
    response.writeHead(status, {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Security-Policy': policy(portOf(server)),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  if (!isOurs(request, server) || !place) return send(403, 'text/plain', 'This page is only for this machine.\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'text/plain', 'Only GET is answered.\n');
  if (place.pathname === '/') {
    if (!knows(place, token))
      return send(403, 'text/plain', 'The token is missing or wrong: open the address that semstate view printed.\n');
    return send(200, 'text/html', PAGE);
  }
  const asset = Object.hasOwn(FILES, place.pathname) ? FILES[place.pathname] : undefined;
  const path = asset && join(assets, asset.file);
  if (!path || !existsSync(path)) return send(404, 'text/plain', 'There is nothing here.\n');
  return send(200, asset.type, readFileSync(path));
}

/** The name under which it was asked: a foreign name that resolves to this machine is turned away. */
function isOurs(request: IncomingMessage, server: Server): boolean {
  const port = portOf(server);
  return [`${LOOPBACK}:${port}`, `localhost:${port}`].includes(request.headers.host ?? '');
}

function sameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || origin === `http://${host}`;
}

function placeOf(request: IncomingMessage): URL | undefined {
  return URL.canParse(request.url ?? '', `http://${LOOPBACK}`)
    ? new URL(request.url ?? '', `http://${LOOPBACK}`)
    : undefined;
}

function knows(place: URL, token: string): boolean {
  const given = Buffer.from(place.searchParams.get('token') ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** One panel: its requests are answered in the form of the contract, until it closes. */
function relay(client: WebSocket, backend: PageBackend): void {
  const closing = new AbortController();
  const post = (message: PanelMessage): void => {
    if (client.readyState === client.OPEN) client.send(JSON.stringify(message));
  };
  const release = backend.on((name, body) => post({ type: 'event', name, body }));
  client.on('close', () => {
    release();
    closing.abort();
  });
  client.on('error', () => client.terminate());
  client.on('message', (data) => {
    const request = requestOf(String(data));
    if (!request) return;
    const { id, name, args } = request;
    backend.request(name, args, { signal: closing.signal }).then(
      (result) => post({ type: 'response', id, result }),
      (error: unknown) => post({ type: 'response', id, failure: failureOf(error) }),
    );
  });
}

type PanelRequest = Extract<PanelMessage, { type: 'request' }>;

function requestOf(text: string): PanelRequest | undefined {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null) return undefined;
    const { type, id, name } = message as Partial<PanelRequest>;
    return type === 'request' && typeof id === 'number' && typeof name === 'string'
      ? (message as PanelRequest)
      : undefined;
  } catch {
    return undefined;
  }
}

function failureOf(error: unknown): { code: string; message: string; action: string } {
  if (isFailure(error)) return { code: error.code, message: error.message, action: error.action };
  return { code: 'internal', message: messageOf(error), action: 'Reload the page.' };
}

// The page of this machine: who is answered, who is not, and that requests reach the view and events the page.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { WebSocket } from 'ws';
import { servePage, type PageBackend } from '../../src/cli/pageServer.ts';
import { Failure, isFailure } from '../../src/model/index.ts';

const assets = mkdtempSync(join(tmpdir(), 'semstate-test-'));
writeFileSync(join(assets, 'panel.js'), 'export {};');
writeFileSync(join(assets, 'panel.css'), 'body{}');
writeFileSync(join(assets, 'secret.txt'), 'not to be served');
after(() => rmSync(assets, { recursive: true, force: true }));

class Backend implements PageBackend {
  readonly asked: unknown[] = [];
  readonly aborted: string[] = [];
  listener: Parameters<PageBackend['on']>[0] | undefined;
  async request(name: string, args: unknown, work: { readonly signal?: AbortSignal }): Promise<unknown> {
    this.asked.push([name, args]);
    if (name === 'semantic/focus') throw new Failure('stale', 'It is gone.', 'Choose another.');
    if (name === 'semantic/takeSnapshot')
      await new Promise<void>((resolve) =>
        work.signal?.addEventListener('abort', () => {
          this.aborted.push(name);
          resolve();
        }),
      );
    return { echoed: args };
  }
  on(listener: Parameters<PageBackend['on']>[0]): () => void {
    this.listener = listener;
    return () => (this.listener = undefined);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function get(url: URL, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, setHost: !('Host' in headers) }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

test('the page is for whoever holds the token, under the name of this machine, by reading only', async () => {
  await using page = await servePage(new Backend(), 0, assets);
  const url = new URL(page.url);
  const bare = new URL('/', url);
  const { status, headers, body } = await get(url);
  assert.equal(status, 200);
  assert.match(body, /<script type="module" src="\/panel.js">/);
  assert.ok(!body.includes(String(url.searchParams.get('token'))), 'the page itself does not repeat the token');
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /default-src 'none'/);
  assert.ok(!/unsafe|[*]|https?:/.test(policy), policy);
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal((await get(bare)).status, 403);
  assert.equal((await get(new URL('/?token=wrong', url))).status, 403);
  assert.equal((await get(url, { Host: `evil.example:${url.port}` })).status, 403, 'a foreign name is turned away');
  assert.equal((await get(url, {}, 'POST')).status, 405);
  assert.equal((await get(new URL('/panel.js', url))).status, 200);
  for (const path of ['/secret.txt', '/../secret.txt', '/%2e%2e/secret.txt', '/constructor', '/webview/panel.js'])
    assert.equal((await get(new URL(`http://${url.host}${path}`))).status, 404, path);
});

test('it listens on the loopback only', async (t) => {
  await using page = await servePage(new Backend(), 0, assets);
  const outer = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === 'IPv4' && !each.internal);
  if (!outer) return t.skip('this machine has no other address');
  await assert.rejects(
    new Promise<void>((resolve, reject) =>
      connect(Number(new URL(page.url).port), outer.address, resolve).on('error', reject),
    ),
  );
});

function open(page: string, path: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const url = new URL(page);
  return new Promise((resolve, reject) => {
    const client = new WebSocket(`ws://${url.host}${path}`, { headers });
    client.on('open', () => resolve(client)).on('error', reject);
  });
}

test('the socket wants the token, the name and the origin of the page', async () => {
  await using page = await servePage(new Backend(), 0, assets);
  const { search, host } = new URL(page.url);
  await assert.rejects(open(page.url, '/ws'), /403/);
  await assert.rejects(open(page.url, `/other${search}`), /403/);
  await assert.rejects(open(page.url, `/ws${search}`, { Origin: 'http://evil.example' }), /403/);
  await assert.rejects(open(page.url, `/ws${search}`, { Host: 'evil.example' }), /403/);
  (await open(page.url, `/ws${search}`, { Origin: `http://${host}` })).terminate();
});

test('requests are answered, failures told, events passed on; closing calls off what runs', async () => {
  const backend = new Backend();
  await using page = await servePage(backend, 0, assets);
  const client = await open(page.url, `/ws${new URL(page.url).search}`);
  const heard: unknown[] = [];
  let wake: () => void = () => undefined;
  client.on('message', (data) => {
    heard.push(JSON.parse(String(data)));
    wake();
  });
  const next = async (): Promise<unknown> => {
    while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return heard.shift();
  };
  const ask = (id: number, name: string, args: unknown): void =>
    client.send(JSON.stringify({ type: 'request', id, name, args }));
  client.send('no JSON');
  client.send('null');
  client.send('{"type":"request","id":"x"}');
  ask(1, 'semantic/details', { ref: { entity: '</script>', id: 1 } });
  assert.deepEqual(await next(), {
    type: 'response',
    id: 1,
    result: { echoed: { ref: { entity: '</script>', id: 1 } } },
  });
  ask(2, 'semantic/focus', {});
  assert.deepEqual(await next(), {
    type: 'response',
    id: 2,
    failure: { code: 'stale', message: 'It is gone.', action: 'Choose another.' },
  });
  backend.listener?.('semantic/changed', { what: 'points' });
  assert.deepEqual(await next(), { type: 'event', name: 'semantic/changed', body: { what: 'points' } });
  ask(3, 'semantic/takeSnapshot', {});
  while (backend.asked.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  client.close();
  while (backend.aborted.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(backend.listener, undefined);
});

test('without a built panel, or on a taken port, it says so', async () => {
  await assert.rejects(servePage(new Backend(), 0, tmpdir()), (error) => isFailure(error, 'panel-missing'));
  await using page = await servePage(new Backend(), 0, assets);
  const port = Number(new URL(page.url).port);
  await assert.rejects(servePage(new Backend(), port, assets), (error) => isFailure(error, 'page-port'));
});

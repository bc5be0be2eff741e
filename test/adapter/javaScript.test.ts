// The editor's JavaScript debugger beside this one: asked for by a request, started by the client, connected to the same process.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { PARCEL_SOURCE, ParcelService } from '../fixtures/parcels/parcelService.ts';
import { RawClient } from './rawClient.ts';

async function attached(
  t: TestContext,
  target: string,
  supportsStartDebuggingRequest: boolean,
): Promise<{ readonly client: RawClient; readonly started: DebugProtocol.StartDebuggingRequestArguments[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'semstate-adapter-'));
  const client = new RawClient();
  t.after(async () => {
    await client.kill();
    rmSync(directory, { recursive: true, force: true });
  });
  const started: DebugProtocol.StartDebuggingRequestArguments[] = [];
  // The first one is started, the next is not.
  client.asked = ({ arguments: args }) => {
    started.push(args as DebugProtocol.StartDebuggingRequestArguments);
    return started.length === 1 ? undefined : 'not now';
  };
  await client.request('initialize', { adapterID: 'semantic', supportsStartDebuggingRequest });
  const attach = { target, source: [PARCEL_SOURCE], store: join(directory, 'one') };
  const { success, message } = await client.request('attach', attach);
  assert.ok(success, message);
  return { client, started };
}

it('the client is asked to start its debugger on the same process', { timeout: 60_000 }, async (t) => {
  await using service = await ParcelService.start();
  const { client, started } = await attached(t, service.target, true);
  const { url } = (await client.request('semantic/debugJavaScript', {})).body as { url: string };
  const [asked] = started;
  assert.equal(asked?.request, 'attach');
  assert.equal(asked.configuration['type'], 'pwa-node');
  assert.equal(asked.configuration['websocketAddress'], url);
  assert.equal(asked.configuration['continueOnAttach'], true);
  assert.match(url, /^ws:\/\/127\.0\.0\.1:\d+\//);
  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: '1+1' } }));
  const answer = await new Promise<string>((resolve) =>
    socket.addEventListener('message', ({ data }) => resolve(String(data))),
  );
  assert.equal((JSON.parse(answer) as { result: { result: { value: unknown } } }).result.result.value, 2);
  const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
  const again = await client.request('semantic/debugJavaScript', {});
  assert.match(again.message ?? '', /did not do it: not now/);
  assert.equal(await client.leave(), 0);
  await closed;
  await service.settled();
});

it('a client that cannot start sessions is told so', { timeout: 60_000 }, async (t) => {
  await using service = await ParcelService.start();
  const { client, started } = await attached(t, service.target, false);
  const { success, message } = await client.request('semantic/debugJavaScript', {});
  assert.equal(success, false);
  assert.match(message ?? '', /does not start debug sessions/);
  assert.equal(started.length, 0);
});

// A session with whatever answers at an inspector's address: errors, silence, nonsense and sudden ends are failures, never a crash.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { connectDirectly } from '../../src/acquire/direct.ts';
import { InspectorSession } from '../../src/acquire/inspectorSession.ts';
import { failsWith } from './attachedService.ts';

type Answer = (socket: WebSocket, message: { readonly id: number; readonly method: string }) => void;

async function withInspector(
  answer: Answer,
  body: (session: InspectorSession, close: () => void) => Promise<void>,
): Promise<void> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((up) => server.once('listening', up));
  server.on('connection', (socket) =>
    socket.on('message', (data: Buffer) =>
      answer(socket, JSON.parse(data.toString()) as { id: number; method: string }),
    ),
  );
  const { port } = server.address() as AddressInfo;
  const channel = await connectDirectly('127.0.0.1', port);
  const session = await InspectorSession.open(channel, 'id', port, 'shop');
  const hangUp = (): void => server.clients.forEach((client) => client.terminate());
  try {
    await body(session, hangUp);
  } finally {
    await session[Symbol.asyncDispose]();
    hangUp();
    await new Promise((down) => server.close(down));
  }
}

test('answers find their questions, whatever their order; events their listeners', async () => {
  const held: (() => void)[] = [];
  const answer: Answer = (socket, { id, method }) => {
    held.push(() => socket.send(JSON.stringify({ id, result: { method } })));
    if (held.length < 2) return;
    socket.send(JSON.stringify({ method: 'Test.happened', params: { n: 1 } }));
    held.reverse().forEach((send) => send());
  };
  await withInspector(answer, async (session) => {
    const events: unknown[] = [];
    const off = session.on('Test.happened', (params) => events.push(params));
    const both = await Promise.all([session.send('A.first'), session.send('B.second')]);
    assert.deepEqual(both, [{ method: 'A.first' }, { method: 'B.second' }]);
    assert.deepEqual(events, [{ n: 1 }]);
    off();
  });
});

test('an error of the target, and one that never answers', async () => {
  const answer: Answer = (socket, { id, method }) => {
    if (method === 'A.wrong') socket.send(JSON.stringify({ id, error: { code: -32601, message: 'no such method' } }));
  };
  await withInspector(answer, async (session) => {
    await assert.rejects(session.send('A.wrong'), failsWith('inspector-error', /A\.wrong.*no such method/));
    await assert.rejects(session.send('A.silent', {}, { timeoutMs: 50 }), failsWith('timeout', /A\.silent/));
    const stop = new AbortController();
    const waiting = session.send('A.silent', {}, { signal: stop.signal });
    stop.abort();
    await assert.rejects(waiting, failsWith('cancelled'));
  });
});

for (const nonsense of ['{', 'null', '12', '"text"'])
  test(`${nonsense} instead of a message ends the session, not the program`, async () => {
    await withInspector(
      (socket) => socket.send(nonsense),
      async (session) => {
        await assert.rejects(session.send('A.question'), failsWith('target-gone', /protocol/));
        assert.equal(session.gone, true);
      },
    );
  });

test('a sudden end rejects what waits, tells the listeners once, and every later question', async () => {
  await withInspector(
    () => undefined,
    async (session, hangUp) => {
      const reasons: string[] = [];
      session.onClosed((reason) => reasons.push(reason));
      const waiting = assert.rejects(session.send('A.question'), failsWith('target-gone'));
      hangUp();
      await waiting;
      await assert.rejects(session.send('A.question'), failsWith('target-gone'));
      assert.equal(reasons.length, 1);
    },
  );
});

test('what answers but is no inspector is refused', async () => {
  const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise((up) => server.once('listening', up));
  const { port } = server.address() as AddressInfo;
  await using channel = await connectDirectly('127.0.0.1', port);
  await assert.rejects(InspectorSession.open(channel, 'id', port, 'shop'), failsWith('inspector-refused', /400/));
  server.closeAllConnections();
  await new Promise((down) => server.close(down));
});

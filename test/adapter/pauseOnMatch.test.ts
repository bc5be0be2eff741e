// A live match that stops the process itself: at the very line, with the JavaScript debugger beside seeing it, until Continue; at once
// on again where the match was none; and never left standing, whatever becomes of the debugger.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { attach, parseTarget } from '../../src/acquire/index.ts';
import { PauseGate, PAUSE_FUNCTION } from '../../src/session/pauseGate.ts';
import { PARCEL_SOURCE, ParcelService } from '../fixtures/parcels/parcelService.ts';
import { RawClient } from './rawClient.ts';

type Stopped = DebugProtocol.StoppedEvent['body'];

async function following(t: TestContext, service: ParcelService, breakpoint: object): Promise<RawClient> {
  const directory = mkdtempSync(join(tmpdir(), 'semstate-pause-'));
  const client = new RawClient();
  t.after(async () => {
    await client.kill();
    rmSync(directory, { recursive: true, force: true });
  });
  const ask = async (command: string, args: object = {}): Promise<unknown> => {
    const { success, message, body } = await client.request(command, args);
    assert.ok(success, `${command}: ${message}`);
    return body;
  };
  await ask('initialize', { adapterID: 'semantic', supportsStartDebuggingRequest: true });
  const source = [PARCEL_SOURCE];
  const store = join(directory, 'one');
  await ask('attach', { target: service.target, source, store, record: true, pauseOnMatch: true, stopOnEntry: false });
  await ask('setFunctionBreakpoints', { breakpoints: [breakpoint] });
  await ask('configurationDone');
  return client;
}

const stopped = async (client: RawClient): Promise<Stopped> =>
  (await client.event(({ event }) => event === 'stopped')).body as Stopped;

/** Whether it is over within that time. */
const overWithin = (ms: number, work: Promise<unknown>): Promise<boolean> =>
  Promise.race([work.then(() => true), new Promise<boolean>((done) => setTimeout(() => done(false), ms))]);

/** The frames in which a second debugger finds the process. */
async function framesBeside(
  url: string,
): Promise<readonly { functionName: string; location: { lineNumber: number } }[]> {
  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const paused = new Promise<string>((resolve) =>
    socket.addEventListener('message', ({ data }) => {
      if (String(data).includes('"Debugger.paused"')) resolve(String(data));
    }),
  );
  socket.send(JSON.stringify({ id: 1, method: 'Debugger.enable' }));
  const { params } = JSON.parse(await paused) as {
    params: { callFrames: { functionName: string; location: { lineNumber: number } }[] };
  };
  socket.close();
  return params.callFrames;
}

it('stops the process at the line until Continue', { timeout: 120_000 }, async (t) => {
  await using service = await ParcelService.start();
  const client = await following(t, service, { name: 'Parcel.status: collected -> delivered' });
  await service.tell('collect p1 c1', 'collect p2 c2', 'return p2');
  const stop = stopped(client);
  const told = service.tell('deliver p1');
  const { reason, text } = await stop;
  assert.deepEqual([reason, text], ['function breakpoint', 'Parcel p1: collected -> delivered']);
  assert.equal(await overWithin(1000, told), false, 'the process stands');

  const { stackFrames } = (await client.request('stackTrace', { threadId: 1 })).body as {
    stackFrames: DebugProtocol.StackFrame[];
  };
  const line = stackFrames[0]?.line ?? 0;
  assert.equal(stackFrames[0]?.source?.path, join(PARCEL_SOURCE, 'domain.ts'));
  const { url } = (await client.request('semantic/debugJavaScript', {})).body as { url: string };
  const frames = await framesBeside(url);
  assert.deepEqual(
    frames.slice(0, 2).map(({ functionName }) => functionName),
    [PAUSE_FUNCTION, 'deliver'],
  );
  assert.equal((frames[1]?.location.lineNumber ?? 0) + 1, line);

  const continued = client.event(({ event }) => event === 'continued');
  assert.ok((await client.request('continue', { threadId: 1 })).success);
  await continued;
  await told;
  await service.tell('collect p3 c1');
  const again = stopped(client);
  const second = service.tell('deliver p3');
  assert.equal((await again).text, 'Parcel p3: collected -> delivered');
  // Leaving lets it go, too.
  assert.equal(await client.leave(), 0);
  await second;
  await service.settled();
});

it('a match that was none does not hold it up', { timeout: 120_000 }, async (t) => {
  await using service = await ParcelService.start();
  const condition = 'object.weight > 1000';
  await following(t, service, { name: 'Parcel.status: * -> collected', condition });
  assert.equal(await overWithin(15_000, service.tell('collect p1 c1')), true);
});

it('goes on by itself when the debugger dies', { timeout: 120_000 }, async (t) => {
  await using service = await ParcelService.start();
  const client = await following(t, service, { name: 'Parcel.status: registered -> collected' });
  const stop = stopped(client);
  const told = service.tell('collect p1 c1');
  await stop;
  assert.equal(await overWithin(500, told), false);
  await client.kill();
  assert.equal(await overWithin(10_000, told), true, 'V8 lets it go with the session');
});

it('and after the longest time that a person may look', { timeout: 60_000 }, async () => {
  await using service = await ParcelService.start();
  await using attachment = await attach(parseTarget(service.target), {}, {});
  const define = `globalThis.told = []; globalThis.probe = { w(id, object, value) { told.push(value); return value; } }`;
  await attachment.send('Runtime.evaluate', { expression: define });
  await attachment.send('Debugger.enable', {});
  const changes: boolean[] = [];
  await using gate = new PauseGate(attachment, {
    plan: () => ({
      entities: [{ name: 'Parcel', identity: ['id'], states: ['status'], properties: [], secrets: [], tags: {} }],
      sites: [{ id: 7, kind: 'write', entities: [0], property: 'status', phase: 'change' }],
      ...{ scripts: [], files: [], problems: [] },
    }),
    probe: 'probe',
    changed: (paused) => changes.push(paused),
    longestMs: 300,
  });
  await gate.set([{ entity: 'Parcel', attribute: 'status', id: 'p1', posts: ['delivered'] }]);
  const write = (id: string, value: string): Promise<unknown> =>
    attachment.send('Runtime.evaluate', { expression: `probe.w(7, { id: '${id}' }, '${value}')` }, { timeoutMs: 5000 });
  await write('p2', 'delivered');
  await write('p1', 'collected');
  assert.deepEqual(changes, [], 'another parcel and another state do not stop it');
  const begun = performance.now();
  await write('p1', 'delivered');
  assert.ok(performance.now() - begun >= 290);
  assert.deepEqual([changes, gate.isPaused], [[true, false], false]);
  await gate.set([]);
  await write('p1', 'delivered');
  assert.equal(changes.length, 2, 'nobody waits any more');
});

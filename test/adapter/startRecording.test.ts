// Recording that is started and stopped in a running session: what it would edit is told first, nothing is recorded without it, what
// happens meanwhile is an event with its line and its call stack, and afterwards the service runs as before.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { EventRow, RequestName, Result } from '../../src/present/index.ts';
import { PARCEL_SOURCE, ParcelService } from '../fixtures/parcels/parcelService.ts';
import { ADAPTER } from './rawClient.ts';

type Stopped = DebugProtocol.StoppedEvent['body'];

it('starts on consent, tells as it happens, steps back to it, stops', { timeout: 120_000 }, async (t) => {
  await using service = await ParcelService.start();
  const directory = mkdtempSync(join(tmpdir(), 'semstate-adapter-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const client = new DebugClient(process.execPath, ADAPTER, 'semantic', { stdio: 'pipe' });
  client.defaultTimeout = 30_000;
  const ask = async <N extends RequestName>(name: N, args: object = {}): Promise<Result<N>> =>
    ((await client.customRequest(name, args)) as { body: Result<N> }).body;
  const row = async (id: string, after: string): Promise<EventRow | undefined> => {
    const { rows } = await ask('semantic/events', { offset: 0, limit: 200 });
    return rows.find((one) => one.ref?.id === id && one.after === after);
  };
  const told = async (id: string, after: string): Promise<EventRow> => {
    for (let look = 0; ; look++) {
      const found = await row(id, after);
      if (found) return found;
      assert.ok(look < 150, `${id} ${after} was not told`);
      await new Promise((done) => setTimeout(done, 100));
    }
  };
  const stopped = async (request: Promise<unknown>): Promise<Stopped> => {
    const [event] = await Promise.all([client.waitForEvent('stopped', 30_000), request]);
    return event.body as Stopped;
  };
  await client.start();
  try {
    const { body: can } = await client.initializeRequest();
    assert.equal(can?.supportsStepBack, true);
    const initialized = client.waitForEvent('initialized', 30_000);
    const attach = { target: service.target, source: [PARCEL_SOURCE], store: join(directory, 'one') };
    await client.attachRequest(attach as DebugProtocol.AttachRequestArguments);
    await initialized;
    await stopped(client.configurationDoneRequest());

    const plan = await ask('semantic/recordingPlan');
    assert.deepEqual([plan.files.map(({ file }) => file), plan.recording], [['domain.ts'], false]);
    assert.ok(plan.sites >= 4, `${plan.sites} places`);
    await service.tell('collect p2 c1');
    assert.equal((await ask('semantic/overview')).recording, undefined);

    const started = await ask('semantic/startRecording');
    assert.deepEqual([started.sites, started.notRecorded, started.complete], [plan.sites, [], true]);
    assert.equal((await ask('semantic/overview')).recording?.sites, plan.sites);
    assert.equal((await ask('semantic/recordingPlan')).recording, true);

    await service.tell('collect p1 c1', 'collect p3 c2', 'deliver p1');
    const delivered = await told('p1', 'delivered');
    assert.deepEqual([delivered.method, delivered.observed], ['edit', 'recorded']);
    assert.equal(await row('p2', 'collected'), undefined, 'what happened before was not recorded');
    // The view has stood at the first snapshot all the while.
    const { cursor } = await ask('semantic/overview');
    assert.deepEqual([cursor.ordinal, cursor.newer], [1, 3]);

    await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'Parcel.status: registered -> collected' }] });
    await stopped(client.customRequest('semantic/goto', { seq: delivered.seq }));
    const first = await stopped(client.reverseContinueRequest({ threadId: 1 }));
    assert.deepEqual([first.reason, first.text], ['function breakpoint', 'Parcel p3: registered -> collected']);
    const second = await stopped(client.reverseContinueRequest({ threadId: 1 }));
    assert.equal(second.text, 'Parcel p1: registered -> collected');
    const { stackFrames } = (await client.stackTraceRequest({ threadId: 1 })).body;
    assert.deepEqual(
      stackFrames.slice(1).map(({ name, source }) => `${name} ${source?.path?.split('/').at(-1) ?? ''}`),
      ['Parcel.collect domain.ts', 'serve main.ts', 'Interface.<anonymous> main.ts'],
    );
    assert.equal(stackFrames[0]?.source?.path, join(PARCEL_SOURCE, 'domain.ts'));

    // Forward through what is recorded, then back to now.
    const forward = await stopped(client.continueRequest({ threadId: 1 }));
    assert.equal(forward.text, 'Parcel p3: registered -> collected');
    await Promise.all([client.waitForEvent('continued', 30_000), client.continueRequest({ threadId: 1 })]);
    const live = await stopped(service.tell('collect p4 c1'));
    assert.deepEqual([live.reason, live.text], ['function breakpoint', 'Parcel p4: registered -> collected']);

    await ask('semantic/stopRecording');
    assert.equal((await ask('semantic/overview')).recording, undefined);
    await service.tell('collect p5 c1');
    await new Promise((done) => setTimeout(done, 500));
    assert.equal(await row('p5', 'collected'), undefined);
  } catch (error) {
    await client.stop();
    throw error;
  }
  await client.disconnectRequest();
  await service.tell('deliver p5');
  await service.settled();
});

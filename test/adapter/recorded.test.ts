// Live recording in a debug session: with `record: true` a change is an event of its own, at the line that made it, without a snapshot.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { EventRow, Result } from '../../src/present/index.ts';
import { PARCEL_SOURCE, ParcelService } from '../fixtures/parcels/parcelService.ts';
import { ADAPTER } from './rawClient.ts';

it('a change is told as it happens, and the service goes on after the session', { timeout: 120_000 }, async (t) => {
  await using service = await ParcelService.start();
  const directory = mkdtempSync(join(tmpdir(), 'semstate-adapter-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const client = new DebugClient(process.execPath, ADAPTER, 'semantic', { stdio: 'pipe' });
  client.defaultTimeout = 30_000;
  const rows = async (): Promise<readonly EventRow[]> => {
    const { body } = await client.customRequest('semantic/events', { offset: 0, limit: 200 });
    return (body as Result<'semantic/events'>).rows;
  };
  await client.start();
  try {
    await client.initializeRequest();
    const attach = { target: service.target, source: [PARCEL_SOURCE], store: join(directory, 'live'), record: true };
    const initialized = client.waitForEvent('initialized', 30_000);
    await client.attachRequest(attach as DebugProtocol.AttachRequestArguments);
    await initialized;
    await Promise.all([client.waitForEvent('stopped', 30_000), client.configurationDoneRequest()]);
    const snapshots = (await rows()).filter(({ kind }) => kind === 'snapshot').length;
    await service.tell('collect p1 c1');
    let told: EventRow | undefined;
    for (let look = 0; look < 100 && !told; look++) {
      told = (await rows()).find(({ ref, after }) => ref?.id === 'p1' && after === 'collected');
      if (!told) await new Promise((done) => setTimeout(done, 100));
    }
    assert.equal(told?.observed, 'recorded');
    assert.match(told?.source?.file ?? '', /\.[cm]?[jt]s$/);
    assert.equal((await rows()).filter(({ kind }) => kind === 'snapshot').length, snapshots, 'no snapshot was needed');
  } catch (error) {
    await client.stop();
    throw error;
  }
  // The adapter ends by itself after it: stopping a client whose adapter is gone would wait for ever.
  await client.disconnectRequest();
  await service.tell('deliver p1');
});

// Two real services on one timeline, through the real adapter: each is compared with itself, steps go along its thread, and what both
// hold is one thing.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { PARCEL_SOURCE, ParcelService } from '../fixtures/parcels/parcelService.ts';
import { assertGolden } from './golden.ts';
import { ADAPTER } from './rawClient.ts';

it('two services share a timeline', { timeout: 120_000 }, async (t) => {
  await using north = await ParcelService.start();
  await using south = await ParcelService.start();
  const directory = mkdtempSync(join(tmpdir(), 'semstate-adapter-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const client = new DebugClient(process.execPath, ADAPTER, 'semantic', { stdio: 'pipe' });
  client.defaultTimeout = 30_000;
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(scrub(text));
  const scrub = (text: string): string =>
    text
      .replaceAll(/Snapshot (\d+) \((?:heap|memory), \d+ ms/g, 'Snapshot $1 (<method>, <ms> ms')
      .replaceAll(north.target, 'north')
      .replaceAll(south.target, 'south')
      .replaceAll(north.target.replace('pid:', '(pid '), '(pid north')
      .replaceAll(south.target.replace('pid:', '(pid '), '(pid south');
  const stopped = async (title: string, request: Promise<unknown>): Promise<void> => {
    const [event] = await Promise.all([client.waitForEvent('stopped', 30_000), request]);
    const { reason, threadId, text } = event.body as DebugProtocol.StoppedEvent['body'];
    say(`${title}: thread ${threadId} ${reason}: ${text}`);
  };
  const ask = async (...expressions: readonly string[]): Promise<void> => {
    for (const expression of expressions) {
      const { result } = (await client.evaluateRequest({ expression, context: 'watch' })).body;
      say(`  ${expression} = ${result}`);
    }
  };
  await client.start();
  try {
    await client.initializeRequest();
    const attach = { targets: [north.target, south.target], source: [PARCEL_SOURCE], store: join(directory, 'both') };
    const initialized = client.waitForEvent('initialized', 30_000);
    await client.attachRequest(attach as DebugProtocol.AttachRequestArguments);
    await initialized;
    await stopped('attach', client.configurationDoneRequest());
    const { threads } = (await client.threadsRequest()).body;
    for (const { id, name } of threads) say(`thread ${id}: ${name}`);
    await ask('count(Parcel)');

    await north.tell('collect p1 c1', 'register a1 3');
    await south.tell('register b1 4', 'collect b1 c2');
    await stopped('pause of south alone', client.pauseRequest({ threadId: 2 }));
    await ask('count(Parcel)', 'Parcel["p1"].status', 'Parcel["b1"].courierId');
    await stopped('pause of north alone', client.pauseRequest({ threadId: 1 }));
    await ask('count(Parcel)', 'Parcel["p1"].status', 'Parcel["p1"].courierId');

    // South still knows p5 and its own p1; it collects that one later.
    await north.tell('forget p5', 'deliver p1');
    await south.tell('collect p1 c2');
    await client.customRequest('semantic/takeSnapshot', {});
    await ask('count(Parcel)', 'Parcel["p1"].status', 'Parcel["p1"].courierId');
    await south.tell('forget p5');
    await client.customRequest('semantic/takeSnapshot', {});
    await ask('count(Parcel)');

    for (const threadId of [1, 2]) {
      await stopped(
        `to the end for thread ${threadId}`,
        client
          .customRequest('semantic/goto', { step: 'live' })
          .then(() => client.customRequest('semantic/goto', { step: 'previousSnapshot' })),
      );
      for (let n = 0; n < 9; n++) await stopped('  back', client.stepBackRequest({ threadId }));
    }

    const gone = new Promise<string>((resolve) =>
      client.on('output', ({ body: { category, output } }: DebugProtocol.OutputEvent) => {
        if (category === 'important') resolve(output.trim());
      }),
    );
    await south.kill();
    say(await gone);
    await assert.rejects(client.pauseRequest({ threadId: 2 }), /not attached any more/);
    await north.tell('register a2 1');
    await stopped('pause of north', client.pauseRequest({ threadId: 1 }));
    await ask('count(Parcel)', 'Parcel["b1"].status', 'Parcel["a2"].status');
    const { modules } = ((await client.customRequest('modules', {})) as DebugProtocol.ModulesResponse).body;
    for (const { name, symbolStatus } of modules) say(`${name}: ${symbolStatus}`);
  } finally {
    await client.stop();
  }
  await north.settled();
  assertGolden('several-services', `${lines.join('\n')}\n`);
});

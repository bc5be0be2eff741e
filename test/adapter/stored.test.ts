// A whole session over a stored timeline, as text: what a user of any DAP client sees.
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createApp } from '../../src/session/index.ts';
import { recordOrderService } from '../view/orderService.ts';
import { DapClient, showStop } from './dapClient.ts';
import { assertGolden } from './golden.ts';

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/order-service');

describe('a session over a stored timeline', () => {
  const recorded = recordOrderService();
  recorded.store.dispose();
  const app = createApp();
  after(async () => {
    await app[Symbol.asyncDispose]();
    recorded[Symbol.dispose]();
  });
  const connect = (): DapClient =>
    new DapClient({ openSession: (options, work) => app.openSession(options, work) }, (text) =>
      text.replaceAll(recorded.file, '<store>').replaceAll(SOURCE, '<source>'),
    );
  const open = async (client: DapClient): Promise<void> => {
    await client.request('initialize', { adapterID: 'semantic', linesStartAt1: true, columnsStartAt1: true });
    await client.told('attach', { store: recorded.file, source: [SOURCE] });
    await client.event('initialized');
    await client.told('configurationDone');
    await client.event('stopped');
  };

  it('stops at the last snapshot and shows everything there', async () => {
    const client = connect();
    await open(client);
    await showStop(client, { Changed: 2, Entities: 2, Relations: 1, Events: 1, Context: 1 });
    client.note('back through the life of the orders');
    for (const unfold of [{}, { Changed: 1 }, { Changed: 1, Events: 1 }]) {
      await client.told('stepBack', { threadId: 1 });
      await client.event('stopped');
      await showStop(client, unfold);
    }
    client.note('back to the beginning: the recorded events have stacks and context');
    await client.told('reverseContinue', { threadId: 1 });
    await client.event('stopped');
    await client.told('next', { threadId: 1 });
    await client.event('stopped');
    await showStop(client, { Changed: 1, Relations: 2, Events: 2, Context: 2 });
    client.note('the next event of the entity in focus, the next snapshot, the end');
    for (const command of ['stepIn', 'stepOut', 'continue', 'next']) {
      await client.told(command, { threadId: 1 });
      await client.event('stopped');
    }
    await client.told('disconnect');
    assertGolden('stored-timeline', client.transcript);
  });
});

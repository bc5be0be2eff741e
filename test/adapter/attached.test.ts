// A session with a service attached: the first snapshot, live points, pause, cancel, and every way it can end.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NewPoint } from '../../src/model/index.ts';
import { at, recordOrderService, TARGET } from '../view/orderService.ts';
import { RecordedSession } from '../view/recordedSession.ts';
import { DapClient, showStop } from './dapClient.ts';
import { assertGolden } from './golden.ts';
import { cleanup, start } from './startSession.ts';

describe('an attached service', () => {
  it('is snapshotted at once, followed, paused, and left', async () => {
    const { client, session } = await start({
      connected: true,
      attach: { trace: true },
      initialize: { supportsProgressReporting: true, supportsInvalidatedEvent: true },
    });
    await client.told('configurationDone');
    await client.event('stopped');
    await showStop(client, {});
    await client.told('continue', { threadId: 1 });
    await client.event('continued');
    client.note('the service goes on');
    session.push({
      kind: 'event',
      time: at('10:41:00.000'),
      object: { entity: 'Order', id: '1041' },
      attribute: 'status',
      preState: 'draft',
      postState: 'paid',
      observed: 'recorded',
      target: TARGET,
      source: { file: 'src/order.ts', line: 21, column: 5 },
      change: {
        kind: 'attribute',
        ref: { entity: 'Order', id: '1041' },
        attribute: 'status',
        before: 'draft',
        after: 'paid',
      },
    });
    await client.event('output');
    await client.told('pause', { threadId: 1 });
    await client.event('stopped');
    client.note('the service dies');
    session.disconnect('the container stopped.');
    await client.event('output');
    await client.told('pause', { threadId: 1 });
    await client.event('stopped');
    await client.told('modules');
    await client.told('disconnect');
    assertGolden('attached', client.transcript);
    await client.ended;
    assert.equal(session.connected, false, 'the session is closed');
  });

  it('stays live without stopOnEntry', async () => {
    const { client } = await start({ connected: true, attach: { stopOnEntry: false } });
    await client.request('configurationDone');
    await client.request('threads');
    await client.request('semantic/overview');
    assert.ok(!client.events.some(({ event }) => event === 'stopped'));
    const { live } = (await client.request<{ cursor: { live: boolean } }>('semantic/overview')).cursor;
    assert.equal(live, true);
  });

  it('cancels a snapshot by request and by progress', async () => {
    const { client, session } = await start({ connected: true, initialize: { supportsProgressReporting: true } });
    await client.request('configurationDone');
    session.captured = new Promise(() => undefined);
    for (const by of ['requestId', 'progressId'] as const) {
      const paused = client.send('pause', { threadId: 1 });
      const { progressId } = await client.event<{ progressId: string }>('progressStart');
      await client.request('cancel', by === 'requestId' ? { requestId: paused.seq } : { progressId });
      const { success, message } = await paused.response;
      assert.deepEqual([success, message], [false, 'cancelled']);
      await client.event('progressEnd');
    }
  });

  it('ends a search that is still going on when the client disconnects', async () => {
    const { client, session } = await start({ connected: true });
    session.push(
      ...Array.from({ length: 5000 }, (_, n): NewPoint => {
        const ref = { entity: 'Order', id: '1042' };
        const [before, after] = n % 2 ? ['paid', 'shipped'] : ['shipped', 'paid'];
        return {
          kind: 'event',
          time: at('11:00:00') + n,
          object: ref,
          attribute: 'status',
          preState: before ?? '',
          postState: after ?? '',
          observed: 'recorded',
          target: TARGET,
          change: { kind: 'attribute', ref, attribute: 'status', before: before ?? '', after: after ?? '' },
        };
      }),
    );
    await client.request('setFunctionBreakpoints', {
      breakpoints: [{ name: 'Order.status: * -> *', condition: 'total > 1000000' }],
    });
    await client.request('configurationDone');
    await client.request('goto', { threadId: 1, targetId: 1 });
    await client.request('continue', { threadId: 1 });
    await client.request('disconnect');
    await client.ended;
    const told = client.events.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(client.events.length, told, 'nothing is told after the end');
  });

  it('is left as it was when the client hangs up in the middle of an attach', async () => {
    const recorded = recordOrderService();
    const session = new RecordedSession(recorded.store, { connected: true });
    session.captured = new Promise(() => undefined);
    const client = new DapClient({ openSession: () => Promise.resolve(session) });
    cleanup.push(
      () => recorded[Symbol.dispose](),
      () => client.dispose(),
    );
    await client.request('initialize', {});
    void client.send('attach', { target: TARGET });
    await client.event('output');
    client.hangUp();
    await client.ended;
    assert.equal(session.connected, false);
  });
});

// A law that a person wrote for this service is an exception filter of its own, told once the model is known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApp } from '../../src/session/index.ts';
import { MODEL } from '../view/orderModel.ts';
import { recordOrderService } from '../view/orderService.ts';
import { DapClient } from './dapClient.ts';

interface Filters {
  readonly capabilities: {
    readonly exceptionBreakpointFilters: readonly { filter: string; label: string; description: string }[];
  };
}

test('laws of the model are told beside those of every service, and one can be stopped at', async () => {
  const recorded = recordOrderService();
  const title = 'Nothing is paid before it is packed.';
  recorded.store.saveModel({
    ...MODEL,
    laws: [{ id: 'packed-first', for: 'Order', holds: "self.status != 'paid'", title }],
  });
  recorded.store.dispose();
  await using app = createApp();
  const client = new DapClient({ openSession: (options, work) => app.openSession(options, work) });
  try {
    await client.request('initialize', { adapterID: 'semantic' });
    await client.request('attach', { store: recorded.file, source: [] });
    await client.event('initialized');
    const told = client.events.find(({ event }) => event === 'capabilities')?.body as Filters | undefined;
    const own = told?.capabilities.exceptionBreakpointFilters.at(-1);
    assert.deepEqual([own?.filter, own?.label, own?.description], ['packed-first', 'Law: packed-first', title]);
    const answer = await client.request<{ breakpoints?: readonly { verified: boolean }[] }>('setExceptionBreakpoints', {
      filters: [],
      filterOptions: [{ filterId: 'packed-first' }, { filterId: 'no-such-law' }],
    });
    assert.deepEqual(
      answer.breakpoints?.map(({ verified }) => verified),
      [true, false],
    );
    await client.request('disconnect');
  } finally {
    recorded[Symbol.dispose]();
  }
});

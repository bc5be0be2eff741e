// An adapter with a client, over a recorded timeline that is at rest or, as if a service were attached, goes on.
import { dirname, join } from 'node:path';
import { afterEach } from 'node:test';
import { fileURLToPath } from 'node:url';
import { recordOrderService, TARGET, type Recorded } from '../view/orderService.ts';
import { RecordedSession } from '../view/recordedSession.ts';
import { DapClient } from './dapClient.ts';

export const SOURCE = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/order-service');
export const ORDER = { path: join(SOURCE, 'src/order.ts') };

export const cleanup: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

export interface Started {
  readonly client: DapClient;
  readonly session: RecordedSession;
  readonly recorded: Recorded;
}

export async function start(
  options: { readonly connected?: boolean; readonly attach?: object; readonly initialize?: object } = {},
): Promise<Started> {
  const recorded = recordOrderService();
  const session = new RecordedSession(recorded.store, { connected: options.connected ?? false, source: [SOURCE] });
  const client = new DapClient({ openSession: () => Promise.resolve(session) }, (text) =>
    text.replaceAll(recorded.file, '<store>').replaceAll(SOURCE, '<source>'),
  );
  cleanup.push(
    () => recorded[Symbol.dispose](),
    () => client.dispose(),
  );
  await client.request('initialize', { adapterID: 'semantic', ...options.initialize });
  const target = options.connected ? { target: TARGET } : { store: recorded.file };
  await client.request('attach', { ...target, ...options.attach });
  await client.event('initialized');
  return { client, session, recorded };
}

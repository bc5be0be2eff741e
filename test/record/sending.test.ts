// Names of changes: the events that the program really sends, in real processes of each Node. The model names nothing, so every name that
// is told was heard; what the program answers is what it answers unobserved. Then the demo shop, as the product records it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { shopAsProcess } from '../demo/service.ts';
import { shopClient } from '../demo/traffic.ts';
import type { Model } from '../../src/model/index.ts';
import { Ledger, planRecording, runningScripts, startRecorder, type RecordedEvent } from '../../src/record/index.ts';
import { createFileHost } from '../../src/session/worker/fileHost.ts';
import { readSources } from '../../src/source/index.ts';
import { attachTo, FIXTURES, nodes, PARCELS, startService } from './service.ts';
import { line, recordSession } from './session.ts';

const ROOT = join(FIXTURES, '../sending');
const TICKET: Model = {
  ...PARCELS,
  entities: [
    {
      name: 'Ticket',
      identity: ['id'],
      status: 'declared',
      attributes: [
        { name: 'id', type: 'string', role: 'identity' },
        { name: 'status', type: 'enum', role: 'state' },
      ],
    },
  ],
};
const STEPS: readonly (readonly [string, readonly string[]])[] = [
  ['computed', ['T1: new -> open', 'T1: open -> taken by e-17']],
  ['late', ['T2: new -> open', 'T2: open -> taken by e-18']],
  ['pair', ['T3: new -> open', 'T3: open -> taken by e-18', 'T3: taken -> parked by e-19']],
  ['second', ['T4: new -> open', 'T4: open -> taken', 'T4: taken -> closed by TicketClosed']],
  ['itself', ['T5: new -> open', 'T5: open -> taken', 'T5: taken -> parked by e-19']],
  ['before', ['T3: parked -> closed by e-20']],
  ['crossed', ['T6: new -> open', 'T7: new -> open', 'T6: open -> taken by e-17', 'T7: open -> taken by e-18']],
  ['other', ['T8: new -> open', 'T8: open -> taken']],
  ['spread', ['T9: new -> open', 'T9: open -> taken by e-17']],
  ['heard', []],
];

for (const { name, path } of nodes())
  describe(`Node ${name}`, () => {
    test('a change has the name of the event that was sent about it, and of no other', async () => {
      await using plain = await startService(path, '../sending/desk.cjs');
      await using service = await startService(path, '../sending/desk.cjs');
      const attachment = await attachTo(service);
      const scripts = (await runningScripts(attachment, {})).filter(({ url }) => url.includes('fixtures/sending'));
      const code = readSources(
        [ROOT],
        createFileHost(() => undefined),
      );
      const recorder = await startRecorder(attachment, planRecording(TICKET, code, scripts), {});
      assert.deepEqual(recorder.refused, []);
      const ledger = new Ledger(recorder.plan);
      for (const [step, expected] of STEPS) {
        let isDone = false;
        const asked = service.ask(step).finally(() => (isDone = true));
        const told: RecordedEvent[] = [];
        // Asked all the time, so that a change and its name come in answers of their own.
        while (!isDone) told.push(...ledger.read(await recorder.drain(), true));
        assert.deepEqual(await asked, await plain.ask(step), step);
        told.push(...ledger.read(await recorder.drain(), true), ...ledger.rest());
        assert.deepEqual(
          told.map((event) => `${line(event)}${event.type === undefined ? '' : ` by ${event.type}`}`),
          expected,
          step,
        );
      }
      assert.deepEqual(await recorder.stop(), []);
      await attachment[Symbol.asyncDispose]();
    });
  });

const SHOP = [
  'Order 1001: new -> placed by OrderPlaced',
  'Payment p-1001-1: new -> created by pay',
  'Payment p-1001-1: created -> authorised by PaymentAuthorised',
  'Payment p-1001-1: authorised -> captured by PaymentCaptured',
  'Order 1001: placed -> paid by OrderPaid',
  'Order 1001: paid -> packed by OrderPacked',
  'Shipment s-1001: new -> ready by ship',
  'Order 1001: packed -> shipped by OrderShipped',
  'Shipment s-1001: ready -> dispatched by ShipmentDispatched',
  'Shipment s-1001: dispatched -> delivered by ShipmentDelivered',
  'Order 1001: shipped -> delivered by OrderDelivered',
  'Order 1002: new -> placed by OrderPlaced',
  'Order 1002: placed -> cancelled by OrderCancelled',
];

test('what the shop publishes names what it did, and nothing beside it', async () => {
  await using shop = await shopAsProcess();
  await using recorded = await recordSession(shop.target, shop.source);
  const client = shopClient(shop.address);
  const id = await client.place('c-1', [{ sku: 'SKU-1', quantity: 1 }]);
  for (const action of ['pay', 'pack', 'ship', 'deliver'] as const) await client.act(id, action);
  await client.act(await client.place('c-2', [{ sku: 'SKU-2', quantity: 1 }]), 'cancel');
  const seen = (await recorded.until(SHOP.length))
    .filter(({ attribute }) => attribute === 'status' || attribute === 'state')
    .map((event) => `${event.object.entity} ${line(event)}${event.type === undefined ? '' : ` by ${event.type}`}`);
  assert.deepEqual(seen, SHOP);
});

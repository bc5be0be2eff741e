// Causes brought about in the demo shop: it was not made for these tests, keeps what belongs together by numbers as well as by
// references, and publishes events.
import { setTimeout as wait } from 'node:timers/promises';
import { shopAsProcess } from '../demo/service.ts';
import { firstPhase, fourthPhase, secondPhase, shopClient, STUCK_ORDER, thirdPhase } from '../demo/traffic.ts';
import type { Truth } from './marketCauses.ts';
import { recordWhile } from './program.ts';
import type { Driven, Happened } from './recordedCauses.ts';

const STUCK_MS = 300;

const about =
  (entity: string, wanted: (id: string) => boolean, after?: unknown): Truth =>
  (point) =>
    point.kind === 'event' &&
    point.object.entity === entity &&
    wanted(String(point.object.id)) &&
    (after === undefined || point.postState === after);

export async function recordShop(): Promise<Driven> {
  await using service = await shopAsProcess();
  const shop = shopClient(service.address);
  const happened: Happened[] = [];
  const recording = await recordWhile(service.target, service.source, async (look) => {
    await firstPhase(shop);
    await secondPhase(shop);
    await thirdPhase(shop);
    await fourthPhase(shop);
    const refused = await shop.place('c-2', [{ sku: 'SKU-1', quantity: 1 }]);
    await shop.act(refused, 'pay', { accepted: false });
    const forgotten = await shop.place('c-3', [{ sku: 'SKU-2', quantity: 1 }]);
    await wait(STUCK_MS);
    const { seq } = await look();
    const taken = about('Product', (id) => id === 'SKU-3', undefined);
    const packed = about('Order', (id) => id === '1039', 'packed');
    happened.push(
      {
        ...{ kind: 'demo shop: a competing order took the last chairs', order: STUCK_ORDER, seq },
        truth: (point) => taken(point) || packed(point),
      },
      {
        ...{ kind: 'demo shop: a payment that was refused', order: refused, seq },
        truth: about('Payment', (id) => id.startsWith(`p-${refused}`), 'failed'),
      },
      {
        ...{ kind: 'demo shop: a payment that never came', order: forgotten, seq },
        truth: about('Order', (id) => id === forgotten, 'placed'),
      },
    );
  });
  return { recording, happened };
}

// Why an order of the market can be stuck: each kind of cause as it is brought about in the running service, and what the true answer
// looks like in a recording. Only the driver knows it.
import type { EventPoint, GapPoint } from '../../src/model/index.ts';
import { setTimeout as wait } from 'node:timers/promises';
import type { Tell } from './program.ts';

export type Truth = (point: EventPoint | GapPoint) => boolean;

export interface Stuck {
  readonly order: string;
  readonly truth: Truth;
}

/** What the market has from the beginning. */
export interface Ground {
  readonly tell: Tell;
  readonly items: readonly string[];
  readonly customers: readonly string[];
  readonly courier: string;
  /** An article of which there is one, one of which there are a few, a customer and a courier whom nobody else deals with. */
  readonly last: string;
  readonly few: string;
  readonly stranger: string;
  readonly guest: string;
  readonly other: string;
}

export interface Kind {
  readonly name: string;
  happen(ground: Ground): Promise<Stuck>;
}

const set =
  (entity: string, id: unknown, attribute: string, after?: unknown): Truth =>
  (point) =>
    point.kind === 'event' &&
    point.object.entity === entity &&
    point.object.id === id &&
    point.attribute === attribute &&
    (after === undefined || point.postState === after);
const created =
  (entity: string, id: unknown): Truth =>
  (point) =>
    point.kind === 'event' &&
    point.object.entity === entity &&
    point.object.id === id &&
    point.change?.kind === 'created';
const removed =
  (entity: string, id: unknown): Truth =>
  (point) =>
    point.kind === 'event' &&
    point.object.entity === entity &&
    point.object.id === id &&
    point.change?.kind === 'removed';
const either =
  (...truths: readonly Truth[]): Truth =>
  (point) =>
    truths.some((truth) => truth(point));

let turn = 0;
const one = (list: readonly string[]): string => list[turn++ % list.length] ?? '';

export async function place(ground: Ground, wish: { item?: string; customer?: string } = {}): Promise<string> {
  const { tell, items, customers } = ground;
  const customer = wish.customer ?? one(customers);
  return String(await tell('place', { customer, items: [wish.item ?? one(items)], total: 10 + (turn % 90) }));
}

export async function pay({ tell }: Ground, order: string): Promise<string> {
  const payment = String(await tell('ask', { order }));
  await tell('authorise', { payment });
  await tell('capture', { order });
  return payment;
}

/** An order on its usual way, to its end where nobody stops it. */
export async function usual(ground: Ground, until: 'placed' | 'paid' | 'shipped' | 'closed'): Promise<string> {
  const { tell, courier } = ground;
  const order = await place(ground);
  if (until === 'placed') return order;
  await pay(ground, order);
  if (until === 'paid') return order;
  await tell('pack', { order });
  await tell('ship', { order, courier, verdict: 'pass' });
  if (until === 'closed') await tell('deliver', { order });
  return order;
}

export const KINDS: readonly Kind[] = [
  {
    name: 'a competing order took the last of the stock',
    async happen(ground) {
      const { tell, last: item } = ground;
      const first = await place(ground, { item });
      const second = await place(ground, { item });
      await pay(ground, first);
      await pay(ground, second);
      await tell('pack', { order: second });
      await tell('pack', { order: first });
      return { order: first, truth: either(set('Item', item, 'stock', 0), set('Order', second, 'status', 'packed')) };
    },
  },
  {
    name: 'a payment that never came',
    async happen(ground) {
      const order = await place(ground);
      return { order, truth: created('Order', order) };
    },
  },
  {
    name: 'a retry given up',
    async happen(ground) {
      const order = await place(ground);
      const payment = String(await ground.tell('ask', { order }));
      for (let n = 0; n < 3; n++) await ground.tell('retry', { payment });
      return { order, truth: set('Payment', payment, 'status', 'failed') };
    },
  },
  {
    name: 'an undeclared transition',
    async happen(ground) {
      const order = await usual(ground, 'shipped');
      await ground.tell('repair', { order, fields: { status: 'paid' } });
      return { order, truth: set('Order', order, 'status', 'paid') };
    },
  },
  {
    name: 'a law broken far upstream: the customer was removed',
    async happen(ground) {
      const customer = ground.stranger;
      const order = await place(ground, { customer });
      await ground.tell('forget', { customer });
      for (let n = 0; n < 5; n++) await usual(ground, 'closed');
      await pay(ground, order);
      return { order, truth: removed('Customer', customer) };
    },
  },
  {
    name: 'a customer that was blocked',
    async happen(ground) {
      const customer = ground.guest;
      const order = await place(ground, { customer });
      await ground.tell('block', { customer });
      await pay(ground, order);
      await ground.tell('pack', { order });
      return { order, truth: set('Customer', customer, 'blocked', true) };
    },
  },
  {
    name: 'a shipment that was lost',
    async happen(ground) {
      const { tell, courier } = ground;
      const order = await place(ground);
      await pay(ground, order);
      await tell('pack', { order });
      const shipment = String(await tell('ship', { order, courier, verdict: 'pass' }));
      await tell('lose', { shipment });
      return { order, truth: set('Shipment', shipment, 'status', 'lost') };
    },
  },
  {
    name: 'a hold that an operator set',
    async happen(ground) {
      const order = await place(ground);
      await ground.tell('stop', { order });
      await pay(ground, order);
      await ground.tell('pack', { order });
      return { order, truth: set('Order', order, 'hold', true) };
    },
  },
  {
    name: 'a total that was raised after the payment was asked for',
    async happen(ground) {
      const { tell } = ground;
      const order = await place(ground);
      const payment = String(await tell('ask', { order }));
      // Somebody thinks it over: what was told of the order is of before.
      await wait(400);
      await tell('raise', { order, by: 5 });
      await tell('authorise', { payment });
      await tell('capture', { order });
      return { order, truth: set('Order', order, 'total') };
    },
  },
  {
    name: 'a check that said no',
    async happen(ground) {
      const { tell, courier } = ground;
      const order = await place(ground);
      await pay(ground, order);
      await tell('pack', { order });
      await tell('ship', { order, courier, verdict: 'reject' });
      return {
        order,
        truth: (point) => point.kind === 'event' && point.object.entity === 'Check' && point.postState === 'rejected',
      };
    },
  },
  {
    name: 'a payment that waits far longer than others',
    async happen(ground) {
      const order = await place(ground);
      const payment = String(await ground.tell('ask', { order }));
      await ground.tell('authorise', { payment });
      return { order, truth: set('Payment', payment, 'status', 'authorised') };
    },
  },
  {
    name: 'a courier that went home',
    async happen(ground) {
      const { tell, other: courier } = ground;
      const order = await place(ground);
      await pay(ground, order);
      await tell('pack', { order });
      await tell('goHome', { courier });
      await tell('ship', { order, courier, verdict: 'pass' });
      return { order, truth: set('Courier', courier, 'onDuty', false) };
    },
  },
  {
    name: 'a stock that was corrected to nothing long before',
    async happen(ground) {
      const item = ground.few;
      await ground.tell('correct', { item, stock: 0 });
      for (let n = 0; n < 5; n++) await usual(ground, 'closed');
      const order = await place(ground, { item });
      await pay(ground, order);
      await ground.tell('pack', { order });
      return { order, truth: set('Item', item, 'stock', 0) };
    },
  },
  {
    name: 'a payment that was given back',
    async happen(ground) {
      const order = await place(ground);
      const payment = await pay(ground, order);
      await ground.tell('refund', { payment });
      return { order, truth: set('Payment', payment, 'status', 'refunded') };
    },
  },
];

/** More than a recording holds at once, and what matters at its end. It comes last: every later answer would have the gap in it. */
export const LOST: Kind = {
  name: 'events that were lost',
  async happen(ground) {
    const order = await usual(ground, 'paid');
    await ground.tell('flap', { courier: ground.other, times: 80_000, order });
    await ground.tell('pack', { order });
    // The hold itself was lost; the next snapshot shows that it is there.
    return { order, truth: either((point) => point.kind === 'gap', set('Order', order, 'hold', true)) };
  },
};

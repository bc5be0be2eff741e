// Why an order can be stuck: each kind of cause as it happens in the shop, and the events that are the true answer.
import type { EntityRef } from '../../src/model/index.ts';
import { RecordedShop } from './recordedShop.ts';

export interface Stuck {
  readonly order: EntityRef;
  /** Numbers of the events any of which is the true answer. */
  readonly truth: readonly number[];
}

export interface Kind {
  readonly name: string;
  happen(shop: RecordedShop, stock: readonly EntityRef[], customers: readonly EntityRef[]): Stuck;
}

interface Placed {
  readonly order: EntityRef;
  readonly item: EntityRef;
  readonly customer: EntityRef;
  readonly at: number;
}

export function pick<T>(shop: RecordedShop, list: readonly T[]): T {
  return list[Math.floor(shop.random() * list.length)] as T;
}

export function place(shop: RecordedShop, stock: readonly EntityRef[], customers: readonly EntityRef[]): Placed {
  shop.request();
  const [item, customer] = [pick(shop, stock), pick(shop, customers)];
  const order = shop.create(
    'Order',
    { status: 'placed', total: 10 + Math.floor(shop.random() * 90), hold: false },
    { items: [item], customer: [customer], payment: [], shipment: [] },
  );
  return { order, item, customer, at: shop.last };
}

export function askForPayment(shop: RecordedShop, order: EntityRef): EntityRef {
  shop.request();
  const payment = shop.create('Payment', {
    status: 'requested',
    amount: shop.of(order).attributes['total'] ?? 0,
    attempts: 0,
  });
  shop.link(order, 'payment', [payment]);
  return payment;
}

export function pay(shop: RecordedShop, order: EntityRef): EntityRef {
  const payment = askForPayment(shop, order);
  shop.wait(1 + shop.random());
  shop.request();
  shop.set(payment, 'status', 'authorised');
  shop.wait(1 + shop.random());
  shop.request();
  shop.set(payment, 'status', 'captured');
  shop.set(order, 'status', 'paid');
  return payment;
}

export function pack(
  shop: RecordedShop,
  { order, item }: Pick<Placed, 'order' | 'item'>,
): { readonly shipment: EntityRef; readonly took: number } {
  shop.request();
  const took = shop.set(item, 'stock', Number(shop.of(item).attributes['stock']) - 1);
  shop.set(order, 'status', 'packed');
  const shipment = shop.create('Shipment', { status: 'ready' });
  shop.link(order, 'shipment', [shipment]);
  return { shipment, took };
}

export function ship(shop: RecordedShop, order: EntityRef, shipment: EntityRef): void {
  shop.request();
  shop.set(shipment, 'status', 'sent');
  shop.set(order, 'status', 'shipped');
}

export const KINDS: readonly Kind[] = [
  {
    name: 'a competing order took the last of the stock',
    happen(shop, _stock, customers) {
      const scarce = shop.create('Item', { stock: 1 });
      const first = place(shop, [scarce], customers);
      const second = place(shop, [scarce], customers);
      pay(shop, first.order);
      pay(shop, second.order);
      const { took } = pack(shop, second);
      return { order: first.order, truth: [took, took + 1] };
    },
  },
  {
    name: 'a payment that never came',
    happen(shop, stock, customers) {
      const { order, at } = place(shop, stock, customers);
      return { order, truth: [at] };
    },
  },
  {
    name: 'a retry given up',
    happen(shop, stock, customers) {
      const { order } = place(shop, stock, customers);
      const payment = askForPayment(shop, order);
      for (const attempts of [1, 2, 3]) {
        shop.request();
        shop.set(payment, 'attempts', attempts);
        shop.wait(2);
      }
      return { order, truth: [shop.set(payment, 'status', 'failed')] };
    },
  },
  {
    name: 'an undeclared transition',
    happen(shop, stock, customers) {
      const { order } = place(shop, stock, customers);
      pay(shop, order);
      shop.request();
      return { order, truth: [shop.set(order, 'status', 'cancelled')] };
    },
  },
  {
    name: 'events that were lost',
    happen(shop, stock, customers) {
      const { order } = place(shop, stock, customers);
      pay(shop, order);
      return { order, truth: [shop.lose(14)] };
    },
  },
  {
    name: 'a law broken far upstream: the customer was removed',
    happen(shop, stock) {
      const customer = shop.create('Customer', { blocked: false });
      const placed = place(shop, stock, [customer]);
      shop.request();
      const gone = shop.remove(customer);
      for (let n = 0; n < 5; n++) place(shop, stock, [shop.create('Customer', { blocked: false })]);
      pay(shop, placed.order);
      return { order: placed.order, truth: [gone] };
    },
  },
  {
    name: 'a customer that was blocked',
    happen(shop, stock) {
      const customer = shop.create('Customer', { blocked: false });
      const { order } = place(shop, stock, [customer]);
      shop.request();
      const blocked = shop.set(customer, 'blocked', true);
      pay(shop, order);
      return { order, truth: [blocked] };
    },
  },
  {
    name: 'a shipment that was lost',
    happen(shop, stock, customers) {
      const placed = place(shop, stock, customers);
      pay(shop, placed.order);
      const { shipment } = pack(shop, placed);
      ship(shop, placed.order, shipment);
      shop.wait(30);
      shop.request();
      return { order: placed.order, truth: [shop.set(shipment, 'status', 'lost')] };
    },
  },
  {
    name: 'a hold that an operator set',
    happen(shop, stock, customers) {
      const { order } = place(shop, stock, customers);
      shop.request();
      const held = shop.set(order, 'hold', true);
      pay(shop, order);
      return { order, truth: [held] };
    },
  },
  {
    name: 'a total that was raised after the payment was asked for',
    happen(shop, stock, customers) {
      const { order } = place(shop, stock, customers);
      const payment = askForPayment(shop, order);
      shop.request();
      const raised = shop.set(order, 'total', Number(shop.of(order).attributes['total']) + 5);
      shop.request();
      shop.set(payment, 'status', 'authorised');
      shop.request();
      shop.set(payment, 'status', 'captured');
      return { order, truth: [raised] };
    },
  },
  {
    name: 'a check in the same request that said no',
    happen(shop, stock, customers) {
      const placed = place(shop, stock, customers);
      pay(shop, placed.order);
      const { shipment } = pack(shop, placed);
      const check = shop.create('FraudCheck', { status: 'running' });
      shop.link(shipment, 'check', [check]);
      return { order: placed.order, truth: [shop.set(check, 'status', 'rejected')] };
    },
  },
  {
    name: 'a payment that waits far longer than others',
    happen(shop, stock, customers) {
      const { order } = place(shop, stock, customers);
      const payment = askForPayment(shop, order);
      shop.request();
      return { order, truth: [shop.set(payment, 'status', 'authorised')] };
    },
  },
];

// A seeded recording of a tea shop: customers, orders, payments, shipments and stock, with a gap, lost events, a broken law, an
// undeclared transition and one order that is stuck. In memory, for tests of the panel in a plain browser.
import type { EventRow, GapMark, SnapshotMark } from '../../src/present/index.ts';
import type { EntityRef } from '../../src/model/index.ts';
import { assemble } from './assemble.ts';
import type { TypeSpec } from './shopTypes.ts';

export interface Stay {
  readonly state: string;
  readonly from: number;
  readonly to?: number;
}

export interface Recorded {
  readonly ref: EntityRef;
  readonly stays: Stay[];
  /** Places in `events` of those this entity is the object of. */
  readonly own: number[];
  /** And of those it is only the subject of. */
  readonly touched: number[];
  readonly links: { readonly predicate: string; readonly to: EntityRef; readonly since: number }[];
  readonly values: { [name: string]: string };
  readonly broken: { readonly law: string; readonly from: number; readonly message: string }[];
}

export interface Recording {
  readonly first: number;
  readonly last: number;
  readonly types: readonly TypeSpec[];
  readonly entities: ReadonlyMap<string, Recorded>;
  readonly events: readonly EventRow[];
  readonly snapshots: readonly SnapshotMark[];
  readonly gaps: readonly GapMark[];
}

const SECOND = 1e6;
const MINUTE = 60 * SECOND;
export const START = Date.UTC(2026, 10, 23, 10, 0, 0) * 1000;

export const keyOf = (ref: EntityRef): string => `${ref.entity}\u0000${ref.id}`;

/** Park and Miller's generator: the same numbers for the same seed, everywhere. */
export function seeded(seed: number): () => number {
  let at = seed % 2147483647;
  return () => (at = (at * 48271) % 2147483647) / 2147483647;
}

export interface Draft {
  readonly time: number;
  readonly type: string;
  readonly ref: EntityRef;
  readonly attribute: string;
  readonly before?: string;
  readonly after?: string;
  readonly subject?: EntityRef;
  readonly source: string;
  readonly breaks?: string;
}

/** About `wanted` events over `minutes`; small recordings hold the story of Order 5120. */
export function record(wanted: number, minutes: number, seed = 7): Recording {
  const random = seeded(seed);
  const drafts: Draft[] = [];
  const entities = new Map<string, Recorded>();
  const last = START + minutes * MINUTE;
  const ref = (entity: string, id: string | number): EntityRef => {
    const one = { entity, id };
    if (!entities.has(keyOf(one)))
      entities.set(keyOf(one), { ref: one, stays: [], own: [], touched: [], links: [], values: {}, broken: [] });
    return one;
  };
  const link = (from: EntityRef, predicate: string, to: EntityRef, since: number) =>
    entities.get(keyOf(from))?.links.push({ predicate, to, since });
  const event = (
    time: number,
    type: string,
    object: EntityRef,
    attribute: string,
    change: readonly [string | undefined, string | undefined],
    source: string,
    subject?: EntityRef,
    breaks?: string,
  ) => {
    const [before, after] = change;
    drafts.push({
      time,
      type,
      ref: object,
      attribute,
      source,
      ...(before && { before }),
      ...(after && { after }),
      ...(subject && { subject }),
      ...(breaks && { breaks }),
    });
  };
  const customers = Array.from({ length: Math.max(6, Math.ceil(wanted / 200)) }, (_, at) =>
    ref('Customer', 200 + at * 7),
  );
  const stock = ['TEA-1', 'TEA-2', 'TEA-4', 'POT-3', 'CUP-8', 'TEA-9'].map((id) => ref('Stock', id));
  for (const one of customers)
    event(START - 1, 'CustomerSeen', one, 'standing', [undefined, 'regular'], 'customers/customer.ts:12');
  for (const one of stock)
    event(START - 1, 'StockSeen', one, 'level', [undefined, one.id === 'TEA-9' ? 'low' : 'plenty'], 'stock/stock.ts:9');
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

  function order(id: number, start: number, stuck = false): void {
    let time = start;
    const later = (low: number, high: number) => (time += Math.round((low + random() * (high - low)) * SECOND));
    const [one, customer] = [ref('Order', id), pick(customers)];
    const item = stuck ? (stock[5] ?? one) : pick(stock.slice(0, 5));
    link(customer, 'places', one, time);
    link(one, 'contains', item, time);
    if (stuck) link(one, 'contains', stock[1] ?? one, time);
    event(time, 'OrderOpened', one, 'status', [undefined, 'draft'], 'orders/order.ts:41', customer);
    event(
      later(5, 40),
      'LineAdded',
      one,
      'total',
      ['0.00', (10 + random() * 90).toFixed(2)],
      'orders/order.ts:58',
      customer,
    );
    event(later(20, 120), 'OrderPlaced', one, 'status', ['draft', 'placed'], 'orders/order.ts:74', customer);
    if (!stuck && random() < 0.12)
      return event(
        later(60, 200),
        'OrderCancelled',
        one,
        'status',
        ['placed', 'cancelled'],
        'orders/order.ts:131',
        customer,
      );
    const payment = ref('Payment', `P-${id - 5000}`);
    link(one, 'paidBy', payment, time);
    event(later(5, 60), 'PaymentOpened', payment, 'state', [undefined, 'opened'], 'payments/payment.ts:22', one);
    event(later(10, 60), 'PaymentAuthorised', payment, 'state', ['opened', 'authorised'], 'payments/webhook.ts:35');
    if (!stuck && random() < 0.06)
      return event(
        later(10, 30),
        'PaymentFailed',
        payment,
        'state',
        ['authorised', 'failed'],
        'payments/webhook.ts:61',
        one,
      );
    event(
      later(20, 70),
      'PaymentCaptured',
      payment,
      'state',
      ['authorised', 'captured'],
      'payments/webhook.ts:52',
      one,
    );
    event((time += 6000), 'OrderPaid', one, 'status', ['placed', 'paid'], 'orders/order.ts:88', payment);
    if (stuck) {
      event(
        (time += 240_000),
        'HoldFailed',
        one,
        'hold',
        ['pending', 'failed'],
        'stock/hold.ts:64',
        item,
        'paid-is-held',
      );
      entities
        .get(keyOf(one))
        ?.broken.push({ law: 'paid-is-held', from: time, message: 'a paid order holds its stock' });
      event(later(290, 300), 'HoldRetried', one, 'attempts', ['1', '2'], 'stock/retry.ts:29');
      return event(later(290, 300), 'HoldAbandoned', one, 'hold', ['failed', 'abandoned'], 'stock/retry.ts:44');
    }
    event(
      (time += 250_000),
      'StockHeld',
      item,
      'free',
      [String(20 + Math.floor(random() * 9)), '19'],
      'stock/stock.ts:47',
      one,
    );
    event(later(25, 80), 'OrderPacked', one, 'status', ['paid', 'packed'], 'orders/packing.ts:33');
    const shipment = ref('Shipment', `S-${id - 5000}`);
    link(one, 'sentBy', shipment, time);
    event(
      (time += 30_000),
      'ShipmentOpened',
      shipment,
      'state',
      [undefined, 'waiting'],
      'shipping/shipment.ts:18',
      one,
    );
    event(later(20, 70), 'LabelPrinted', shipment, 'state', ['waiting', 'labelled'], 'shipping/label.ts:26');
    event(later(60, 200), 'ShipmentLeft', shipment, 'state', ['labelled', 'on_the_way'], 'shipping/carrier.ts:40', one);
    event((time += 6000), 'OrderShipped', one, 'status', ['packed', 'shipped'], 'orders/order.ts:112', shipment);
    if (id === 5104) {
      event(
        later(100, 140),
        'PaymentReopened',
        one,
        'status',
        ['shipped', 'paid'],
        'payments/refund.ts:57',
        payment,
        'declared-transitions',
      );
      entities
        .get(keyOf(one))
        ?.broken.push({ law: 'declared-transitions', from: time, message: 'shipped → paid is not declared' });
      return;
    }
    event(
      later(400, 900),
      'ShipmentDelivered',
      shipment,
      'state',
      ['on_the_way', 'delivered'],
      'shipping/carrier.ts:57',
      one,
    );
    event((time += 5000), 'OrderDelivered', one, 'status', ['shipped', 'delivered'], 'orders/order.ts:121', shipment);
  }

  const story = wanted < 5000;
  for (let id = 5101; drafts.length < wanted; id++)
    if (id === 5104) order(id, START + 2 * MINUTE);
    else if (id !== 5120) order(id, START + Math.round(random() ** 0.9 * (minutes - 2) * MINUTE));
  if (story) {
    order(5120, START + 24 * MINUTE + 10_118_000, true);
    const tea = ref('Stock', 'TEA-9');
    link(ref('Order', 5117), 'contains', tea, START);
    event(
      START + 29 * MINUTE + 22_041_000,
      'StockHeld',
      tea,
      'level',
      ['low', 'empty'],
      'stock/stock.ts:47',
      ref('Order', 5117),
    );
  }
  const gaps: GapMark[] = story
    ? [
        { since: START + 16 * MINUTE, time: START + 18.4 * MINUTE, reason: 'the debugger was away' },
        { since: START + 27.05 * MINUTE, time: START + 27.08 * MINUTE, reason: 'events lost', lost: 14 },
      ]
    : [];
  const kept = drafts
    .filter(
      ({ time }) => time <= last && !gaps.some((gap) => gap.lost === undefined && time > gap.since && time < gap.time),
    )
    .sort((a, b) => a.time - b.time);
  const snapshots = [2, 10, 16, 18.4, 30, 36, 44]
    .filter((at) => at < minutes)
    .map((at, index): SnapshotMark => {
      const broken = story && at >= 36;
      const methods = ['heap', 'memory', 'objects', 'memory', 'memory', 'memory', 'checkpoint'] as const;
      return {
        seq: 0,
        time: START + at * MINUTE,
        id: `S${index + 1}`,
        method: methods[index] ?? 'heap',
        consistency: broken ? 'broken' : index === 3 ? 'unknown' : 'consistent',
        pauseMs: 31,
        bytes: 258e6,
        targetGrowthBytes: 0,
      };
    });
  return assemble({ kept, entities, gaps, snapshots, last });
}

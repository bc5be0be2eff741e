// A small hand-made recording of the shop: two snapshots with changes between them, recorded events, lost ones, and one
// step that no code declares. Order 1042 is the one to ask about.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fromIso, NEW, redacted, refKey } from '../../src/model/index.ts';
import type {
  EntityInstance,
  EntityRef,
  EventPoint,
  Micros,
  NewPoint,
  SnapshotPoint,
  Value,
} from '../../src/model/index.ts';
import type { Scene } from '../../src/present/index.ts';
import { openTimeline, type TimelineStore } from '../../src/timeline/index.ts';
import { SHOP } from './shopModel.ts';

export const clock = (text: string): Micros => fromIso(`2026-03-02T${text}Z`);
export const order = (id: number): EntityRef => ({ entity: 'Order', id });
export const payment = (id: string): EntityRef => ({ entity: 'Payment', id });
export const ANNA: EntityRef = { entity: 'Customer', id: 'c-7' };
const TARGET = 'docker:shop';

function thing(ref: EntityRef, attributes: Record<string, Value>, links: EntityInstance['links'] = {}): EntityInstance {
  return { ...ref, attributes: { ...(ref.entity === 'Customer' ? {} : { id: ref.id }), ...attributes }, links };
}

type More = Partial<Omit<EventPoint, 'kind' | 'seq'>>;

export function changed(
  time: Micros,
  ref: EntityRef,
  attribute: string,
  before: Value,
  after: Value,
  more: More = {},
): NewPoint {
  return {
    ...{
      kind: 'event',
      time,
      object: ref,
      attribute,
      preState: before,
      postState: after,
      observed: 'recorded',
      target: TARGET,
    },
    change: { kind: 'attribute', ref, attribute, before, after },
    ...more,
  };
}

export function born(time: Micros, instance: EntityInstance, attribute: string, more: More = {}): NewPoint {
  const object = { entity: instance.entity, id: instance.id };
  const postState = instance.attributes[attribute] ?? null;
  return {
    ...{ kind: 'event', time, object, attribute, preState: NEW, postState, observed: 'recorded', target: TARGET },
    change: { kind: 'created', instance },
    ...more,
  };
}

function snapshot(time: Micros, id: string, more: Partial<SnapshotPoint> = {}): NewPoint {
  return {
    ...{ kind: 'snapshot', time, id, method: 'memory', bytes: 48_000_000, pauseMs: 31, target: TARGET },
    ...{ consistency: 'consistent', entities: 5, problems: 0, ...more },
  };
}

const between = (since: Micros): More => ({ since, observed: 'between-snapshots' });

/** Nine points and a companion; the seqs are their places. */
export function record(store: TimelineStore): void {
  store.saveModel(SHOP);
  const start = [
    thing(ANNA, { name: 'Anna' }),
    thing(order(1039), { status: 'paid', total: 12.5 }, { placedBy: [ANNA], paidBy: [payment('P-8')] }),
    thing(payment('P-8'), { state: 'captured', cardNumber: redacted() }),
  ];
  const first = clock('10:30:00.000');
  store.append([snapshot(first, '1')], new Map(start.map((each) => [refKey(each), each])));
  const placed = thing(order(1042), { status: 'placed', total: 80 }, { placedBy: [ANNA], paidBy: [] });
  const paying = thing(payment('P-9'), { state: 'authorized', cardNumber: redacted() });
  store.append([
    born(clock('10:31:00.250'), placed, 'status', {
      type: 'OrderPlaced',
      subject: ANNA,
      source: { file: 'src/order.ts', line: 14 },
    }),
    born(clock('10:31:10.000'), paying, 'state', {
      type: 'PaymentAuthorized',
      source: { file: 'src/payment.ts', line: 9 },
    }),
    changed(clock('10:31:11.900'), payment('P-9'), 'state', 'authorized', 'captured', {
      ...{ type: 'PaymentCaptured', source: { file: 'src/payment.ts', line: 15 } },
    }),
    changed(clock('10:31:12.408'), order(1042), 'status', 'placed', 'paid', {
      ...{ type: 'OrderPaid', source: { file: 'src/order.ts', line: 21, column: 5 }, subject: ANNA },
      stack: [{ name: 'Order.pay', source: { file: 'src/order.ts', line: 21 } }, { name: 'POST /orders/:id/pay' }],
      context: { space: [], time: [], subject: [{ name: 'request', value: 'r-77', from: 'request' }], device: [] },
    }),
    { kind: 'gap', since: clock('10:32:00.000'), time: clock('10:32:05.000'), lost: 14, reason: 'the buffer was full' },
  ]);
  const second = clock('10:33:00.000');
  store.append([
    {
      ...{ kind: 'event', time: second, object: order(1042), attribute: 'paidBy', target: TARGET, ...between(first) },
      ...{
        preState: { $type: 'list', value: [] },
        postState: { $type: 'list', value: ['P-9'] },
        observed: 'between-snapshots',
      },
      change: { kind: 'link', ref: order(1042), predicate: 'paidBy', before: [], after: [payment('P-9')] },
    },
    changed(second, order(1039), 'status', 'paid', 'shipped', { ...between(first), likely: true }),
    snapshot(second, '2', { pauseMs: 28.4, targetGrowthBytes: 0 }),
    changed(clock('10:34:30.000'), order(1039), 'status', 'shipped', 'placed', {
      ...{ source: { file: 'src/admin.ts', line: 3 }, breaks: ['declared-transitions'] },
    }),
  ]);
}

export function recorded(t: TestContext, fill: (store: TimelineStore) => void = record): TimelineStore {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-present-'));
  const store = openTimeline(join(folder, 'shop.semstate'));
  t.after(() => {
    store.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  fill(store);
  return store;
}

export function sceneOf(store: TimelineStore, seq: number, more: Partial<Scene> = {}): Scene {
  return { store, model: store.model() ?? SHOP, seq, live: false, ...more };
}

// A recorded timeline of a small order service: what the view, the query form and the debug adapter are tested on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  fromIso,
  GONE,
  NEW,
  refKey,
  type Change,
  type EntityInstance,
  type EntityRef,
  type EventPoint,
  type NewPoint,
  type SnapshotPoint,
  type Value,
} from '../../src/model/index.ts';
import { openTimeline, type TimelineStore } from '../../src/timeline/index.ts';
import { FIRST_STATE, MODEL, order, PAY, SHIP } from './orderModel.ts';

export { MODEL, PAY, SHIP } from './orderModel.ts';

export const TARGET = 'docker:shop';

export const at = (clock: string): number => fromIso(`2026-03-01T${clock}Z`);

const snapshot = (id: string, time: string, more: Partial<SnapshotPoint> = {}): Omit<SnapshotPoint, 'seq'> => ({
  kind: 'snapshot',
  time: at(time),
  id,
  method: 'heap',
  bytes: 4_200_000,
  pauseMs: 31.4,
  target: TARGET,
  consistency: 'consistent',
  entities: 9,
  problems: 0,
  ...more,
});

function changed(
  object: EntityRef,
  attribute: string,
  before: Value,
  after: Value,
  more: Partial<EventPoint> & { readonly time: number },
): Omit<EventPoint, 'seq'> {
  const change: Change = { kind: 'attribute', ref: object, attribute, before, after };
  return {
    kind: 'event',
    object,
    attribute,
    preState: before,
    postState: after,
    observed: 'recorded',
    target: TARGET,
    change,
    ...more,
  };
}

const ref = (entity: string, id: EntityRef['id']): EntityRef => ({ entity, id });
const born = order('1043', 'draft', 9.5, 7, ['pen', 'ink']);
const between = { since: at('10:31:00.000'), time: at('10:32:00.000'), observed: 'between-snapshots' } as const;

/** Two recorded events with stack and context, a creation with a companion, changes between snapshots, two broken laws. */
export const POINTS: readonly NewPoint[] = [
  snapshot('snapshot-1', '10:30:00.000'),
  changed(ref('Order', '1042'), 'status', 'draft', 'paid', {
    time: at('10:30:05.250'),
    type: 'OrderPaid',
    subject: ref('Customer', 7),
    source: PAY,
    stack: [
      { name: 'Order.pay', source: PAY },
      { name: 'checkout', source: { file: 'src/checkout.ts', line: 12, column: 9 } },
      { name: 'process.processTicksAndRejections' },
    ],
    context: {
      space: [{ name: 'container', value: 'shop', from: 'container label' }],
      time: [],
      subject: [{ name: 'user', value: 'ada' }],
      device: [{ name: 'requestId', value: 'r-77', from: 'request' }],
    },
  }),
  changed(ref('Payment', 'p1'), 'state', 'pending', 'captured', { time: at('10:30:05.500') }),
  {
    kind: 'event',
    time: at('10:30:12.345'),
    object: ref('Order', '1043'),
    attribute: 'status',
    preState: NEW,
    postState: 'draft',
    observed: 'recorded',
    target: TARGET,
    change: { kind: 'created', instance: born },
  },
  {
    kind: 'event',
    time: at('10:30:12.345'),
    object: ref('Order', '1043'),
    attribute: 'priority',
    preState: NEW,
    postState: 'normal',
    observed: 'recorded',
    target: TARGET,
  },
  snapshot('snapshot-2', '10:31:00.000', { entities: 10 }),
  changed(ref('Order', '1042'), 'status', 'paid', 'shipped', {
    ...between,
    type: 'OrderShipped',
    source: SHIP,
    likely: true,
  }),
  changed(ref('Order', '1040'), 'status', 'shipped', 'draft', { ...between, breaks: ['declared-transitions'] }),
  {
    kind: 'event',
    ...between,
    object: ref('Customer', 8),
    preState: { $type: 'object', class: 'Customer', value: {} },
    postState: GONE,
    target: TARGET,
    breaks: ['references-resolve'],
    change: { kind: 'removed', instance: FIRST_STATE.get(refKey(ref('Customer', 8))) as EntityInstance },
  },
  snapshot('snapshot-3', '10:32:00.000', { consistency: 'broken' }),
  { kind: 'gap', since: at('10:32:00.000'), time: at('10:40:00.000'), reason: 'not attached' },
  snapshot('snapshot-4', '10:40:00.000', { consistency: 'broken' }),
];

export interface Recorded extends Disposable {
  readonly store: TimelineStore;
  readonly file: string;
  readonly directory: string;
}

/** The timeline above in a file of its own, removed on disposal. */
export function recordOrderService(points: readonly NewPoint[] = POINTS): Recorded {
  const directory = mkdtempSync(join(tmpdir(), 'semstate-view-'));
  const file = join(directory, 'order-service.semstate');
  const store = openTimeline(file);
  const [first, ...rest] = points;
  if (first) store.append([first], FIRST_STATE);
  if (rest.length > 0) store.append(rest);
  store.saveModel(MODEL);
  return {
    store,
    file,
    directory,
    [Symbol.dispose]() {
      store.dispose();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

// A recorded timeline of a small order service: what the view, the query form and the debug adapter are tested on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  fromIso,
  GONE,
  NEW,
  NO_CONTEXT,
  redacted,
  missing,
  refKey,
  type Attribute,
  type Change,
  type EntityInstance,
  type EntityRef,
  type EventPoint,
  type Model,
  type NewPoint,
  type SemanticState,
  type SnapshotPoint,
  type SourcePosition,
  type Value,
} from '../../src/model/index.ts';
import { openTimeline, type TimelineStore } from '../../src/timeline/index.ts';

export const TARGET = 'docker:shop';

/** Lines of test/fixtures/order-service/src/order.ts. */
export const PAY: SourcePosition = { file: 'src/order.ts', line: 21, column: 5 };
export const SHIP: SourcePosition = { file: 'src/order.ts', line: 25, column: 34 };
export const CANCEL: SourcePosition = { file: 'src/order.ts', line: 29, column: 5 };

const status = (role: Attribute['role'], name: string, values: readonly string[]): Attribute => ({
  name,
  type: 'enum',
  ...(role && { role }),
  states: values.map((value) => ({ value, status: 'confirmed' })),
  status: 'confirmed',
});
const plain = (name: string, type: Attribute['type']): Attribute => ({
  name,
  type,
  role: 'plain',
  status: 'confirmed',
});
const identity = (type: Attribute['type'] = 'string'): Attribute => ({
  name: 'id',
  type,
  role: 'identity',
  status: 'confirmed',
});

export const MODEL: Model = {
  document: 'model',
  version: 1,
  entities: [
    {
      name: 'Order',
      identity: ['id'],
      attributes: [
        identity(),
        status('state', 'status', ['draft', 'paid', 'shipped', 'cancelled']),
        status('state', 'priority', ['normal', 'high']),
        plain('total', 'number'),
        { ...plain('note', 'string'), optional: true },
        plain('tags', 'list'),
      ],
      instances: 3,
      source: { file: 'src/order.ts', line: 7, column: 14 },
      status: 'confirmed',
    },
    {
      name: 'Customer',
      identity: ['id'],
      attributes: [identity('number'), plain('name', 'string'), plain('password', 'string'), plain('since', 'date')],
      instances: 2,
      status: 'confirmed',
    },
    {
      name: 'Product',
      identity: ['id'],
      attributes: [identity(), plain('price', 'number')],
      instances: 3,
      status: 'confirmed',
    },
    {
      name: 'Payment',
      identity: ['id'],
      attributes: [identity(), status('state', 'state', ['pending', 'captured', 'failed']), plain('amount', 'number')],
      instances: 1,
      status: 'confirmed',
    },
  ],
  relations: [
    { subject: 'Order', predicate: 'customer', object: 'Customer', cardinality: '1', status: 'confirmed' },
    { subject: 'Order', predicate: 'lines', object: 'Product', cardinality: '*', status: 'confirmed' },
    { subject: 'Payment', predicate: 'order', object: 'Order', cardinality: '0..1', status: 'confirmed' },
  ],
  transitions: [
    transition('draft', 'paid', 'OrderPaid', PAY),
    transition('paid', 'shipped', 'OrderShipped', SHIP),
    transition(undefined, 'cancelled', 'OrderCancelled', CANCEL),
  ],
  context: NO_CONTEXT,
  problems: [],
};

function transition(
  from: string | undefined,
  to: string,
  type: string,
  source: SourcePosition,
): Model['transitions'][number] {
  return {
    type,
    object: 'Order',
    attribute: 'status',
    preState: from ?? { $any: true },
    postState: to,
    status: 'declared',
    evidence: [{ by: 'write', source }],
  };
}

const customer = (id: number, name: string): EntityInstance => ({
  entity: 'Customer',
  id,
  attributes: { id, name, password: redacted(), since: { $type: 'date', value: '2025-01-02T03:04:05.000Z' } },
  links: {},
});
const product = (id: string, price: number): EntityInstance => ({
  entity: 'Product',
  id,
  attributes: { id, price },
  links: {},
});
export const order = (
  id: string,
  state: string,
  total: Value,
  by: number,
  lines: readonly string[],
): EntityInstance => ({
  entity: 'Order',
  id,
  attributes: {
    id,
    status: state,
    priority: 'normal',
    total,
    tags: { $type: 'list', value: ['web', { $type: 'list', value: [1, -0] }] },
  },
  links: {
    customer: [{ entity: 'Customer', id: by }],
    lines: lines.map((line) => ({ entity: 'Product', id: line })),
  },
});
const payment = (id: string, state: string, amount: Value, of: string): EntityInstance => ({
  entity: 'Payment',
  id,
  attributes: { id, state, amount },
  links: { order: [{ entity: 'Order', id: of }] },
});

export const FIRST_STATE: SemanticState = new Map(
  [
    customer(7, 'Ada'),
    customer(8, 'Grace'),
    product('pen', 2.5),
    product('ink', 7),
    product('desk', 300),
    order('1040', 'shipped', 20, 8, ['pen']),
    order('1041', 'draft', missing(), 8, ['pen', 'ink']),
    order('1042', 'draft', 302.5, 7, ['pen', 'desk']),
    payment('p1', 'pending', 302.5, '1042'),
  ].map((instance) => [refKey(instance), instance]),
);

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

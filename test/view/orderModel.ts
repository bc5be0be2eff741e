// What a small order service is made of: its model as extraction would give it, and its entities when recording began.
import {
  missing,
  NO_CONTEXT,
  redacted,
  refKey,
  type Attribute,
  type EntityInstance,
  type Model,
  type SemanticState,
  type SourcePosition,
  type Value,
} from '../../src/model/index.ts';

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

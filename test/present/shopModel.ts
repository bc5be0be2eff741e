// The model of a small hand-made shop: orders, payments, shipments, customers.
import { NEW, type Evidence, type Model, type Relation, type Transition, type Value } from '../../src/model/index.ts';

const at = (file: string, line: number, by: Evidence['by'] = 'write'): Evidence[] => [
  { by, source: { file: `src/${file}`, line } },
];
const goes = (
  object: string,
  attribute: string,
  preState: Transition['preState'],
  postState: Value,
  type: string,
  line: number,
  more: Partial<Transition> = {},
): Transition => ({
  ...{ type, object, attribute, preState, postState, status: 'declared' },
  evidence: at(`${object.toLowerCase()}.ts`, line),
  ...more,
});
const relation = (
  subject: string,
  predicate: string,
  object: string,
  cardinality: Relation['cardinality'],
  line: number,
): Relation => ({
  ...{ subject, predicate, object, kind: 'structural', cardinality, status: 'confirmed' },
  evidence: at(`${subject.toLowerCase()}.ts`, line, 'declaration'),
});
const states = (...all: string[]): { value: string; status: 'confirmed' | 'declared' }[] =>
  all.map((value) => ({ value, status: value === 'cancelled' ? 'declared' : 'confirmed' }));

export const SHOP: Model = {
  document: 'model',
  version: 1,
  entities: [
    {
      ...{
        name: 'Order',
        identity: ['id'],
        instances: 3,
        status: 'confirmed',
        source: { file: 'src/order.ts', line: 4 },
      },
      attributes: [
        {
          name: 'id',
          type: 'number',
          role: 'identity',
          status: 'confirmed',
          evidence: at('order.ts', 5, 'declaration'),
        },
        {
          ...{ name: 'status', type: 'enum', role: 'state', status: 'confirmed' },
          states: states('placed', 'paid', 'packed', 'shipped', 'cancelled'),
          evidence: [...at('order.ts', 7, 'declaration'), { by: 'value', snapshot: '2', count: 3 }],
        },
        {
          name: 'total',
          type: 'number',
          role: 'plain',
          status: 'confirmed',
          evidence: at('order.ts', 8, 'declaration'),
        },
        {
          name: 'note',
          type: 'string',
          optional: true,
          status: 'declared',
          evidence: at('order.ts', 9, 'declaration'),
        },
      ],
      evidence: [...at('order.ts', 4, 'declaration'), { by: 'instance', snapshot: '2', count: 3 }],
    },
    {
      ...{
        name: 'Payment',
        identity: ['id'],
        instances: 2,
        status: 'confirmed',
        source: { file: 'src/payment.ts', line: 2 },
      },
      attributes: [
        { name: 'id', type: 'string', role: 'identity', status: 'confirmed' },
        {
          name: 'state',
          type: 'enum',
          role: 'state',
          states: states('authorized', 'captured', 'failed'),
          status: 'confirmed',
        },
        { name: 'cardNumber', type: 'string', status: 'confirmed' },
      ],
    },
    {
      ...{
        name: 'Shipment',
        identity: ['id'],
        instances: 0,
        status: 'declared',
        source: { file: 'src/shipment.ts', line: 3 },
      },
      attributes: [
        { name: 'id', type: 'string', role: 'identity', status: 'declared' },
        { name: 'status', type: 'enum', role: 'state', states: states('packed', 'delivered'), status: 'declared' },
      ],
    },
    {
      ...{ name: 'Customer', identity: ['id'], instances: 1, status: 'observed' },
      attributes: [{ name: 'name', type: 'string', status: 'observed' }],
      evidence: [{ by: 'instance', snapshot: '1', count: 1, note: 'plain objects of one shape' }],
    },
  ],
  relations: [
    relation('Order', 'placedBy', 'Customer', '1', 10),
    relation('Order', 'paidBy', 'Payment', '0..1', 11),
    relation('Shipment', 'ships', 'Order', '1', 6),
  ],
  transitions: [
    goes('Order', 'status', NEW, 'placed', 'OrderPlaced', 14),
    goes('Order', 'status', 'placed', 'paid', 'OrderPaid', 21, {
      guard: 'payment.state === "captured"',
      count: 1,
      status: 'confirmed',
    }),
    goes('Order', 'status', 'paid', 'packed', 'OrderPacked', 27, { guard: 'stock.has(this)' }),
    goes('Order', 'status', 'packed', 'shipped', 'OrderShipped', 33),
    goes('Order', 'status', { $any: true }, 'cancelled', 'OrderCancelled', 39),
    goes('Payment', 'state', NEW, 'authorized', 'PaymentAuthorized', 9),
    goes('Payment', 'state', 'authorized', 'captured', 'PaymentCaptured', 15),
    goes('Payment', 'state', 'authorized', 'failed', 'PaymentFailed', 19),
    goes('Shipment', 'status', NEW, 'packed', 'OrderPacked', 8),
    goes('Shipment', 'status', 'packed', 'delivered', 'ShipmentDelivered', 12),
  ],
  context: {
    space: [{ name: 'container', value: 'shop', from: 'container label' }],
    ...{ time: [], subject: [], device: [{ name: 'node', value: 'v22.23.0', from: 'process' }] },
  },
  problems: [
    {
      code: 'unreadable-values',
      message: 'V8 did not write 2 values of Order.note.',
      source: { file: 'src/order.ts', line: 9 },
    },
  ],
};

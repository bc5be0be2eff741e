// A simulated shop whose recording is written to a timeline as the recorder would: orders on their usual way, and one that is stuck
// for a cause that is known. What is not about the cause happens at random from a seed.
import {
  applyChanges,
  NEW,
  NO_CONTEXT,
  refKey,
  type Attribute,
  type Change,
  type EntityInstance,
  type EntityRef,
  type EventPoint,
  type Model,
  type NewPoint,
  type Transition,
  type Value,
} from '../../src/model/index.ts';
import { checkStep } from '../../src/laws/index.ts';
import type { TimelineStore } from '../../src/timeline/index.ts';

type Links = { readonly [predicate: string]: readonly EntityRef[] };

const plain = (...names: string[]): Attribute[] => names.map((name) => ({ name, type: 'unknown' }));
const status = (...states: string[]): Attribute => ({
  ...{ name: 'status', type: 'enum', role: 'state' },
  states: states.map((value) => ({ value })),
});
function goes(object: string, from: string | undefined, to: string, type: string, guard?: string): Transition {
  return {
    ...{ object, attribute: 'status', preState: from ?? NEW, postState: to, type, status: 'confirmed' },
    ...(guard !== undefined && { guard }),
  };
}
const linksTo = (subject: string, predicate: string, object: string, cardinality: '1' | '0..1' | '*') =>
  ({ subject, predicate, object, cardinality, kind: 'structural', status: 'confirmed' }) as const;
const entity = (name: string, ...attributes: Attribute[]) =>
  ({ name, status: 'confirmed', identity: ['id'], instances: 1, attributes: [...plain('id'), ...attributes] }) as const;

export const SHOP: Model = {
  ...{ document: 'model', version: 1, context: NO_CONTEXT, problems: [] },
  entities: [
    entity('Order', status('placed', 'paid', 'packed', 'shipped', 'cancelled'), ...plain('total', 'hold')),
    entity('Payment', status('requested', 'authorised', 'captured', 'failed'), ...plain('amount', 'attempts')),
    entity('Item', ...plain('stock')),
    entity('Shipment', status('ready', 'sent', 'lost', 'delivered')),
    entity('Customer', ...plain('blocked')),
    entity('FraudCheck', status('running', 'passed', 'rejected')),
  ],
  relations: [
    linksTo('Order', 'payment', 'Payment', '0..1'),
    linksTo('Order', 'items', 'Item', '*'),
    linksTo('Order', 'customer', 'Customer', '1'),
    linksTo('Order', 'shipment', 'Shipment', '0..1'),
  ],
  transitions: [
    goes('Order', undefined, 'placed', 'OrderPlaced'),
    goes(
      'Order',
      'placed',
      'paid',
      'OrderPaid',
      "order.payment && order.payment.status === 'captured' && order.payment.amount >= order.total",
    ),
    goes(
      'Order',
      'paid',
      'packed',
      'OrderPacked',
      '!order.hold && order.items.every((item) => item.stock > 0) && !order.customer.blocked',
    ),
    goes('Order', 'packed', 'shipped', 'OrderShipped'),
    goes('Order', 'placed', 'cancelled', 'OrderCancelled'),
    goes('Payment', undefined, 'requested', 'PaymentRequested'),
    goes('Payment', 'requested', 'authorised', 'PaymentAuthorised'),
    goes('Payment', 'authorised', 'captured', 'PaymentCaptured'),
    goes('Payment', 'requested', 'failed', 'PaymentFailed', 'this.attempts >= 3'),
    goes('Shipment', undefined, 'ready', 'ShipmentReady'),
    goes('Shipment', 'ready', 'sent', 'ShipmentSent'),
    goes('Shipment', 'sent', 'delivered', 'ShipmentDelivered'),
    goes('Shipment', 'sent', 'lost', 'ShipmentLost'),
    goes('FraudCheck', undefined, 'running', 'CheckStarted'),
    goes('FraudCheck', 'running', 'passed', 'CheckPassed'),
    goes('FraudCheck', 'running', 'rejected', 'CheckRejected'),
  ],
};

export class RecordedShop {
  readonly random: () => number;
  readonly #store: TimelineStore;
  readonly #traced: boolean;
  readonly state = new Map<string, EntityInstance>();
  #time = 1_700_000_000_000_000;
  #request = 0;
  #ids = 0;
  #seq = 0;
  readonly #points: NewPoint[] = [];

  /** @param traced whether the service traces its requests */
  constructor(store: TimelineStore, random: () => number, traced: boolean) {
    this.#store = store;
    this.random = random;
    this.#traced = traced;
    this.#append({
      kind: 'snapshot',
      time: this.#time,
      id: 's1',
      bytes: 1,
      pauseMs: 1,
      entities: 0,
      problems: 0,
      method: 'memory',
      consistency: 'consistent',
    });
    store.saveModel(SHOP);
  }

  /** What happens now belongs to another request. */
  request(): void {
    this.#request++;
    this.wait(0.2 + this.random());
  }

  wait(seconds: number): void {
    this.#time += Math.round(seconds * 1e6);
  }

  lose(events: number): number {
    const since = this.#time;
    this.wait(2);
    return this.#append({ kind: 'gap', since, time: this.#time, reason: 'the buffer was full', lost: events });
  }

  create(type: string, attributes: { readonly [name: string]: Value }, links: Links = {}): EntityRef {
    const id = `${type.toLowerCase()}-${++this.#ids}`;
    const instance: EntityInstance = { entity: type, id, attributes: { id, ...attributes }, links };
    const state = attributes['status'];
    const declared = SHOP.transitions.find(
      ({ object, preState }) =>
        object === type && typeof preState === 'object' && preState !== null && '$new' in preState,
    );
    this.#event(
      { entity: type, id },
      { kind: 'created', instance },
      { type: declared?.type, ...(state !== undefined && { attribute: 'status', before: NEW, after: state }) },
    );
    return { entity: type, id };
  }

  /** The number of the event. */
  set(ref: EntityRef, attribute: string, after: Value): number {
    const before = this.of(ref).attributes[attribute] ?? null;
    const declared = SHOP.transitions.find(
      (each) =>
        each.object === ref.entity && attribute === 'status' && each.preState === before && each.postState === after,
    );
    return this.#event(
      ref,
      { kind: 'attribute', ref, attribute, before, after },
      { type: declared?.type, attribute, before, after },
    );
  }

  link(ref: EntityRef, predicate: string, targets: readonly EntityRef[]): void {
    const before = this.of(ref).links[predicate] ?? [];
    const list = (refs: readonly EntityRef[]): Value => ({ $type: 'list', value: refs.map(({ id }) => id) });
    this.#event(
      ref,
      { kind: 'link', ref, predicate, before, after: targets },
      { type: undefined, attribute: predicate, before: list(before), after: list(targets) },
    );
  }

  remove(ref: EntityRef): number {
    return this.#event(ref, { kind: 'removed', instance: this.of(ref) }, { type: undefined });
  }

  of(ref: EntityRef): EntityInstance {
    const instance = this.state.get(refKey(ref));
    if (!instance) throw new Error(`no ${ref.entity} ${ref.id}`);
    return instance;
  }

  get last(): number {
    return this.#seq;
  }

  #event(
    object: EntityRef,
    change: Change,
    {
      type,
      attribute,
      before = NEW,
      after = { $gone: true },
    }: {
      readonly type: string | undefined;
      readonly attribute?: string;
      readonly before?: Value | typeof NEW;
      readonly after?: Value | { readonly $gone: true };
    },
  ): number {
    this.wait(0.001 + this.random() * 0.01);
    const trace = { traceId: this.#request.toString(16).padStart(32, '0') };
    const point = {
      ...{ kind: 'event', time: this.#time, object, preState: before, postState: after, observed: 'recorded', change },
      ...(type !== undefined && { type }),
      ...(attribute !== undefined && { attribute }),
      ...(this.#traced && { trace }),
    } as const;
    const breaks = checkStep({ ...(point as EventPoint), seq: 0 }, this.state, SHOP).map(({ law }) => law);
    applyChanges(this.state, [change]);
    return this.#append((breaks.length > 0 ? { ...point, breaks } : point) as NewPoint);
  }

  /** Numbers are given as the timeline will give them; it gets all points at once. */
  #append(point: NewPoint): number {
    this.#points.push(point);
    return ++this.#seq;
  }

  flush(): void {
    const [first, ...rest] = this.#points;
    if (first) this.#store.append([first], new Map());
    this.#store.append(rest);
  }
}

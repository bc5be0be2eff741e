import { Check } from './check.ts';
import { Courier } from './courier.ts';
import { Customer } from './customer.ts';
import { Item } from './item.ts';
import { Order } from './order.ts';
import { Payment } from './payment.ts';
import { Shipment } from './shipment.ts';

function need<T>(found: T | undefined | null, what: string): T {
  if (found === undefined || found === null) throw new Error(`${what} does not exist`);
  return found;
}

/** Keeps everything in memory. */
export class Market {
  readonly customers = new Map<string, Customer>();
  readonly items = new Map<string, Item>();
  readonly orders = new Map<string, Order>();
  readonly payments = new Map<string, Payment>();
  readonly shipments = new Map<string, Shipment>();
  readonly checks = new Map<string, Check>();
  readonly couriers = new Map<string, Courier>();
  #next = 1;

  #id(letter: string): string {
    return `${letter}-${this.#next++}`;
  }

  customer(): string {
    const customer = new Customer(this.#id('c'));
    this.customers.set(customer.id, customer);
    return customer.id;
  }

  item(stock: number): string {
    const item = new Item(this.#id('i'), stock);
    this.items.set(item.sku, item);
    return item.sku;
  }

  courier(): string {
    const courier = new Courier(this.#id('k'));
    this.couriers.set(courier.name, courier);
    return courier.name;
  }

  place(customer: string, items: readonly string[], total: number): string {
    const wanted = items.map((sku) => need(this.items.get(sku), sku));
    const order = new Order(this.#id('o'), need(this.customers.get(customer), customer), wanted, total);
    this.orders.set(order.id, order);
    return order.id;
  }

  order(id: string): Order {
    return need(this.orders.get(id), id);
  }

  ask(order: string): string {
    const payment = new Payment(this.#id('p'), this.order(order).total);
    this.payments.set(payment.id, payment);
    this.order(order).ask(payment);
    return payment.id;
  }

  payment(id: string): Payment {
    return need(this.payments.get(id), id);
  }

  capture(order: string): boolean {
    const { payment } = this.order(order);
    need(payment, `payment of ${order}`).capture();
    return this.order(order).pay();
  }

  pack(order: string): boolean {
    return this.order(order).pack();
  }

  /** A shipment leaves with a courier once it was checked. */
  ship(order: string, courier: string, verdict: 'pass' | 'reject'): string {
    const shipment = new Shipment(this.#id('s'), need(this.couriers.get(courier), courier));
    this.shipments.set(shipment.id, shipment);
    const check = new Check(this.#id('x'));
    this.checks.set(check.id, check);
    shipment.inspect(check);
    if (verdict === 'pass') check.pass();
    else check.reject();
    this.order(order).ship(shipment);
    return shipment.id;
  }

  shipment(id: string): Shipment {
    return need(this.shipments.get(id), id);
  }

  deliver(order: string): boolean {
    need(this.order(order).shipment, `shipment of ${order}`).deliver();
    return this.order(order).close();
  }

  forget(customer: string): void {
    this.customers.delete(customer);
  }

  /** A hand-written repair that knows no rules. */
  repair(order: string, fields: Partial<Order>): void {
    Object.assign(this.order(order), fields);
  }

  /** A feed of duty rosters that flaps, as a broken one does; at its end an operator has the order stopped. */
  flap(courier: string, times: number, order: string): void {
    const one = need(this.couriers.get(courier), courier);
    for (let n = 0; n < times; n++) one.onDuty = n % 2 === 0;
    this.order(order).stop();
  }
}

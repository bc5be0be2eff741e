import { Customer } from './customer.ts';
import { Order, OrderLine } from './order.ts';
import { Payment } from './payment.ts';
import { Product } from './product.ts';
import { Shipment } from './shipment.ts';

function need<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`${what} does not exist`);
  return found;
}

/** Keeps everything in memory: customers, products, orders, payments, shipments. */
export class Shop {
  readonly customers = new Map<string, Customer>();
  readonly products = new Map<string, Product>();
  readonly orders = new Map<string, Order>();
  readonly payments = new Map<string, Payment>();
  readonly shipments = new Map<string, Shipment>();
  #nextOrder = 1001;

  constructor() {
    for (const [id, name] of [
      ['c-1', 'Ada'],
      ['c-2', 'Grace'],
      ['c-3', 'Edsger'],
    ] as const)
      this.customers.set(id, new Customer(id, name, `sha256:${id}`));
    for (const [sku, title, price, stock] of [
      ['SKU-1', 'Lamp', 39, 40],
      ['SKU-2', 'Desk', 240, 25],
      ['SKU-3', 'Chair', 120, 3],
    ] as const)
      this.products.set(sku, new Product(sku, title, price, stock));
  }

  order(id: string): Order {
    return need(this.orders.get(id), `order ${id}`);
  }

  place(customerId: string, wanted: readonly { sku: string; quantity: number }[]): Order {
    const customer = need(this.customers.get(customerId), `customer ${customerId}`);
    const lines = wanted.map(
      ({ sku, quantity }) => new OrderLine(need(this.products.get(sku), `product ${sku}`), quantity),
    );
    const order = new Order(String(this.#nextOrder++), customer, lines);
    this.orders.set(order.id, order);
    return order;
  }

  pay(id: string, accepted: boolean): Payment {
    const order = this.order(id);
    const payment = new Payment(`p-${id}-${this.payments.size + 1}`, id, order.total);
    this.payments.set(payment.id, payment);
    if (!accepted) {
      payment.fail();
      return payment;
    }
    payment.authorise();
    payment.capture();
    order.pay(payment.id);
    return payment;
  }

  pack(id: string): boolean {
    return this.order(id).pack();
  }

  ship(id: string): Shipment {
    const order = this.order(id);
    const shipment = new Shipment(`s-${id}`, id);
    order.ship(shipment.id);
    this.shipments.set(shipment.id, shipment);
    shipment.dispatch();
    return shipment;
  }

  deliver(id: string): void {
    const order = this.order(id);
    need(this.shipments.get(order.shipmentId ?? ''), `shipment of ${id}`).deliver();
    order.deliver();
  }

  cancel(id: string): void {
    this.order(id).cancel();
  }
}

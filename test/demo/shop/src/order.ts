import type { Customer } from './customer.ts';
import type { Product } from './product.ts';
import {
  publish,
  OrderCancelled,
  OrderDelivered,
  OrderPacked,
  OrderPaid,
  OrderPlaced,
  OrderShipped,
} from './events.ts';

export type OrderStatus = 'placed' | 'paid' | 'packed' | 'shipped' | 'delivered' | 'cancelled';

export class OrderLine {
  readonly product: Product;
  readonly quantity: number;
  constructor(product: Product, quantity: number) {
    this.product = product;
    this.quantity = quantity;
  }
}

export class Order {
  readonly id: string;
  readonly customer: Customer;
  readonly lines: OrderLine[];
  readonly placedAt: Date;
  status: OrderStatus = 'placed';
  paymentId: string | null = null;
  shipmentId: string | null = null;

  constructor(id: string, customer: Customer, lines: OrderLine[]) {
    this.id = id;
    this.customer = customer;
    this.lines = lines;
    this.placedAt = new Date();
    publish(new OrderPlaced(id));
  }

  get total(): number {
    return this.lines.reduce((sum, line) => sum + line.product.price * line.quantity, 0);
  }

  pay(paymentId: string): void {
    if (this.status !== 'placed') throw new Error(`order ${this.id} is ${this.status}`);
    this.paymentId = paymentId;
    this.status = 'paid';
    publish(new OrderPaid(this.id));
  }

  /** Packing needs every line in stock: where one is missing, the order stays paid and waits. */
  pack(): boolean {
    if (this.status !== 'paid') throw new Error(`order ${this.id} is ${this.status}`);
    if (!this.lines.every((line) => line.product.stock >= line.quantity)) return false;
    for (const line of this.lines) line.product.take(line.quantity);
    this.status = 'packed';
    publish(new OrderPacked(this.id));
    return true;
  }

  ship(shipmentId: string): void {
    if (this.status !== 'packed') throw new Error(`order ${this.id} is ${this.status}`);
    this.shipmentId = shipmentId;
    this.status = 'shipped';
    publish(new OrderShipped(this.id));
  }

  deliver(): void {
    if (this.status !== 'shipped') throw new Error(`order ${this.id} is ${this.status}`);
    this.status = 'delivered';
    publish(new OrderDelivered(this.id));
  }

  cancel(): void {
    if (this.status !== 'placed' && this.status !== 'paid') throw new Error(`order ${this.id} is ${this.status}`);
    this.status = 'cancelled';
    publish(new OrderCancelled(this.id));
  }
}

import type { Customer } from './customer.ts';
import type { Item } from './item.ts';
import type { Payment } from './payment.ts';
import type { Shipment } from './shipment.ts';

export type OrderStatus = 'placed' | 'paid' | 'packed' | 'shipped' | 'closed' | 'cancelled';

export class Order {
  readonly id: string;
  readonly customer: Customer;
  readonly items: Item[];
  status: OrderStatus = 'placed';
  total: number;
  hold = false;
  payment: Payment | null = null;
  shipment: Shipment | null = null;

  constructor(id: string, customer: Customer, items: Item[], total: number) {
    this.id = id;
    this.customer = customer;
    this.items = items;
    this.total = total;
  }

  ask(payment: Payment): void {
    this.payment = payment;
  }

  raise(by: number): void {
    this.total += by;
  }

  stop(): void {
    this.hold = true;
  }

  pay(): boolean {
    if (this.status !== 'placed') return false;
    if (this.payment === null || this.payment.status !== 'captured') return false;
    if (this.payment.amount < this.total) return false;
    this.status = 'paid';
    return true;
  }

  pack(): boolean {
    if (this.status !== 'paid') return false;
    if (this.hold || this.customer.blocked) return false;
    if (!this.items.every((item) => item.stock > 0)) return false;
    for (const item of this.items) item.take();
    this.status = 'packed';
    return true;
  }

  ship(shipment: Shipment): boolean {
    this.shipment = shipment;
    return this.leave();
  }

  leave(): boolean {
    if (this.status !== 'packed') return false;
    if (this.shipment === null || this.shipment.check?.verdict !== 'passed') return false;
    if (!this.shipment.courier.onDuty) return false;
    this.shipment.send();
    this.status = 'shipped';
    return true;
  }

  close(): boolean {
    if (this.status !== 'shipped' || this.shipment?.status !== 'delivered') return false;
    this.status = 'closed';
    return true;
  }

  cancel(): void {
    if (this.status !== 'placed') throw new Error(`order ${this.id} is ${this.status}`);
    this.status = 'cancelled';
  }
}

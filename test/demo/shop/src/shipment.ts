import { publish, ShipmentDelivered, ShipmentDispatched } from './events.ts';

export type ShipmentStatus = 'ready' | 'dispatched' | 'delivered';

export class Shipment {
  readonly id: string;
  readonly orderId: string;
  status: ShipmentStatus = 'ready';

  constructor(id: string, orderId: string) {
    this.id = id;
    this.orderId = orderId;
  }

  dispatch(): void {
    if (this.status !== 'ready') throw new Error(`shipment ${this.id} is ${this.status}`);
    this.status = 'dispatched';
    publish(new ShipmentDispatched(this.id));
  }

  deliver(): void {
    if (this.status !== 'dispatched') throw new Error(`shipment ${this.id} is ${this.status}`);
    this.status = 'delivered';
    publish(new ShipmentDelivered(this.id));
  }
}

import type { Check } from './check.ts';
import type { Courier } from './courier.ts';

export type ShipmentStatus = 'ready' | 'sent' | 'delivered' | 'lost';

export class Shipment {
  readonly id: string;
  readonly courier: Courier;
  status: ShipmentStatus = 'ready';
  check: Check | null = null;
  constructor(id: string, courier: Courier) {
    this.id = id;
    this.courier = courier;
  }

  inspect(check: Check): void {
    this.check = check;
  }

  send(): void {
    if (this.status !== 'ready') throw new Error(`shipment ${this.id} is ${this.status}`);
    this.status = 'sent';
  }

  deliver(): void {
    if (this.status !== 'sent') throw new Error(`shipment ${this.id} is ${this.status}`);
    this.status = 'delivered';
  }

  lose(): void {
    if (this.status !== 'sent') throw new Error(`shipment ${this.id} is ${this.status}`);
    this.status = 'lost';
  }
}

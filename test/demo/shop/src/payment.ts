import { publish, PaymentAuthorised, PaymentCaptured, PaymentFailed } from './events.ts';

export type PaymentState = 'created' | 'authorised' | 'captured' | 'failed';

export class Payment {
  readonly id: string;
  readonly orderId: string;
  readonly amount: number;
  state: PaymentState = 'created';
  attempts = 0;

  constructor(id: string, orderId: string, amount: number) {
    this.id = id;
    this.orderId = orderId;
    this.amount = amount;
  }

  authorise(): void {
    if (this.state !== 'created') throw new Error(`payment ${this.id} is ${this.state}`);
    this.attempts += 1;
    this.state = 'authorised';
    publish(new PaymentAuthorised(this.id));
  }

  capture(): void {
    if (this.state !== 'authorised') throw new Error(`payment ${this.id} is ${this.state}`);
    this.state = 'captured';
    publish(new PaymentCaptured(this.id));
  }

  fail(): void {
    if (this.state !== 'created') throw new Error(`payment ${this.id} is ${this.state}`);
    this.attempts += 1;
    this.state = 'failed';
    publish(new PaymentFailed(this.id));
  }
}

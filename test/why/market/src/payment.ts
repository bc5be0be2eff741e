export type PaymentStatus = 'requested' | 'authorised' | 'captured' | 'failed' | 'refunded';

const MOST_ATTEMPTS = 3;

export class Payment {
  readonly id: string;
  readonly amount: number;
  status: PaymentStatus = 'requested';
  attempts = 0;
  constructor(id: string, amount: number) {
    this.id = id;
    this.amount = amount;
  }

  authorise(): void {
    if (this.status !== 'requested') throw new Error(`payment ${this.id} is ${this.status}`);
    this.status = 'authorised';
  }

  capture(): void {
    if (this.status !== 'authorised') throw new Error(`payment ${this.id} is ${this.status}`);
    this.status = 'captured';
  }

  /** The bank did not answer: it is asked again, and given up after a few times. */
  retry(): void {
    if (this.status !== 'requested') throw new Error(`payment ${this.id} is ${this.status}`);
    this.attempts += 1;
    if (this.attempts >= MOST_ATTEMPTS) this.status = 'failed';
  }

  refund(): void {
    if (this.status !== 'captured') throw new Error(`payment ${this.id} is ${this.status}`);
    this.status = 'refunded';
  }
}

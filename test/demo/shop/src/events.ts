import { EventEmitter } from 'node:events';

abstract class DomainEvent {
  readonly subject: string;
  constructor(subject: string) {
    this.subject = subject;
  }
}
export class OrderPlaced extends DomainEvent {}
export class OrderPaid extends DomainEvent {}
export class OrderPacked extends DomainEvent {}
export class OrderShipped extends DomainEvent {}
export class OrderDelivered extends DomainEvent {}
export class OrderCancelled extends DomainEvent {}
export class PaymentAuthorised extends DomainEvent {}
export class PaymentCaptured extends DomainEvent {}
export class PaymentFailed extends DomainEvent {}
export class ShipmentDispatched extends DomainEvent {}
export class ShipmentDelivered extends DomainEvent {}

export const bus = new EventEmitter();

export function publish(event: DomainEvent): void {
  bus.emit(event.constructor.name, event);
}

// A market that does what it is told, one line of JSON after the other, and answers each with what came of it.
import { createInterface } from 'node:readline';
import { Market } from './market.ts';

const market = new Market();
type Told = { readonly do: string; readonly [name: string]: unknown };

const deeds: { readonly [name: string]: (told: never) => unknown } = {
  customer: () => market.customer(),
  item: ({ stock }: { stock: number }) => market.item(stock),
  courier: () => market.courier(),
  place: ({ customer, items, total }: { customer: string; items: string[]; total: number }) =>
    market.place(customer, items, total),
  ask: ({ order }: { order: string }) => market.ask(order),
  authorise: ({ payment }: { payment: string }) => market.payment(payment).authorise(),
  retry: ({ payment }: { payment: string }) => market.payment(payment).retry(),
  refund: ({ payment }: { payment: string }) => market.payment(payment).refund(),
  capture: ({ order }: { order: string }) => market.capture(order),
  pack: ({ order }: { order: string }) => market.pack(order),
  ship: ({ order, courier, verdict }: { order: string; courier: string; verdict: 'pass' | 'reject' }) =>
    market.ship(order, courier, verdict),
  leave: ({ order }: { order: string }) => market.order(order).leave(),
  lose: ({ shipment }: { shipment: string }) => market.shipment(shipment).lose(),
  deliver: ({ order }: { order: string }) => market.deliver(order),
  block: ({ customer }: { customer: string }) => market.customers.get(customer)?.block(),
  forget: ({ customer }: { customer: string }) => market.forget(customer),
  goHome: ({ courier }: { courier: string }) => market.couriers.get(courier)?.goHome(),
  correct: ({ item, stock }: { item: string; stock: number }) => market.items.get(item)?.recount(stock),
  stop: ({ order }: { order: string }) => market.order(order).stop(),
  raise: ({ order, by }: { order: string; by: number }) => market.order(order).raise(by),
  cancel: ({ order }: { order: string }) => market.order(order).cancel(),
  repair: ({ order, fields }: { order: string; fields: object }) => market.repair(order, fields),
  flap: ({ courier, times, order }: { courier: string; times: number; order: string }) =>
    market.flap(courier, times, order),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const told = JSON.parse(line) as Told;
  const answer = deeds[told.do]?.(told as never) ?? null;
  process.stdout.write(`${JSON.stringify({ answer })}\n`);
});
process.stdout.write('{"answer":"ready"}\n');

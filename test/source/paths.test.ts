// What keeps the interpreter quick: recursion through callbacks ends, and a guard among many others still says where a change begins.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

test('a recursion through a callback is followed once, and what stands beside it is still read', () => {
  const model = readSources(
    ['/app'],
    memoryHost({
      'parcel.ts': `
        export interface Parcel { id: string; state: 'packed' | 'sent'; inside: Parcel[] }
        const parcels = new Map<string, Parcel>();
        export function weigh(parcel: Parcel): number {
          return parcel.inside.map((p) => parcel.inside.map(weigh).length + weigh(p)).reduce((a, b) => a + b, 1);
        }
        export function send(id: string) {
          const parcel = parcels.get(id)!;
          if (weigh(parcel) > 10) throw new Error('too heavy');
          if (parcel.state !== 'packed') throw new Error('not packed');
          parcel.state = 'sent';
        }`,
    }),
  );
  assert.deepEqual(model.problems, []);
  assert.deepEqual(
    model.transitions.map(({ attribute, from, to, name }) => ({ attribute, from, to, name })),
    [{ attribute: 'state', from: ['packed'], to: ['sent'], name: 'send' }],
  );
});

function transitionsOf(files: { readonly [path: string]: string }): string[] {
  const model = readSources(['/app'], memoryHost(files));
  const text = (values: unknown): string => (Array.isArray(values) ? values.join('/') : String(values));
  return model.transitions.map((t) => `${t.attribute}: ${text(t.from)} > ${text(t.to)} by ${t.name ?? '?'}`).sort();
}

test('what a state class demands of the caller is not taken back by looking at its method alone', () => {
  const found = transitionsOf({
    'lift.ts': `
      abstract class Mode { abstract readonly name: string; start(_lift: Lift): void { throw new Error(this.name); } }
      class Parked extends Mode { readonly name = 'parked'; override start(lift: Lift) { lift.become(new Moving()); } }
      class Moving extends Mode { readonly name = 'moving'; }
      export class Lift {
        mode: Mode = new Parked();
        constructor(readonly id: string) {}
        become(next: Mode) { this.mode = next; }
        start() { this.mode.start(this); }
      }`,
  });
  assert.deepEqual(found, ['mode: parked > moving by start']);
});

test('a next version is one also when a helper copies what stays and a tag of any name says the event', () => {
  const found = transitionsOf({
    'pass.ts': `
      interface Base { readonly passNo: string; readonly holder: string }
      interface Asked extends Base { readonly kind: 'asked' }
      interface Given extends Base { readonly kind: 'given'; readonly by: string }
      interface Ended extends Base { readonly kind: 'ended' }
      export type Pass = Asked | Given | Ended;
      export type PassEvent = { readonly tag: 'PassAsked'; readonly passNo: string; readonly holder: string }
        | { readonly tag: 'PassGiven'; readonly by: string } | { readonly tag: 'PassEnded' };
      type Decision<E> = { readonly ok: true; readonly events: readonly E[] } | { readonly ok: false };
      const accepted = <E>(...events: E[]): Decision<E> => ({ ok: true, events });
      export function decide(what: 'give' | 'end', pass: Pass): Decision<PassEvent> {
        if (what === 'give') return pass.kind === 'asked' ? accepted({ tag: 'PassGiven', by: 'x' }) : { ok: false };
        if (pass.kind === 'ended') return { ok: false };
        return accepted({ tag: 'PassEnded' });
      }
      const base = (p: Pass): Base => ({ passNo: p.passNo, holder: p.holder });
      export function evolve(pass: Pass | undefined, event: PassEvent): Pass {
        if (event.tag === 'PassAsked') return { kind: 'asked', passNo: event.passNo, holder: event.holder };
        const p = pass!;
        switch (event.tag) {
          case 'PassGiven': return { ...base(p), kind: 'given', by: event.by };
          case 'PassEnded': { const { ...rest } = p; return { ...rest, kind: 'ended' }; }
        }
      }`,
  }).filter((line) => line.startsWith('kind'));
  assert.deepEqual(found, [
    'kind: asked > given by PassGiven',
    'kind: asked/given > ended by PassEnded',
    'kind: new > asked by PassAsked',
  ]);
});

test('a change whose callers say an event has no second name from its own function', () => {
  const found = transitionsOf({
    'berth.ts': `
      export class Berth {
        state: 'free' | 'taken' = 'free';
        constructor(readonly id: string) {}
        markTaken() { if (this.state !== 'free') throw new Error(); this.state = 'taken'; }
      }
      declare const bus: { publish(event: object): void };
      class BerthTaken { constructor(readonly berthId: string) {} }
      const berths = new Map<string, Berth>();
      export function take(id: string) { const berth = berths.get(id)!; berth.markTaken(); bus.publish(new BerthTaken(berth.id)); }
      export class BerthTakenEvent { constructor(readonly berthId: string) {} }
      export function moor(id: string) { const berth = berths.get(id)!; berth.markTaken(); bus.publish(new BerthTakenEvent(berth.id)); }`,
  }).filter((line) => line.includes('taken'));
  assert.ok(found.includes('state: free > taken by BerthTakenEvent'), found.join());
});

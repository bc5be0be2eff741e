// Transitions as the guards, callers, tables and events of a program admit them; one small program for each way of writing it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

/** `Type.attribute from > to by name`, one for each pair, sorted. */
function transitions(file: string, text: string): string[] {
  const model = readSources(['/app'], memoryHost({ [file]: text }));
  assert.deepEqual(model.problems, []);
  const names = new Map(model.types.map((t) => [t.key, t.name]));
  return model.transitions
    .flatMap((t) =>
      (typeof t.from === 'string' ? [`<${t.from}>`] : t.from.map(String)).flatMap((from) =>
        (typeof t.to === 'string' ? [`<${t.to}>`] : t.to.map(String)).map(
          (to) => `${names.get(t.type)}.${t.attribute} ${from} > ${to} by ${t.name}`,
        ),
      ),
    )
    .sort();
}

test('guards: if and throw, early return, switch, helper with a rest parameter, negation', () => {
  assert.deepEqual(
    transitions(
      'kiln.ts',
      `type Heat = 'cold' | 'warming' | 'hot' | 'cracked';
export class Kiln {
  #heat: Heat = 'cold';
  constructor(readonly id: string) {}
  light(): void { if (this.#heat !== 'cold') throw new Error('lit'); this.#heat = 'warming'; }
  peak(): void { this.#only('warming'); this.#heat = 'hot'; }
  crack(): void { if (this.#heat === 'cracked') return; this.#heat = 'cracked'; }
  cool(): void { switch (this.#heat) { case 'hot': case 'warming': this.#heat = 'cold'; return; default: throw new Error('no'); } }
  #only(...allowed: Heat[]): void { if (!allowed.includes(this.#heat)) throw new Error('not now'); }
}
export function buildKiln(id: string): Kiln { return new Kiln(id); }
`,
    ),
    [
      'Kiln.heat <new> > cold by buildKiln',
      'Kiln.heat cold > cracked by crack',
      'Kiln.heat cold > warming by light',
      'Kiln.heat hot > cold by cool',
      'Kiln.heat hot > cracked by crack',
      'Kiln.heat warming > cold by cool',
      'Kiln.heat warming > cracked by crack',
      'Kiln.heat warming > hot by peak',
    ],
  );
});

test('values through parameters, guards in callers, and a sequence of changes in one operation', () => {
  assert.deepEqual(
    transitions(
      'flight.ts',
      `type Leg = 'planned' | 'boarding' | 'airborne' | 'landed';
interface Flight { id: string; leg: Leg }
const flights = new Map<string, Flight>();
function move(flight: Flight, leg: Leg): void { flight.leg = leg; }
export function board(id: string): void {
  const flight = flights.get(id)!;
  if (flight.leg !== 'planned') return;
  move(flight, 'boarding');
}
export function hop(id: string): void {
  const flight = flights.get(id)!;
  if (flight.leg !== 'boarding') throw new Error('not boarding');
  move(flight, 'airborne');
  move(flight, 'landed');
}
`,
    ),
    [
      'Flight.leg airborne > landed by hop',
      'Flight.leg boarding > airborne by hop',
      'Flight.leg planned > boarding by board',
    ],
  );
});

test('tables: of targets by state, of rows, and what no caller uses is not listed', () => {
  const rows = (
    body: string,
  ): string => `const NEXT = { raw: ['cut'], cut: ['sewn', 'scrap'], sewn: [], scrap: [] } as const;
type Stage = keyof typeof NEXT;
export class Garment {
  stage: Stage = 'raw';
  constructor(readonly no: number) {}
  ${body}
}
`;
  assert.deepEqual(
    transitions(
      'garment.ts',
      rows(`private to(next: Stage): void { if (!(NEXT[this.stage] as readonly string[]).includes(next)) throw new Error('no'); this.stage = next; }
  cut(): void { this.to('cut'); }
  sew(): void { this.to('sewn'); }`),
    ),
    ['Garment.stage cut > sewn by sew', 'Garment.stage raw > cut by cut'],
  );
  assert.deepEqual(
    transitions(
      'rows.ts',
      `type Stage = 'raw' | 'cut' | 'sewn';
const MOVES: { from: Stage; to: Stage }[] = [{ from: 'raw', to: 'cut' }, { from: 'cut', to: 'sewn' }];
export interface Cloth { id: string; stage: Stage }
export function advance(cloth: Cloth, to: Stage): void {
  if (!MOVES.some((move) => move.from === cloth.stage && move.to === to)) throw new Error('no');
  cloth.stage = to;
}
`,
    ),
    ['Cloth.stage cut > sewn by advance', 'Cloth.stage raw > cut by advance'],
  );
});

test('events name the change of their subject; without one it is the function that writes the state out', () => {
  assert.deepEqual(
    transitions(
      'herd.js',
      `const { EventEmitter } = require('node:events');
const HEALTH = Object.freeze({ WELL: 'well', ILL: 'ill', DEAD: 'dead' });
class Cow { constructor(tag) { this.tag = tag; this.health = HEALTH.WELL; this.milked = false; } }
class Herd extends EventEmitter {
  constructor() { super(); this.cows = new Map(); }
  add(tag) { const cow = new Cow(tag); this.cows.set(tag, cow); return cow; }
  sicken(tag) { const cow = this.cows.get(tag); if (cow.health !== HEALTH.WELL) throw new Error('no'); cow.health = HEALTH.ILL; this.emit('cow.fell-ill', cow.tag); }
  milk(tag) { const cow = this.cows.get(tag); cow.milked = true; }
  bury(tag) { const cow = this.cows.get(tag); if (cow.health !== HEALTH.DEAD) throw new Error('alive'); this.cows.delete(tag); this.emit('cow.buried', cow); }
}
module.exports = { Herd };
`,
    ),
    [
      'Cow.health <new> > well by add',
      'Cow.health dead > <gone> by cow.buried',
      'Cow.health well > ill by cow.fell-ill',
      'Cow.milked <any> > <gone> by cow.buried',
      'Cow.milked <any> > true by milk',
      'Cow.milked <new> > false by add',
    ],
  );
});

test('deciders: the event is decided under a guard and applied elsewhere, one after another', () => {
  assert.deepEqual(
    transitions(
      'bid.ts',
      `interface Bid { readonly id: string; readonly phase: 'open' | 'raised' | 'won' | 'lost' }
type BidEvent = { type: 'Opened'; id: string } | { type: 'Raised'; id: string } | { type: 'Won'; id: string } | { type: 'Lost'; id: string };
export function decide(bid: Bid | undefined, what: string, id: string): BidEvent[] {
  if (!bid) return [{ type: 'Opened', id }];
  if (what === 'raise') { if (bid.phase !== 'open') throw new Error('no'); return [{ type: 'Raised', id: bid.id }, { type: 'Won', id: bid.id }]; }
  if (bid.phase === 'open' || bid.phase === 'raised') return [{ type: 'Lost', id: bid.id }];
  return [];
}
export function evolve(bid: Bid | undefined, event: BidEvent): Bid {
  switch (event.type) {
    case 'Opened': return { id: event.id, phase: 'open' };
    case 'Raised': return { ...bid!, phase: 'raised' };
    case 'Won': return { ...bid!, phase: 'won' };
    case 'Lost': return { ...bid!, phase: 'lost' };
  }
}
`,
    ).filter((t) => t.startsWith('Bid.')),
    [
      'Bid.phase <new> > open by Opened',
      'Bid.phase open > lost by Lost',
      'Bid.phase open > raised by Raised',
      'Bid.phase raised > lost by Lost',
      'Bid.phase raised > won by Won',
    ],
  );
});

test('what is rebuilt from stored data neither begins nor changes', () => {
  assert.deepEqual(
    transitions(
      'lease.ts',
      `type Term = 'draft' | 'signed';
export class Lease {
  term: Term = 'draft';
  constructor(readonly id: string) {}
  static fromRow(row: { id: string; term: string }): Lease { const lease = new Lease(row.id); lease.term = row.term as Term; return lease; }
  sign(): void { this.term = 'signed'; }
}
export const signAll = (rows: { id: string; term: string }[]): void => { for (const row of rows) Lease.fromRow(row).sign(); };
`,
    ),
    ['Lease.term <any> > signed by sign'],
  );
});

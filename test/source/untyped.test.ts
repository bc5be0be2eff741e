// What untyped code and flow tell: shapes of object literals, ids by how they are used, states held as objects, contexts, whole programs.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { readSources, type CodeModel } from '../../src/source/index.ts';
import { diskHost, memoryHost } from './hosts.ts';

function pairs(model: CodeModel, type: string): string[] {
  const key = model.types.find((t) => t.name === type)?.key;
  return model.transitions
    .filter((t) => t.type === key)
    .map((t) => `${t.attribute} ${JSON.stringify(t.from)} > ${JSON.stringify(t.to)} by ${t.name}`)
    .sort();
}

test('object literals of one store are one shape, with its domain from a table of constants', () => {
  const model = readSources(
    ['/app'],
    memoryHost({
      'auction.js': `const PHASE = { OPEN: 'open', SOLD: 'sold', DROPPED: 'dropped' };
const lots = new Map();
let seq = 0;
function makeLot(title, seller) { return { id: ++seq, title, seller, phase: PHASE.OPEN }; }
function addLot(title, seller) { const lot = makeLot(title, seller); lots.set(lot.id, lot); return lot; }
function sell(id) { const lot = lots.get(id); if (lot.phase !== PHASE.OPEN) throw new Error('no'); lot.phase = PHASE.SOLD; }
module.exports = { addLot, sell };
`,
    }),
  );
  const lot = model.types.find((t) => t.name === 'lot');
  assert.equal(lot?.form, 'shape');
  assert.deepEqual(
    lot.stores.map((s) => [s.name, s.keyField]),
    [['lots', 'id']],
  );
  assert.deepEqual(lot.fields.find((f) => f.name === 'phase')?.type.domain, [
    { value: 'open', label: 'OPEN' },
    { value: 'sold', label: 'SOLD' },
    { value: 'dropped', label: 'DROPPED' },
  ]);
  assert.deepEqual(pairs(model, 'lot'), ['phase "new" > ["open"] by makeLot', 'phase ["open"] > ["sold"] by sell']);
});

test('a field is the id of what it is used to look up, whatever its name', () => {
  const model = readSources(
    ['/app'],
    memoryHost({
      'clinic.ts': `class Vet { constructor(readonly id: string) {} }
class Visit { constructor(readonly id: string, readonly seenBy: string) {} }
const vets = new Map<string, Vet>();
const visits = new Map<string, Visit>();
export function vetOf(id: string): Vet { return vets.get(visits.get(id)!.seenBy)!; }
`,
    }),
  );
  const seenBy = model.types.find((t) => t.name === 'Visit')?.fields.find((f) => f.name === 'seenBy');
  assert.deepEqual([seenBy?.type.target, seenBy?.type.byId], ['clinic.ts#Vet', true]);
});

test('state as an object: a tagged literal in a field, and a class for each state', () => {
  const model = readSources(
    ['/app'],
    memoryHost({
      'door.ts': `interface DoorState { readonly name: string; open(door: Door): void; close(door: Door): void }
class Opened implements DoorState { readonly name = 'opened'; open(): void { throw new Error('is'); } close(door: Door): void { door.become(new Closed()); } }
class Closed implements DoorState { readonly name = 'closed'; open(door: Door): void { door.become(new Opened()); } close(): void {} }
export class Door {
  private state: DoorState = new Closed();
  constructor(readonly id: string) {}
  become(state: DoorState): void { this.state = state; }
  open(): void { this.state.open(this); }
  close(): void { this.state.close(this); }
}
export function hang(id: string): Door { return new Door(id); }
`,
      'errand.ts': `type Status = { kind: 'open' } | { kind: 'held'; by: string };
export interface Errand { id: string; status: Status }
export function hold(errand: Errand, by: string): void { if (errand.status.kind !== 'open') throw new Error('no'); errand.status = { kind: 'held', by }; }
`,
    }),
  );
  assert.deepEqual(pairs(model, 'Door'), [
    'state "new" > ["closed"] by hang',
    'state ["closed"] > ["opened"] by open',
    'state ["opened"] > ["closed"] by close',
  ]);
  assert.deepEqual(pairs(model, 'Errand'), ['status ["open"] > ["held"] by hold']);
});

test('context: headers by what they say, the environment where no request says it, the clock', () => {
  const { context } = readSources(
    ['/app'],
    memoryHost({
      'server.ts': `const HOME = process.env.REGION ?? 'eu';
export function contextOf(req: { headers: Record<string, string | undefined> }) {
  return { who: req.headers['x-nurse'], ward: req.headers['x-ward'] ?? process.env.WARD, device: req.headers['user-agent'], type: req.headers['content-type'], home: HOME, at: Date.now() };
}
`,
    }),
  );
  assert.deepEqual(context, {
    space: [
      { name: 'x-ward', from: 'request' },
      { name: 'REGION', from: 'environment' },
    ],
    time: [{ name: 'clock', from: 'clock' }],
    subject: [{ name: 'x-nurse', from: 'request' }],
    device: [{ name: 'user-agent', from: 'request' }],
  });
});

/** A directory of programs, each with its source in `src`. */
const programs = process.env['SOURCE_PROGRAMS'] ?? '';
test(
  'whole programs are read without a problem',
  { skip: existsSync(programs) ? false : 'SOURCE_PROGRAMS names no directory of programs' },
  () => {
    for (const name of readdirSync(programs)) {
      const model = readSources([`${programs}/${name}/src`], diskHost);
      assert.deepEqual(model.problems, [], name);
      assert.ok(model.types.length > 0 && model.transitions.length > 0, name);
    }
  },
);

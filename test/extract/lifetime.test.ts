// Business is kept over time: what lives for one call, in the work in hand, or tells nothing from others is none of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractModel } from '../../src/extract/index.ts';
import { readSources } from '../../src/source/index.ts';
import { memoryHost } from '../source/hosts.ts';

function entitiesOf(text: string): string[] {
  const code = readSources(['/app'], memoryHost({ 'main.ts': text }));
  return extractModel({ code }).model.entities.map(({ name }) => name);
}

const BOAT = 'interface Boat { id: string; name: string; berthed: boolean }';

test('a table that a function fills and gives back is a result, no store', () => {
  const text = `${BOAT}
export function index(rows: readonly Boat[]): Map<string, Boat> {
  const boats = new Map<string, Boat>();
  rows.forEach((row) => boats.set(row.id, row));
  return boats;
}`;
  assert.deepEqual(entitiesOf(text), []);
});

test('a table that handlers of a server share outlives the function that made it', () => {
  const text = `${BOAT}
interface Server { on(path: string, handler: (id: string) => void): void }
export function serve(server: Server): void {
  const boats = new Map<string, Boat>();
  const add = (id: string): void => {
    const boat: Boat = { id, name: id, berthed: false };
    boats.set(boat.id, boat);
  };
  server.on('/add', (id) => add(id));
  server.on('/berth', (id) => { const boat = boats.get(id); if (boat) boat.berthed = true; });
}`;
  assert.deepEqual(entitiesOf(text), ['Boat']);
});

test('flags about other things, kept under these, are no things of their own', () => {
  const text = `
interface Visit { done: boolean; open: boolean; parts: Set<object> }
const visits = new Map<object, Visit>();
export function enter(node: object): void {
  visits.set(node, { done: false, open: true, parts: new Set() });
}
export function leave(node: object): void {
  const visit = visits.get(node);
  if (visit) { visit.done = true; visit.open = false; }
}`;
  assert.deepEqual(entitiesOf(text), []);
});

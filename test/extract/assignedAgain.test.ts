// What raw memory tells of fields that were assigned again, with no source to read: which attributes are states and which only look so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractModel } from '../../src/extract/index.ts';
import type { HeapGraph } from '../../src/parse/index.ts';
import { heapOf } from './heapOf.ts';

interface Boat {
  readonly id: string;
  readonly hull: string;
  readonly berth: string;
  readonly insured: boolean;
  readonly afloat: boolean;
  readonly crew: number;
}
const BOATS: Boat[] = Array.from({ length: 8 }, (_, n) => ({
  id: `b${n}`,
  hull: n % 2 ? 'wooden' : 'coated',
  berth: n % 2 ? 'moored' : 'anchored',
  insured: n % 3 === 0,
  afloat: n % 2 === 0,
  crew: n % 3,
}));

function statesOf(again: readonly string[] | undefined): string[] {
  const graph = heapOf({ boats: new Map(BOATS.map((boat) => [boat.id, boat])) });
  const told: HeapGraph = again ? { ...graph, reassigned: (_, name) => again.includes(name) } : graph;
  const { model } = extractModel({ graph: told });
  return model.entities.flatMap(({ attributes }) =>
    attributes.filter(({ role }) => role === 'state').map(({ name }) => name),
  );
}

test('a field with few values is a state where it was assigned again, and none where it was not', () => {
  assert.deepEqual(statesOf(['berth', 'afloat']), ['afloat', 'berth']);
  assert.deepEqual(statesOf(['insured']), ['insured']);
  assert.deepEqual(statesOf([]), []);
});

test('what is counted is no state, however few its values are', () => {
  assert.deepEqual(statesOf(['crew']), []);
});

test('where even the identity was assigned again, the class declares its fields first: nothing is told by it', () => {
  const all = Object.keys(BOATS[0] as Boat);
  assert.deepEqual(statesOf(all), statesOf(undefined));
});

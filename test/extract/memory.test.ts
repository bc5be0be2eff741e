// Memory alone: classes by their constructors, plain objects by their shapes, names and identities by who keeps them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesBetween, extractModel } from '../../src/extract/index.ts';
import { heapOf, type HeapOptions } from './heapOf.ts';
import { modelText } from './modelText.ts';

const at = (line: number): { script: number; line: number; column: number } => ({ script: 1, line, column: 0 });

function text(roots: Readonly<Record<string, unknown>>, options: HeapOptions = {}): string[] {
  return modelText(extractModel({ graph: heapOf(roots, options) }).model)
    .trimEnd()
    .split('\n');
}
const lines = (roots: Readonly<Record<string, unknown>>, options: HeapOptions, mark: string): string[] =>
  text(roots, options).filter((line) => line.includes(mark));

class Rows {
  rows = new Map<string, unknown>();
  constructor(...things: { id: string }[]) {
    for (const thing of things) this.rows.set(thing.id, thing);
  }
}
class Crane {
  id: string;
  yard: Yard;
  status: string;
  hooks: Hook[];
  constructor(id: string, yard: Yard, status = 'idle') {
    this.id = id;
    this.yard = yard;
    this.status = status;
    this.hooks = [new Hook(1, yard)];
  }
}
class Hook {
  position: number;
  home: Yard;
  constructor(position: number, home: Yard) {
    this.position = position;
    this.home = home;
  }
}
class Yard {
  id: string;
  name: string;
  constructor(id: string, name: string) {
    this.id = id;
    this.name = name;
  }
}
const CLASSES = { at: { Crane: at(1), Hook: at(2), Yard: at(3), Rows: at(4) } };

test('classes of the program: identity by the key they are kept under, relations, parts, few repeated values as a state', () => {
  const yard = new Yard('Y1', 'North');
  const cranes = ['a', 'b', 'c', 'd'].map((id, i) => new Crane(id, yard, i % 2 === 0 ? 'idle' : 'lifting'));
  assert.deepEqual(text({ cranes: new Rows(...cranes), yards: new Rows(yard) }, CLASSES), [
    '+ Crane by id (4)',
    '    + hooks: list',
    '    + id: string identity',
    '    + status: enum state [+"idle" +"lifting"]',
    '    + yard: reference',
    '+ Hook by position (4)',
    '    + home: reference',
    '    + position: number identity',
    '+ Yard by id (1)',
    '    + id: string identity',
    '    + name: string',
    '+ Crane --hooks--> * Hook structural',
    '+ Crane --yard--> 1 Yard attributive',
    '+ Hook --home--> 1 Yard attributive',
  ]);
});

test('plain objects are named after the variable that keeps them; the shapes in one store are one', () => {
  const tugs = new Map([
    ['t1', { id: 't1', power: 4, berthId: 'b1' }],
    ['t2', { id: 't2', power: 5, berthId: 'b2', towing: 's9' }],
  ]);
  const berthsByCode = { b1: { id: 'b1', depth: 7, quay: 'N' }, b2: { id: 'b2', depth: 9, quay: 'S' } };
  assert.deepEqual(text({ tugs, berthsByCode }), [
    '+ Berth by id (2)',
    '    + depth: number',
    '    + id: string identity',
    '    + quay: string',
    '+ Tug by id (2)',
    '    + berthId: reference',
    '    + id: string identity',
    '    + power: number',
    '    + towing?: string',
    '+ Tug --berthId--> 1 Berth attributive',
  ]);
});

test('a store whose name says nothing: its things are named after the fields that hold their keys', () => {
  const a = new Map(['p1', 'p2', 'p3'].map((id) => [id, { id, born: 1990 }]));
  const b = new Map(['v1', 'v2', 'v3'].map((id, i) => [id, { id, pilotId: `p${i + 1}`, hours: 3 }]));
  assert.deepEqual(lines({ a, b }, {}, '--'), ['+ Object --pilotId--> 1 Pilot attributive']);
});

test('a wrapper around what is kept is looked through', () => {
  const streams = new Map([['k1', { state: { id: 'k1', load: 2 }, version: 1, events: [] }]]);
  assert.deepEqual(lines({ streams }, {}, ' by '), ['+ Stream by id (1)']);
});

test('services, their tables and the collections inside things are no entities', () => {
  class Scheduler {
    id = 's';
    name = 'x';
    every = 5;
  }
  class Limiter {
    hits = new Map([['10.0.0.1', { key: '10.0.0.1', count: 3 }]]);
  }
  const yard = new Yard('Y1', 'North');
  const options = { at: { ...CLASSES.at, Scheduler: at(7), Limiter: at(8) } };
  assert.deepEqual(
    lines({ jobs: new Map([['s', new Scheduler()]]), limiter: new Limiter(), yards: new Rows(yard) }, options, ' by '),
    ['+ Yard by id (1)'],
  );
});

test('objects of libraries and of the runtime are not looked at', () => {
  const scripts = [{ id: 1, url: 'file:///srv/node_modules/x/index.js' }];
  assert.deepEqual(text({ yards: new Rows(new Yard('Y1', 'North')) }, { ...CLASSES, scripts }), ['']);
});

test('a field whose values are all keys of one entity refers to it, whatever it is called', () => {
  const yards = ['Y-100', 'Y-200', 'Y-300'].map((id) => ({ id, name: id }));
  const moves = yards.map((yard, i) => ({ id: `m${i}`, towards: yard.id, tonnes: i }));
  const roots = { yards: new Map(yards.map((y) => [y.id, y])), moves: new Map(moves.map((m) => [m.id, m])) };
  assert.deepEqual(lines(roots, {}, '--'), ['+ Move --towards--> 1 Yard attributive']);
});

test('lists, Maps and dictionaries of keys refer to what the keys are of', () => {
  const yards = ['Y-100', 'Y-200', 'Y-300'].map((id) => ({ id, name: id }));
  const plan = {
    id: 'p1',
    stops: ['Y-300', 'Y-100', 'Y-200'],
    loads: new Map(yards.map(({ id }) => [id, 3])),
    tonnes: { 'Y-100': 1, 'Y-200': 2, 'Y-300': 4 },
  };
  assert.deepEqual(lines({ yards: new Map(yards.map((y) => [y.id, y])), plans: new Map([['p1', plan]]) }, {}, '--'), [
    '+ Plan --loads--> * Yard attributive',
    '+ Plan --stops--> * Yard attributive',
    '+ Plan --tonnes--> * Yard attributive',
  ]);
});

test('what changed from one snapshot to the next is a state attribute, and no transition', () => {
  const heap = (status: string): ReturnType<typeof heapOf> =>
    heapOf({
      lots: new Map(
        ['1', '2', '3', '4']
          .map((id) => [id, { id: `L${id}`, kind: id < '3' ? 'wood' : 'coal', grade: id < '3' ? 'raw' : status }])
          .map(([, lot]) => [(lot as { id: string }).id, lot]),
      ),
    });
  const before = extractModel({ graph: heap('raw') });
  const graph = heap('cut');
  const after = extractModel({ graph, previous: before.model });
  assert.ok(!after.model.entities[0]?.attributes.some(({ role }) => role === 'state'));
  const hinted = extractModel({ graph, previous: before.model, events: changesBetween(before.state, after.state) });
  const states = hinted.model.entities[0]?.attributes.filter(({ role }) => role === 'state');
  assert.deepEqual(
    states?.map(({ name, states: values }) => [name, values?.map(({ value }) => value)]),
    [['grade', ['cut', 'raw']]],
  );
  assert.deepEqual(hinted.model.transitions, []);
});

test('what an earlier snapshot showed stays known', () => {
  const first = extractModel({
    graph: heapOf({ yards: new Rows(new Yard('Y1', 'North')) }, CLASSES),
    snapshotId: 's1',
  });
  const later = extractModel({
    graph: heapOf({ yards: new Rows() }, CLASSES),
    snapshotId: 's2',
    previous: first.model,
  });
  assert.deepEqual(
    later.model.entities.map(({ name }) => name),
    ['Yard'],
  );
  assert.equal(later.state.size, 0);
});

test('objects that hold nothing, and objects that describe a record field by field, are no instances', () => {
  class Buoy {
    id?: string;
    lit?: boolean;
    depth?: number;
    constructor(id?: string) {
      if (id !== undefined) Object.assign(this, { id, lit: true, depth: 4 });
    }
  }
  const schema = { callSign: { type: 'text' }, length: { type: 'number' }, flag: { type: 'text' } };
  const roots = {
    buoys: [new Buoy('b1'), new Buoy('b2')],
    halfBuilt: new Buoy(),
    schema,
    ships: new Map([['PD2K', { callSign: 'PD2K', length: 120, flag: 'NO' }]]),
  };
  const { model, problems } = extractModel({ graph: heapOf(roots, { at: { Buoy: at(1) } }) });
  assert.deepEqual(
    model.entities.map(({ name, instances }) => `${name} ${instances}`),
    ['Buoy 2', 'Ship 1'],
  );
  assert.deepEqual(problems, []);
});

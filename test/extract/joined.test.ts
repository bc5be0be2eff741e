// Code and memory together: what one leaves open the other says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractModel, type ObservedTransition } from '../../src/extract/index.ts';
import type { Model } from '../../src/model/index.ts';
import { code, type TypeSpec } from './codeBuilder.ts';
import { heapOf } from './heapOf.ts';

const tugs = (phases: readonly unknown[]): ReturnType<typeof heapOf> =>
  heapOf({ tugs: new Map(phases.map((phase, i) => [`t${i}`, { id: `t${i}`, phase, home: 'quay', power: 100 + i }])) });

function tug(fields: TypeSpec['fields']): Readonly<Record<string, TypeSpec>> {
  return {
    Tug: {
      form: 'interface',
      fields: { id: 'string', home: 'string', power: 'number', ...fields },
      kept: { tugs: 'id' },
    },
  };
}

function stateOf(model: Model, attribute: string): unknown {
  const found = model.entities[0]?.attributes.find(({ name }) => name === attribute);
  return found?.role === 'state' ? found.states?.map(({ value, status }) => `${String(value)} ${status}`) : found?.role;
}

const SEEN = ['idle', 'towing', 'idle', 'towing', 'idle', 'idle'];

test('a field that the code changes to what it computes has the states that memory shows, if it is named as one', () => {
  const computed = { is: 'string', computedIn: 'advance' };
  const { model } = extractModel({ code: code(tug({ phase: computed, home: computed })), graph: tugs(SEEN) });
  assert.deepEqual(stateOf(model, 'phase'), ['idle observed', 'towing observed']);
  assert.equal(stateOf(model, 'home'), 'plain');
  const { model: constant } = extractModel({ code: code(tug({ phase: 'string' })), graph: tugs(SEEN) });
  assert.equal(stateOf(constant, 'phase'), 'plain');
});

test('a field that is filled in once between two snapshots is no state', () => {
  const change = (preState: ObservedTransition['preState']): ObservedTransition[] => [
    { entity: 'Tug', attribute: 'home', preState, postState: 'quay', count: 3, between: true },
  ];
  const model = (events: readonly ObservedTransition[]): Model =>
    extractModel({ code: code(tug({ phase: 'string' })), graph: tugs(SEEN), events }).model;
  assert.equal(stateOf(model(change(null)), 'home'), 'plain');
  assert.deepEqual(stateOf(model(change('sea')), 'home'), ['quay observed', 'sea observed']);
});

test('a name said in full outweighs what flows into the field', () => {
  const program = code({
    Tug: { fields: { id: 'string', berthId: '@Ship' }, kept: { tugs: 'id' } },
    Ship: { fields: { id: 'string', name: 'string' }, kept: { ships: 'id' } },
    Berth: { fields: { id: 'string', depth: 'number' }, kept: { berths: 'id' } },
  });
  const { model } = extractModel({ code: program });
  assert.deepEqual(
    model.relations.map(({ subject, predicate, object }) => `${subject} ${predicate} ${object}`),
    ['Tug berthId Berth'],
  );
});

test('an operation that an object literal carries is no attribute of it', () => {
  const { model } = extractModel({
    code: code(tug({ phase: 'string', moor: 'unknown' })),
  });
  assert.ok(model.entities[0]?.attributes.some(({ name }) => name === 'moor'));
  const program = code(tug({ phase: 'string', moor: 'unknown' }));
  const types = program.types.map((type) => ({
    ...type,
    fields: type.fields.map((field) =>
      field.name === 'moor' ? { ...field, type: { ...field.type, text: '(berth: any) => void' } } : field,
    ),
  }));
  const { model: without } = extractModel({ code: { ...program, types } });
  assert.ok(!without.entities[0]?.attributes.some(({ name }) => name === 'moor'));
});

test('what the code and memory keep in a store of one name is one thing, though the code knows few of its states', () => {
  const program = code({
    tug: {
      form: 'shape',
      fields: {
        id: 'string',
        home: 'string',
        power: 'number',
        phase: { is: "'docked'|'sunk'", computedIn: 'advance' },
      },
      kept: { tugs: 'id' },
    },
  });
  const { model } = extractModel({ code: program, graph: tugs(SEEN) });
  assert.deepEqual(
    model.entities.map(({ name, status }) => `${name} ${status}`),
    ['tug confirmed'],
  );
  assert.deepEqual(stateOf(model, 'phase'), ['docked declared', 'sunk declared', 'idle observed', 'towing observed']);
});

test('a value that a thing never begins with, seen in memory, shows that the field changes', () => {
  const begun = { is: "'idle'|'towing'", starts: 'idle' } as const;
  const { model } = extractModel({ code: code(tug({ phase: begun })), graph: tugs(SEEN) });
  assert.deepEqual(stateOf(model, 'phase'), ['idle confirmed', 'towing confirmed']);
  const { model: still } = extractModel({ code: code(tug({ phase: begun })), graph: tugs(SEEN.map(() => 'idle')) });
  assert.equal(stateOf(still, 'phase'), 'plain');
});

test('a declared field whose writes the code does not show is a state where it is named as one and memory shows several', () => {
  const declared = { phase: "'idle'|'towing'", home: "'quay'|'dock'" };
  const { model } = extractModel({ code: code(tug(declared)), graph: tugs(SEEN) });
  assert.deepEqual(stateOf(model, 'phase'), ['idle confirmed', 'towing confirmed']);
  assert.equal(stateOf(model, 'home'), 'plain');
  const { model: still } = extractModel({ code: code(tug(declared)), graph: tugs(SEEN.map(() => 'idle')) });
  assert.equal(stateOf(still, 'phase'), 'plain');
});

test('what no type declares is known to the code all the same where a literal of it has its fields', () => {
  const berths = new Map(['b1', 'b2', 'b3'].map((id, i) => [id, { id, depth: i, harbour: 'north', taken: i > 1 }]));
  const entities = (fields: readonly string[]): string[] => {
    const literals = [{ fields, source: { file: 'app.js', line: 3 } }];
    const program = code({ Settings: { fields: { port: 'number' } } }, [], { literals });
    return extractModel({ code: program, graph: heapOf({ berths }) }).model.entities.map(({ name }) => name);
  };
  assert.deepEqual(entities(['id', 'depth', 'harbour', 'taken']), ['Berth']);
  assert.deepEqual(entities(['id', 'depth', 'label', 'url']), [], 'a table of a library');
});

test('rows that a class is made of and kept as are no thing beside it', () => {
  const tugs = new Map(
    ['t1', 't2', 't3'].map((id, i) => [id, { tug_id: id, st: 'AB'[i % 2], horse_power: 100 + i, home_berth: 'quay' }]),
  );
  const program = code({
    Tug: { fields: { id: 'string', phase: { is: 'string', computedIn: 'advance' }, home: 'string' } },
  });
  const names = (model: Model): string[] => model.entities.map(({ name }) => name);
  assert.deepEqual(names(extractModel({ graph: heapOf({ tugs }) }).model), ['Tug']);
  const { model } = extractModel({ code: program, graph: heapOf({ tugs }) });
  assert.ok(!model.entities.some(({ attributes }) => attributes.some(({ name }) => name === 'tug_id')));
});

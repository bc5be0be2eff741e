// Which types are entities: each rule of standing in a small case.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractModel } from '../../src/extract/index.ts';
import { code, type TypeSpec } from './codeBuilder.ts';

function entities(specs: Readonly<Record<string, TypeSpec>>): string[] {
  return extractModel({ code: code(specs) }).model.entities.map(
    (entity) => `${entity.name} by ${entity.identity?.join() ?? 'nothing'}`,
  );
}

test('what a store keeps under one of its fields is an entity, known by that field', () => {
  assert.deepEqual(
    entities({
      Sailing: { fields: { route: 'string', code: 'string', berths: 'number' }, kept: { sailings: 'code' } },
    }),
    ['Sailing by code'],
  );
});

test('services, repositories, events, commands and errors are none, whatever they hold', () => {
  assert.deepEqual(
    entities({
      Desk: { fields: { id: 'string', sailings: 'Map<Sailing>' }, roles: ['service'], kept: { desks: 'id' } },
      SailingStore: { fields: { rows: 'Map<Sailing>', name: 'string' }, roles: ['repository'] },
      BookingPaid: { fields: { bookingId: 'string', at: 'date' }, roles: ['event'], kept: { outbox: '' } },
      BookingHandler: { fields: { id: 'string', queue: 'list' }, kept: { handlers: 'id' } },
    }),
    [],
  );
});

test('a value object is folded into its attribute and has no relation', () => {
  const { model } = extractModel({
    code: code({
      Cabin: { fields: { number: 'string', price: 'Money' }, kept: { cabins: 'number' } },
      Money: { fields: { amount: 'number', currency: 'string' }, roles: ['value'] },
    }),
  });
  assert.deepEqual(
    model.entities.map(({ name }) => name),
    ['Cabin'],
  );
  assert.deepEqual(
    model.entities[0]?.attributes.map(({ name, type }) => `${name}: ${type}`),
    ['number: string', 'price: object'],
  );
  assert.deepEqual(model.relations, []);
});

test('a part held in a collection is an entity where it refers to one, told apart by its place', () => {
  assert.deepEqual(
    entities({
      Booking: { fields: { id: 'string', seats: 'Seat[]', notes: 'Note[]' }, kept: { bookings: 'id' } },
      Seat: { fields: { position: 'number', cabin: 'Cabin' } },
      Note: { fields: { text: 'string', at: 'date' } },
      Cabin: { fields: { id: 'string', deck: 'number' }, kept: { cabins: 'id' } },
    }),
    ['Booking by id', 'Cabin by id', 'Seat by position'],
  );
});

test('the members of a union and the union are one, known by the name of the union', () => {
  const { model } = extractModel({
    code: code({
      Open: { form: 'alias', fields: { id: 'string', phase: "'open'" } },
      Closed: { form: 'alias', fields: { id: 'string', phase: "'closed'", closedAt: 'number' } },
      Claim: { form: 'union', members: ['Open', 'Closed'], kept: { claims: 'id' } },
    }),
  });
  assert.deepEqual(
    model.entities.map(({ name }) => name),
    ['Claim'],
  );
  const attributes = model.entities[0]?.attributes.map((a) => `${a.name}${a.optional ? '?' : ''}: ${a.type}`);
  assert.deepEqual(attributes, ['closedAt?: number', 'id: string', 'phase: enum']);
});

test('a class, its row, its view and its record in a library are one, with the attributes of the class', () => {
  const { model } = extractModel({
    code: code({
      Tank: { fields: { id: 'string', litres: 'number' }, kept: { tanks: 'id' } },
      TankRow: { form: 'interface', fields: { id: 'string', l: 'number' }, roles: ['row'] },
      TankView: { form: 'interface', fields: { id: 'string', label: 'string' }, roles: ['dto'] },
      TankEntity: { form: 'schema', fields: { id: 'string', litres: 'number' } },
    }),
  });
  assert.deepEqual(
    model.entities.map(({ name }) => name),
    ['Tank'],
  );
  assert.deepEqual(
    model.entities[0]?.attributes.map(({ name }) => name),
    ['id', 'litres'],
  );
});

test('a class that keeps its data in one record has the attributes of the record', () => {
  const { model } = extractModel({
    code: code({
      Permit: { fields: { '#props': 'PermitProps' }, kept: { permits: 'id' } },
      PermitProps: { form: 'interface', fields: { id: 'string', holder: 'string' } },
    }),
  });
  assert.deepEqual(
    model.entities.map((e) => [e.name, e.identity, e.attributes.map(({ name }) => name)]),
    [['Permit', ['id'], ['holder', 'id']]],
  );
});

test('a sub-form of what is kept is no entity of its own', () => {
  assert.deepEqual(
    entities({
      Vessel: { fields: { imo: 'string', name: 'string' }, kept: { fleet: 'imo' } },
      Tug: { bases: ['Vessel'], fields: { pull: 'number' } },
    }),
    ['Vessel by imo'],
  );
});

test('a technical service has an empty model', () => {
  const { model } = extractModel({
    code: code(
      {
        Limiter: { fields: { window: 'number', hits: 'map' }, roles: ['service'] },
        Options: { form: 'interface', fields: { limit: 'number', burst: 'number' } },
      },
      [],
      { context: { space: [], time: [{ name: 'clock', from: 'clock' }], subject: [], device: [] } },
    ),
  });
  assert.deepEqual(
    { ...model, problems: [] },
    {
      document: 'model',
      version: 1,
      entities: [],
      relations: [],
      transitions: [],
      context: { space: [], time: [], subject: [], device: [] },
      problems: [],
    },
  );
});

test('what only caches, pools and limiters keep is no entity', () => {
  const states = { is: "'queued'|'done'", becomes: { run: 'done' } };
  assert.deepEqual(
    entities({
      ThumbPool: { fields: { tasks: 'Task[]', size: 'number' } },
      Task: { fields: { id: 'number', width: 'number', status: states }, kept: { tasks: '' } },
      CacheEntry: { fields: { key: 'string', bytes: 'bytes', state: states }, kept: { entries: 'key' } },
    }),
    [],
  );
});

test('the workspace file renames, ignores, and says what a type is known by', () => {
  const specs = {
    Sailing: { fields: { id: 'string', code: 'string' }, kept: { sailings: 'id' } },
    Berth: { fields: { deck: 'number', side: 'string' } },
    Tmp: { fields: { id: 'string', x: 'number' }, kept: { tmp: 'id' } },
  };
  const workspaceFile = {
    ignore: ['T*'],
    entities: { Sailing: { rename: 'Trip', identity: 'code' }, Berth: { identity: ['deck', 'side'] } },
  };
  const { model } = extractModel({ code: code(specs), workspaceFile });
  assert.deepEqual(
    model.entities.map(({ name, identity }) => [name, identity]),
    [
      ['Berth', ['deck', 'side']],
      ['Trip', ['code']],
    ],
  );
});

test('a base that only others build upon is no entity; one that a store keeps is', () => {
  const fields = { id: 'string', status: { is: "'in'|'out'", becomes: { leave: 'out' } } };
  assert.deepEqual(
    entities({
      Base: { fields, constructions: [] },
      Crate: { bases: ['Base'], fields: { weight: 'number' }, kept: { crates: 'id' } },
      Pallet: { bases: ['Base'], fields: { height: 'number' }, kept: { pallets: 'id' } },
    }),
    ['Crate by id', 'Pallet by id'],
  );
});

test('what the members of a union are built on is part of the union', () => {
  assert.deepEqual(
    entities({
      Common: { form: 'interface', fields: { id: 'string', port: 'string' } },
      Due: { form: 'alias', bases: ['Common'], fields: { phase: "'due'" } },
      Gone: { form: 'alias', bases: ['Common'], fields: { phase: { is: "'gone'", becomes: { sail: 'gone' } } } },
      Call: { form: 'union', members: ['Due', 'Gone'], kept: { calls: 'id' } },
    }),
    ['Call by id'],
  );
});

test('what is only put into some list, never changes and has to do with nothing else is a working record', () => {
  const line: TypeSpec = { fields: { id: 'string', text: 'string', width: 'number' }, kept: { lines: '' } };
  const order = (field: string): TypeSpec => ({
    fields: { id: 'string', [field]: 'string' },
    kept: { orders: 'id' },
  });
  assert.deepEqual(entities({ Line: line, Order: order('note') }), ['Order by id']);
  assert.deepEqual(entities({ Line: line, Order: order('lineId') }), ['Line by id', 'Order by id']);
  assert.deepEqual(entities({ Line: { ...line, kept: { lines: 'id' } } }), ['Line by id']);
});

test('an id that only some members of a union have makes none of it a thing with an identity', () => {
  assert.deepEqual(
    entities({
      Literal: { form: 'alias', fields: { kind: "'literal'", text: 'string' } },
      Pointer: { form: 'alias', fields: { kind: "'pointer'", id: 'number' } },
      Operand: { form: 'union', members: ['Literal', 'Pointer'], kept: { operands: '' } },
    }),
    [],
  );
});

// From memory: joining with code, instances by business key, values, links, what is left out and said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractModel, type ExtractInput, type Extraction } from '../../src/extract/index.ts';
import { showRef, showValue, type EntityInstance } from '../../src/model/index.ts';
import { code } from './codeBuilder.ts';
import { heapOf } from './heapOf.ts';

class Ship {
  imo: string;
  name: string;
  constructor(imo: string, name: string) {
    this.imo = imo;
    this.name = name;
  }
}
class Leg {
  position: number;
  port: string;
  ship: Ship;
  constructor(position: number, port: string, ship: Ship) {
    this.position = position;
    this.port = port;
    this.ship = ship;
  }
}
class Sailing {
  id: string;
  '#status': string;
  ship: Ship;
  legs: Leg[];
  fare = { amount: 12.5, currency: 'EUR' };
  berths: Record<string, number> = {};
  constructor(id: string, status: string, ship: Ship) {
    this.id = id;
    this['#status'] = status;
    this.ship = ship;
    this.legs = [new Leg(1, 'Kiel', ship), new Leg(2, 'Oslo', ship)];
  }
}

const line = (n: number): { script: number; line: number; column: number } => ({ script: 1, line: n, column: 4 });
const AT = { Ship: line(0), Leg: line(1), Sailing: line(2) };
const PROGRAM = code({
  Ship: { fields: { imo: 'string', name: 'string' }, kept: { ships: 'imo' } },
  Leg: { fields: { position: 'number', port: 'string', ship: 'Ship' } },
  Sailing: {
    fields: {
      id: 'string',
      '#status': { is: "'planned'|'left'|'lost'", starts: 'planned', becomes: { leave: 'left' } },
      ship: 'Ship',
      legs: 'Leg[]',
      fare: 'object',
      berths: 'object',
    },
    kept: { sailings: 'id' },
  },
});

/** As a source map would: line n of the running script is where the n-th type stands. */
const toSource: NonNullable<ExtractInput['toSource']> = (at) => PROGRAM.types[at.line]?.constructorAt;

function run(roots: Readonly<Record<string, unknown>>, rest: ExtractInput = {}): Extraction {
  return extractModel({ code: PROGRAM, graph: heapOf(roots, { at: AT }), toSource, snapshotId: 's1', ...rest });
}

function lines(extraction: Extraction): string[] {
  return [...extraction.state.values()].map(shown);
}
function shown(instance: EntityInstance): string {
  const values = Object.entries(instance.attributes).map(([name, value]) => `${name}=${showValue(value)}`);
  const links = Object.entries(instance.links).map(([name, refs]) => `${name}->[${refs.map(showRef).join(', ')}]`);
  return [showRef(instance), ...values, ...links].join(' ');
}

test('instances with exact values and links; a part is known within its whole', () => {
  const ship = new Ship('9074729', 'Color');
  const result = run({
    ships: new Map([[ship.imo, ship]]),
    sailings: new Map([['S1', new Sailing('S1', 'left', ship)]]),
  });
  assert.deepEqual(lines(result), [
    'Leg S1/1 port=Kiel position=1 ship->[Ship 9074729]',
    'Leg S1/2 port=Oslo position=2 ship->[Ship 9074729]',
    'Sailing S1 berths=Object {} fare=Object {amount: 12.5, currency: EUR} id=S1 status=left legs->[Leg S1/1, Leg S1/2] ship->[Ship 9074729]',
    'Ship 9074729 imo=9074729 name=Color',
  ]);
  assert.deepEqual(result.problems, []);
});

test('code and memory together: confirmed, with counts and the snapshot as evidence; unseen states stay declared', () => {
  const ship = new Ship('9074729', 'Color');
  const { model } = run({ sailings: new Map([['S1', new Sailing('S1', 'left', ship)]]) });
  const sailing = model.entities.find(({ name }) => name === 'Sailing');
  assert.equal(sailing?.status, 'confirmed');
  assert.equal(sailing?.instances, 1);
  assert.ok(sailing?.evidence?.some((e) => e.by === 'instance' && e.snapshot === 's1' && e.count === 1));
  const states = sailing?.attributes.find(({ name }) => name === 'status')?.states;
  assert.deepEqual(
    states?.map(({ value, status }) => `${status} ${String(value)}`),
    ['declared planned', 'confirmed left', 'declared lost'],
  );
});

test('a state that no code declares is shown as observed and said as a problem', () => {
  const { model, problems } = run({
    sailings: new Map([
      ['S1', new Sailing('S1', 'sunk', new Ship('1', 'A'))],
      ['S2', new Sailing('S2', 'left', new Ship('1', 'A'))],
    ]),
  });
  const states = model.entities
    .find(({ name }) => name === 'Sailing')
    ?.attributes.find(({ name }) => name === 'status')?.states;
  assert.deepEqual([states?.at(-1)?.value, states?.at(-1)?.status], ['sunk', 'observed']);
  assert.deepEqual(
    problems.map(({ code: is, message }) => `${is}: ${message}`),
    ['drift-undeclared-state: Sailing.status was seen as sunk, which the code does not declare.'],
  );
});

test('of several objects with one key the one a store holds counts', () => {
  const ship = new Ship('1', 'A');
  const kept = new Sailing('S1', 'left', ship);
  const stale = new Sailing('S1', 'planned', ship);
  for (const roots of [
    { stale, sailings: new Map([['S1', kept]]) },
    { sailings: new Map([['S1', kept]]), stale },
  ]) {
    const all = [...run(roots).state.values()].filter(({ entity }) => entity === 'Sailing');
    assert.deepEqual(
      all.map(({ attributes }) => attributes['status']),
      ['left'],
    );
  }
});

test('two kept objects with one key are told of, since only one can be shown', () => {
  const ship = new Ship('1', 'A');
  const [one, other] = [new Sailing('S1', 'left', ship), new Sailing('S1', 'planned', ship)];
  const { problems } = run({ sailings: new Map([['S1', one]]), archive: new Map([['S1', other]]) });
  const told = problems.find(({ code: is }) => is === 'identity-shared');
  assert.match(told?.message ?? '', /^Sailing: several kept objects have one identity \(S1\)/);
});

test('objects without a readable key are counted, not guessed', () => {
  const lost = new Sailing('S1', 'left', new Ship('1', 'A'));
  lost.id = undefined as unknown as string;
  const { state, problems } = run({ lost });
  assert.ok(![...state.values()].some(({ entity }) => entity === 'Sailing'));
  assert.deepEqual(
    problems.map(({ code: is }) => is),
    ['identity-unreadable'],
  );
});

test('secrets are left out before they leave: by name, by the workspace file, inside value objects, as keys', () => {
  class Guest {
    constructor(id: string) {
      Object.assign(this, {
        id,
        password: 'hunter2',
        card: { cardNumber: '4111', holder: 'A' },
        diet: 'none',
        pin: '0000',
      });
    }
  }
  class Session {
    constructor(sessionId: string, guestId: string) {
      Object.assign(this, { sessionId, guestId, status: 'open' });
    }
  }
  const program = code({
    Guest: {
      fields: { id: 'string', password: 'string', card: 'object', diet: 'string', pin: 'string' },
      kept: { guests: 'id' },
    },
    Session: {
      fields: { sessionId: 'string', guestId: 'string', status: { is: "'open'|'shut'", becomes: { end: 'shut' } } },
      kept: { sessions: 'sessionId' },
    },
  });
  const graph = heapOf(
    { guests: new Map([['g1', new Guest('g1')]]), sessions: new Map([['topsecret', new Session('topsecret', 'g1')]]) },
    { at: AT_GUEST },
  );
  const extraction = extractModel({
    code: program,
    graph,
    toSource: (at) => program.types[at.line]?.constructorAt,
    workspaceFile: { redact: ['Guest.diet'], reveal: ['pin'] },
  });
  const text = JSON.stringify([...extraction.state.values()]) + JSON.stringify(extraction.model);
  for (const secret of ['hunter2', '4111', 'none', 'topsecret']) assert.ok(!text.includes(`"${secret}"`), secret);
  assert.ok(text.includes('"0000"'));
  assert.match([...extraction.state.values()].at(-1)?.id as string, /^redacted:[0-9a-f]{16}$/);
});
const AT_GUEST = { Guest: line(0), Session: line(1) };

test('id references: the id stays a value and the link is added, whatever the kind of the id; dictionaries link by their keys', () => {
  const program = code({
    Trip: { form: 'interface', fields: { id: 'number', driverId: 'string', loads: 'object' }, kept: { trips: 'id' } },
    Driver: { form: 'interface', fields: { id: 'number', name: 'string' }, kept: { drivers: 'id' } },
    Good: { form: 'interface', fields: { sku: 'string', weight: 'number' }, kept: { goods: 'sku' } },
  });
  const types = program.types.map((type) => ({
    ...type,
    fields: type.fields.map((field) =>
      field.name === 'loads'
        ? { ...field, type: { ...field.type, kind: 'map' as const, target: 'app.ts#Good', byId: true } }
        : field,
    ),
  }));
  const graph = heapOf({
    trips: new Map([[7, { id: 7, driverId: '12', loads: { A1: 3, B2: 4 } }]]),
    drivers: new Map([[12, { id: 12, name: 'Ann' }]]),
    goods: new Map([['A1', { sku: 'A1', weight: 1 }]]),
  });
  const result = extractModel({ code: { ...program, types }, graph });
  assert.deepEqual(lines(result), [
    'Driver 12 id=12 name=Ann',
    'Good A1 sku=A1 weight=1',
    'Trip 7 driverId=12 id=7 loads=Object {A1: 3, B2: 4} driverId->[Driver 12] loads->[Good A1, Good B2]',
  ]);
  assert.deepEqual(
    result.problems.map(({ message }) => message),
    ['Trip.loads -> Good: 1 references lead to nothing in memory.'],
  );
});

test('where the code is known, tables it knows nothing of are no entities', () => {
  const program = code({
    Pier: { form: 'interface', fields: { id: 'string', depth: 'number' }, kept: { piers: 'id' } },
  });
  const roots = {
    piers: new Map([['p1', { id: 'p1', depth: 7 }]]),
    flags: new Map([['f1', { id: 'f1', enabled: true, percent: 5 }]]),
  };
  assert.deepEqual(
    extractModel({ code: program, graph: heapOf(roots) }).model.entities.map(({ name }) => name),
    ['Pier'],
  );
  assert.deepEqual(
    extractModel({ graph: heapOf(roots) }).model.entities.map(({ name }) => name),
    ['Flag', 'Pier'],
  );
});

test('of an earlier model only what was seen comes back, and nothing that the workspace file took away', () => {
  const heap = heapOf({ sailings: new Map([['S1', new Sailing('S1', 'left', new Ship('1', 'A'))]]) }, { at: AT });
  const first = extractModel({ code: PROGRAM, graph: heap, toSource, snapshotId: 's1' });
  const smaller = { ...PROGRAM, types: [] };
  const later = extractModel({ code: smaller, previous: first.model });
  assert.deepEqual(
    later.model.entities.map(({ name }) => name),
    ['Leg', 'Sailing', 'Ship'],
  );
  const states = later.model.entities[1]?.attributes.find(({ name }) => name === 'status')?.states;
  assert.ok(states);
  const ignoring = extractModel({
    code: smaller,
    previous: first.model,
    workspaceFile: { ignore: ['Leg'], entities: { Ship: { rename: 'Vessel' } } },
  });
  assert.deepEqual(
    ignoring.model.entities.map(({ name }) => name),
    ['Sailing'],
  );
  assert.deepEqual(ignoring.model.relations, []);
});

test('a state held by an object is the value; what else the object holds stands beside it', () => {
  const program = code({
    Job: {
      form: 'interface',
      fields: { id: 'string', state: { is: 'JobState', becomes: { start: 'x' } } },
      kept: { jobs: 'id' },
    },
    JobState: { form: 'union', members: ['Waiting', 'Running'] },
    Waiting: { form: 'alias', fields: { kind: "'waiting'" } },
    Running: { form: 'alias', fields: { kind: "'running'", since: 'number', password: 'string' } },
  });
  const graph = heapOf({ jobs: new Map([['j1', { id: 'j1', state: { kind: 'running', since: 5, password: 'p' } }]]) });
  const result = extractModel({ code: program, graph });
  assert.deepEqual(lines(result), ['Job j1 id=j1 state=running state.since=5 state.password=redacted']);
  const states = result.model.entities[0]?.attributes.find(({ name }) => name === 'state')?.states;
  assert.deepEqual(
    states?.map(({ value, status }) => `${String(value)} ${status}`),
    ['waiting declared', 'running confirmed'],
  );
});

// Attributes, states, relations and transitions: each rule in a small case.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractModel, type ExtractInput } from '../../src/extract/index.ts';
import { code, type TypeSpec } from './codeBuilder.ts';
import { modelText } from './modelText.ts';

function text(
  specs: Readonly<Record<string, TypeSpec>>,
  transitions: Parameters<typeof code>[1] = [],
  rest: ExtractInput = {},
): string[] {
  return modelText(extractModel({ code: code(specs, transitions), ...rest }).model)
    .trimEnd()
    .split('\n');
}
const relations = (specs: Readonly<Record<string, TypeSpec>>): string[] =>
  text(specs).filter((line) => line.includes('--'));
const kept = { all: 'id' };

test('attributes: private names without #, getters left out, what may be absent is optional', () => {
  assert.deepEqual(
    text({
      Berth: {
        fields: {
          id: 'string',
          '#deck': 'number',
          _side: 'string|null',
          label: { is: 'string', derived: true },
          note: 'string?',
          bus: 'Bus',
        },
        kept,
      },
      Bus: { fields: { a: 'number', b: 'number' }, roles: ['service'] },
    }),
    ['- Berth by id', '    - _side?: string', '    - deck: number', '    - id: string identity', '    - note?: string'],
  );
});

test('a state attribute has a finite domain and is changed after creation', () => {
  assert.deepEqual(
    text({
      Claim: {
        fields: {
          id: 'string',
          kind: { is: "'hull'|'cargo'", starts: 'hull' },
          status: { is: "'open'|'paid'|'refused'", starts: 'open', becomes: { pay: 'paid' } },
          urgent: { is: 'boolean', starts: false, becomes: { raise: true } },
          loaded: { is: "'yes'|'no'", hydrated: true },
          count: { is: 'number', becomes: { add: 1 } },
        },
        kept,
      },
    }),
    [
      '- Claim by id',
      '    - count: number',
      '    - id: string identity',
      '    - kind: enum',
      '    - loaded: enum',
      '    - status: enum state [-"open" -"paid" -"refused"]',
      '    - urgent: boolean state [-false -true]',
      '- Claim.status: new -> "open" by create',
      '- Claim.urgent: new -> false by create',
    ],
  );
});

test('a state held in a tagged record is one attribute, its states are the tags', () => {
  const lines = text(
    {
      Permit: { fields: { id: 'string', state: 'PermitState' }, kept },
      PermitState: { form: 'union', members: ['Asked', 'Granted'] },
      Asked: { form: 'alias', fields: { kind: "'asked'" } },
      Granted: { form: 'alias', fields: { kind: "'granted'", by: 'string' } },
    },
    [
      { type: 'Permit', attribute: 'state', from: ['asked'], to: ['granted'], name: 'grant' },
      { type: 'PermitState', attribute: 'kind', from: 'new', to: ['asked'], name: 'ask' },
    ],
  );
  assert.deepEqual(lines, [
    '- Permit by id',
    '    - id: string identity',
    '    - state: enum state [-"asked" -"granted"]',
    '- Permit.state: "asked" -> "granted" by grant',
    '- Permit.state: new -> "asked" by ask',
  ]);
});

test('relations: objects, collections, ids, dictionaries; cardinality by what the field can hold', () => {
  assert.deepEqual(
    relations({
      Sailing: {
        fields: {
          id: 'string',
          ship: 'Ship',
          relief: 'Ship|null',
          bookingIds: '@Booking[]',
          freight: 'Map<Lot>',
          priceOf: 'map',
        },
        kept,
      },
      Ship: { fields: { id: 'string', imo: 'string' }, kept },
      Booking: {
        fields: { id: 'string', sailingId: 'string', parentBookingId: 'string|null', bookingId: 'string' },
        kept,
      },
      Lot: { fields: { id: 'string', tonnes: 'number' }, kept },
    }),
    [
      '- Booking --parentBookingId--> 0..1 Booking attributive',
      '- Booking --sailingId--> 1 Sailing attributive',
      '- Sailing --bookingIds--> * Booking attributive',
      '- Sailing --freight--> * Lot attributive',
      '- Sailing --relief--> 0..1 Ship attributive',
      '- Sailing --ship--> 1 Ship attributive',
    ],
  );
});

test('relations: a field named after the key of an entity, or after an entity where the key is of its kind', () => {
  assert.deepEqual(
    relations({
      Ship: { fields: { imo: 'string', name: 'string' }, kept: { ships: 'imo' } },
      Quay: { fields: { code: 'string', length: 'number' }, kept: { quays: 'code' } },
      Move: {
        fields: {
          id: 'string',
          shipImo: 'string',
          fromQuay: 'string',
          toQuay: 'string|null',
          code: 'string',
          quay: 'number',
        },
        kept,
      },
    }),
    [
      '- Move --fromQuay--> 1 Quay attributive',
      '- Move --shipImo--> 1 Ship attributive',
      '- Move --toQuay--> 0..1 Quay attributive',
    ],
  );
});

test('relations: the alias of an id says whose it is', () => {
  const { model } = extractModel({
    code: code({
      Person: { fields: { id: 'number', name: 'string' }, kept },
      Crew: { fields: { id: 'number', head: { is: 'number' } }, kept },
    }),
  });
  assert.deepEqual(model.relations, []);
  const aliased = code({
    Person: { fields: { id: 'number', name: 'string' }, kept },
    Crew: { fields: { id: 'number', head: { is: 'number' } }, kept },
  });
  const crew = aliased.types[1];
  const types = [
    aliased.types[0],
    {
      ...crew,
      fields: crew?.fields.map((f) =>
        f.name === 'head' ? { ...f, type: { ...f.type, text: 'PersonId | null', nullable: true } } : f,
      ),
    },
  ];
  const joined = extractModel({ code: { ...aliased, types: types as typeof aliased.types } });
  assert.deepEqual(
    joined.model.relations.map((r) => [r.subject, r.predicate, r.object, r.cardinality]),
    [['Crew', 'head', 'Person', '0..1']],
  );
});

test('a part is structural; who took part in a transition is behavioural', () => {
  assert.deepEqual(
    relations({
      Claim: {
        fields: {
          id: 'string',
          items: 'Item[]',
          filedBy: '@Person',
          decidedBy: { is: '@Person|null', starts: null, becomes: { decide: 'p1' } },
          status: { is: "'open'|'paid'", starts: 'open', becomes: { decide: 'paid' } },
        },
        kept,
      },
      Item: { fields: { position: 'number', claimedFrom: '@Person' } },
      Person: { fields: { id: 'string', email: 'string' }, kept },
    }),
    [
      '- Claim --decidedBy--> 0..1 Person behavioural',
      '- Claim --filedBy--> 1 Person attributive',
      '- Claim --items--> * Item structural',
      '- Item --claimedFrom--> 1 Person attributive',
    ],
  );
});

test('observed transitions confirm declared ones; what no code admits stands as observed', () => {
  const specs = {
    Claim: {
      fields: {
        id: 'string',
        status: { is: "'open'|'paid'|'shut'", starts: 'open', becomes: { pay: 'paid', close: 'shut' } },
      },
      kept,
    },
  };
  const lines = text(
    specs,
    [
      { type: 'Claim', from: ['open'], to: ['paid'], name: 'pay' },
      { type: 'Claim', from: 'any', to: ['shut'], name: 'close' },
    ],
    {
      events: [
        { entity: 'Claim', attribute: 'status', preState: { $new: true }, postState: 'open', count: 7 },
        { entity: 'Claim', attribute: 'status', preState: 'open', postState: 'paid', count: 3 },
        { entity: 'Claim', attribute: 'status', preState: 'paid', postState: 'shut', count: 2 },
        { entity: 'Claim', attribute: 'status', preState: 'shut', postState: 'open', count: 1 },
      ],
    },
  );
  assert.deepEqual(lines.slice(3), [
    '= Claim.status: "open" -> "paid" by pay x3',
    '+ Claim.status: "shut" -> "open" x1',
    '= Claim.status: any -> "shut" by close x2',
    '= Claim.status: new -> "open" by create x7',
    '! drift-undeclared-transition: Claim.status went shut -> open, which the code does not declare.',
  ]);
});

test('every fact has evidence, and what the code says names its line', () => {
  const { model } = extractModel({
    code: code({
      Ship: {
        fields: {
          id: 'string',
          status: { is: "'in'|'out'", starts: 'in', becomes: { leave: 'out' } },
          portId: 'string',
        },
        kept,
      },
      Port: { fields: { id: 'string', name: 'string' }, kept },
    }),
  });
  const facts = [
    ...model.entities,
    ...model.entities.flatMap((e) => e.attributes),
    ...model.relations,
    ...model.transitions,
  ];
  for (const fact of facts)
    assert.ok(
      fact.evidence?.some(({ source }) => source && source.line > 0),
      JSON.stringify(fact),
    );
});

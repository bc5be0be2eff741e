// Things that keep their data in one record: documents and rows of record libraries, aggregates with props.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractModel } from '../../src/extract/index.ts';
import { heapOf } from './heapOf.ts';

class Document {
  $__: object = { strict: true };
  isNew = false;
  _doc: object;
  constructor(data: object) {
    this._doc = data;
  }
}
class Barge {
  _id: string;
  props: object;
  constructor(id: string, props: object) {
    this._id = id;
    this.props = props;
  }
}
class Price {
  data: object = { amount: 1 };
}
const at = { script: 1, line: 1, column: 1 };
const library = { script: 2, line: 9, column: 9 };
const scripts = [
  { id: 1, url: 'file:///srv/app.js' },
  { id: 2, url: 'file:///srv/node_modules/documents/index.js' },
];

function shown(roots: Record<string, unknown>): string[] {
  const graph = heapOf(roots, { at: { Document: library, Barge: at, Price: at }, scripts });
  const { model, state } = extractModel({ graph });
  return [
    ...model.entities.map(
      ({ name, identity, attributes }) => `${name} ${identity?.join()}: ${attributes.map((a) => a.name).join()}`,
    ),
    ...[...state.values()].map(({ entity, id, attributes }) => `${entity} ${id} ${Object.values(attributes).join()}`),
  ];
}

test('documents of a library are told apart by what they hold, and hold nothing else', () => {
  const locks = ['l1', 'l2'].map((id) => new Document({ id, depth: 3, gate: 'open' }));
  const pilots = ['p1', 'p2', 'p3'].map(
    (badge) => new Document({ badge, id: badge, name: `pilot ${badge}`, licence: 'A' }),
  );
  assert.deepEqual(
    shown({
      locks: new Map(locks.map((lock, n) => [`l${n + 1}`, lock])),
      pilots: new Map(pilots.map((pilot, n) => [`p${n + 1}`, pilot])),
    }),
    [
      'Lock id: depth,gate,id',
      'Pilot id: badge,id,licence,name',
      'Lock l1 3,open,l1',
      'Lock l2 3,open,l2',
      'Pilot p1 p1,p1,A,pilot p1',
      'Pilot p2 p2,p2,A,pilot p2',
      'Pilot p3 p3,p3,A,pilot p3',
    ],
  );
});

test('an aggregate has the fields of its record beside its key', () => {
  const barges = ['x', 'y'].map((id) => new Barge(id, { name: `barge ${id}`, tons: 80, phase: 'empty' }));
  assert.deepEqual(shown({ barges: new Map(barges.map((barge) => [barge._id, barge])) }), [
    'Barge _id: _id,name,phase,tons',
    'Barge x x,barge x,empty,80',
    'Barge y y,barge y,empty,80',
  ]);
});

test('a value object is no record of its holder', () => {
  const berths = ['q1', 'q2'].map((id) => ({ id, length: 30, price: new Price() }));
  assert.deepEqual(
    shown({ berths: new Map(berths.map((berth) => [berth.id, berth])) })[0],
    'Berth id: id,length,price',
  );
});

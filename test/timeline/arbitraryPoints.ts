// Random points over a few entities with hostile names and every kind of value: also changes that do not fit the state,
// as a recording that lost events has them.
import fc from 'fast-check';
import type { Change, EntityInstance, EntityRef, NewPoint, Value } from '../../src/model/index.ts';

const HOSTILE = [
  'status',
  '__proto__',
  'constructor',
  'toString',
  '',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff x',
  '"\\\n',
  'ключ',
];
const name = fc.constantFrom(...HOSTILE);
const id = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.constantFrom('1', '\u0000', '\ud800', '__proto__', ''),
  fc.constant(0.5),
);
export const anyRef: fc.Arbitrary<EntityRef> = fc.record(
  { entity: fc.constantFrom('Order', '__proto__', '\ud800'), id },
  { noNullPrototype: true },
);
export const anyValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>('paid', 'shipped', '', '\u0000', '\ud800', null, true, 0, -0, 1e21, 0.1),
  fc.constantFrom<Value>({ $type: 'bigint', value: '12345678901234567890' }, { $type: 'nan' }, { $type: 'undefined' }),
  name.map((key): Value => ({ $type: 'object', class: 'Money', value: fields([[key, -0]]) })),
);

const anyEnds = fc.array(anyRef, { maxLength: 2 });

/** An object whose own fields are these, `__proto__` included. */
function fields<T>(pairs: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(pairs);
}

const anyInstance: fc.Arbitrary<EntityInstance> = fc
  .tuple(
    anyRef,
    fc.array(fc.tuple(name, anyValue), { maxLength: 3 }),
    fc.array(fc.tuple(name, anyEnds), { maxLength: 2 }),
  )
  .map(([ref, attributes, links]) => ({ ...ref, attributes: fields(attributes), links: fields(links) }));

export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: anyInstance.map((one): Change => ({ kind: 'created', instance: one })) },
  { weight: 1, arbitrary: anyInstance.map((one): Change => ({ kind: 'removed', instance: one })) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        anyRef,
        name,
        fc.option(anyValue, { nil: undefined }),
        fc.option(anyValue, { nil: undefined }),
        fc.option(fc.record({ before: anyEnds, after: anyEnds }, { noNullPrototype: true }), { nil: undefined }),
      )
      .map(([ref, attribute, before, after, link]): Change => ({
        ...{ kind: 'attribute', ref, attribute },
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
        ...(link && { link }),
      })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(anyRef, name, anyEnds, anyEnds)
      .map(([ref, predicate, before, after]): Change => ({ kind: 'link', ref, predicate, before, after })),
  },
);

const eventOf = (change: Change, time: number): NewPoint => {
  const { entity, id: key } = change.kind === 'created' || change.kind === 'removed' ? change.instance : change.ref;
  const values =
    change.kind === 'attribute'
      ? { attribute: change.attribute, preState: change.before ?? null, postState: change.after ?? null }
      : { preState: null, postState: null };
  return { kind: 'event', time, object: { entity, id: key }, ...values, observed: 'recorded', change };
};

export const anyPoint: fc.Arbitrary<NewPoint> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(anyChange, fc.integer({ min: 0, max: 1e15 })).map(([change, time]) => eventOf(change, time)),
  },
  {
    weight: 1,
    arbitrary: fc.array(anyChange, { maxLength: 3 }).map((learned): NewPoint => ({
      ...{ kind: 'snapshot', time: 5, id: 's', method: 'heap', bytes: 1, pauseMs: 1, consistency: 'unknown' },
      ...{ entities: 1, problems: 0, learned },
    })),
  },
  { weight: 1, arbitrary: fc.constant<NewPoint>({ kind: 'gap', time: 9, since: 3, lost: 4, reason: 'away \u0000' }) },
);

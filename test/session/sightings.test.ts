// What two snapshots say about the time between them: events, what was only learned, and what is not claimed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  applyChanges,
  canonicalText,
  diffStates,
  missing,
  refKey,
  type EntityInstance,
  type Model,
  type SemanticState,
  type Value,
} from '../../src/model/index.ts';
import { eventsBetween, firstSighting, type Seen } from '../../src/session/sightings.ts';
import { EMPTY_MODEL } from '../../src/session/storedSession.ts';

const MODEL: Model = {
  ...EMPTY_MODEL,
  entities: [
    {
      name: 'Order',
      status: 'confirmed',
      attributes: [
        { name: 'id', type: 'string', role: 'identity' },
        { name: 'status', type: 'enum', role: 'state' },
        { name: 'hold', type: 'boolean', role: 'state' },
        { name: 'total', type: 'number', role: 'plain' },
      ],
    },
    { name: 'Note', status: 'confirmed', attributes: [{ name: 'text', type: 'string', role: 'plain' }] },
  ],
  relations: [{ subject: 'Order', predicate: 'lines', object: 'Line', cardinality: '*', status: 'confirmed' }],
  transitions: [
    {
      type: 'OrderPaid',
      object: 'Order',
      attribute: 'status',
      preState: 'open',
      postState: 'paid',
      status: 'declared',
      evidence: [{ by: 'write', source: { file: 'order.ts', line: 7 } }],
    },
    { object: 'Order', attribute: 'hold', preState: { $any: true }, postState: true, status: 'declared' },
    { object: 'Order', attribute: 'hold', preState: false, postState: true, status: 'declared' },
  ],
};

function order(id: string, attributes: Record<string, Value> = {}, lines: readonly string[] = []): EntityInstance {
  return {
    entity: 'Order',
    id,
    attributes: { id, status: 'open', hold: false, total: 1, ...attributes },
    links: { lines: lines.map((line) => ({ entity: 'Line', id: line })) },
  };
}

function stateOf(...instances: readonly EntityInstance[]): SemanticState {
  return new Map(instances.map((instance) => [refKey(instance), instance]));
}

function between(a: SemanticState, b: SemanticState, model = MODEL): Seen {
  return eventsBetween(firstSighting(a, model, 100), b, model, { time: 200, target: 'pid:1', hasCode: true });
}

test('a changed attribute is one event with both states, the span it happened in, and the only declaration that fits', () => {
  const { events } = between(stateOf(order('1')), stateOf(order('1', { status: 'paid' })));
  assert.deepEqual(events, [
    {
      kind: 'event',
      time: 200,
      since: 100,
      type: 'OrderPaid',
      source: { file: 'order.ts', line: 7 },
      likely: true,
      object: { entity: 'Order', id: '1' },
      attribute: 'status',
      preState: 'open',
      postState: 'paid',
      change: {
        kind: 'attribute',
        ref: { entity: 'Order', id: '1' },
        attribute: 'status',
        before: 'open',
        after: 'paid',
      },
      observed: 'between-snapshots',
      method: 'snapshot',
      target: 'pid:1',
    },
  ]);
});

test('where two declarations fit, none is named', () => {
  const [event] = between(stateOf(order('1')), stateOf(order('1', { hold: true }))).events;
  assert.equal(event?.type, undefined);
  assert.equal(event?.source, undefined);
  assert.equal(event?.likely, undefined);
});

test('null is a state of its own and not the same as absent', () => {
  const [event] = between(stateOf(order('1', { status: null })), stateOf(order('1', { status: 'paid' }))).events;
  assert.equal(event?.preState, null);
});

test('a creation has one event for each state attribute, of which only the first changes the state', () => {
  const { events } = between(stateOf(order('1')), stateOf(order('1'), order('2')));
  assert.deepEqual(
    events.map((e) => [e.attribute, e.preState, e.postState, e.change?.kind]),
    [
      ['status', { $new: true }, 'open', 'created'],
      ['hold', { $new: true }, false, undefined],
    ],
  );
});

test('a creation without a state attribute carries the whole object', () => {
  const note: EntityInstance = { entity: 'Note', id: 1, attributes: { text: 'hello' }, links: {} };
  const [event] = between(stateOf(order('1')), stateOf(order('1'), note)).events;
  assert.deepEqual(event?.postState, { $type: 'object', class: 'Note', value: { text: 'hello' } });
  assert.equal(event?.attribute, undefined);
});

test('a changed relation to many gives lists of ids', () => {
  const { events } = between(stateOf(order('1', {}, ['a'])), stateOf(order('1', {}, [])));
  assert.deepEqual(
    events.map((e) => [e.attribute, e.preState, e.postState]),
    [['lines', { $type: 'list', value: ['a'] }, { $type: 'list', value: [] }]],
  );
});

test('a value that could not be read before is learned and is no event', () => {
  const { events, learned, next } = between(
    stateOf(order('1', { total: missing() })),
    stateOf(order('1', { total: 12 })),
  );
  assert.deepEqual(events, []);
  assert.deepEqual(
    learned.map((c) => c.kind === 'attribute' && [c.attribute, c.after]),
    [['total', 12]],
  );
  assert.equal(next.state.get(refKey({ entity: 'Order', id: '1' }))?.attributes['total'], 12);
});

test('instances of a type that extraction came to know just now are learned, not created', () => {
  const line: EntityInstance = { entity: 'Line', id: 'a', attributes: {}, links: {} };
  const { events, learned } = between(stateOf(order('1')), stateOf(order('1'), line));
  assert.deepEqual(events, []);
  assert.deepEqual(learned, [{ kind: 'created', instance: line }]);
});

test('gone from memory is gone where others of the type stay', () => {
  const { events, next } = between(stateOf(order('1'), order('2')), stateOf(order('2')));
  assert.deepEqual(
    events.map((e) => [e.object.id, e.attribute, e.postState, e.change?.kind]),
    [
      ['1', 'status', { $gone: true }, 'removed'],
      ['1', 'hold', { $gone: true }, undefined],
    ],
  );
  assert.equal(next.state.size, 1);
});

test('a copy that passed through memory once is not removed when it leaves; its next change spans the whole absence', () => {
  const span = { hasCode: true };
  const first = firstSighting(stateOf(), MODEL, 100);
  const second = eventsBetween(first, stateOf(order('1')), MODEL, { ...span, time: 200 });
  const third = eventsBetween(second.next, stateOf(), MODEL, { ...span, time: 300 });
  assert.deepEqual(third.events, []);
  assert.equal(third.next.state.size, 1, 'its last values stay known');
  const fourth = eventsBetween(third.next, stateOf(order('1', { status: 'paid' })), MODEL, { ...span, time: 400 });
  assert.deepEqual(
    fourth.events.map((e) => [e.attribute, e.preState, e.postState, e.since, e.time]),
    [['status', 'open', 'paid', 200, 400]],
  );
  assert.equal(fourth.next.absentSince.size, 0);
});

test('a declared removal is believed at once', () => {
  const model: Model = {
    ...MODEL,
    transitions: [
      { object: 'Order', attribute: 'status', preState: 'open', postState: { $gone: true }, status: 'declared' },
    ],
  };
  const seen = eventsBetween(firstSighting(stateOf(), model, 1), stateOf(order('1')), model, {
    time: 2,
    hasCode: true,
  });
  const { events } = eventsBetween(seen.next, stateOf(), model, { time: 3, hasCode: true });
  assert.equal(events[0]?.change?.kind, 'removed');
});

test('events and learned values lead from one state to the next (seed 7)', () => {
  const value = fc.constantFrom<Value>('open', 'paid', null, 1, -0, missing());
  const instance = fc
    .record({ id: fc.integer({ min: 1, max: 5 }), status: value, hold: fc.boolean(), lines: fc.subarray(['a', 'b']) })
    .map(({ id, status, hold, lines }) => order(String(id), { status, hold }, lines));
  const state = fc.array(instance, { maxLength: 6 }).map((all) => stateOf(...all));
  fc.assert(
    fc.property(state, state, state, (a, b, c) => {
      let sighting = firstSighting(a, MODEL, 1);
      const replayed = new Map(a);
      for (const [n, snapshot] of [b, c].entries()) {
        const seen = eventsBetween(sighting, snapshot, MODEL, { time: n + 2, hasCode: true });
        for (const event of seen.events) if (event.change) applyChanges(replayed, [event.change]);
        applyChanges(replayed, seen.learned);
        assert.equal(canonicalText([...replayed].sort()), canonicalText([...seen.next.state].sort()));
        for (const change of diffStates(seen.next.state, snapshot))
          assert.equal(change.kind, 'removed', 'nothing that is in memory differs from what is known');
        sighting = seen.next;
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('a value that can no longer be read is not kept as if it still held', () => {
  const before = firstSighting(stateOf(order('1', { total: 0.5 })), MODEL, 1);
  const { events, learned, next } = eventsBetween(before, stateOf(order('1', { total: missing() })), MODEL, {
    time: 2,
    hasCode: true,
  });
  assert.deepEqual(events, [], 'nothing is claimed to have happened');
  assert.deepEqual(next.state.get(refKey({ entity: 'Order', id: '1' }))?.attributes['total'], missing());
  assert.deepEqual(learned, [
    { kind: 'attribute', ref: { entity: 'Order', id: '1' }, attribute: 'total', before: 0.5, after: missing() },
  ]);
});

test('what came and refers to what came stands after it; what changed stands after both', () => {
  const before = firstSighting(stateOf(order('1')), MODEL, 1);
  const line: EntityInstance = { entity: 'Line', id: 'a', attributes: {}, links: {} };
  const after = stateOf(order('2', {}, ['a']), order('1', {}, ['a']), line);
  const { events } = eventsBetween(before, after, MODEL, { time: 2, hasCode: false });
  const stops = events.filter(({ change }) => change);
  assert.deepEqual(
    stops.map(({ object, change }) => `${object.entity} ${object.id} ${change?.kind}`),
    ['Line a created', 'Order 2 created', 'Order 1 link'],
  );
});

test('references in a circle end, and nothing is lost', () => {
  const circle = (id: string, to: string): EntityInstance => order(id, {}, [to]);
  const one: EntityInstance = { ...circle('1', 'x'), links: { lines: [{ entity: 'Order', id: '2' }] } };
  const two: EntityInstance = { ...circle('2', 'x'), links: { lines: [{ entity: 'Order', id: '1' }] } };
  const { events } = eventsBetween(firstSighting(new Map(), MODEL, 1), stateOf(one, two), MODEL, {
    time: 2,
    hasCode: false,
  });
  assert.deepEqual(new Set(events.map(({ object }) => object.id)), new Set(['1', '2']));
});

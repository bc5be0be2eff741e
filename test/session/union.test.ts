// What two services show, as one state: each compared with itself, what both hold told once, every step replayable.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyChanges, canonicalText, refKey, type EntityInstance, type SemanticState } from '../../src/model/index.ts';
import { EMPTY_MODEL } from '../../src/session/storedSession.ts';
import { knownFrom, placeSnapshot, type Known, type Placed, type Taken } from '../../src/session/takenSnapshot.ts';
import { toldBy } from '../../src/session/union.ts';

const order = (id: string, attributes: EntityInstance['attributes']): EntityInstance => ({
  ...{ entity: 'Order', id, attributes: { id, ...attributes }, links: {} },
});
const stateOf = (...all: readonly EntityInstance[]): SemanticState => new Map(all.map((one) => [refKey(one), one]));

function take(target: string, time: number, state: SemanticState, before: Known | undefined): Placed {
  const taken: Taken = {
    ...{
      id: String(time),
      time,
      method: 'heap',
      bytes: 1,
      pauseMs: 1,
      problems: 0,
      hasCode: false,
      model: EMPTY_MODEL,
    },
    ...{ target, state: toldBy(state, target) },
  };
  return placeSnapshot(taken, before);
}

/** Each service's snapshots in turn; what was told of each. */
function run(...looks: readonly (readonly [string, SemanticState])[]): { told: string[]; known: Known } {
  let known: Known | undefined;
  const told: string[] = [];
  for (const [n, [target, state]] of looks.entries()) {
    const placed = take(target, n + 1, state, known);
    known = placed.known;
    told.push(
      ...placed.events.map(
        (e) => `${target}: ${e.object.id}${e.change?.kind === 'attribute' ? `.${e.attribute}` : ` ${e.change?.kind}`}`,
      ),
    );
  }
  assert.ok(known);
  return { told, known };
}

const valueOf = (known: Known, id: string, name: string): unknown =>
  known.state.get(refKey({ entity: 'Order', id }))?.attributes[name];

test('types of one name in two services are not compared with each other', () => {
  const [a, b] = [stateOf(order('1', { status: 'open' })), stateOf(order('2', { status: 'sent' }))];
  const { told, known } = run(['a', a], ['b', b], ['a', a], ['b', b]);
  assert.deepEqual(told, []);
  assert.deepEqual(
    [...known.state.values()].map(({ id, target }) => [id, target]),
    [
      ['1', 'a'],
      ['2', 'b'],
    ],
  );
});

test('of a thing that both hold, each tells what it sees change; what one alone knows is added', () => {
  const first = run(
    ['a', stateOf(order('1', { status: 'open' }))],
    ['b', stateOf(order('1', { status: 'old', dock: 4 }))],
  );
  assert.deepEqual(first.told, []);
  assert.equal(valueOf(first.known, '1', 'status'), 'open', 'what was told first stays');
  assert.equal(valueOf(first.known, '1', 'dock'), 4);
  const second = run(
    ['a', stateOf(order('1', { status: 'open' }))],
    ['b', stateOf(order('1', { status: 'old' }))],
    ['a', stateOf(order('1', { status: 'paid' }))],
    ['b', stateOf(order('1', { status: 'open' }))],
  );
  assert.deepEqual(second.told, ['a: 1.status', 'b: 1.status']);
  assert.equal(valueOf(second.known, '1', 'status'), 'open', 'who told last is believed');
});

test('a thing is gone when the last service that held it lets it go', () => {
  const both = stateOf(order('1', {}), order('2', {}));
  const one = stateOf(order('2', {}));
  const { told, known } = run(['a', both], ['b', both], ['a', both], ['b', both], ['a', one], ['b', one]);
  assert.deepEqual(told, ['b: 1 removed']);
  assert.equal(known.state.size, 1);
});

test('after a pause in the recording each service goes on from its own', () => {
  const { known } = run(['a', stateOf(order('1', { status: 'open' }))], ['b', stateOf(order('2', { status: 'sent' }))]);
  const again = knownFrom(known.state, EMPTY_MODEL, 3, ['b', 'a']);
  const placed = take('b', 4, stateOf(order('2', { status: 'lost' })), again);
  assert.deepEqual(
    placed.events.map((e) => [e.object.id, e.postState]),
    [['2', 'lost']],
  );
  assert.equal(take('c', 5, stateOf(order('1', { status: 'x' })), placed.known).events.length, 0);
});

test('events and learned values lead from one shared state to the next (seed 11)', () => {
  const instance = fc
    .record({ id: fc.integer({ min: 1, max: 4 }), status: fc.constantFrom('open', 'paid', null), n: fc.nat(2) })
    .map(({ id, status, n }) => order(String(id), n === 0 ? { status } : { status, n }));
  const look = fc.tuple(
    fc.constantFrom('a', 'b', 'c'),
    fc.array(instance, { maxLength: 5 }).map((all) => stateOf(...all)),
  );
  fc.assert(
    fc.property(fc.array(look, { minLength: 1, maxLength: 8 }), (looks) => {
      let known: Known | undefined;
      const replayed = new Map<string, EntityInstance>();
      for (const [n, [target, state]] of looks.entries()) {
        const placed = take(target, n, state, known);
        for (const [key, each] of placed.first ?? []) replayed.set(key, each);
        for (const { change } of placed.events) if (change) applyChanges(replayed, [change]);
        for (const point of placed.points) if (point.kind === 'snapshot') applyChanges(replayed, point.learned ?? []);
        known = placed.known;
        assert.equal(canonicalText([...replayed].sort()), canonicalText([...known.state].sort()));
        for (const key of state.keys()) assert.ok(known.state.has(key), 'what a service holds is there');
      }
    }),
    { seed: 11, numRuns: 300 },
  );
});

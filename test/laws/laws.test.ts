// Each law by its id: what breaks it, what does not, and what it must keep silent about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkState, checkStep, LAWS } from '../../src/laws/index.ts';
import { GONE, missing, NEW, NO_CONTEXT, redacted, refKey } from '../../src/model/index.ts';
import type {
  Entity,
  EntityInstance,
  EventPoint,
  Model,
  SemanticState,
  Transition,
  Value,
} from '../../src/model/index.ts';

const AT = 1_700_000_000_000_000;
const SEED = 1042;

function model(entities: readonly Partial<Entity>[], transitions: readonly Transition[] = []): Model {
  return {
    ...{ document: 'model', version: 1, relations: [], context: NO_CONTEXT, problems: [], transitions },
    entities: entities.map((entity) => ({
      name: 'Order',
      attributes: [],
      status: 'confirmed',
      instances: 3,
      ...entity,
    })),
  };
}
function stateOf(...instances: readonly Partial<EntityInstance>[]): SemanticState {
  const whole = instances.map((one) => ({ entity: 'Order', id: 1, attributes: {}, links: {}, ...one }));
  return new Map(whole.map((one) => [refKey(one), one]));
}
const messages = (state: SemanticState, of: Model): string[] =>
  checkState(state, of, AT).map(({ law, message }) => `${law}: ${message}`);

test('references-resolve: a link to an entity that is not there is told once, with both ends and the time', () => {
  const gone = { entity: 'Customer', id: 'c9' };
  const state = stateOf({ id: 1042, links: { placedBy: [gone, gone], lines: [] } }, { entity: 'Customer', id: 'c1' });
  assert.deepEqual(checkState(state, model([{}, { name: 'Customer' }]), AT), [
    {
      law: 'references-resolve',
      message: 'Order 1042 refers by placedBy to Customer c9, which does not exist.',
      at: '2023-11-14T22:13:20.000000Z',
      subjects: [{ entity: 'Order', id: 1042 }, gone],
    },
  ]);
});

test('references-resolve: types whose instances could not be read, or that the model does not know, do not cry wolf', () => {
  const state = stateOf({ links: { placedBy: [{ entity: 'Customer', id: 'c9' }] } });
  const noneRead: Partial<Entity>[] = [{}, { name: 'Customer', instances: 0 }];
  assert.deepEqual(messages(state, model(noneRead)), []);
  assert.deepEqual(messages(state, model([{}])), []);
  const { instances: _, ...unknown } = { name: 'Customer', instances: 1, attributes: [], status: 'declared' as const };
  assert.deepEqual(messages(state, { ...model([{}]), entities: [unknown] }), []);
  assert.deepEqual(messages(state, model([{}, { name: 'Customer', instances: 4 }])), [], 'none of them in this state');
});

test('identity-unique: the same key values twice, or a number and a text that read alike', () => {
  const identity = ['number'];
  const twice = stateOf({ id: 'a', attributes: { number: 7 } }, { id: 'b', attributes: { number: 7 } });
  assert.deepEqual(messages(twice, model([{ identity }])), [
    'identity-unique: Order a and Order b have the same identity: number 7.',
  ]);
  assert.deepEqual(messages(stateOf({ id: 1 }, { id: '1' }), model([{}])), [
    'identity-unique: Order 1 exists 2 times: its identity is the number 1 and the text "1".',
  ]);
});

test('identity-unique: unread, redacted and absent keys, and other types with the same key, are no duplicates', () => {
  for (const value of [missing(), redacted(), null]) {
    const state = stateOf({ id: 'a', attributes: { number: value } }, { id: 'b', attributes: { number: value } });
    assert.deepEqual(messages(state, model([{ identity: ['number'] }])), []);
  }
  const others = stateOf({ id: 1 }, { id: 1, entity: 'Payment' }, { id: 2 });
  assert.deepEqual(messages(others, model([{ identity: ['number'] }, { name: 'Payment' }])), []);
});

const states: Partial<Entity>[] = [{ attributes: [{ name: 'status', type: 'enum', role: 'state' }] }];
const goes = (
  preState: Transition['preState'],
  postState: Transition['postState'],
  more: Partial<Transition> = {},
): Transition => ({
  ...{ object: 'Order', attribute: 'status', preState, postState, status: 'declared' },
  ...more,
});
const step = (
  preState: EventPoint['preState'],
  postState: EventPoint['postState'],
  more: Partial<EventPoint> = {},
): EventPoint => ({
  ...{ kind: 'event', seq: 5, time: AT, object: { entity: 'Order', id: 1042 }, attribute: 'status' },
  ...{ preState, postState, observed: 'recorded', ...more },
});
const shop = model(states, [goes('placed', 'paid'), goes('paid', 'shipped'), goes({ $any: true }, 'cancelled')]);
const told = (event: EventPoint, of = shop): string[] => checkStep(event, new Map(), of).map(({ message }) => message);

test('declared-transitions: a step that no code declares is told; declared ones and those from any state are not', () => {
  assert.deepEqual(checkStep(step('paid', 'placed'), new Map(), shop), [
    {
      law: 'declared-transitions',
      message: 'Order 1042: status went from paid to placed, which the program does not declare.',
      at: '2023-11-14T22:13:20.000000Z',
      subjects: [{ entity: 'Order', id: 1042 }],
    },
  ]);
  assert.deepEqual(told(step('placed', 'paid')), []);
  assert.deepEqual(told(step('shipped', 'cancelled')), []);
});

test('declared-transitions: between snapshots a way of several declared steps fits, recorded it does not', () => {
  assert.equal(told(step('placed', 'shipped')).length, 1);
  assert.deepEqual(told(step('placed', 'shipped', { observed: 'between-snapshots' })), []);
  assert.equal(told(step('shipped', 'placed', { observed: 'between-snapshots' })).length, 1);
});

test('declared-transitions: where the program declares nothing of the kind, or a value is unknown, nothing is claimed', () => {
  assert.deepEqual(told(step(NEW, 'shipped')), []);
  assert.deepEqual(told(step('paid', GONE)), []);
  const created = model(states, [goes(NEW, 'placed'), goes('placed', 'paid')]);
  assert.deepEqual(told(step(NEW, 'placed'), created), []);
  assert.deepEqual(told(step(NEW, 'shipped'), created), [
    'Order 1042: status went from its creation to shipped, which the program does not declare.',
  ]);
  assert.deepEqual(told(step(NEW, 'paid', { observed: 'between-snapshots' }), created), []);
  assert.deepEqual(told(step(missing(), 'placed')), []);
  assert.deepEqual(told(step('paid', { $type: 'undefined' })), []);
  assert.deepEqual(told(step('paid', 'placed', { attribute: 'note' })), [], 'no state attribute');
  assert.deepEqual(told(step('paid', 'placed'), model(states, [goes('a', 'b', { status: 'observed' })])), []);
});

test('identity-unique: what is numbered within its owner is told apart by the owner', () => {
  const line = (id: string): Partial<EntityInstance> => ({ entity: 'Line', id, attributes: { position: 1 } });
  const lines = model([{ name: 'Line', identity: ['position'] }]);
  assert.deepEqual(messages(stateOf(line('ord-1/1'), line('ord-2/1')), lines), []);
  assert.equal(messages(stateOf(line('a'), line('b')), lines).length, 1);
});

test('every law has a stable id and a title that is a sentence', () => {
  assert.deepEqual(
    LAWS.map(({ id }) => id),
    ['references-resolve', 'cardinalities-hold', 'identity-unique', 'declared-transitions'],
  );
  for (const { title } of LAWS) assert.match(title, /^[A-Z].*\.$/);
});

test(`no law throws on odd states, and checking twice tells the same (seed ${SEED})`, () => {
  const name = fc.constantFrom('Order', '__proto__', 'constructor', '', '\u0000', '\ud800');
  const ref = fc.record({ entity: name, id: fc.oneof(fc.string(), fc.double()) }, { noNullPrototype: true });
  const value = fc.constantFrom<Value>('a', 0, -0, null, missing(), { $type: 'nan' }, { $type: 'list', value: [] });
  const fields = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
    fc.array(fc.tuple(name, of), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs));
  const instance = fc.tuple(ref, fields(value), fields(fc.array(ref, { maxLength: 3 })));
  const end = fc.oneof(value, fc.constant(NEW), fc.constant(GONE));
  fc.assert(
    fc.property(
      fc.array(instance, { maxLength: 8 }),
      name,
      end,
      end,
      fc.double(),
      (all, attribute, pre, post, time) => {
        const state: SemanticState = new Map(
          all.map(([at, attributes, links]) => [refKey(at), { ...at, attributes, links }]),
        );
        const odd = model(
          [{ name: attribute, identity: [attribute], attributes: [{ name: attribute, type: 'enum', role: 'state' }] }],
          [{ object: attribute, attribute, preState: pre as Value, postState: post as Value, status: 'declared' }],
        );
        const event = step(pre as Value, post as Value, { object: { entity: attribute, id: 1 }, attribute, time });
        assert.deepEqual(checkState(state, odd, time), checkState(state, odd, time));
        assert.ok(Array.isArray(checkStep(event, state, odd)));
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
});

// Laws as a person writes them: of an entity, of its steps, of the whole; what is wrong in one is told with its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkState, checkStep, lawFault, lawProblems, lawsOf } from '../../src/laws/index.ts';
import { NO_CONTEXT, missing, redacted, refKey } from '../../src/model/index.ts';
import type { EntityInstance, EventPoint, LawText, Model, SemanticState, Value } from '../../src/model/index.ts';

const AT = 1_700_000_000_000_000;

const plain = (name: string) => ({ name, type: 'unknown' }) as const;

function modelWith(laws: { readonly [id: string]: LawText }): Model {
  return {
    ...{ document: 'model', version: 1, context: NO_CONTEXT, problems: [], transitions: [] },
    entities: [
      {
        name: 'Order',
        status: 'confirmed',
        attributes: ['total', 'status', 'note', 'paidAt'].map(plain),
        instances: 2,
      },
      { name: 'Line', status: 'confirmed', attributes: ['price', 'count'].map(plain), instances: 2 },
    ],
    relations: [
      {
        subject: 'Order',
        predicate: 'lines',
        object: 'Line',
        cardinality: '*',
        kind: 'structural',
        status: 'confirmed',
      },
      {
        subject: 'Line',
        predicate: 'order',
        object: 'Order',
        cardinality: '1',
        kind: 'attributive',
        status: 'confirmed',
      },
    ],
    laws: Object.entries(laws).map(([id, law]) => ({ id, ...law })),
  };
}

function order(attributes: { readonly [name: string]: Value }, lines: readonly string[] = []): EntityInstance {
  return { entity: 'Order', id: 7, attributes, links: { lines: lines.map((id) => ({ entity: 'Line', id })) } };
}
function line(id: string, price: number, count: number): EntityInstance {
  return { entity: 'Line', id, attributes: { price, count }, links: { order: [{ entity: 'Order', id: 7 }] } };
}
function stateOf(...instances: readonly EntityInstance[]): SemanticState {
  return new Map(instances.map((one) => [refKey(one), one]));
}
function broken(law: LawText, state: SemanticState): string[] {
  return checkState(state, modelWith({ mine: law }), AT).map(({ law: id, message }) => `${id}: ${message}`);
}
const lines = [line('a', 2.5, 2), line('b', 1, 3)];

test('a law of an entity is judged for each of them, and shows the values it read', () => {
  const law = { for: 'Order', holds: 'self.total >= 0', title: 'An order never costs less than nothing.' };
  assert.deepEqual(broken(law, stateOf(order({ total: 0 }))), []);
  assert.deepEqual(broken(law, stateOf(order({ total: -1 }))), [
    'mine: Order 7: An order never costs less than nothing. (total -1)',
  ]);
});

test('relations lead to the entities they mean, in both directions', () => {
  const total = { for: 'Order', holds: 'sum(self.lines.map(l, l.price * l.count)) == self.total' };
  assert.deepEqual(broken(total, stateOf(order({ total: 8 }, ['a', 'b']), ...lines)), []);
  assert.equal(broken(total, stateOf(order({ total: 9 }, ['a', 'b']), ...lines)).length, 1);
  const back = { for: 'Line', holds: 'self.order.total >= self.price' };
  assert.deepEqual(broken(back, stateOf(order({ total: 8 }, ['a']), lines[0] as EntityInstance)), []);
  assert.equal(broken(back, stateOf(order({ total: 2 }, ['a']), lines[0] as EntityInstance)).length, 1);
});

test('a law of the whole state sees all entities of a type', () => {
  const law = { holds: 'count(Line) == 2 && !Order.exists(o, o.total == 3)' };
  assert.deepEqual(broken(law, stateOf(order({ total: 8 }), ...lines)), []);
  assert.equal(broken(law, stateOf(order({ total: 3 }), ...lines)).length, 1);
  assert.equal(broken(law, stateOf(order({ total: 8 }))).length, 1);
});

test('numbers are the program’s: halves stay halves, and whole numbers compare with fractions', () => {
  assert.deepEqual(broken({ for: 'Order', holds: 'self.total / 2 == 2.5' }, stateOf(order({ total: 5 }))), []);
  assert.deepEqual(broken({ for: 'Order', holds: 'self.total + 1 > 5' }, stateOf(order({ total: 4.5 }))), []);
});

test('what is not known breaks nothing; what is not set is null', () => {
  const law = { for: 'Order', holds: 'self.note == "x"' };
  for (const value of [missing(), redacted()]) assert.deepEqual(broken(law, stateOf(order({ note: value }))), []);
  assert.equal(broken(law, stateOf(order({}))).length, 1);
  assert.equal(broken(law, stateOf(order({ note: { $type: 'undefined' } }))).length, 1);
  const wrongKind = { for: 'Order', holds: 'self.note < 3' };
  assert.deepEqual(broken(wrongKind, stateOf(order({ note: 'text' }))), []);
  const gone = { for: 'Order', holds: 'self.lines.all(l, l.price > 100)' };
  assert.deepEqual(broken(gone, stateOf(order({}, ['not there']))), []);
});

test('dates are times', () => {
  const law = { for: 'Order', holds: 'self.paidAt == null || self.paidAt < timestamp("2026-01-01T00:00:00Z")' };
  assert.deepEqual(broken(law, stateOf(order({ paidAt: { $type: 'date', value: '2025-06-01T00:00:00.000Z' } }))), []);
  assert.equal(broken(law, stateOf(order({ paidAt: { $type: 'date', value: '2026-06-01T00:00:00.000Z' } }))).length, 1);
});

test('a law of steps sees the entity before and after, and the event', () => {
  const model = modelWith({
    mine: { for: 'Order', on: 'step', holds: "before.status != 'paid' || after.total == before.total" },
  });
  const before = stateOf(order({ status: 'paid', total: 8 }));
  const event = (after: Value): EventPoint => ({
    ...{ kind: 'event', seq: 2, time: AT, object: { entity: 'Order', id: 7 }, attribute: 'total', preState: 8 },
    ...{ postState: after, observed: 'recorded' },
    change: { kind: 'attribute', ref: { entity: 'Order', id: 7 }, attribute: 'total', before: 8, after },
  });
  assert.deepEqual(checkStep(event(8), before, model), []);
  assert.deepEqual(
    checkStep(event(9), before, model).map(({ message }) => message),
    [
      "Order 7: mine does not hold: before.status != 'paid' || after.total == before.total (before status paid, after total 9, before total 8)",
    ],
  );
  const other = modelWith({
    mine: { for: 'Order', on: 'step', holds: "event.attribute != 'total' || event.type != null" },
  });
  assert.equal(checkStep(event(9), before, other).length, 1);
});

test('what is wrong in an expression is told with its place', () => {
  const place = (law: LawText): unknown => {
    const fault = lawFault(law);
    return fault && [fault.what, fault.start];
  };
  assert.equal(place({ for: 'Order', holds: 'self.total >= 0' }), undefined);
  assert.deepEqual(place({ for: 'Order', holds: 'self.total >' }), ['Unexpected token: EOF', 12]);
  assert.deepEqual(place({ for: 'Order', holds: 'self.total > nothing(3)' }), [
    "found no matching overload for 'nothing(int)'",
    13,
  ]);
  assert.deepEqual(place({ for: 'Order', holds: 'size("abc")' }), ['it gives int, a law must be true or false', 0]);
  assert.deepEqual(place({ for: 'Order', holds: 'count(Line) > 1' }), ['it says nothing of Order: write self', 0]);
  assert.deepEqual(place({ on: 'step', holds: 'true' }), ['a law of steps needs the type it is for (`for`)', 0]);
});

test('names that the model does not have are problems, and such a law claims nothing', () => {
  const law = (holds: string, entity = 'Order'): string[] =>
    lawProblems(modelWith({ mine: { holds, for: entity } })).map(({ message }) => message);
  assert.deepEqual(law('self.total >= 0'), []);
  assert.deepEqual(law('self.lines.all(line, line.price > 0)'), []);
  assert.deepEqual(law('self.totl >= 0'), ['Law mine: Order has no totl.']);
  assert.deepEqual(law('self.total >= 0', 'Ordre'), ['Law mine: there is no entity Ordre.']);
  assert.deepEqual(law('self.total >= 0 && count(Lines) > 1'), ['Law mine: there is no Lines.']);
});

test('laws of every service come first, then those of this one', () => {
  const ids = lawsOf(modelWith({ mine: { holds: 'true' } })).map(({ id }) => id);
  assert.deepEqual(ids, [
    'references-resolve',
    'cardinalities-hold',
    'identity-unique',
    'declared-transitions',
    'mine',
  ]);
});

test('cardinalities-hold: a relation to exactly one that leads to none is told; unread and optional ones are not', () => {
  const lost = { ...line('a', 1, 1), links: { order: [] } };
  assert.deepEqual(
    checkState(stateOf(order({}), lost), modelWith({}), AT).map(({ law, message }) => `${law}: ${message}`),
    ['cardinalities-hold: Line a leads by order to no Order; the program declares exactly one.'],
  );
  assert.deepEqual(checkState(stateOf(order({}), { ...lost, links: {} }), modelWith({}), AT), []);
  const unread = { ...lost, attributes: { order: missing() } };
  assert.deepEqual(checkState(stateOf(order({}), unread), modelWith({}), AT), []);
});

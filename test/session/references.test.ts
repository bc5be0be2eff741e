// A reference that changes is one thing that happened: its value and the relation that follows it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyChanges, canonicalText, diffStates, invert, refKey, type EntityInstance } from '../../src/model/index.ts';
import { eventsBetween, firstSighting } from '../../src/session/sightings.ts';
import { EMPTY_MODEL } from '../../src/session/storedSession.ts';

function order(paymentId: string | null, lines: readonly string[]): EntityInstance {
  return {
    entity: 'Order',
    id: '1',
    attributes: { id: '1', paymentId },
    links: {
      paymentId: paymentId === null ? [] : [{ entity: 'Payment', id: paymentId }],
      lines: lines.map((id) => ({ entity: 'Line', id })),
    },
  };
}

test('an id that changes with its relation is one event; a relation without a value of its own is another', () => {
  const before = new Map([[refKey(order(null, [])), order(null, [])]]);
  const after = new Map([[refKey(order('p-1', ['a'])), order('p-1', ['a'])]]);
  const { events, next } = eventsBetween(firstSighting(before, EMPTY_MODEL, 1), after, EMPTY_MODEL, {
    time: 2,
    hasCode: false,
  });
  assert.deepEqual(
    events.map(({ attribute, preState, postState }) => [attribute, preState, postState]),
    [
      ['paymentId', null, 'p-1'],
      ['lines', null, 'a'],
    ],
  );
  assert.equal(canonicalText([...next.state]), canonicalText([...after]));
  const back = new Map(after);
  applyChanges(back, diffStates(before, after).reverse().map(invert));
  assert.equal(canonicalText([...back]), canonicalText([...before]));
});

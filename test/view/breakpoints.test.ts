// Breakpoints over business events: what each kind matches, the same in both directions, with conditions, counts and log points.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { isFailure, type NewPoint } from '../../src/model/index.ts';
import type { BreakpointRequest, View } from '../../src/session/index.ts';
import { openView, transition } from './openView.ts';
import { at, PAY, TARGET } from './orderService.ts';

/** Seqs of all stops of a search from one end to the other. */
async function sweep(view: View, direction: 'continue' | 'reverseContinue'): Promise<number[]> {
  const last = view.session.store.summary().last?.seq ?? 0;
  view.goto({ seq: direction === 'continue' ? 1 : last });
  const seqs: number[] = [];
  for (;;) {
    const stop = await view[direction]({});
    if (!stop || stop.breakpoints.length === 0) return seqs;
    seqs.push(stop.point?.seq ?? -1);
  }
}

function change(n: number): NewPoint {
  const ref = { entity: 'Order', id: '1042' };
  const [before, after] = n % 2 ? (['paid', 'shipped'] as const) : (['shipped', 'paid'] as const);
  return {
    kind: 'event',
    time: at('11:00:00') + n,
    object: ref,
    attribute: 'status',
    preState: before,
    postState: after,
    observed: 'recorded',
    target: TARGET,
    change: { kind: 'attribute', ref, attribute: 'status', before, after },
  };
}

describe('breakpoints over the recording', () => {
  let view: View;
  let told: string[];
  beforeEach(() => ({ view, told } = openView()));

  const found = async (request: BreakpointRequest): Promise<number[]> => {
    const [placed] = view.setBreakpoints(request.target.kind, [request]);
    assert.equal(placed?.verified, true, placed?.message);
    const forward = await sweep(view, 'continue');
    // Searching backward begins at the last point and cannot find it.
    const last = view.session.store.summary().last?.seq;
    const backward = (await sweep(view, 'reverseContinue')).reverse();
    assert.deepEqual(
      backward,
      forward.filter((seq) => seq !== last),
      'both directions find the same',
    );
    return forward;
  };

  it('matches transitions, event names, attributes, lines and laws, the same in both directions', async () => {
    assert.deepEqual(await found(transition('Order.status: paid -> shipped')), [7]);
    assert.deepEqual(await found(transition('Order.status: * -> *')), [2, 4, 7, 8]);
    assert.deepEqual(await found(transition('Order.status: new -> draft')), [4]);
    assert.deepEqual(await found(transition('OrderPaid')), [2]);
    view.setBreakpoints('function', []);
    assert.deepEqual(await found({ target: { kind: 'data', entity: 'Order', attribute: 'status' } }), [2, 4, 7, 8]);
    assert.deepEqual(
      await found({ target: { kind: 'data', entity: 'Order', id: '1042', attribute: 'status' } }),
      [2, 7],
    );
    // The companion of a creation stops at the creation.
    assert.deepEqual(await found({ target: { kind: 'data', entity: 'Order', attribute: 'priority' } }), [4]);
    view.setBreakpoints('data', []);
    assert.deepEqual(await found({ target: { kind: 'source', file: PAY.file, line: PAY.line } }), [2]);
    view.setBreakpoints('source', []);
    assert.deepEqual(await found({ target: { kind: 'law', law: 'new' } }), [8, 9]);
    assert.deepEqual(await found({ target: { kind: 'law', law: 'references-resolve' } }), [9]);
    assert.deepEqual(await found({ target: { kind: 'law', law: 'all' } }), [8, 9, 10, 12]);
  });

  it('asks conditions of the event and counts hits over the whole recording', async () => {
    const any = 'Order.status: * -> *';
    assert.deepEqual(await found(transition(any, { condition: 'object.total > 100' })), [2, 7]);
    assert.deepEqual(await found(transition(any, { condition: 'total < 100 and postState = "draft"' })), [4, 8]);
    assert.deepEqual(await found(transition(any, { condition: 'subject = Customer[7]' })), [2]);
    assert.deepEqual(await found(transition(any, { condition: 'nobody.knows = 1' })), []);
    assert.deepEqual(await found(transition(any, { hitCondition: '2' })), [4]);
    assert.deepEqual(await found(transition(any, { hitCondition: '>= 3' })), [7, 8]);
    assert.deepEqual(await found(transition(any, { hitCondition: '% 2' })), [4, 8]);
  });

  it('writes log points instead of stopping', async () => {
    view.setBreakpoints('function', [
      transition('Order.status: * -> *', { logMessage: '{object} {preState} to {postState}, {{{total}}}' }),
    ]);
    view.step('first');
    told.length = 0;
    await view.continue({});
    assert.deepEqual(told, [
      'log: Order 1042 draft to paid, {302.5}',
      'log: Order 1043 none to draft, {9.5}',
      'log: Order 1042 paid to shipped, {302.5}',
      'log: Order 1040 shipped to draft, {20}',
      'pause: End of the recording · Snapshot snapshot-4 (heap, 31 ms, laws broken)',
    ]);
  });

  it('says why a breakpoint cannot be placed', () => {
    const messages = view
      .setBreakpoints('function', [
        transition('Order.status: paid ->'),
        transition('OrderPaid', { condition: 'total >' }),
        transition('OrderPaid', { hitCondition: 'often' }),
        transition('OrderPaid', { logMessage: '{total' }),
        transition('Order.colour: * -> red'),
      ])
      .map(({ verified, message }) => `${verified}: ${message ?? ''}`);
    assert.deepEqual(messages, [
      'false: Write a transition (Order.status: paid -> cancelled) or the name of an event (OrderPaid).',
      'false: The query ends too early. (column 8)',
      'false: A hit condition is a number, or >= 3, < 3, % 2.',
      'true: ',
      'true: Order has no attribute colour.',
    ]);
    const [law] = view.setBreakpoints('law', [{ target: { kind: 'law', law: 'no-such-law' } }]);
    assert.deepEqual([law?.verified, law?.message], [false, 'There is no law "no-such-law".']);
  });

  it('are not looked for any further when the view is moved meanwhile', async () => {
    view.step('first');
    const events = Array.from({ length: 1000 }, (_, n) => change(n));
    view.session.store.append(events);
    view.setBreakpoints('function', [transition('Order.status: * -> *', { condition: 'total > 1000000' })]);
    const search = assert.rejects(view.continue({}), (error) => isFailure(error, 'cancelled'));
    await new Promise((resolve) => setImmediate(resolve));
    view.goto({ seq: 3 });
    await search;
    assert.equal(view.cursor().seq, 3);
  });

  it('can be called off', async () => {
    view.setBreakpoints('function', [transition('Order.status: * -> *', { condition: 'total > 1000000' })]);
    view.step('first');
    const signal = AbortSignal.abort();
    await assert.rejects(view.continue({ signal }), (error) => isFailure(error, 'cancelled'));
    assert.equal(view.cursor().seq, 1);
  });
});

// A view of a timeline: where steps lead, what breakpoints find in either direction, what it does while it follows live.
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { isFailure, type Point } from '../../src/model/index.ts';
import { createView, type BreakpointRequest, type Stop, type View } from '../../src/session/index.ts';
import { at, MODEL, PAY, recordOrderService, SHIP, TARGET, type Recorded } from './orderService.ts';
import { RecordedSession } from './recordedSession.ts';

const opened: Recorded[] = [];
after(() => opened.forEach((one) => one[Symbol.dispose]()));

function open(options: { readonly connected?: boolean } = {}): {
  view: View;
  session: RecordedSession;
  told: string[];
} {
  const recorded = recordOrderService();
  opened.push(recorded);
  const session = new RecordedSession(recorded.store, options);
  const view = createView(session);
  const told: string[] = [];
  view.on('stopped', ({ reason, text }) => told.push(`${reason}: ${text}`));
  view.on('continued', () => told.push('continued'));
  view.on('logged', ({ text }) => told.push(`log: ${text}`));
  return { view, session, told };
}

const breakpoint = (pattern: string, more: Partial<BreakpointRequest> = {}): BreakpointRequest => ({
  target: { kind: 'function', pattern },
  ...more,
});

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

describe('a view of a stored timeline', () => {
  it('enters at the last snapshot and steps over companions', () => {
    const { view, told } = open();
    view.enter();
    for (const kind of ['first', 'next', 'next', 'next', 'next', 'previous'] as const) view.step(kind);
    assert.deepEqual(told, [
      'entry: Snapshot snapshot-4 (heap, 31 ms, laws broken)',
      'step: Snapshot snapshot-1 (heap, 31 ms, consistent)',
      'step: Order 1042: draft -> paid',
      'step: Payment p1: pending -> captured',
      'step: Order 1043: created as draft',
      'step: Snapshot snapshot-2 (heap, 31 ms, consistent)',
      'step: Order 1043: created as draft',
    ]);
  });

  it('says so where nothing is left, and stays', () => {
    const { view } = open();
    view.step('first');
    assert.match(view.step('previous').text, /^Beginning of the recording · Snapshot snapshot-1/);
    assert.match(view.step('previousOfFocus').text, /^Nothing earlier of any entity/);
    assert.equal(view.step('nextOfFocus').text, 'Order 1042: draft -> paid', 'the first event brings one into focus');
    view.goto({ seq: 3 });
    assert.match(view.step('nextOfFocus').text, /^Nothing later of Payment p1/);
    assert.equal(view.cursor().seq, 3);
  });

  it('keeps the entity in focus at the snapshots between its events', () => {
    const { view } = open();
    view.goto({ seq: 2 });
    view.step('nextSnapshot');
    assert.deepEqual(view.focus, { entity: 'Order', id: '1042' });
    assert.equal(view.step('nextOfFocus').text, 'Order 1042: paid -> shipped');
    view.setFocus({ entity: 'Payment', id: 'p1' });
    assert.equal(view.step('previousOfFocus').text, 'Payment p1: pending -> captured');
  });

  it('shows the state as it was', () => {
    const { view } = open();
    view.goto({ time: at('10:30:05.300') });
    assert.equal(view.cursor().text, 'Order 1042: draft -> paid');
    assert.equal(view.instance({ entity: 'Order', id: '1042' })?.attributes['status'], 'paid');
    view.step('previous');
    assert.equal(view.instance({ entity: 'Order', id: '1042' })?.attributes['status'], 'draft');
  });

  it('finds what happened at a line, nearest to the cursor first', () => {
    const { view } = open();
    view.goto({ seq: 12 });
    assert.deepEqual(
      view.happenedAt(SHIP, 5).map(({ seq }) => seq),
      [7],
    );
    assert.deepEqual(view.writeLines(PAY.file), [21, 25, 29]);
  });

  it('never throws whatever the steps, and stepping back after a step leads to where it came from', () => {
    const { view } = open();
    const kinds = [
      'next',
      'previous',
      'nextOfFocus',
      'previousOfFocus',
      'nextSnapshot',
      'previousSnapshot',
      'first',
    ] as const;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 30 }), (steps) => {
        for (const kind of steps) {
          const before = view.cursor();
          const stop: Stop = view.step(kind);
          assert.equal(stop.point?.seq, view.cursor().seq);
          assert.ok(stop.text.length > 0);
          if (kind !== 'next' || view.cursor().seq === before.seq) continue;
          view.step('previous');
          assert.equal(view.cursor().seq, before.seq);
          view.step('next');
        }
      }),
      { seed: 20260301, numRuns: 100 },
    );
  });
});

describe('breakpoints over the recording', () => {
  let view: View;
  let told: string[];
  beforeEach(() => ({ view, told } = open()));

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
    assert.deepEqual(await found(breakpoint('Order.status: paid -> shipped')), [7]);
    assert.deepEqual(await found(breakpoint('Order.status: * -> *')), [2, 4, 7, 8]);
    assert.deepEqual(await found(breakpoint('Order.status: new -> draft')), [4]);
    assert.deepEqual(await found(breakpoint('OrderPaid')), [2]);
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
    assert.deepEqual(await found(breakpoint(any, { condition: 'object.total > 100' })), [2, 7]);
    assert.deepEqual(await found(breakpoint(any, { condition: 'total < 100 and postState = "draft"' })), [4, 8]);
    assert.deepEqual(await found(breakpoint(any, { condition: 'subject = Customer[7]' })), [2]);
    assert.deepEqual(await found(breakpoint(any, { condition: 'nobody.knows = 1' })), []);
    assert.deepEqual(await found(breakpoint(any, { hitCondition: '2' })), [4]);
    assert.deepEqual(await found(breakpoint(any, { hitCondition: '>= 3' })), [7, 8]);
    assert.deepEqual(await found(breakpoint(any, { hitCondition: '% 2' })), [4, 8]);
  });

  it('writes log points instead of stopping', async () => {
    view.setBreakpoints('function', [
      breakpoint('Order.status: * -> *', { logMessage: '{object} {preState} to {postState}, {{{total}}}' }),
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
        breakpoint('Order.status: paid ->'),
        breakpoint('OrderPaid', { condition: 'total >' }),
        breakpoint('OrderPaid', { hitCondition: 'often' }),
        breakpoint('OrderPaid', { logMessage: '{total' }),
        breakpoint('Order.colour: * -> red'),
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

  it('can be called off', async () => {
    view.setBreakpoints('function', [breakpoint('Order.status: * -> *', { condition: 'total > 1000000' })]);
    view.step('first');
    const signal = AbortSignal.abort();
    await assert.rejects(view.continue({ signal }), (error) => isFailure(error, 'cancelled'));
    assert.equal(view.cursor().seq, 1);
  });
});

describe('a view of an attached service', () => {
  const shipped = (id: string): Omit<Extract<Point, { kind: 'event' }>, 'seq'> => ({
    kind: 'event',
    time: at('10:41:00.000'),
    object: { entity: 'Order', id },
    attribute: 'status',
    preState: 'draft',
    postState: 'shipped',
    observed: 'recorded',
    target: TARGET,
    change: { kind: 'attribute', ref: { entity: 'Order', id }, attribute: 'status', before: 'draft', after: 'shipped' },
  });

  it('follows live, stops at breakpoints, and follows again', async () => {
    const { view, session, told } = open({ connected: true });
    assert.equal(view.live, true);
    session.push(shipped('1041'));
    assert.equal(view.cursor().text, 'Order 1041: draft -> shipped');
    view.setBreakpoints('function', [breakpoint('Order.status: draft -> shipped')]);
    session.push(shipped('1043'), shipped('1040'));
    assert.equal(view.live, false);
    assert.equal(view.cursor().text, 'Order 1043: draft -> shipped');
    session.push(shipped('1041'));
    assert.equal(view.cursor().text, 'Order 1043: draft -> shipped', 'a view that stands is not moved');
    await view.continue({});
    await view.continue({});
    assert.equal(await view.continue({}), undefined);
    assert.deepEqual(told, [
      'function breakpoint: Order 1043: draft -> shipped',
      'function breakpoint: Order 1040: draft -> shipped',
      'function breakpoint: Order 1041: draft -> shipped',
      'continued',
    ]);
  });

  it('pauses at a snapshot taken now, whatever it finds on the way', async () => {
    const { view, told } = open({ connected: true });
    view.setBreakpoints('law', [{ target: { kind: 'law', law: 'all' } }]);
    const stop = await view.pause({}, {});
    assert.equal(stop.point?.kind, 'snapshot');
    assert.deepEqual(told, ['pause: Snapshot snapshot-13 (heap, 10 ms, consistent)']);
  });

  it('cancels a snapshot that is being taken', async () => {
    const { view, session } = open({ connected: true });
    session.captured = new Promise(() => undefined);
    const taking = view.handle('semantic/takeSnapshot', {});
    await view.handle('semantic/cancel', {});
    await assert.rejects(taking, (error) => isFailure(error, 'cancelled'));
  });

  it('stops where it is when the target goes away, and keeps the timeline', async () => {
    const { view, session, told } = open({ connected: true });
    session.disconnect('the container stopped');
    assert.equal(view.live, false);
    assert.match(told[0] ?? '', /^pause: The target is gone \(the container stopped\)/);
    assert.equal((await view.handle('semantic/overview', {})).phase, 'disconnected');
    await assert.rejects(view.takeSnapshot({}, {}), (error) => isFailure(error, 'no-target'));
  });

  it('has the attached process first among the threads', () => {
    const { view } = open({ connected: true });
    assert.deepEqual(view.threads(), [{ id: 1, name: 'shop (pid 1)' }]);
  });
});

describe('requests of a panel', () => {
  it('are answered from where the view stands', async () => {
    const { view } = open();
    view.enter();
    assert.equal((await view.handle('semantic/goto', { seq: 7 })).text, 'Order 1042: paid -> shipped');
    const overview = await view.handle('semantic/overview', {});
    assert.equal(overview.phase, 'ready');
    assert.deepEqual(overview.focus, { entity: 'Order', id: '1042' });
    assert.deepEqual(overview.targets, [{ name: TARGET }]);
    const details = await view.handle('semantic/details', { ref: { entity: 'Order', id: '1042' } });
    assert.equal(details.state, 'shipped');
    assert.equal((await view.handle('semantic/events', { offset: 0, limit: 3 })).total, 11);
    assert.equal((await view.handle('semantic/lanes', { all: true })).total, 10);
    assert.equal((await view.handle('semantic/states', { entity: 'Order' })).attribute, 'status');
    assert.equal((await view.handle('semantic/graph', {})).types.length, 4);
    assert.ok((await view.handle('semantic/diff', {})).total > 0);
    assert.equal(await view.handle('semantic/model', {}), MODEL);
    assert.match((await view.handle('semantic/document', {})).markdown, /Order/);
    assert.match((await view.handle('semantic/export', { as: 'csv' })).text, /1042/);
    assert.deepEqual(
      (await view.handle('semantic/search', { query: 'order 104' })).hits.map(({ text }) => text),
      ['Order 1040', 'Order 1041', 'Order 1042', 'Order 1043'],
    );
    const focused = await view.handle('semantic/focus', { ref: { entity: 'Customer', id: 7 } });
    assert.deepEqual(focused.focus, { entity: 'Customer', id: 7 });
  });

  it('are refused where they make no sense, never crash', async () => {
    const { view } = open();
    const refused = async (name: string, args: unknown): Promise<string> =>
      view.handle(name as 'semantic/goto', args as never).then(
        () => 'answered',
        (error: unknown) => (isFailure(error) ? error.code : `not a failure: ${String(error)}`),
      );
    assert.equal(await refused('semantic/nothing', {}), 'unknown-request');
    assert.equal(await refused('toString', {}), 'unknown-request');
    assert.equal(await refused('semantic/goto', {}), 'bad-arguments');
    assert.equal(await refused('semantic/goto', { step: 'sideways' }), 'bad-arguments');
    assert.equal(await refused('semantic/goto', { seq: 'x' }), 'bad-arguments');
    assert.equal(await refused('semantic/details', { ref: { entity: 3 } }), 'bad-arguments');
    assert.equal(await refused('semantic/export', { as: 'pdf' }), 'bad-arguments');
    assert.equal(await refused('semantic/attach', { target: 'docker:x' }), 'already-open');
    assert.equal(await refused('semantic/takeSnapshot', {}), 'no-target');
    const names = ['overview', 'goto', 'focus', 'lanes', 'events', 'details', 'graph', 'states', 'diff', 'search'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.anything({ maxDepth: 2 }), async (name, args) => {
        assert.doesNotMatch(await refused(`semantic/${name}`, args), /not a failure/);
      }),
      { seed: 7, numRuns: 300 },
    );
    const fields = fc.record(
      {
        offset: fc.double(),
        limit: fc.double(),
        from: fc.double(),
        to: fc.double(),
        around: fc.double(),
        seq: fc.double(),
        time: fc.double(),
        entity: fc.string(),
        query: fc.string(),
        ref: fc.record({ entity: fc.string(), id: fc.oneof(fc.string(), fc.double()) }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fields, async (name, args) => {
        assert.doesNotMatch(await refused(`semantic/${name}`, args), /not a failure/);
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});

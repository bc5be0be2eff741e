// A view of a timeline: where steps lead, what it shows there, and what it does while it follows live.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isFailure, NEW, type NewPoint, type Point } from '../../src/model/index.ts';
import type { Stop } from '../../src/session/index.ts';
import { openView, transition } from './openView.ts';
import { at, PAY, SHIP, TARGET } from './orderService.ts';

describe('a view of a stored timeline', () => {
  it('enters at the last snapshot and steps over companions', () => {
    const { view, told } = openView();
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
    const { view } = openView();
    view.step('first');
    assert.match(view.step('previous').text, /^Beginning of the recording · Snapshot snapshot-1/);
    assert.match(view.step('previousOfFocus').text, /^Nothing earlier of any entity/);
    assert.equal(view.step('nextOfFocus').text, 'Order 1042: draft -> paid', 'the first event brings one into focus');
    view.goto({ seq: 3 });
    assert.match(view.step('nextOfFocus').text, /^Nothing later of Payment p1/);
    assert.equal(view.cursor().seq, 3);
  });

  it('keeps the entity in focus at the snapshots between its events', () => {
    const { view } = openView();
    view.goto({ seq: 2 });
    view.step('nextSnapshot');
    assert.deepEqual(view.focus, { entity: 'Order', id: '1042' });
    assert.equal(view.step('nextOfFocus').text, 'Order 1042: paid -> shipped');
    view.setFocus({ entity: 'Payment', id: 'p1' });
    assert.equal(view.step('previousOfFocus').text, 'Payment p1: pending -> captured');
  });

  it('shows the state as it was', () => {
    const { view } = openView();
    view.goto({ time: at('10:30:05.300') });
    assert.equal(view.cursor().text, 'Order 1042: draft -> paid');
    assert.equal(view.instance({ entity: 'Order', id: '1042' })?.attributes['status'], 'paid');
    view.step('previous');
    assert.equal(view.instance({ entity: 'Order', id: '1042' })?.attributes['status'], 'draft');
  });

  it('finds what happened at a line, nearest to the cursor first', () => {
    const { view } = openView();
    view.goto({ seq: 12 });
    assert.deepEqual(
      view.happenedAt(SHIP, 5).map(({ seq }) => seq),
      [7],
    );
    assert.deepEqual(view.writeLines(PAY.file), [21, 25, 29]);
  });

  it('never throws whatever the steps, and stepping back after a step leads to where it came from', () => {
    const { view } = openView();
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

describe('a view of several services on one timeline', () => {
  it('steps each of them by itself, and everything together', () => {
    const { view, session } = openView();
    const of = (target: string, id: string, time: number): NewPoint => ({
      kind: 'event',
      time,
      object: { entity: 'Parcel', id },
      attribute: 'status',
      preState: NEW,
      postState: 'sent',
      observed: 'recorded',
      target,
      change: { kind: 'created', instance: { entity: 'Parcel', id, attributes: { status: 'sent' }, links: {} } },
    });
    const start = at('11:00:00');
    session.push(of('docker:parcels', 'a', start), of(TARGET, 'b', start + 1), of('docker:parcels', 'c', start + 2));
    assert.deepEqual(
      view.threads().map(({ id, key }) => [id, key]),
      [
        [1, TARGET],
        [2, 'docker:parcels'],
      ],
    );
    const parcels = view.threads()[1];
    const last = view.session.store.summary().last?.seq ?? 0;
    view.goto({ seq: last });
    assert.equal(view.step('previous', parcels).text, 'Parcel a: created as sent');
    assert.equal(view.step('next').text, 'Parcel b: created as sent');
    assert.equal(view.point(parcels)?.seq, last - 2, 'the other service stands at its own last point');
    assert.equal(view.step('next', parcels).text, 'Parcel c: created as sent');
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
    const { view, session, told } = openView({ connected: true });
    assert.equal(view.live, true);
    session.push(shipped('1041'));
    assert.equal(view.cursor().text, 'Order 1041: draft -> shipped');
    view.setBreakpoints('function', [transition('Order.status: draft -> shipped')]);
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

  it('counts what comes while it stands in the past, without moving, and Continue returns to now', async () => {
    const { view, session, told } = openView({ connected: true });
    const counts: unknown[] = [];
    view.on('cursor', ({ cursor }) => counts.push(cursor.newer));
    view.goto({ seq: 2 });
    assert.equal(view.cursor().newer, undefined);
    session.push(shipped('1041'), shipped('1043'));
    assert.deepEqual([view.cursor().seq, view.cursor().newer, view.live], [2, 2, false]);
    view.step('previous');
    session.push(shipped('1040'));
    assert.deepEqual(
      [view.cursor().seq, view.cursor().newer],
      [1, 3],
      'looking elsewhere in the past reads none of them',
    );
    assert.deepEqual(counts, [undefined, 2, 2, 3]);
    assert.equal((await view.handle('semantic/overview', {})).cursor.newer, 3);
    assert.equal(await view.continue({}), undefined);
    assert.deepEqual(
      [view.live, view.cursor().newer, view.cursor().text],
      [true, undefined, 'Order 1040: draft -> shipped'],
    );
    assert.equal(told.at(-1), 'continued');
    session.push(shipped('1043'));
    view.step('previous');
    assert.equal(view.cursor().newer, undefined, 'what was followed live is not new');
  });

  it('pauses at a snapshot taken now, whatever it finds on the way', async () => {
    const { view, told } = openView({ connected: true });
    view.setBreakpoints('law', [{ target: { kind: 'law', law: 'all' } }]);
    const stop = await view.pause({}, {});
    assert.equal(stop.point?.kind, 'snapshot');
    assert.deepEqual(told, ['pause: Snapshot snapshot-13 (heap, 10 ms, consistent)']);
  });

  it('cancels a snapshot that is being taken', async () => {
    const { view, session } = openView({ connected: true });
    session.captured = new Promise(() => undefined);
    const taking = view.handle('semantic/takeSnapshot', {});
    await view.handle('semantic/cancel', {});
    await assert.rejects(taking, (error) => isFailure(error, 'cancelled'));
  });

  it('stops where it is when the target goes away, and keeps the timeline', async () => {
    const { view, session, told } = openView({ connected: true });
    session.disconnect('the container stopped');
    assert.equal(view.live, false);
    assert.match(told[0] ?? '', /^pause: The target is gone \(the container stopped\)/);
    assert.equal((await view.handle('semantic/overview', {})).phase, 'disconnected');
    await assert.rejects(view.takeSnapshot({}, {}), (error) => isFailure(error, 'no-target'));
  });

  it('has the attached process first among the threads', () => {
    const { view } = openView({ connected: true });
    assert.deepEqual(view.threads(), [{ id: 1, name: 'shop (pid 1)' }]);
  });
});

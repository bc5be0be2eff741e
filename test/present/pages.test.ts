// The pages of one small recording, as readable goldens, at its end and in its middle.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cursorOf,
  describeFrame,
  describePoint,
  detailsPage,
  diffPage,
  eventsPage,
  graphPage,
  lanesPage,
  overviewPage,
  statesPage,
} from '../../src/present/index.ts';
import { assertGolden, pageText } from './golden.ts';
import { GONE, refKey, type EntityInstance, type NewPoint } from '../../src/model/index.ts';
import { ANNA, changed, clock, order, payment, recorded, sceneOf } from './recording.ts';

const LAST = 10;

test('overview: counts, marks, density, colours and laws', (t) => {
  const store = recorded(t);
  const { density, ...page } = overviewPage(sceneOf(store, LAST, { focus: order(1042), live: true }));
  assert.equal(density.length, 240);
  assert.equal(
    density.reduce((sum, count) => sum + count, 0),
    10,
  );
  assertGolden('overview.txt', pageText(page));
});

test('lanes: the focus, its neighbours and why, ghosts, unobserved spans, broken laws', (t) => {
  const store = recorded(t);
  assertGolden('lanes-1042.txt', pageText(lanesPage(sceneOf(store, LAST, { focus: order(1042) }), {})));
  assertGolden('lanes-1039.txt', pageText(lanesPage(sceneOf(store, LAST, { focus: order(1039) }), { limit: 1 })));
  const all = lanesPage(sceneOf(store, LAST, { focus: order(1042) }), { all: true, offset: 1, limit: 2 });
  assert.deepEqual([all.total, all.lanes.map(({ ref }) => ref.id)], [5, [1042, 'P-8']]);
});

test('details: since when, the steps that led here, what comes next, values with before', (t) => {
  const store = recorded(t);
  assertGolden('details-1042-paid.txt', pageText(detailsPage(sceneOf(store, 5), { ref: order(1042) })));
  assertGolden('details-1039-end.txt', pageText(detailsPage(sceneOf(store, LAST), { ref: order(1039) })));
  const before = detailsPage(sceneOf(store, 1), { ref: order(1042) });
  assert.deepEqual([before.present, before.values, before.steps], [false, [], []]);
});

test('events, graph, states and diff', (t) => {
  const store = recorded(t);
  assertGolden('events.txt', pageText(eventsPage(sceneOf(store, LAST), { offset: 0, limit: 50 })));
  assertGolden('graph.txt', pageText(graphPage(sceneOf(store, LAST, { focus: order(1042) }))));
  assertGolden('states-order.txt', pageText(statesPage(sceneOf(store, LAST), { entity: 'Order' })));
  assertGolden('diff.txt', pageText(diffPage(sceneOf(store, LAST), { from: 1 })));
});

test('events: pages of one type or entity, and around a place', (t) => {
  const store = recorded(t);
  const scene = sceneOf(store, LAST);
  const seqs = (args: Parameters<typeof eventsPage>[1]): unknown[] => {
    const { rows, offset, total } = eventsPage(scene, args);
    return [rows.map(({ seq }) => seq), offset, total];
  };
  assert.deepEqual(seqs({ offset: 3, limit: 2 }), [[4, 5], 3, 10]);
  assert.deepEqual(seqs({ offset: 0, limit: 9, entity: 'Payment' }), [[3, 4], 0, 2]);
  assert.deepEqual(seqs({ offset: 1, limit: 9, ref: order(1042) }), [[5, 7], 1, 3]);
  assert.deepEqual(seqs({ offset: 0, limit: 3, around: 6 }), [[5, 6, 7], 4, 10]);
  assert.deepEqual(seqs({ offset: 0, limit: 3, around: 10 }), [[8, 9, 10], 7, 10]);
  assert.deepEqual(seqs({ offset: 0, limit: 1, around: 7, ref: order(1042) }), [[7], 2, 3]);
  assert.deepEqual(seqs({ offset: -5, limit: Number.NaN }), [[], 0, 10]);
});

test('points in one sentence, as a stack frame, and as a cursor', (t) => {
  const store = recorded(t);
  const { points } = store.page({}, 0, 99);
  assertGolden(
    'sentences.txt',
    `${points.map((each) => `${describePoint(each)}\n  ${describeFrame(each)}`).join('\n')}\n`,
  );
  const cursor = cursorOf(sceneOf(store, 5));
  assert.deepEqual([cursor.seq, cursor.ordinal, cursor.of, cursor.text], [5, 5, 10, 'Order 1042: placed -> paid']);
});

test('the diff goes from the last consistent snapshot to the cursor, and a change no event explains has none', (t) => {
  const store = recorded(t);
  const { from, to, rows } = diffPage(sceneOf(store, LAST), {});
  assert.deepEqual(
    [from.seq, to.seq, rows.map(({ ref, before, after }) => [ref.id, before, after])],
    [9, 10, [[1039, 'shipped', 'placed']]],
  );
  const learned = { kind: 'attribute' as const, ref: ANNA, attribute: 'name', before: 'Anna', after: 'Anna B.' };
  store.append([{ ...store.snapshots()[0], kind: 'snapshot', time: 2e15, id: '3', learned: [learned] } as never]);
  const [row] = diffPage(sceneOf(store, 11), { from: 10 }).rows;
  assert.deepEqual([row?.ref, row?.after, row?.event], [ANNA, 'Anna B.', undefined]);
});

test('a payment that is not there yet has no lane state, and its life begins where it was created', (t) => {
  const store = recorded(t);
  const [lane] = lanesPage(sceneOf(store, 2, { focus: payment('P-9') }), {}).lanes;
  assert.equal(lane?.present, false);
  assert.deepEqual(
    lane?.segments.map(({ state }) => state),
    ['authorized', 'captured'],
  );
});

test('a change seen by a snapshot after a recorded one was possible only since then', (t) => {
  const store = recorded(t);
  const [since, time] = [clock('10:33:00.000'), clock('10:40:00.000')];
  store.append([
    changed(clock('10:35:00.000'), order(1042), 'status', 'paid', 'packed'),
    changed(time, order(1042), 'status', 'packed', 'shipped', { since, observed: 'between-snapshots' }),
  ]);
  const [lane] = lanesPage(sceneOf(store, 12, { focus: order(1042) }), { from: clock('10:32:00.000') }).lanes;
  assert.deepEqual(
    lane?.segments.map(({ from, to, state, unobserved }) => [from, to, state, unobserved]),
    [
      [clock('10:31:12.408'), clock('10:35:00.000'), 'paid', undefined],
      [clock('10:35:00.000'), time, 'packed → shipped', true],
      [time, undefined, 'shipped', undefined],
    ],
  );
});

test('a broken reference is told with its time, for both ends, and no longer once it is mended', (t) => {
  const store = recorded(t);
  const p9 = store.instanceAt(payment('P-9'), 10);
  assert.ok(p9);
  const gone: NewPoint = {
    ...{ kind: 'event', time: clock('10:36:00.000'), object: payment('P-9'), attribute: 'state', preState: 'captured' },
    ...{ postState: GONE, observed: 'recorded', change: { kind: 'removed', instance: p9 } },
  };
  store.append([gone, changed(clock('10:37:00.000'), order(1039), 'total', 12.5, 13)]);
  const scene = sceneOf(store, 12, { focus: order(1042) });
  const message = 'Order 1042 refers by paidBy to Payment P-9, which does not exist.';
  const broken = { law: 'references-resolve', message, from: clock('10:36:00.000') };
  assert.deepEqual(lanesPage(scene, {}).lanes[0]?.broken, [broken]);
  const told = { id: 'references-resolve', message, since: broken.from };
  assert.deepEqual(detailsPage(scene, { ref: order(1042) }).laws, [told]);
  assert.deepEqual(detailsPage(scene, { ref: payment('P-9') }).laws, [told]);
  assert.equal(overviewPage(scene).laws[0]?.broken, 1);
  assert.deepEqual(
    graphPage(scene)
      .instances.filter((each) => each.broken)
      .map(({ ref }) => ref),
    [order(1042)],
  );
  assert.deepEqual(detailsPage(sceneOf(store, 10), { ref: order(1042) }).laws, []);
});

test('a recording that begins anew: an entity first seen then has no life before', (t) => {
  const store = recorded(t);
  const late: EntityInstance = { ...payment('P-77'), attributes: { state: 'authorized' }, links: {} };
  const time = clock('11:00:00.000');
  store.append(
    [{ ...store.snapshots()[0], kind: 'snapshot', time, id: '3' } as NewPoint],
    new Map([[refKey(late), late]]),
  );
  const [lane] = lanesPage(sceneOf(store, 11, { focus: payment('P-77') }), {}).lanes;
  assert.deepEqual(lane?.segments, [{ from: time, state: 'authorized', final: false }]);
  assert.deepEqual(detailsPage(sceneOf(store, 11), { ref: payment('P-77') }).since, { time, unobserved: true });
});

test('an empty timeline and an unknown entity give empty pages, not errors', (t) => {
  const store = recorded(t, () => undefined);
  const scene = sceneOf(store, 0, { focus: order(1) });
  assert.deepEqual(cursorOf(scene).text, 'Nothing has been observed yet');
  assert.deepEqual(overviewPage(scene).density, []);
  assert.deepEqual(eventsPage(scene, { offset: 0, limit: 5 }), { rows: [], offset: 0, total: 0 });
  assert.equal(detailsPage(scene, { ref: order(1) }).present, false);
  assert.deepEqual(graphPage(scene).instances, []);
  assert.equal(diffPage(scene, {}).total, 0);
  assert.deepEqual(statesPage(scene, { entity: 'Nobody' }).states, []);
  assert.deepEqual(lanesPage(scene, {}).lanes[0]?.segments, []);
});

test('one trace joins entities and services: what came before, what came after, and their lanes', (t) => {
  const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
  const at = clock('10:40:00.000');
  const store = recorded(t, (empty) => {
    const things: readonly EntityInstance[] = [
      { ...order(1), attributes: { status: 'placed' }, links: {} },
      { ...order(2), attributes: { status: 'placed' }, links: {} },
      { ...payment('P-1'), attributes: { state: 'authorized' }, links: {} },
    ];
    const snapshot: NewPoint = {
      ...{ kind: 'snapshot', time: at, id: '1', method: 'heap', bytes: 1, pauseMs: 1, target: 'docker:shop' },
      ...{ consistency: 'consistent', entities: 3, problems: 0 },
    };
    empty.append([snapshot], new Map(things.map((each) => [refKey(each), each])));
    empty.append([
      changed(at + 1, payment('P-1'), 'state', 'authorized', 'captured', {
        trace,
        target: 'docker:pay',
        method: 'edit',
      }),
      changed(at + 2, order(2), 'status', 'placed', 'paid', { trace: { traceId: 'ffff2f3577b34da6a3ce929d0e0e4736' } }),
      changed(at + 3, order(1), 'status', 'placed', 'paid', { trace, method: 'breakpoint', thread: 'worker 2' }),
      changed(at + 4, payment('P-1'), 'state', 'captured', 'settled', { trace, target: 'docker:pay' }),
    ]);
  });
  const scene = sceneOf(store, 4, { focus: order(1) });
  const { event, steps } = detailsPage(scene, { ref: order(1) });
  assert.deepEqual([event?.cause?.seq, event?.cause?.ref, event?.cause?.target], [2, payment('P-1'), 'docker:pay']);
  assert.deepEqual(
    event?.effects.map(({ seq }) => seq),
    [5],
  );
  assert.deepEqual([event?.method, event?.thread, event?.trace], ['breakpoint', 'worker 2', trace]);
  assert.deepEqual(
    steps.map(({ seq, via }) => [seq, via]),
    [
      [2, 'trace'],
      [4, undefined],
    ],
  );
  const lanes = lanesPage(scene, {}).lanes.map(({ ref, because }) => [ref.id, because]);
  assert.deepEqual(
    lanes.filter(([id]) => id !== ''),
    [
      [1, undefined],
      ['P-1', 'same trace ← Order 1'],
    ],
  );
  // Without a trace nothing is called a cause.
  const other = detailsPage(sceneOf(store, 3, { focus: order(2) }), { ref: order(2) });
  assert.deepEqual([other.event?.cause, other.event?.effects], [undefined, []]);
});

// Next, previous, pages and lives are what a plain walk over all points gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isStop, type NewPoint, type Point } from '../../src/model/index.ts';
import { openTimeline, type PointFilter } from '../../src/timeline/index.ts';
import { changed, created, instance, order, scratchFile, scratchTimeline, snapshot } from './scratch.ts';

const SEED = 4711;
const status = fc.constantFrom('placed', 'paid', 'shipped');
const anyEvent: fc.Arbitrary<NewPoint> = fc
  .tuple(
    fc.constantFrom('Order', 'Payment'),
    fc.constantFrom(1, 2, '2'),
    fc.constantFrom('status', 'total'),
    status,
    status,
    fc.nat(50),
    fc.constantFrom(undefined, 'a', 'b'),
    fc.constantFrom(undefined, 'OrderPaid', 'OrderShipped'),
    fc.constantFrom(
      undefined,
      { file: 'a.ts', line: 1 },
      { file: 'a.ts', line: 2, column: 3 },
      { file: 'b.ts', line: 1 },
    ),
    fc.boolean(),
  )
  .map(([entity, id, attribute, before, after, time, target, type, source, companion]) => {
    const { change, ...event } = changed(time, { entity, id }, attribute, before, after);
    const more = { ...(target && { target }), ...(type && { type }), ...(source && { source }) };
    return { ...event, ...more, ...(!companion && change && { change }) };
  });
const anyPoint = fc.oneof(
  { weight: 8, arbitrary: anyEvent },
  { weight: 1, arbitrary: fc.nat(50).map((time) => snapshot(time, `s${time}`, { target: 'a' })) },
  { weight: 1, arbitrary: fc.nat(50).map((time): NewPoint => ({ kind: 'gap', time, since: 0, reason: 'away' })) },
);
const option = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined, freq: 2 });
const anyFilter: fc.Arbitrary<PointFilter> = fc
  .record({
    kinds: option(fc.subarray(['snapshot', 'event', 'gap'] as const)),
    object: option(
      fc.record({ entity: fc.constantFrom('Order', 'Payment', 'Nobody'), id: fc.constantFrom(1, 2, '2') }),
    ),
    entity: option(fc.constantFrom('Order', 'Payment', 'Nobody')),
    attribute: option(fc.constantFrom('status', 'total')),
    target: option(fc.constantFrom('a', 'b', 'c')),
    from: option(fc.nat(50)),
    to: option(fc.nat(50)),
    source: option(fc.constantFrom({ file: 'a.ts' }, { file: 'a.ts', line: 2 }, { file: 'b.ts', line: 2 })),
    type: option(fc.constantFrom('OrderPaid', 'Unheard')),
    companions: option(fc.boolean()),
  })
  .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)));

function matches(point: Point, filter: PointFilter): boolean {
  const event = point.kind === 'event' ? point : undefined;
  const { object, source } = filter;
  return (
    (filter.companions === true || isStop(point)) &&
    (!filter.kinds || filter.kinds.includes(point.kind)) &&
    (!object || (event?.object.entity === object.entity && event.object.id === object.id)) &&
    (filter.entity === undefined || event?.object.entity === filter.entity) &&
    (filter.attribute === undefined || event?.attribute === filter.attribute) &&
    (filter.target === undefined || (point.kind !== 'gap' && point.target === filter.target)) &&
    (filter.from === undefined || point.time >= filter.from) &&
    (filter.to === undefined || point.time <= filter.to) &&
    (!source ||
      (event?.source?.file === source.file && (source.line === undefined || event.source.line === source.line))) &&
    (filter.type === undefined || event?.type === filter.type)
  );
}

test(`next, previous and page equal a plain walk, for random filters (seed ${SEED})`, (t) => {
  const file = scratchFile(t);
  let run = 0;
  fc.assert(
    fc.property(
      fc.array(anyPoint, { minLength: 1, maxLength: 40 }),
      fc.array(fc.tuple(anyFilter, fc.integer({ min: -1, max: 42 })), { maxLength: 12 }),
      (points, questions) => {
        const store = openTimeline(`${file}${run++}`);
        const all = store.append(points);
        for (const [filter, place] of questions) {
          const found = all.filter((point) => matches(point, filter));
          assert.deepEqual(
            store.next(place, filter),
            found.find((point) => point.seq > place),
          );
          assert.deepEqual(
            store.previous(place, filter),
            found.findLast((point) => point.seq < place),
          );
          assert.deepEqual(store.page(filter, 2, 5), { points: found.slice(2, 7), total: found.length });
        }
        for (const id of [1, 2, '2'])
          assert.deepEqual(
            store.life(order(id)),
            all.filter((point) => point.kind === 'event' && point.object.entity === 'Order' && point.object.id === id),
          );
        assert.deepEqual(
          store.snapshots(),
          all.filter((point) => point.kind === 'snapshot'),
        );
        let stops = 0;
        for (const point of all) assert.equal(store.ordinal(point.seq), (stops += isStop(point) ? 1 : 0));
        assert.equal(store.summary().stops, stops);
        store.dispose();
      },
    ),
    { seed: SEED, numRuns: 60 },
  );
});

test('at a time: the last point at or before it, never a companion', (t) => {
  const store = scratchTimeline(t);
  const { change: _, ...companion } = changed(10, order(1), 'stock', 'none', 'held');
  store.append([created(10, instance(order(1), { status: 'placed' })), companion, snapshot(20, 's1')]);
  assert.equal(store.at(9), undefined);
  assert.equal(store.at(10)?.seq, 1);
  assert.equal(store.at(19)?.seq, 1);
  assert.equal(store.at(1e15)?.seq, 3);
});

test('the summary counts events with their companions once, and lost ones', (t) => {
  const store = scratchTimeline(t);
  assert.deepEqual(store.summary(), { version: 1, targets: [], events: 0, stops: 0, snapshots: 0, lost: 0 });
  const { change: _, ...companion } = changed(10, order(1), 'stock', 'none', 'held');
  const gap: NewPoint = { kind: 'gap', since: 10, time: 15, lost: 14, reason: 'the buffer was full' };
  store.append([created(10, instance(order(1), { status: 'placed' })), companion, gap]);
  store.append([snapshot(20, 's1', { target: 'docker:shop' }), snapshot(30, 's2', { target: 'docker:shop' })]);
  assert.deepEqual(store.summary(), {
    version: 1,
    targets: ['docker:shop'],
    first: { seq: 1, time: 10 },
    last: { seq: 5, time: 30 },
    ...{ events: 1, stops: 4, snapshots: 2, lost: 14 },
  });
});

// The first bad state is found by few looks, and is the one: the law holds at the point before it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { NO_CONTEXT, refKey, type EntityInstance, type Model, type NewPoint } from '../../src/model/index.ts';
import { bisect, describeBad } from '../../src/session/index.ts';
import { openTimeline, type TimelineStore } from '../../src/timeline/index.ts';

const SEED = 1042;
const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const model: Model = {
  ...{ document: 'model', version: 1, context: NO_CONTEXT, problems: [], relations: [], transitions: [] },
  entities: [
    { name: 'Item', status: 'confirmed', instances: 1, attributes: [{ name: 'stock', type: 'number', role: 'state' }] },
  ],
  laws: [
    { id: 'stock', for: 'Item', holds: 'self.stock >= 0' },
    { id: 'slow', for: 'Item', on: 'step', holds: 'after.stock - before.stock < 100' },
  ],
};
const item = (stock: number): EntityInstance => ({ entity: 'Item', id: 1, attributes: { stock }, links: {} });

/** A timeline that takes one item through these numbers. */
function timelineOf(stocks: readonly number[]): TimelineStore {
  const store = openTimeline(join(folder, `${files++}.semstate`));
  const [first = 0] = stocks;
  const points = stocks.map((stock, n): NewPoint => {
    const before = stocks[n - 1];
    const [time, object] = [n + 1, { entity: 'Item', id: 1 }];
    if (before === undefined)
      return {
        kind: 'snapshot',
        time,
        ...{ id: 's', bytes: 1, pauseMs: 1, entities: 1, problems: 0 },
        method: 'heap',
        consistency: 'unknown',
      } as NewPoint;
    return {
      ...{ kind: 'event', time, object, attribute: 'stock', preState: before, postState: stock, observed: 'recorded' },
      change: { kind: 'attribute', ref: object, attribute: 'stock', before, after: stock },
      ...(stock - before >= 100 && { breaks: ['slow'] }),
    };
  });
  const [snapshot, ...rest] = points;
  if (snapshot) store.append([snapshot], new Map([[refKey(item(first)), item(first)]]));
  if (rest.length > 0) store.append(rest);
  store.saveModel(model);
  return store;
}

test('the event that breaks a law is told with its number, and what still held before it', () => {
  const store = timelineOf([5, 4, 3, 2, 1, 0, -1, -2, -3]);
  const found = bisect(store, model, { law: 'stock' });
  assert.ok(found);
  assert.equal(found.point.seq, 7);
  assert.match(
    describeBad(found),
    /^Point 7, Item 1, is the first bad one\. It held at point 6\.\nstock: Item 1: stock does not hold: self\.stock >= 0 \(stock -1\)\n/,
  );
  store.dispose();
});

test('what holds at the end is not broken; what never held says so; an unknown law is refused', () => {
  const store = timelineOf([1, 2, 3]);
  assert.equal(bisect(store, model, {}), undefined);
  assert.throws(() => bisect(store, model, { law: 'nothing' }), { code: 'no-such-law' });
  store.dispose();
  const bad = timelineOf([-1, -2]);
  const found = bisect(bad, model, {});
  assert.equal(found?.point.seq, 1);
  assert.equal(found.good, undefined);
  bad.dispose();
});

test('a step that breaks a law is found, although the states at both of its ends are good', () => {
  const store = timelineOf([1, 2, 3, 500, 501]);
  assert.equal(bisect(store, model, { law: 'slow' })?.point.seq, 4);
  store.dispose();
});

test(`in any timeline the law holds before the found point and not at it, within log2 looks (seed ${SEED})`, () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 9 }), { minLength: 2, maxLength: 60 }), (stocks) => {
      const store = timelineOf(stocks);
      try {
        const found = bisect(store, model, { law: 'stock' });
        if ((stocks.at(-1) ?? 0) >= 0) return found === undefined;
        assert.ok(found);
        const n = found.point.seq - 1;
        assert.ok((stocks[n] ?? 0) < 0);
        if (found.good) assert.ok((stocks[n - 1] ?? -1) >= 0);
        else assert.equal(n, 0);
        return found.looks <= Math.ceil(Math.log2(stocks.length)) + 3;
      } finally {
        store.dispose();
      }
    }),
    { seed: SEED, numRuns: 60 },
  );
});

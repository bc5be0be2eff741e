// What a page asks of the timeline depends on what is in view, not on how long the timeline is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewPoint } from '../../src/model/index.ts';
import {
  detailsPage,
  diffPage,
  eventsPage,
  graphPage,
  lanesPage,
  overviewPage,
  statesPage,
} from '../../src/present/index.ts';
import type { TimelineStore } from '../../src/timeline/index.ts';
import { changed, order, record, recorded, sceneOf } from './recording.ts';

/** The same store, counting the questions and the points given back. */
function metered(store: TimelineStore): {
  readonly store: TimelineStore;
  readonly cost: { calls: number; points: number };
} {
  const cost = { calls: 0, points: 0 };
  const pointsIn = (answer: unknown): number => {
    if (Array.isArray(answer)) return answer.length;
    if (typeof answer !== 'object' || answer === null) return 0;
    return 'points' in answer && Array.isArray(answer.points) ? answer.points.length : 1;
  };
  const proxy = new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(member, target, args);
        cost.calls++;
        cost.points += pointsIn(answer);
        return answer;
      };
    },
  });
  return { store: proxy, cost };
}

function noise(count: number): NewPoint[] {
  const states = ['paid', 'packed', 'shipped'];
  return Array.from({ length: count }, (_, at) =>
    at % 3 === 0
      ? changed(2e15 + at, order(1042), 'status', states[at % 3] ?? '', states[(at + 1) % 3] ?? '')
      : changed(2e15 + at, order(1039), 'total', at, at + 1),
  );
}

test('every page costs the same in the middle of 3,000 points and of 30,000', (t) => {
  const costs = [3_000, 30_000].map((count) => {
    const { store, cost } = metered(
      recorded(t, (filled) => {
        record(filled);
        filled.append(noise(count));
      }),
    );
    const scene = sceneOf(store, count / 2, { focus: order(1042) });
    const spent = (work: () => unknown): number => {
      Object.assign(cost, { calls: 0, points: 0 });
      work();
      return cost.calls + cost.points;
    };
    const middle = 2e15 + count / 2;
    return {
      overview: spent(() => overviewPage(scene)),
      lanes: spent(() => lanesPage(scene, { from: middle, to: middle + 300 })),
      events: spent(() => eventsPage(scene, { offset: count / 2, limit: 30 })),
      eventsOfFocus: spent(() => eventsPage(scene, { offset: 0, limit: 30, ref: order(1042), around: count / 2 })),
      details: spent(() => detailsPage(scene, { ref: order(1042) })),
      graph: spent(() => graphPage(scene)),
      states: spent(() => statesPage(scene, { entity: 'Order' })),
      diff: spent(() => diffPage(scene, {})),
    };
  });
  const [short, long] = costs;
  t.diagnostic(JSON.stringify(costs));
  // The median of stays takes up to 2,000 changes of a type: in the short timeline there are no more than 1,000.
  const { details: shortDetails = 0, ...shortRest } = short ?? {};
  const { details: longDetails = 0, ...longRest } = long ?? {};
  assert.deepEqual(longRest, shortRest);
  assert.ok(longDetails <= shortDetails + 1100, `${longDetails} instead of ${shortDetails}`);
});

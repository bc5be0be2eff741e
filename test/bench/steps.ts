// What one step in the timeline costs, in a short and in a long one: node steps.ts EVENTS, one line of JSON.
// A step is what Step Over does: the next stop, its place in the order, the entity as it is then.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityInstance, NewPoint } from '../../src/model/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';

const ENTITIES = 200;
const BATCH = 10_000;
const STEPS = 2000;
const STATES = 50;
const STATUS = ['new', 'paid', 'shipped', 'delivered'];
const START = 1.7e15;

const order = (id: number): EntityInstance => ({
  entity: 'Order',
  id,
  attributes: { status: STATUS[0] as string, total: id / 4 },
  links: {},
});

/** Orders are created, then each event moves one of them to its next status. */
function event(index: number): NewPoint {
  const id = index % ENTITIES;
  const round = Math.floor(index / ENTITIES);
  const time = START + index * 1000;
  const object = { entity: 'Order', id };
  const attribute = 'status';
  if (round === 0) {
    const instance = order(id);
    const change = { kind: 'created', instance } as const;
    return {
      kind: 'event',
      time,
      object,
      attribute,
      preState: { $new: true },
      postState: 'new',
      observed: 'recorded',
      change,
    };
  }
  const before = STATUS[(round - 1) % STATUS.length] as string;
  const after = STATUS[round % STATUS.length] as string;
  const change = { kind: 'attribute', ref: object, attribute, before, after } as const;
  return { kind: 'event', time, object, attribute, preState: before, postState: after, observed: 'recorded', change };
}

/** Microseconds of the median call. */
function medianOf(calls: number, call: (n: number) => void): number {
  const times: number[] = [];
  for (let n = 0; n < calls; n++) {
    const start = performance.now();
    call(n);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return (times[times.length >> 1] as number) * 1000;
}

const count = Number(process.argv[2]);
const dir = mkdtempSync(join(tmpdir(), 'semstate-bench-'));
const store = openTimeline(join(dir, 'steps.semstate'));
try {
  const start = performance.now();
  for (let from = 0; from < count; from += BATCH) {
    const size = Math.min(BATCH, count - from);
    store.append(Array.from({ length: size }, (_, n) => event(from + n)));
  }
  const appendMs = performance.now() - start;
  const first = store.summary().first?.seq ?? 1;
  // Places all over the timeline, the same share of it whatever its length; a fixed stride, no chance.
  const place = (n: number): number => first + Math.floor((((n * 7919) % 10_007) / 10_007) * (count - 2));
  const step = (n: number): void => {
    const point = store.next(place(n));
    if (point?.kind !== 'event') throw new Error('no event to step to');
    store.ordinal(point.seq);
    if (!store.instanceAt(point.object, point.seq)) throw new Error('the entity is not there');
  };
  medianOf(200, step);
  const stepUs = medianOf(STEPS, step);
  const back = medianOf(STEPS, (n) => void store.previous(place(n) + 1));
  const stateUs = medianOf(STATES, (n) => void store.stateAt(place(n)));
  process.stdout.write(`${JSON.stringify({ events: count, appendMs, stepUs, backUs: back, stateUs })}\n`);
} finally {
  store.dispose();
  rmSync(dir, { recursive: true, force: true });
}

// Points that a breakpoint may match, in either direction, without reading the whole timeline for a rare one
// and without a look-up for each of a common one.
import type { Point } from '../../model/index.ts';
import type { PointFilter, TimelineStore } from '../../timeline/index.ts';

export type Direction = 'next' | 'previous';

/** So many candidates are looked up one by one; then how close together they lie decides how to go on. */
const SAMPLE = 64;
/** Reading a neighbour costs about an eighth of a look-up: from there on, reading everything is cheaper. */
const DENSE = 8;
const CHUNK = 1000;

/** Strictly after or before a place, in order of the direction; ends where the timeline ended when it got there. */
export function* candidates(
  store: TimelineStore,
  direction: Direction,
  from: number,
  filter: PointFilter,
): Generator<Point, void> {
  let at = from;
  for (;;) {
    const start = at;
    for (let looked = 0; looked < SAMPLE; looked++) {
      const point = store[direction](at, filter);
      if (!point) return;
      at = point.seq;
      yield point;
    }
    let dense = Math.abs(at - start) <= SAMPLE * DENSE;
    while (dense) {
      const chunk = neighbours(store, direction, at);
      const last = chunk.at(-1);
      if (!last) return;
      const found = chunk.filter((point) => mayMatch(filter, point));
      yield* found;
      at = last.seq;
      dense = found.length * DENSE >= chunk.length;
    }
  }
}

/** Points have places without holes, so a part of the whole order is found by its place alone. */
function neighbours(store: TimelineStore, direction: Direction, at: number): readonly Point[] {
  if (direction === 'next') return store.page({ companions: true }, at, CHUNK).points;
  const first = Math.max(0, at - 1 - CHUNK);
  return [...store.page({ companions: true }, first, Math.max(0, at - 1 - first)).points].reverse();
}

/** Cheap and generous: the breakpoint's own test decides. */
export function mayMatch(filter: PointFilter, point: Point): boolean {
  if (filter.kinds && !filter.kinds.includes(point.kind)) return false;
  if (point.kind !== 'event') return filter.entity === undefined;
  if (!point.change && !filter.companions) return false;
  return (
    (filter.entity === undefined || point.object.entity === filter.entity) &&
    (filter.attribute === undefined || point.attribute === filter.attribute) &&
    (filter.type === undefined || point.type === filter.type)
  );
}

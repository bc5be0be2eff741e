// Where a step leads: from a place on the timeline to the next one, by the store's own search. Nothing is kept here.
import { isStop, type EntityRef, type Point } from '../../model/index.ts';
import type { PointFilter, TimelineStore } from '../../timeline/index.ts';

export type StepKind =
  'next' | 'previous' | 'nextOfFocus' | 'previousOfFocus' | 'nextSnapshot' | 'previousSnapshot' | 'first';

export interface StepScope {
  readonly focus?: EntityRef;
  /** Only points of this attached process; absent: of all. */
  readonly target?: string;
}

/** The stop a step leads to; undefined: there is none in that direction. */
export function stepFrom(store: TimelineStore, seq: number, kind: StepKind, scope: StepScope): Point | undefined {
  const ofTarget: PointFilter = scope.target === undefined ? {} : { target: scope.target };
  // Where nothing is in focus yet, the next event of anything brings something into it.
  const ofFocus: PointFilter = { ...ofTarget, kinds: ['event'], ...(scope.focus && { object: scope.focus }) };
  switch (kind) {
    case 'next':
      return store.next(seq, ofTarget);
    case 'previous':
      return store.previous(seq, ofTarget);
    case 'nextOfFocus':
      return store.next(seq, ofFocus);
    case 'previousOfFocus':
      return store.previous(seq, ofFocus);
    case 'nextSnapshot':
      return store.next(seq, { ...ofTarget, kinds: ['snapshot'] });
    case 'previousSnapshot':
      return store.previous(seq, { ...ofTarget, kinds: ['snapshot'] });
    case 'first':
      return store.next(-1, ofTarget);
  }
}

/** The place to stop at for a point: companions belong to the creation or removal before them. */
export function stopOf(store: TimelineStore, point: Point): Point {
  return isStop(point) ? point : (store.previous(point.seq) ?? point);
}

/** The last seq that still belongs to a stop, its companions included: a search forward starts after it. */
export function endOfStop(store: TimelineStore, seq: number): number {
  const next = store.next(seq);
  return next ? next.seq - 1 : Math.max(seq, store.summary().last?.seq ?? seq);
}

/** The stop at a seq, else the last one before it, else the first of all. */
export function stopAt(store: TimelineStore, seq: number): Point | undefined {
  const exact = store.point(seq);
  if (exact) return stopOf(store, exact);
  return store.previous(seq) ?? store.next(seq);
}

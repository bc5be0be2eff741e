// What belongs together across entities and services: events of one trace, as the program itself traces its requests. An event
// names its trace; which of the others caused which is not recorded, so what is told is the order in which they happened.
import { refKey, type EntityRef, type EventPoint, type Point } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';

/** Points read to each side of an event: what one request does lies close together, whatever else happens meanwhile. */
const REACH = 400;
const MOST_EFFECTS = 5;

export interface TraceMates {
  /** The last event before it that was about another entity. */
  readonly cause?: EventPoint;
  /** Those after it that were about other entities, the first of each. */
  readonly effects: readonly EventPoint[];
}

export function traceMatesOf(store: TimelineStore, event: EventPoint): TraceMates {
  if (!event.trace) return { effects: [] };
  const own = refKey(event.object);
  const others = sameTrace(store, event).filter(({ object }) => refKey(object) !== own);
  const cause = others.findLast(({ seq }) => seq < event.seq);
  const seen = new Set<string>();
  const effects = others.filter(({ seq, object }) => {
    const key = refKey(object);
    return seq > event.seq && !seen.has(key) && seen.add(key).size <= MOST_EFFECTS;
  });
  return { ...(cause && { cause }), effects };
}

/** Entities that the trace of an event was about besides its own, in the order of their events. */
export function tracedWith(store: TimelineStore, event: Point | undefined): readonly EntityRef[] {
  if (event?.kind !== 'event' || !event.trace) return [];
  const own = refKey(event.object);
  const refs = new Map<string, EntityRef>();
  for (const { object } of sameTrace(store, event)) {
    const key = refKey(object);
    if (key !== own && !refs.has(key)) refs.set(key, { entity: object.entity, id: object.id });
  }
  return [...refs.values()];
}

/** Events of the same trace around one, itself among them, in order. Points have places without holes: a part is found by place. */
export function sameTrace(store: TimelineStore, event: EventPoint): readonly EventPoint[] {
  const id = event.trace?.traceId;
  if (id === undefined) return [];
  const { points } = store.page({ companions: true }, Math.max(0, event.seq - 1 - REACH), 2 * REACH + 1);
  return points.filter(
    (point): point is EventPoint => point.kind === 'event' && point.trace?.traceId === id && point.change !== undefined,
  );
}

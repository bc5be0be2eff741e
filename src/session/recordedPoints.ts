// What recorded events do to what is known, so that the next snapshot does not tell them again. Pure.
import { checkStep } from '../laws/index.ts';
import { applyChanges, refKey, type Change, type EntityInstance, type Model, type NewPoint } from '../model/index.ts';
import { withHappened } from './observedTransitions.ts';
import type { NewEvent, Sighting } from './sightings.ts';
import type { Known } from './takenSnapshot.ts';

export interface PlacedRecords {
  readonly points: readonly NewPoint[];
  readonly events: readonly NewEvent[];
  readonly known: Known;
  readonly model: Model;
}

/** @param target address of the service that told them */
export function placeRecords(points: readonly NewPoint[], before: Known, model: Model, target: string): PlacedRecords {
  const state = new Map(before.state);
  const events: NewEvent[] = [];
  const changes: Change[] = [];
  const placed = points.map((point) => {
    if (point.kind !== 'event') return point;
    const laws = new Set(checkStep({ ...point, seq: 0 }, state, model).map((each) => each.law));
    const event: NewEvent = laws.size > 0 ? { ...point, breaks: [...laws] } : point;
    if (event.change) {
      applyChanges(state, [event.change]);
      changes.push(event.change);
    }
    events.push(event);
    return event;
  });
  const sighting = before.sightings.get(target);
  const sightings = sighting
    ? new Map([...before.sightings, [target, sightingAfter(sighting, changes)]])
    : before.sightings;
  return { points: placed, events, known: { ...before, state, sightings }, model: withHappened(model, events) };
}

function sightingAfter(sighting: Sighting, changes: readonly Change[]): Sighting {
  const state = new Map<string, EntityInstance>(sighting.state);
  applyChanges(state, changes);
  const removed = new Set(changes.flatMap((each) => (each.kind === 'removed' ? [refKey(each.instance)] : [])));
  if (removed.size === 0) return { ...sighting, state };
  const without = (keys: ReadonlySet<string>): ReadonlySet<string> =>
    new Set([...keys].filter((key) => !removed.has(key)));
  return { ...sighting, state, present: without(sighting.present), steady: without(sighting.steady) };
}

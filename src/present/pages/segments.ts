// The life of one entity as state intervals. What was not observed is an interval of its own: nothing is interpolated.
import { isMissing, showValue, type EntityRef, type EventPoint, type Micros } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import type { Segment } from '../requests.ts';
import { isGone, isNew, valueOf } from './describe.ts';
import { stateValue, type Machine } from './machines.ts';
import { firstSighting } from './sightings.ts';

/** Intervals of one lane at most: more could not be told apart, and a lane of that many is drawn as density. */
const MOST_SEGMENTS = 2000;

interface Window {
  readonly from: Micros;
  readonly to: Micros;
}

/** Intervals that touch the window, in order. The last one has no end where it lasts to live. */
export function segmentsOf(store: TimelineStore, ref: EntityRef, machine: Machine, window: Window): Segment[] {
  const filter = { object: ref, attribute: machine.attribute, companions: true };
  const inWindow = events(store.page({ ...filter, ...window }, 0, MOST_SEGMENTS).points);
  // What began before the window may last into it; what ends after it may have begun inside.
  const first = inWindow[0]?.seq ?? (store.at(window.to)?.seq ?? 0) + 1;
  const before = events([store.previous(first, filter)])[0];
  const after = events([store.next(inWindow.at(-1)?.seq ?? before?.seq ?? 0, filter)])[0];
  const changes = [before, ...inWindow, after].filter((event) => event !== undefined);
  const [earliest] = changes;
  const start = before || !earliest ? undefined : firstSighting(store, ref, machine.attribute, earliest.seq);
  const segments = earliest ? between(machine, changes, start) : unchanged(store, ref, machine);
  return segments.filter(({ from, to }) => from <= window.to && (to === undefined || to >= window.from));
}

function events(points: readonly (object | undefined)[]): EventPoint[] {
  return points.filter(
    (point): point is EventPoint => point !== undefined && 'kind' in point && point.kind === 'event',
  );
}

/** No change of its state was ever seen: the state it has, since it was first seen in it. */
function unchanged(store: TimelineStore, ref: EntityRef, machine: Machine): Segment[] {
  const { last } = store.summary();
  const instance = last && store.instanceAt(ref, last.seq);
  const value = instance && stateValue(instance, machine.attribute);
  const from = firstSighting(store, ref, machine.attribute, last?.seq ?? 0);
  if (value === undefined || isMissing(value) || from === undefined) return [];
  const state = showValue(value);
  return [{ from, state, final: machine.final.has(state) }];
}

function between(machine: Machine, changes: readonly EventPoint[], start: Micros | undefined): Segment[] {
  const segments: Segment[] = [];
  const add = (from: Micros, to: Micros | undefined, state: string, unobserved: boolean): void => {
    // A state seen at one moment only has no length to draw; what is around it names it.
    if (to !== undefined && to <= from) return;
    segments.push({
      from,
      ...(to !== undefined && { to }),
      state,
      final: !unobserved && machine.final.has(state),
      ...(unobserved && { unobserved }),
    });
  };
  let entered = start;
  for (const [place, event] of changes.entries()) {
    const { preState, postState, time } = event;
    // Its exact time is not known: the old state was last seen at `since`, or came later, the new one was first seen at `time`.
    const sighted = Math.min(time, Math.max(event.since ?? time, entered ?? -Infinity));
    const state = shown(preState);
    if (!isNew(preState) && state !== undefined && entered !== undefined) add(entered, sighted, state, false);
    if (sighted < time) add(sighted, time, stepText(event), true);
    entered = isGone(postState) ? undefined : time;
    const next = changes[place + 1];
    const reached = shown(postState);
    if (!next && entered !== undefined && reached !== undefined) add(entered, undefined, reached, false);
  }
  return segments;
}

function shown(end: EventPoint['preState'] | EventPoint['postState']): string | undefined {
  const value = valueOf(end);
  return value === undefined || isMissing(value) ? undefined : showValue(value);
}

/** `placed → paid`; a creation or removal names the one side there is. */
function stepText({ preState, postState }: EventPoint): string {
  const from = isNew(preState) ? 'new' : (shown(preState) ?? 'unknown');
  const to = isGone(postState) ? 'gone' : (shown(postState) ?? 'unknown');
  return `${from} → ${to}`;
}

// Since when a law is broken: back along the changes of the entities it names, as far as they keep it broken.
import {
  isStop,
  refKey,
  type EntityInstance,
  type EntityRef,
  type EventPoint,
  type Model,
  type Violation,
} from '../../model/index.ts';
import { checkState, checkStep } from '../../laws/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';

/** Changes looked at for one violation; older ones are left unread and the answer is then a bound. */
const MOST_CHANGES = 16;

/** A violation belongs to one state, and that to one place of one timeline. */
const kept = new WeakMap<Violation, number>();

/** The time of the point that broke it, else the earliest at which it is known to be broken. */
export function brokenSince(store: TimelineStore, model: Model, violation: Violation, seq: number): number {
  const since = kept.get(violation) ?? lookBack(store, model, violation, seq);
  kept.set(violation, since);
  return since;
}

function lookBack(store: TimelineStore, model: Model, violation: Violation, seq: number): number {
  const subjects = violation.subjects ?? [];
  const bystanders = typesOf(store, seq, subjects);
  let since = store.summary().first?.time ?? 0;
  let place = seq + 1;
  for (let n = 0; n < MOST_CHANGES; n++) {
    const change = lastChange(store, subjects, place);
    if (!change) return since;
    since = change.time;
    place = change.seq;
    const state = new Map<string, EntityInstance>(bystanders);
    for (const ref of subjects) {
      const instance = store.instanceAt(ref, change.seq - 1);
      if (instance) state.set(refKey(ref), instance);
    }
    const before = checkState(state, model, change.time);
    if (!before.some(({ law, message }) => law === violation.law && message === violation.message)) return since;
  }
  return since;
}

function lastChange(
  store: TimelineStore,
  subjects: readonly EntityRef[],
  seq: number,
): { seq: number; time: number } | undefined {
  const changes = subjects.flatMap((object) => store.previous(seq, { object }) ?? []).filter(isStop);
  return changes.sort((a, b) => b.seq - a.seq)[0];
}

/** One other instance of each type named: laws are silent about types of which the state holds none. */
function typesOf(store: TimelineStore, seq: number, subjects: readonly EntityRef[]): [string, EntityInstance][] {
  const keys = new Set(subjects.map(refKey));
  const wanted = new Set(subjects.map(({ entity }) => entity));
  const found: [string, EntityInstance][] = [];
  for (const [key, { entity, id }] of store.stateAt(seq)) {
    if (wanted.size === 0) break;
    // Without attributes and links it can break nothing of its own.
    if (wanted.has(entity) && !keys.has(key) && wanted.delete(entity))
      found.push([key, { entity, id, attributes: {}, links: {} }]);
  }
  return found;
}

export function violationsOf(violations: readonly Violation[], ref: EntityRef): readonly Violation[] {
  return violations.filter(({ subjects = [] }) => subjects.some((each) => refKey(each) === refKey(ref)));
}

/** Laws of steps need no more of the state before than what the event itself says. */
export function stepViolations(event: EventPoint, model: Model): readonly Violation[] {
  return checkStep(event, new Map(), model);
}

// What several attached services show, as the one state of their timeline. Pure. An entity of one type and key is one thing, of which
// each service may hold a copy: a copy that comes or goes is no news where another service knows the thing, and what a service tells
// of its copy holds from then on, whoever told before.
import {
  applyChanges,
  isMissing,
  refKey,
  type Change,
  type EntityInstance,
  type EntityRef,
  type SemanticState,
} from '../model/index.ts';
import type { NewEvent, Seen, Sighting } from './sightings.ts';

/** What the snapshot of one service means for all of them. */
export interface Joined {
  readonly events: readonly NewEvent[];
  readonly learned: readonly Change[];
  readonly state: SemanticState;
}

/** @param before the state that all share @param others what the other services showed last */
export function joinSeen(
  seen: Pick<Seen, 'events' | 'learned'>,
  before: SemanticState,
  others: readonly Sighting[],
): Joined {
  const state = new Map(before);
  const copies = new Set<string>();
  const learned: Change[] = [];
  const events = seen.events.filter(({ object, change }) => {
    const key = refKey(object);
    const known = before.get(key);
    if (change?.kind === 'created' && known) {
      copies.add(key);
      learned.push(...lacking(known, change.instance));
    } else if (change?.kind === 'removed' && others.some((other) => other.state.has(key))) copies.add(key);
    // With the creation or removal go its companions.
    return !copies.has(key);
  });
  for (const { change } of events) if (change) applyChanges(state, [change]);
  for (const change of seen.learned) {
    if (change.kind === 'created') {
      const known = state.get(refKey(change.instance));
      learned.push(...(known ? lacking(known, change.instance) : [change]));
    } else if (change.kind !== 'attribute' || isUnknown(state.get(refKey(change.ref)), change.attribute))
      learned.push(change);
  }
  applyChanges(state, learned);
  return { events, learned, state };
}

/** What a copy holds beyond what is known of the thing; where they differ, what was told stays. */
function lacking(known: EntityInstance, copy: EntityInstance): Change[] {
  const ref: EntityRef = { entity: known.entity, id: known.id };
  const changes: Change[] = [];
  for (const [attribute, after] of Object.entries(copy.attributes)) {
    if (isMissing(after) || !isUnknown(known, attribute)) continue;
    const before = Object.hasOwn(known.attributes, attribute) ? known.attributes[attribute] : undefined;
    changes.push({ kind: 'attribute', ref, attribute, ...(before !== undefined && { before }), after });
  }
  for (const [predicate, after] of Object.entries(copy.links))
    if (after.length > 0 && !Object.hasOwn(known.links, predicate))
      changes.push({ kind: 'link', ref, predicate, before: [], after });
  return changes;
}

function isUnknown(instance: EntityInstance | undefined, attribute: string): boolean {
  if (!instance || !Object.hasOwn(instance.attributes, attribute)) return true;
  return isMissing(instance.attributes[attribute]);
}

/** What each service showed last, as far as a stored state still says: whose an instance is, where several told of them. */
export function viewOf(state: SemanticState, target: string, alone: boolean): SemanticState {
  const instances = [...state];
  // A timeline of one service is that service's own, by whatever name it was attached then.
  if (alone && instances.every(([, instance]) => instance.target === undefined)) return state;
  return new Map(instances.filter(([, instance]) => instance.target === target));
}

export function isShared(state: SemanticState): boolean {
  for (const instance of state.values()) if (instance.target !== undefined) return true;
  return false;
}

/** The same instances, each with the service that tells of it. */
export function toldBy(state: SemanticState, target: string): SemanticState {
  return new Map([...state].map(([key, instance]) => [key, { ...instance, target }]));
}

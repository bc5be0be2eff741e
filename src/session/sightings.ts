// What one snapshot after another showed, and which events that means. Pure: no clock, no store.
// Between two snapshots nothing was watched: the order of events in there is not known, and none is claimed.
import {
  applyChanges,
  changedRef,
  diffStates,
  GONE,
  isMissing,
  NEW,
  refKey,
  UNDEFINED,
  type Change,
  type EntityInstance,
  type EntityRef,
  type EventPoint,
  type Micros,
  type Model,
  type SemanticState,
  type Value,
} from '../model/index.ts';
import { fits } from './fitting.ts';

export type NewEvent = Omit<EventPoint, 'seq'>;

/** What is known of the instances after a snapshot. `state` is the timeline's: last values, also of what memory no longer holds. */
export interface Sighting {
  readonly time: Micros;
  readonly state: SemanticState;
  /** In memory at that snapshot. */
  readonly present: ReadonlySet<string>;
  /** In memory at that snapshot and at the one before. */
  readonly steady: ReadonlySet<string>;
  /** Of instances no longer in memory and not known to be removed: when they were last seen. */
  readonly absentSince: ReadonlyMap<string, Micros>;
  readonly model: Model;
}

export interface Seen {
  readonly events: readonly NewEvent[];
  /** What can be read now for the first time, or no longer; no event of the service. */
  readonly learned: readonly Change[];
  readonly next: Sighting;
}

/** The first sighting of a timeline: everything in it was there before. */
export function firstSighting(state: SemanticState, model: Model, time: Micros): Sighting {
  const keys = new Set(state.keys());
  return { time, state, present: keys, steady: keys, absentSince: new Map(), model };
}

/** The events between an earlier sighting and a snapshot's state. `hasCode`: the model's types come from the source as well. */
export function eventsBetween(
  before: Sighting,
  after: SemanticState,
  model: Model,
  span: { readonly time: Micros; readonly target?: string; readonly hasCode: boolean },
): Seen {
  const events: NewEvent[] = [];
  const learned: Change[] = [];
  const state = new Map(before.state);
  const absentSince = new Map(before.absentSince);
  const staying = typesThatStay(before, after);
  const knownTypes = new Set(before.model.entities.map((entity) => entity.name));
  for (const change of inReferenceOrder(diffStates(before.state, after))) {
    const key = refKey(changedRef(change));
    if (change.kind === 'removed' && !isRemoval(change.instance, before, model, staying)) {
      if (!absentSince.has(key)) absentSince.set(key, before.time);
      continue;
    }
    applyChanges(state, [change]);
    if (change.kind === 'created' && span.hasCode && !knownTypes.has(change.instance.entity)) {
      // The extraction came to know the type just now: its instances need not be new.
      learned.push(change);
      continue;
    }
    const since = absentSince.get(key) ?? before.time;
    events.push(...eventsOf(change, model).map((event) => complete(event, { ...span, since }, model)));
  }
  for (const change of readOtherwise(before.state, after)) {
    applyChanges(state, [change]);
    learned.push(change);
  }
  for (const key of after.keys()) absentSince.delete(key);
  for (const key of absentSince.keys()) if (!state.has(key)) absentSince.delete(key);
  const present = new Set(after.keys());
  const steady = new Set([...present].filter((key) => before.present.has(key)));
  return { events, learned, next: { time: span.time, state, present, steady, absentSince, model } };
}

/**
 * What came, then what changed, then what went; of what came, a thing after those it refers to. The true order between two
 * snapshots is not known: this one has no step at which a reference leads nowhere that resolves at both ends.
 */
function inReferenceOrder(changes: readonly Change[]): Change[] {
  const created = new Map(changes.flatMap((each) => (each.kind === 'created' ? [[refKey(each.instance), each]] : [])));
  const ordered = new Set<Change>();
  const visited = new Set<string>();
  for (const start of created.keys()) {
    const open = [start];
    while (open.length > 0) {
      const key = open.at(-1) as string;
      const change = created.get(key);
      const waiting =
        change && !visited.has(key)
          ? Object.values(change.instance.links)
              .flat()
              .map(refKey)
              .filter((other) => created.has(other) && !visited.has(other))
          : [];
      visited.add(key);
      if (waiting.length > 0) open.push(...waiting);
      else {
        open.pop();
        if (change) ordered.add(change);
      }
    }
  }
  const changed = changes.filter(({ kind }) => kind === 'attribute' || kind === 'link');
  return [...ordered, ...changed, ...changes.filter(({ kind }) => kind === 'removed')];
}

/** Values that could be read only before, or only now: what is known changed, not the service. An old value is never kept as if it still held. */
function readOtherwise(before: SemanticState, after: SemanticState): Change[] {
  const changes: Change[] = [];
  for (const [key, instance] of after) {
    const old = before.get(key);
    if (!old) continue;
    for (const [attribute, value] of Object.entries(instance.attributes)) {
      const was = Object.hasOwn(old.attributes, attribute) ? old.attributes[attribute] : undefined;
      if (was === undefined || isMissing(was) === isMissing(value)) continue;
      changes.push({ kind: 'attribute', ref: refOf(instance), attribute, before: was, after: value });
    }
  }
  return changes;
}

/** Types of which some instance was in memory at both snapshots: they live there, and are not only passing through. */
function typesThatStay(before: Sighting, after: SemanticState): Set<string> {
  const types = new Set<string>();
  for (const [key, instance] of after) if (before.present.has(key)) types.add(instance.entity);
  return types;
}

/**
 * Gone from memory is not gone from the business: a service that keeps its state elsewhere drops its copies at any time.
 * A removal is claimed where the program declares one, or where the instance was one that stays in memory.
 */
function isRemoval(instance: EntityInstance, before: Sighting, model: Model, staying: ReadonlySet<string>): boolean {
  const key = refKey(instance);
  if (!before.present.has(key)) return false;
  if (before.steady.has(key) || staying.has(instance.entity)) return true;
  return model.transitions.some(
    (t) =>
      t.object === instance.entity && typeof t.postState === 'object' && t.postState !== null && '$gone' in t.postState,
  );
}

type Draft = Pick<NewEvent, 'object' | 'attribute' | 'preState' | 'postState' | 'change'>;

/** One event for a change; creation and removal have one for each state attribute, of which the first changes the state. */
function eventsOf(change: Change, model: Model): Draft[] {
  switch (change.kind) {
    case 'attribute': {
      const { ref, attribute, before, after } = change;
      return [
        {
          object: ref,
          attribute,
          preState: before === undefined ? UNDEFINED : before,
          postState: after === undefined ? UNDEFINED : after,
          change,
        },
      ];
    }
    case 'link': {
      const many = isMany(change, model);
      return [
        {
          object: change.ref,
          attribute: change.predicate,
          preState: linkValue(change.before, many),
          postState: linkValue(change.after, many),
          change,
        },
      ];
    }
    case 'created':
    case 'removed': {
      const { instance, kind } = change;
      const edge = (value: Value): Pick<Draft, 'preState' | 'postState'> =>
        kind === 'created' ? { preState: NEW, postState: value } : { preState: value, postState: GONE };
      const object = refOf(instance);
      const states = stateAttributes(instance, model);
      if (states.length === 0) return [{ object, ...edge(wholeValue(instance)), change }];
      return states.map(([attribute, value], n) => ({ object, attribute, ...edge(value), ...(n === 0 && { change }) }));
    }
  }
}

function complete(
  draft: Draft,
  span: { readonly time: Micros; readonly since: Micros; readonly target?: string },
  model: Model,
): NewEvent {
  return {
    kind: 'event',
    time: span.time,
    since: span.since,
    ...likely(draft, model),
    ...draft,
    observed: 'between-snapshots',
    method: 'snapshot',
    ...(span.target !== undefined && { target: span.target }),
  };
}

/** Name and line of the only declared transition that fits; where several fit, nothing is claimed. */
function likely(draft: Draft, model: Model): Pick<NewEvent, 'type' | 'source' | 'likely'> {
  const fitting = model.transitions.filter((t) => t.status !== 'observed' && fits(t, draft));
  const only = fitting.length === 1 ? fitting[0] : undefined;
  const source = only?.evidence?.find((each) => each.by !== 'event' && each.source)?.source;
  if (!only || (only.type === undefined && !source)) return {};
  return { ...(only.type !== undefined && { type: only.type }), ...(source && { source }), likely: true };
}

function stateAttributes(instance: EntityInstance, model: Model): [string, Value][] {
  const entity = model.entities.find((each) => each.name === instance.entity);
  return (entity?.attributes ?? [])
    .filter((attribute) => attribute.role === 'state')
    .flatMap(({ name }) => {
      const value = Object.hasOwn(instance.attributes, name) ? instance.attributes[name] : undefined;
      return value === undefined || isMissing(value) ? [] : [[name, value] satisfies [string, Value]];
    });
}

function isMany(change: Extract<Change, { kind: 'link' }>, model: Model): boolean {
  if (change.before.length > 1 || change.after.length > 1) return true;
  const relation = model.relations.find((r) => r.subject === change.ref.entity && r.predicate === change.predicate);
  return relation?.cardinality === '*';
}

function linkValue(refs: readonly EntityRef[], many: boolean): Value {
  if (many) return { $type: 'list', value: refs.map((ref) => ref.id) };
  return refs[0]?.id ?? null;
}

function wholeValue(instance: EntityInstance): Value {
  return { $type: 'object', class: instance.entity, value: instance.attributes };
}

function refOf(instance: EntityInstance): EntityRef {
  return { entity: instance.entity, id: instance.id };
}

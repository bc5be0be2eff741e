// The difference of two successive snapshots as events observed between them. Pure: no clock, no store.
// In between nothing was watched: all carry the same span of time, and their order claims nothing.
import {
  diffStates,
  GONE,
  isMissing,
  NEW,
  sameValue,
  UNDEFINED,
  type Change,
  type EntityInstance,
  type EntityRef,
  type EventPoint,
  type Micros,
  type Model,
  type NewPoint,
  type SemanticState,
  type Transition,
  type Value,
} from '../model/index.ts';

/** When the earlier and the later snapshot were taken, and of whom. */
export interface ObservedSpan {
  readonly since: Micros;
  readonly time: Micros;
  readonly target?: string;
}

type Seen = Pick<EventPoint, 'object' | 'attribute' | 'preState' | 'postState' | 'change'>;

/** One event for each change; a creation or removal has companions for its further state attributes. */
export function eventsBetween(
  before: SemanticState,
  after: SemanticState,
  model: Model,
  { time, since, target }: ObservedSpan,
): NewPoint[] {
  return diffStates(before, after)
    .flatMap((change) => eventsOf(change, model))
    .map((seen) => ({
      kind: 'event',
      time,
      since,
      ...likely(seen, model),
      ...seen,
      observed: 'between-snapshots',
      ...(target !== undefined && { target }),
    }));
}

/** Values that the later snapshot could read and the earlier could not: what is known changed, not the service. */
export function learnedBetween(before: SemanticState, after: SemanticState): Change[] {
  const changes: Change[] = [];
  for (const [key, instance] of after) {
    const old = before.get(key);
    if (!old) continue;
    for (const [attribute, value] of Object.entries(instance.attributes)) {
      const was = Object.hasOwn(old.attributes, attribute) ? old.attributes[attribute] : undefined;
      if (was !== undefined && isMissing(was) && !isMissing(value))
        changes.push({ kind: 'attribute', ref: refOf(instance), attribute, before: was, after: value });
    }
  }
  return changes;
}

function eventsOf(change: Change, model: Model): Seen[] {
  switch (change.kind) {
    case 'attribute': {
      const { ref, attribute, before, after } = change;
      return [{ object: ref, attribute, preState: before ?? UNDEFINED, postState: after ?? UNDEFINED, change }];
    }
    case 'link': {
      const { ref, predicate, before, after } = change;
      return [{ object: ref, attribute: predicate, preState: linkValue(before), postState: linkValue(after), change }];
    }
    case 'created':
    case 'removed':
      return edgesOf(change, model);
  }
}

/** The first state attribute carries the change; an entity without states is its own state. */
function edgesOf(change: Extract<Change, { instance: EntityInstance }>, model: Model): Seen[] {
  const { instance } = change;
  const object = refOf(instance);
  const edge = (value: Value): Pick<Seen, 'preState' | 'postState'> =>
    change.kind === 'created' ? { preState: NEW, postState: value } : { preState: value, postState: GONE };
  const states = statesOf(instance, model);
  if (states.length === 0) {
    const whole: Value = { $type: 'object', class: instance.entity, value: instance.attributes };
    return [{ object, ...edge(whole), change }];
  }
  return states.map(([attribute, value], place) => ({
    ...{ object, attribute, ...edge(value) },
    ...(place === 0 && { change }),
  }));
}

function statesOf(instance: EntityInstance, model: Model): [string, Value][] {
  const entity = model.entities.find(({ name }) => name === instance.entity);
  return (entity?.attributes ?? []).flatMap(({ name, role }) => {
    if (role !== 'state' || !Object.hasOwn(instance.attributes, name)) return [];
    const value = instance.attributes[name];
    return value === undefined || isMissing(value) ? [] : [[name, value] satisfies [string, Value]];
  });
}

function linkValue(refs: readonly EntityRef[]): Value {
  return { $type: 'list', value: refs.map(({ id }) => id) };
}

function refOf({ entity, id }: EntityInstance): EntityRef {
  return { entity, id };
}

/** Name and line of the only declared transition that fits; where several do, nothing is claimed. */
function likely(seen: Seen, model: Model): Pick<EventPoint, 'type' | 'source' | 'likely'> {
  const [only, another] = model.transitions.filter((transition) => fits(transition, seen));
  if (!only || another) return {};
  const source = only.evidence?.find((each) => each.by !== 'event' && each.source)?.source;
  if (only.type === undefined && !source) return {};
  return { ...(only.type !== undefined && { type: only.type }), ...(source && { source }), likely: true };
}

function fits({ object, attribute, preState, postState }: Transition, seen: Seen): boolean {
  if (object !== seen.object.entity || attribute !== seen.attribute) return false;
  return sameEnd(preState, seen.preState) && sameEnd(postState, seen.postState);
}

type End = Transition['preState'] | Transition['postState'];

function sameEnd(declared: End, seen: End): boolean {
  for (const edge of ['$new', '$gone'])
    if (has(declared, edge) || has(seen, edge)) return has(declared, edge) && has(seen, edge);
  return has(declared, '$any') || sameValue(declared as Value, seen as Value);
}

function has(end: End, mark: string): boolean {
  return typeof end === 'object' && end !== null && mark in end;
}

// What earlier snapshots showed stays known: a model joined with the one before it.
import {
  canonicalText,
  type Attribute,
  type Entity,
  type Model,
  type Relation,
  type StateValue,
  type Status,
  type Transition,
} from '../model/index.ts';
import { evidenceList } from './evidence.ts';

export function withEarlier(now: Model, before: Model | undefined): Model {
  if (!before) return now;
  const entities = joined(now.entities, before.entities, ({ name }) => name, joinEntity);
  return {
    ...now,
    entities,
    relations: joined(
      now.relations,
      before.relations,
      (r) => canonicalText([r.subject, r.predicate, r.object]),
      joinFact<Relation>,
    ),
    transitions: joined(
      now.transitions,
      before.transitions,
      (t) => canonicalText([t.object, t.attribute, t.preState, t.postState, t.type ?? '']),
      joinFact<Transition>,
    ),
  };
}

/** In the order of their keys, whichever model they come from. */
function joined<T>(
  now: readonly T[],
  before: readonly T[],
  keyOf: (item: T) => string,
  join: (now: T, before: T) => T,
): T[] {
  const items = new Map(before.map((item) => [keyOf(item), item]));
  for (const item of now) {
    const known = items.get(keyOf(item));
    items.set(keyOf(item), known === undefined ? item : join(item, known));
  }
  return [...items].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** Seen once is seen. */
function joinStatus(now: Status, before: Status): Status {
  return now === before ? now : 'confirmed';
}

function joinFact<T extends Relation | Transition>(now: T, before: T): T {
  return {
    ...now,
    status: joinStatus(now.status, before.status),
    evidence: evidenceList([...(now.evidence ?? []), ...(before.evidence ?? [])]),
  };
}

function joinEntity(now: Entity, before: Entity): Entity {
  const attributes = joined(now.attributes, before.attributes, ({ name }) => name, joinAttribute);
  return {
    ...now,
    attributes,
    status: joinStatus(now.status, before.status),
    evidence: evidenceList([...(now.evidence ?? []), ...(before.evidence ?? [])]),
  };
}

const STRENGTH = { plain: 0, state: 1, identity: 2 } as const;

function joinAttribute(now: Attribute, before: Attribute): Attribute {
  const stronger = STRENGTH[now.role ?? 'plain'] >= STRENGTH[before.role ?? 'plain'] ? now : before;
  const states = joinStates(now.states, before.states);
  const optional = now.optional === true || before.optional === true;
  return {
    ...now,
    type: now.type === 'unknown' ? before.type : now.type,
    ...(stronger.role !== undefined && { role: stronger.role }),
    ...(optional && { optional }),
    ...(stronger.role === 'state' && states && { states }),
    status: joinStatus(now.status ?? 'observed', before.status ?? 'observed'),
    evidence: evidenceList([...(now.evidence ?? []), ...(before.evidence ?? [])]),
  };
}

function joinSeen(now: Status | undefined, before: Status | undefined): { status?: Status } {
  const status = now === undefined || before === undefined ? (now ?? before) : joinStatus(now, before);
  return status === undefined ? {} : { status };
}

function joinStates(
  now: readonly StateValue[] | undefined,
  before: readonly StateValue[] | undefined,
): readonly StateValue[] | undefined {
  if (!now || !before) return now ?? before;
  const states = new Map(now.map((state) => [canonicalText(state.value), state]));
  for (const state of before) {
    const key = canonicalText(state.value);
    const known = states.get(key);
    states.set(key, known ? { ...known, ...joinSeen(known.status, state.status) } : state);
  }
  return [...states.values()];
}

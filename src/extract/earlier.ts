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
  type WorkspaceFile,
} from '../model/index.ts';
import { matchesName } from './entities.ts';
import { evidenceList } from './evidence.ts';

/**
 * What only the code of then declared is not taken over: the code of now has been read. Types that the workspace file
 * ignores or names otherwise do not come back under their old names.
 */
export function withEarlier(now: Model, before: Model | undefined, file: WorkspaceFile): Model {
  if (!before) return now;
  const known = new Set(now.entities.map(({ name }) => name));
  const seen = before.entities.filter(({ name }) => known.has(name) || !isOverridden(name, file));
  const entities = joined(now.entities, seen, ({ name }) => name, joinEntity).map((entity) =>
    known.has(entity.name) || entity.instances === undefined ? entity : { ...entity, instances: 0 },
  );
  const names = new Set(entities.map(({ name }) => name));
  const relations = joined(
    now.relations,
    before.relations.filter(({ subject, object }) => names.has(subject) && names.has(object)),
    (r) => canonicalText([r.subject, r.predicate, r.object]),
    joinRelation,
  );
  const transitions = joined(
    now.transitions,
    before.transitions.filter(({ object }) => names.has(object)),
    (t) => canonicalText([t.object, t.attribute, t.preState, t.postState, t.type ?? '']),
    joinTransition,
  );
  return { ...now, entities, relations, transitions };
}

function isOverridden(name: string, file: WorkspaceFile): boolean {
  const override = file.entities && Object.hasOwn(file.entities, name) ? file.entities[name] : undefined;
  if (override?.ignore === true || override?.rename !== undefined) return true;
  return file.ignore?.some((pattern) => matchesName(pattern, name)) === true;
}

/** In the order of their keys, whichever model they come from. */
function joined<T extends { readonly status?: Status }>(
  now: readonly T[],
  before: readonly T[],
  keyOf: (item: T) => string,
  join: (now: T, before: T) => T,
): T[] {
  const items = new Map<string, T>();
  const earlier = new Map(before.map((item) => [keyOf(item), item]));
  for (const [key, item] of earlier) if (item.status !== 'declared') items.set(key, item);
  for (const item of now) {
    const known = earlier.get(keyOf(item));
    items.set(keyOf(item), known === undefined ? item : join(item, known));
  }
  return [...items].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function joinTransition(now: Transition, before: Transition): Transition {
  const count = Math.max(now.count ?? 0, before.count ?? 0);
  return { ...joinFact(now, before), ...(count > 0 && { count }) };
}

function joinRelation(now: Relation, before: Relation): Relation {
  const seen = [now.observed, before.observed].filter((each) => each !== undefined);
  if (seen.length === 0) return joinFact(now, before);
  const min = Math.min(...seen.map((each) => each.min ?? 0));
  const max = Math.max(...seen.map((each) => each.max ?? 0));
  return { ...joinFact(now, before), observed: { min, max } };
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

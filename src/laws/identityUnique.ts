// No two entities of a type have the same identity: neither the same key values, nor keys that differ only in kind (1 and "1").
import {
  canonicalText,
  isMissing,
  isRedacted,
  refKey,
  showRef,
  showValue,
  type EntityInstance,
  type EntityRef,
  type SemanticState,
} from '../model/index.ts';
import type { Broken, Law } from './law.ts';

export const identityUnique: Law = {
  id: 'identity-unique',
  title: 'No two entities of one type have the same identity.',
  state(state, model) {
    const keys = new Map(model.entities.map(({ name, identity }) => [name, identity ?? []]));
    const byText = alike(state);
    const byValues = groups(state, (instance) => identityText(instance, keys.get(instance.entity) ?? []));
    const broken = byText.map(sameText);
    const told = new Set(byText.map(namesOf));
    for (const group of byValues) if (!told.has(namesOf(group))) broken.push(sameValues(group, keys));
    return broken;
  },
};

type Group = readonly [EntityInstance, EntityInstance, ...EntityInstance[]];

/** Instances whose keys differ only in kind: a text that reads like the number of another. */
function alike(state: SemanticState): Group[] {
  const found: Group[] = [];
  for (const instance of state.values()) {
    const { entity, id } = instance;
    if (typeof id !== 'string' || String(Number(id)) !== id) continue;
    const other = state.get(refKey({ entity, id: Number(id) }));
    if (other) found.push([other, instance]);
  }
  return found;
}

/** Instances that share a key; those without one are left out. */
function groups(state: SemanticState, keyOf: (instance: EntityInstance) => string | undefined): Group[] {
  const found = new Map<string, EntityInstance[]>();
  for (const instance of state.values()) {
    const key = keyOf(instance);
    if (key === undefined) continue;
    const group = found.get(key);
    if (group) group.push(instance);
    else found.set(key, [instance]);
  }
  return [...found.values()].flatMap(([first, second, ...more]) => (first && second ? [[first, second, ...more]] : []));
}

/** Undefined where the type has no key, or a part of it is not known. */
function identityText(instance: EntityInstance, identity: readonly string[]): string | undefined {
  if (identity.length === 0) return undefined;
  const values = identity.map((name) =>
    Object.hasOwn(instance.attributes, name) ? instance.attributes[name] : undefined,
  );
  if (values.some((value) => value === undefined || value === null || isMissing(value) || isRedacted(value)))
    return undefined;
  const [only] = values;
  // A line of an order has its number within the order: its id, `ord-7/1`, says whose it is.
  if (values.length === 1 && typeof instance.id === 'string' && instance.id.endsWith(`/${String(only)}`))
    return `within ${instance.id} ${instance.entity}`;
  // Nearly all keys are one text or number: no need to write them as JSON.
  if (values.length === 1 && (typeof only === 'string' || typeof only === 'number'))
    return `${typeof only} ${only} ${instance.entity}`;
  return canonicalText([instance.entity, values]);
}

function namesOf(group: Group): string {
  return canonicalText(group.map(refOf));
}

function sameText(group: Group): Broken {
  const kinds = group.map(({ id }) => (typeof id === 'number' ? `the number ${id}` : `the text ${JSON.stringify(id)}`));
  return {
    message: `${showRef(group[0])} exists ${group.length} times: its identity is ${kinds.join(' and ')}.`,
    subjects: group.map(refOf),
  };
}

function sameValues(group: Group, keys: ReadonlyMap<string, readonly string[]>): Broken {
  const [first] = group;
  const identity = keys.get(first.entity) ?? [];
  const values = identity.map((name) => `${name} ${showValue(first.attributes[name], 40)}`).join(', ');
  return {
    message: `${group.map(showRef).join(' and ')} have the same identity: ${values}.`,
    subjects: group.map(refOf),
  };
}

function refOf({ entity, id }: EntityInstance): EntityRef {
  return { entity, id };
}

// Renames: an element that is gone and one that is new and so like it that they are taken for the same. The old model is given the
// new names, so that what follows compares like with like; each guess is told with its reason, and is a breaking change.
import type { Attribute, Entity, Model, Relation, Transition, Value } from '../model/index.ts';
import type { ModelChange } from './modelDiff.ts';
import { keyOfValue, paired, soleMates, valueText } from './modelDiffTerms.ts';

/** Entities share this part of their attributes at least, by name and type. */
const LIKE_ENTITIES = 0.6;
/** One attribute alone, an `id`, makes no likeness. */
const LEAST_SHARED = 2;

interface Renamed {
  readonly model: Model;
  readonly changes: readonly ModelChange[];
}

export function withRenames(before: Model, after: Model): Renamed {
  const changes: ModelChange[] = [];
  let model = before;
  for (const rename of [entityRenames, attributeRenames, stateRenames, relationRenames]) {
    const found = rename(model, after);
    model = found.model;
    changes.push(...found.changes);
  }
  return { model, changes };
}

function renamed(
  element: ModelChange['element'],
  text: string,
  because: string,
  at: Partial<ModelChange>,
): ModelChange {
  return { change: 'renamed', element, ...at, text, breaking: 'renamed', because };
}

function entityRenames(before: Model, after: Model): Renamed {
  const { removed, added } = paired(before.entities, after.entities, ({ name }) => name);
  const likely = removed
    .flatMap((was) => added.map((is) => ({ was, is, shared: sharedAttributes(was, is) })))
    .filter(({ was, is, shared }) => shared >= LEAST_SHARED && likeness(was, is, shared) >= LIKE_ENTITIES)
    .sort((a, b) => likeness(b.was, b.is, b.shared) - likeness(a.was, a.is, a.shared));
  const taken = new Set<Entity>();
  const changes: ModelChange[] = [];
  let model = before;
  for (const { was, is, shared } of likely) {
    if (taken.has(was) || taken.has(is)) continue;
    taken.add(was).add(is);
    const because = `${shared} of ${Math.max(was.attributes.length, is.attributes.length)} attributes are the same`;
    changes.push(renamed('entity', `entity ${was.name} -> ${is.name}`, because, { entity: is.name }));
    model = withEntityName(model, was.name, is.name);
  }
  return { model, changes };
}

function sharedAttributes(was: Entity, is: Entity): number {
  const facts = new Set(was.attributes.map(({ name, type }) => keyOfValue([name, type])));
  return is.attributes.filter(({ name, type }) => facts.has(keyOfValue([name, type]))).length;
}

function likeness(was: Entity, is: Entity, shared: number): number {
  return shared / (was.attributes.length + is.attributes.length - shared);
}

function withEntityName(model: Model, from: string, to: string): Model {
  const name = (each: string): string => (each === from ? to : each);
  return {
    ...model,
    entities: model.entities.map((entity) => ({ ...entity, name: name(entity.name) })),
    relations: model.relations.map((each) => ({ ...each, subject: name(each.subject), object: name(each.object) })),
    transitions: model.transitions.map((each) => ({
      ...each,
      object: name(each.object),
      ...(each.subject !== undefined && { subject: name(each.subject) }),
    })),
  };
}

/** In one entity: the same states, or the only one of its type and role that went and came. */
function attributeRenames(before: Model, after: Model): Renamed {
  const changes: ModelChange[] = [];
  let model = before;
  for (const [was, is] of paired(before.entities, after.entities, ({ name }) => name).kept) {
    const { removed, added } = paired(was.attributes, is.attributes, ({ name }) => name);
    for (const [old, now] of soleMates(removed, added, kindOf)) {
      const because =
        now.role === 'state'
          ? 'its states are the same'
          : `the only ${now.type} attribute that went and the only one that came`;
      changes.push(
        renamed('attribute', `${old.name} -> ${now.name}`, because, { entity: is.name, attribute: now.name }),
      );
      model = withAttributeName(model, is.name, old.name, now.name);
    }
  }
  return { model, changes };
}

function kindOf({ type, role, states, optional }: Attribute): string {
  const domain = role === 'state' ? (states ?? []).map(({ value }) => keyOfValue(value)).sort() : [];
  return keyOfValue([type, role === 'state', domain, Boolean(optional)]);
}

function withAttributeName(model: Model, entity: string, from: string, to: string): Model {
  const name = (each: string): string => (each === from ? to : each);
  return {
    ...model,
    entities: model.entities.map((each) =>
      each.name !== entity
        ? each
        : {
            ...each,
            ...(each.identity && { identity: each.identity.map(name) }),
            attributes: each.attributes.map((attribute) => ({ ...attribute, name: name(attribute.name) })),
          },
    ),
    relations: model.relations.map((each) =>
      each.subject === entity ? { ...each, predicate: name(each.predicate) } : each,
    ),
    transitions: model.transitions.map((each) =>
      each.object === entity ? { ...each, attribute: name(each.attribute) } : each,
    ),
  };
}

/** Of one attribute: states with the same states before and after them. */
function stateRenames(before: Model, after: Model): Renamed {
  const changes: ModelChange[] = [];
  let model = before;
  for (const [was, is] of paired(before.entities, after.entities, ({ name }) => name).kept) {
    for (const [old, now] of paired(was.attributes, is.attributes, ({ name }) => name).kept) {
      const { removed, added } = paired(old.states ?? [], now.states ?? [], ({ value }) => keyOfValue(value));
      const around = (source: Model) => (state: { readonly value: Value }) =>
        neighbours(source, is.name, now.name, state.value);
      const known = (source: Model) => (state: { readonly value: Value }) => around(source)(state) !== '[[],[]]';
      const mates = soleMates(
        removed.filter(known(before)).map((state) => ({ state, at: around(before)(state) })),
        added.filter(known(after)).map((state) => ({ state, at: around(after)(state) })),
        ({ at }) => at,
      );
      for (const [{ state: from }, { state: to }] of mates) {
        const text = `${now.name}: state ${valueText(from.value)} -> ${valueText(to.value)}`;
        const because = 'the same states lead there and follow';
        changes.push(renamed('state', text, because, { entity: is.name, attribute: now.name }));
        model = withStateValue(model, is.name, now.name, from.value, to.value);
      }
    }
  }
  return { model, changes };
}

function neighbours({ transitions }: Model, entity: string, attribute: string, state: Value): string {
  const own = transitions.filter((each) => each.object === entity && each.attribute === attribute);
  const key = keyOfValue(state);
  const into = own.filter(({ postState }) => keyOfValue(postState) === key).map(({ preState }) => keyOfValue(preState));
  const out = own.filter(({ preState }) => keyOfValue(preState) === key).map(({ postState }) => keyOfValue(postState));
  return keyOfValue([[...new Set(into)].sort(), [...new Set(out)].sort()]);
}

function withStateValue(model: Model, entity: string, attribute: string, from: Value, to: Value): Model {
  const key = keyOfValue(from);
  const end = <T extends Transition['preState'] | Transition['postState']>(each: T): T | Value =>
    keyOfValue(each) === key ? to : each;
  return {
    ...model,
    entities: model.entities.map((each) =>
      each.name !== entity
        ? each
        : {
            ...each,
            attributes: each.attributes.map((one) =>
              one.name !== attribute || !one.states
                ? one
                : { ...one, states: one.states.map((s) => (keyOfValue(s.value) === key ? { ...s, value: to } : s)) },
            ),
          },
    ),
    transitions: model.transitions.map((each) =>
      each.object === entity && each.attribute === attribute
        ? { ...each, preState: end(each.preState), postState: end(each.postState) }
        : each,
    ),
  };
}

/** The only relation between the two entities, with the same cardinality, that went and came. */
function relationRenames(before: Model, after: Model): Renamed {
  const keyOf = ({ subject, predicate, object }: Relation): string => keyOfValue([subject, predicate, object]);
  const { removed, added } = paired(before.relations, after.relations, keyOf);
  const mates = soleMates(removed, added, ({ subject, object, cardinality }) =>
    keyOfValue([subject, object, cardinality]),
  );
  const changes = mates.map(([old, now]) =>
    renamed(
      'relation',
      `relation ${old.predicate} -> ${now.predicate}`,
      `the only one from ${now.subject} to ${now.object} that went and came`,
      {
        entity: now.subject,
      },
    ),
  );
  const names = new Map(mates.map(([old, now]) => [keyOf(old), now.predicate]));
  const relations = before.relations.map((each) => ({ ...each, predicate: names.get(keyOf(each)) ?? each.predicate }));
  return { model: { ...before, relations }, changes };
}

// Entities as expressions see them: attributes as plain values, relations as the entities they lead to, read only when asked for.
import { plainValue } from './plainValue.ts';
import {
  isTagged,
  refKey,
  type EntityInstance,
  type EntityRef,
  type Model,
  type SemanticState,
} from '../model/index.ts';

export type View = object;

export interface Views {
  of(instance: EntityInstance): View;
  /** All entities of a type, in the order of the state. */
  all(entity: string): readonly View[];
}

/** Asked for a value that is not known: nothing can be said of the law here. */
class NotKnown extends Error {}

/** @param changed stands in the place of the state's own instance of that name */
export function createViews(state: SemanticState, model: Model, changed?: EntityInstance): Views {
  const changedKey = changed && refKey(changed);
  const at = (key: string): EntityInstance | undefined => (key === changedKey ? changed : state.get(key));
  const made = new Map<EntityInstance, View>();
  const byType = new Map<string, View[]>();
  const declared = new Map(model.entities.map((entity) => [entity.name, entity.attributes.map(({ name }) => name)]));
  const single = new Set(
    model.relations.filter(({ cardinality }) => cardinality !== '*').map((each) => `${each.subject}.${each.predicate}`),
  );
  const viewOf = (instance: EntityInstance): View => {
    const known = made.get(instance);
    if (known) return known;
    const view: View = {};
    made.set(instance, view);
    // What the type has and this one lacks is null, as a program would find it.
    for (const name of declared.get(instance.entity) ?? []) put(view, name, null);
    put(view, 'id', instance.id);
    for (const [predicate, targets] of Object.entries(instance.links))
      lazily(view, predicate, () => linked(targets, single.has(`${instance.entity}.${predicate}`)));
    for (const [name, value] of Object.entries(instance.attributes)) {
      // An attribute that holds the other's id leads to the other, as the relation of that name does.
      if (Object.hasOwn(instance.links, name) && isTagged(value)) continue;
      if (isTagged(value) && value.$type === 'truncated') lazily(view, name, unknown);
      else put(view, name, plainValue(value, { absent: null, unreadable: null }));
    }
    return view;
  };
  const linked = (targets: readonly EntityRef[], isSingle: boolean): unknown => {
    const found = targets.map((target) => {
      const instance = at(refKey(target));
      if (!instance) throw new NotKnown(`${target.entity} ${target.id} is not there`);
      return viewOf(instance);
    });
    return isSingle ? (found[0] ?? null) : found;
  };
  return {
    of: viewOf,
    all(entity) {
      let views = byType.get(entity);
      if (views) return views;
      views = [];
      byType.set(entity, views);
      for (const [key, instance] of state)
        if (instance.entity === entity) views.push(viewOf(key === changedKey ? (changed ?? instance) : instance));
      return views;
    },
  };
}

function unknown(): never {
  throw new NotKnown('its value is not known');
}

function put(view: View, name: string, value: unknown): void {
  Object.defineProperty(view, name, { value, enumerable: true, configurable: true });
}

function lazily(view: View, name: string, get: () => unknown): void {
  Object.defineProperty(view, name, { get, enumerable: true, configurable: true });
}

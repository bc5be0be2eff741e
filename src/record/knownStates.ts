// Snapshots and records of the same things: what a snapshot knows is not new, and what was recorded since is later than its copies. Pure.
import type { EntityInstance, SemanticState } from '../model/index.ts';
import type { WatchedEntity } from './plan.ts';
import type { Things } from './things.ts';
import { plainName } from './told.ts';

export function learn(things: Things, entities: readonly WatchedEntity[], state: SemanticState): void {
  for (const instance of state.values()) {
    const entity = entities.find(({ name }) => name === instance.entity);
    if (!entity) continue;
    const thing = things.thing(instance);
    thing.placed = true;
    thing.gone = false;
    for (const property of entity.states) {
      const value = instance.attributes[plainName(property)];
      if (value === undefined || (typeof value === 'object' && value !== null)) continue;
      thing.states.set(property, value);
      // It may have changed between then and the first record.
      thing.doubted.add(property);
    }
  }
}

export function corrected(things: Things, state: SemanticState): SemanticState {
  const out = new Map<string, EntityInstance>();
  for (const [key, instance] of state) {
    const thing = things.find(instance);
    if (thing?.gone) continue;
    const attributes = { ...instance.attributes };
    for (const [property, value] of thing?.states ?? []) attributes[plainName(property)] = value;
    out.set(key, thing ? { ...instance, attributes } : instance);
  }
  return out;
}

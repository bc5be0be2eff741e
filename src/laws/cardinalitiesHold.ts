// A relation that the program declares to lead to exactly one entity leads to one. Where a link could not be read, nothing is claimed.
import { isMissing, isRedacted, showRef, type Relation } from '../model/index.ts';
import type { Broken, Law } from './law.ts';

export const cardinalitiesHold: Law = {
  id: 'cardinalities-hold',
  title: 'Relations lead to as many entities as the program declares.',
  state(state, model) {
    const bySubject = new Map<string, Relation[]>();
    for (const relation of model.relations) {
      if (relation.status === 'observed' || relation.cardinality === '*') continue;
      bySubject.set(relation.subject, [...(bySubject.get(relation.subject) ?? []), relation]);
    }
    const broken: Broken[] = [];
    for (const instance of state.values()) {
      for (const { predicate, object, cardinality } of bySubject.get(instance.entity) ?? []) {
        const targets = instance.links[predicate];
        const value = instance.attributes[predicate];
        if (!targets || isMissing(value) || isRedacted(value)) continue;
        const count = new Set(targets.map(({ id }) => id)).size;
        if (count === 1 || (count === 0 && cardinality === '0..1')) continue;
        const { entity, id } = instance;
        const many = count === 0 ? `no ${object}` : `${count} entities of type ${object}`;
        broken.push({
          message: `${showRef(instance)} leads by ${predicate} to ${many}; the program declares ${cardinality === '1' ? 'exactly' : 'at most'} one.`,
          subjects: [{ entity, id }, ...targets],
        });
      }
    }
    return broken;
  },
};

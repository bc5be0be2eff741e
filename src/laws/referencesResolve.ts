// Every reference leads to an entity that is there. Where entities of a type could not be read, nothing is claimed.
import { refKey, showRef, type Entity, type EntityRef, type Model, type SemanticState } from '../model/index.ts';
import type { Broken, Law } from './law.ts';

export const referencesResolve: Law = {
  id: 'references-resolve',
  title: 'Every reference leads to an entity that exists.',
  state(state, model) {
    const readable = readableTypes(state, model);
    const broken: Broken[] = [];
    for (const instance of state.values()) {
      for (const [predicate, targets] of Object.entries(instance.links)) {
        const gone = targets.filter((target) => readable.has(target.entity) && !state.has(refKey(target)));
        if (gone.length === 0) continue;
        const once = new Map(gone.map((target) => [refKey(target), target])).values();
        for (const target of once) broken.push(dangling(instance, predicate, target));
      }
    }
    return broken;
  },
};

/** Types of which the model knows instances and the state holds some: only of these is a missing one really missing. */
function readableTypes(state: SemanticState, model: Model): Set<string> {
  const read = new Set(model.entities.filter(hasInstances).map(({ name }) => name));
  const present = new Set<string>();
  for (const { entity } of state.values()) if (read.has(entity)) present.add(entity);
  return present;
}

function hasInstances({ instances }: Entity): boolean {
  return instances !== undefined && instances > 0;
}

function dangling({ entity, id }: EntityRef, predicate: string, target: EntityRef): Broken {
  const from = { entity, id };
  return {
    message: `${showRef(from)} refers by ${predicate} to ${showRef(target)}, which does not exist.`,
    subjects: [from, target],
  };
}

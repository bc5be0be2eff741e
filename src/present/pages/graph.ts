// Types and their relations with counts, and the instances around the focus with the links among them.
import { refKey, type EntityInstance, type Model, type SemanticState } from '../../model/index.ts';
import type { GraphPage } from '../requests.ts';
import { censusOf, type Census } from './census.ts';
import { machineOf, shownState } from './machines.ts';
import { pointOf, stateOf, type Scene } from './scene.ts';
import { neighboursOf } from './surroundings.ts';

/** Instances of each type, where nothing is in focus. */
const FIRST_FEW = 6;

export function graphPage(scene: Scene): GraphPage {
  const { model, focus } = scene;
  const state = stateOf(scene);
  const census = censusOf(state, model, pointOf(scene)?.time ?? 0);
  const shown = focus ? around(state, focus) : firstOfEach(census);
  const keys = new Set(shown.map(({ instance }) => refKey(instance)));
  return {
    types: census.types,
    relations: relationsOf(model, census),
    instances: shown.map(({ instance, hop }) => {
      const is = shownState(instance, machineOf(model, instance.entity));
      const ref = { entity: instance.entity, id: instance.id };
      return { ref, ...(is !== undefined && { state: is }), broken: census.broken.has(refKey(ref)), hop };
    }),
    links: shown.flatMap(({ instance: { entity, id, links } }) =>
      Object.entries(links).flatMap(([predicate, targets]) =>
        targets
          .filter((target) => keys.has(refKey(target)))
          .map((target) => ({ from: { entity, id }, predicate, to: { entity: target.entity, id: target.id } })),
      ),
    ),
  };
}

interface Shown {
  readonly instance: EntityInstance;
  readonly hop: 0 | 1 | 2;
}

function around(state: SemanticState, focus: { readonly entity: string; readonly id: string | number }): Shown[] {
  const instance = state.get(refKey(focus));
  if (!instance) return [];
  const near = neighboursOf(state, instance).flatMap(({ ref, hop }): Shown[] => {
    const found = state.get(refKey(ref));
    return found ? [{ instance: found, hop }] : [];
  });
  return [{ instance, hop: 0 }, ...near];
}

function firstOfEach({ byType }: Census): Shown[] {
  return [...byType.values()].flatMap((instances) =>
    instances.slice(0, FIRST_FEW).map((instance): Shown => ({ instance, hop: 0 })),
  );
}

/** Those of the model, then those only seen in this state. */
function relationsOf(model: Model, { links }: Census): GraphPage['relations'] {
  const declared = model.relations.map(({ subject, predicate, object, cardinality, status }) => {
    const count = links.get(subject)?.get(predicate)?.get(object) ?? 0;
    return { subject, predicate, object, cardinality, status, count };
  });
  const isDeclared = (subject: string, predicate: string, object: string): boolean =>
    declared.some((each) => each.subject === subject && each.predicate === predicate && each.object === object);
  const seen = [...links].flatMap(([subject, predicates]) =>
    [...predicates].flatMap(([predicate, objects]) =>
      [...objects].flatMap(([object, count]) =>
        isDeclared(subject, predicate, object)
          ? []
          : [{ subject, predicate, object, cardinality: '*', status: 'observed' as const, count }],
      ),
    ),
  );
  return [...declared, ...seen];
}

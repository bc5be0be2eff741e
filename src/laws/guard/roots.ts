// Which entity a name in a condition stands for: `this` and the entity's own name are the entity itself, others what it is related to.
import { refKey, type EntityInstance, type EntityRef, type Model, type SemanticState } from '../../model/index.ts';
import { isMember, nodesOf, type Expression } from './syntax.ts';

export interface Surroundings {
  readonly self: EntityInstance;
  readonly state: SemanticState;
  readonly model: Model;
}

/** undefined: the name is not known here. */
export function rootOf(name: string, guard: Expression, around: Surroundings): EntityInstance | undefined {
  const { self, model } = around;
  const wanted = name.toLowerCase();
  if (wanted === self.entity.toLowerCase()) return self;
  const byPredicate = Object.entries(self.links).find(([predicate]) => predicate.toLowerCase() === wanted);
  if (byPredicate) return only(byPredicate[1], around);
  const entity = model.entities.find((each) => each.name.toLowerCase() === wanted);
  if (entity) return only(relatedOf(entity.name, around), around);
  // `o.status`, `it.status`: whatever it is called, all that is read of it is what the entity has.
  const own = new Set([
    ...(model.entities.find((each) => each.name === self.entity)?.attributes ?? []).map((each) => each.name),
    ...Object.keys(self.links),
  ]);
  const read = [...nodesOf(guard)].filter(isMember).filter(({ object }) => object['name'] === name);
  const isOwn = read.length > 0 && read.every(({ property }) => own.has(String(property['name'])));
  return isOwn ? self : undefined;
}

function relatedOf(entity: string, { self, state }: Surroundings): EntityRef[] {
  const out = Object.values(self.links)
    .flat()
    .filter((ref) => ref.entity === entity);
  if (out.length > 0) return out;
  const key = refKey(self);
  const back: EntityRef[] = [];
  for (const each of state.values())
    if (each.entity === entity && Object.values(each.links).some((refs) => refs.some((ref) => refKey(ref) === key)))
      back.push(each);
  return back;
}

function only(refs: readonly EntityRef[], { state }: Surroundings): EntityInstance | undefined {
  const keys = new Set(refs.map(refKey));
  const [key] = keys;
  return keys.size === 1 && key !== undefined ? state.get(key) : undefined;
}

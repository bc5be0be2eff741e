// What stands around an entity: what it refers to, who refers to it, who competes with it for the same thing.
import {
  refKey,
  showRef,
  type EntityInstance,
  type EntityRef,
  type Model,
  type SemanticState,
} from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import { referrersOf } from './census.ts';

export interface Neighbour {
  readonly ref: EntityRef;
  readonly hop: 1 | 2;
  /** `paidBy ← Order 1042`: seen from the neighbour. */
  readonly because: string;
}

export interface Ghost {
  readonly entity: string;
  readonly because: string;
  /** `none yet, created by OrderPacked`. */
  readonly text: string;
}

const MOST_NEAR = 60;
/** Referrers of one shared thing: a popular product is no relation between all who bought it. */
const MOST_COMPETING = 8;

/** Nearest first; each entity once, for the nearest reason. */
export function neighboursOf(state: SemanticState, focus: EntityInstance): Neighbour[] {
  const found = new Map<string, Neighbour>();
  const self = refKey(focus);
  const add = (ref: EntityRef, hop: 1 | 2, because: string): void => {
    const key = refKey(ref);
    if (key === self || found.has(key) || found.size >= MOST_NEAR) return;
    found.set(key, { ref: { entity: ref.entity, id: ref.id }, hop, because });
  };
  for (const [predicate, targets] of Object.entries(focus.links))
    for (const target of targets) add(target, 1, `${predicate} ← ${showRef(focus)}`);
  for (const { ref, predicate } of referrersOf(state, focus)) add(ref, 1, `${predicate} → ${showRef(focus)}`);
  for (const target of Object.values(focus.links).flat()) {
    const others = referrersOf(state, target).filter(({ ref }) => refKey(ref) !== self);
    for (const { ref, predicate } of others.slice(0, MOST_COMPETING)) add(ref, 2, `${predicate} → ${showRef(target)}`);
  }
  return [...found.values()];
}

/** Relations the program declares and nobody fills: absence is often the answer. */
export function ghostsOf(state: SemanticState, focus: EntityInstance, model: Model): Ghost[] {
  const referring = new Set(
    referrersOf(state, focus).map(({ ref, predicate }) => JSON.stringify([ref.entity, predicate])),
  );
  const ghosts: Ghost[] = [];
  for (const { subject, predicate, object, status } of model.relations) {
    if (status === 'observed') continue;
    const filled = Object.hasOwn(focus.links, predicate) && (focus.links[predicate]?.length ?? 0) > 0;
    if (subject === focus.entity && !filled)
      ghosts.push({ entity: object, because: `${predicate} ← ${showRef(focus)}`, text: noneYet(model, object) });
    if (object === focus.entity && !referring.has(JSON.stringify([subject, predicate])))
      ghosts.push({ entity: subject, because: `${predicate} → ${showRef(focus)}`, text: noneYet(model, subject) });
  }
  return ghosts;
}

function noneYet(model: Model, entity: string): string {
  const creations = model.transitions.filter(
    ({ object, preState }) =>
      object === entity && typeof preState === 'object' && preState !== null && '$new' in preState,
  );
  const names = [...new Set(creations.flatMap(({ type }) => type ?? []))];
  return names.length === 0 ? 'none yet' : `none yet, created by ${names.join(' or ')}`;
}

/** The entity at the cursor; where it is not there, as it was created later or was before it went. */
export function instanceNear(
  store: TimelineStore,
  state: SemanticState,
  ref: EntityRef,
  seq: number,
): EntityInstance | undefined {
  const here = state.get(refKey(ref));
  if (here) return here;
  for (const point of [store.previous(seq + 1, { object: ref }), store.next(seq, { object: ref })]) {
    if (point?.kind === 'event' && (point.change?.kind === 'removed' || point.change?.kind === 'created'))
      return point.change.instance;
  }
  return undefined;
}

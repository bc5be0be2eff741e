// Counts over one state: instances by type and state, links by relation, who refers to whom, which laws do not hold.
// A state is never changed once it is given out, so each is counted once however many pages ask.
import {
  refKey,
  type EntityInstance,
  type EntityRef,
  type Model,
  type SemanticState,
  type Violation,
} from '../../model/index.ts';
import { checkState } from '../../laws/index.ts';
import type { TypeSummary } from '../requests.ts';
import { machineOf, shownState } from './machines.ts';

export interface Census {
  readonly types: readonly TypeSummary[];
  readonly byType: ReadonlyMap<string, readonly EntityInstance[]>;
  readonly links: LinkCounts;
  readonly violations: readonly Violation[];
  /** Keys of the entities that a broken law names. */
  readonly broken: ReadonlySet<string>;
}

/** How many links there are, by subject's type, predicate and object's type. */
export type LinkCounts = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, number>>>;

export interface Referrer {
  readonly ref: EntityRef;
  readonly predicate: string;
}

const counted = new WeakMap<SemanticState, WeakMap<Model, Census>>();
const reversed = new WeakMap<SemanticState, ReadonlyMap<string, readonly Referrer[]>>();

/** `time` is that of the point at which the state stands; only violations carry it. */
export function censusOf(state: SemanticState, model: Model, time: number): Census {
  const byModel = counted.get(state) ?? new WeakMap<Model, Census>();
  counted.set(state, byModel);
  const census = byModel.get(model) ?? count(state, model, time);
  byModel.set(model, census);
  return census;
}

/** Who refers to an entity, in the order of the state. */
export function referrersOf(state: SemanticState, ref: EntityRef): readonly Referrer[] {
  const known = reversed.get(state) ?? reverse(state);
  reversed.set(state, known);
  return known.get(refKey(ref)) ?? [];
}

function reverse(state: SemanticState): Map<string, Referrer[]> {
  const referrers = new Map<string, Referrer[]>();
  for (const { entity, id, links } of state.values()) {
    for (const [predicate, targets] of Object.entries(links)) {
      for (const target of targets) {
        const key = refKey(target);
        const known = referrers.get(key);
        if (known) known.push({ ref: { entity, id }, predicate });
        else referrers.set(key, [{ ref: { entity, id }, predicate }]);
      }
    }
  }
  return referrers;
}

function count(state: SemanticState, model: Model, time: number): Census {
  const byType = new Map<string, EntityInstance[]>(model.entities.map(({ name }) => [name, []]));
  const links = new Map<string, Map<string, Map<string, number>>>();
  for (const instance of state.values()) {
    const known = byType.get(instance.entity);
    if (known) known.push(instance);
    else byType.set(instance.entity, [instance]);
    const ofType = within(links, instance.entity, () => new Map<string, Map<string, number>>());
    for (const [predicate, targets] of Object.entries(instance.links)) {
      const counts = within(ofType, predicate, () => new Map<string, number>());
      for (const { entity } of targets) counts.set(entity, (counts.get(entity) ?? 0) + 1);
    }
  }
  const violations = checkState(state, model, time);
  const broken = new Set(violations.flatMap(({ subjects = [] }) => subjects).map(refKey));
  const types = [...byType].map(([entity, instances]) => summary(entity, instances, model, broken));
  return { types, byType, links, violations, broken };
}

function summary(
  entity: string,
  instances: readonly EntityInstance[],
  model: Model,
  brokenKeys: ReadonlySet<string>,
): TypeSummary {
  const machine = machineOf(model, entity);
  const states = new Map((machine?.states ?? []).map((state) => [state, 0]));
  let broken = 0;
  for (const instance of instances) {
    const state = shownState(instance, machine);
    if (state !== undefined) states.set(state, (states.get(state) ?? 0) + 1);
    if (brokenKeys.size > 0 && brokenKeys.has(refKey(instance))) broken++;
  }
  return {
    entity,
    count: instances.length,
    ...(machine && { stateAttribute: machine.attribute }),
    states: [...states].map(([state, n]) => ({ state, count: n, final: machine?.final.has(state) ?? false })),
    broken,
  };
}

function within<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

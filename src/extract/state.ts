// The state at the moment of the snapshot: instances by type and business key, their values, and the links between them.
import {
  isSecret,
  refKey,
  type EntityInstance,
  type EntityRef,
  type Problem,
  type SemanticState,
  type Value,
} from '../model/index.ts';
import type { HeapGraph, NodeIndex } from '../parse/index.ts';
import type { Candidate } from './candidate.ts';
import { slot, storedFields, type Concluded } from './concluded.ts';
import { fieldNodes, idWithin, instanceKeys, type InstanceKeys, type Key } from './instanceKeys.ts';
import { valueReader, type ValueReader } from './instanceValues.ts';
import { heldState, statesHeld } from './heldStates.ts';
import { linkTargets } from './links.ts';

/** Instances of one entity; what lies beyond is counted, not read. */
const MOST_INSTANCES = 200_000;

export interface ReadState {
  readonly state: SemanticState;
  readonly problems: readonly Problem[];
}

interface Chosen {
  readonly candidate: Candidate;
  readonly node: NodeIndex;
  readonly ref: EntityRef;
}

/** What is read of each instance of an entity, in the order of names. */
interface FieldPlan {
  readonly name: string;
  readonly target?: Candidate;
  readonly byId: boolean;
  readonly many: boolean;
  /** Where the field holds an object that stands for a state. */
  readonly states?: ReadonlySet<string>;
}

type LinksOf = (field: FieldPlan, target: Candidate, value: NodeIndex) => readonly EntityRef[];

export function readState(view: Concluded, graph: HeapGraph): ReadState {
  const keys = instanceKeys(view, graph);
  const plans = new Map(view.entities.map((candidate) => [candidate, planOf(view, candidate)]));
  const problems: Problem[] = [];
  const chosen: Chosen[] = [];
  for (const candidate of view.entities) {
    if (keys.isLocal(candidate)) continue;
    for (const instance of chooseInstances(view, graph, keys, candidate, problems)) chosen.push(instance);
  }
  // Parts known only inside their whole: from the wholes that were chosen, so that a stale copy's parts stay away.
  for (let from = 0; from < chosen.length; from += 1) {
    const whole = chosen[from] as Chosen;
    for (const part of partsOf(view, graph, keys, whole, plans.get(whole.candidate) ?? [])) chosen.push(part);
  }
  const refOf = new Map(chosen.map(({ node, ref }) => [node, ref]));
  const values = valueReader(graph, view.workspaceFile, (node) => identityOf(view, keys, node));
  const linksOf: LinksOf = ({ byId, many }, target, value) => {
    const found = linkTargets(graph, value, isOf(view, target));
    const refs = found.nodes.flatMap((node) => {
      const known = refOf.get(node);
      if (known || keys.isLocal(target)) return known ?? [];
      const key = keys.own(target, node);
      return key === undefined ? [] : refTo(view, keys, target, key);
    });
    const single = byId && !many ? idWithin(graph, value, 2) : undefined;
    const ids = !byId || refs.length > 0 ? [] : single === undefined ? found.ids : [single];
    return sorted([...refs, ...ids.map((id) => refTo(view, keys, target, id))]);
  };

  const state = new Map<string, EntityInstance>();
  for (const each of chosen) {
    const key = refKey(each.ref);
    if (!state.has(key)) state.set(key, instanceOf(graph, values, each, plans.get(each.candidate) ?? [], linksOf));
  }
  const resolved = resolveKinds(state);
  const order = [...resolved.keys()].sort();
  return { state: new Map(order.map((key) => [key, resolved.get(key) as EntityInstance])), problems };
}

function planOf(view: Concluded, candidate: Candidate): FieldPlan[] {
  const entity = view.nameOf.get(candidate.key) as string;
  return storedFields(view, candidate)
    .map((field): FieldPlan => {
      const reference = view.referenceOf.get(slot(candidate, field));
      const target = reference && view.candidates.byKey.get(reference.target);
      const plain = !view.changing.has(slot(candidate, field)) || isSecret(entity, field.name, view.workspaceFile);
      const states = plain ? undefined : statesHeld(field, view.candidates);
      return {
        name: field.name,
        byId: reference?.byId === true,
        many: reference?.many === true,
        ...(target && { target }),
        ...(states && { states }),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function refTo(view: Concluded, keys: InstanceKeys, candidate: Candidate, id: Key): EntityRef {
  return { entity: view.nameOf.get(candidate.key) as string, id: keys.shown(candidate, id) };
}

function isOf(view: Concluded, candidate: Candidate): (node: NodeIndex) => boolean {
  return (node) => {
    const group = view.candidates.survey?.groupOf(node);
    return group !== undefined && view.candidates.byGroup.get(group.key) === candidate;
  };
}

function identityOf(
  view: Concluded,
  keys: InstanceKeys,
  node: NodeIndex,
): { entity: string; id: Key | undefined } | undefined {
  const group = view.candidates.survey?.groupOf(node);
  const candidate = group && view.candidates.byGroup.get(group.key);
  const entity = candidate && view.nameOf.get(candidate.key);
  if (!candidate || entity === undefined) return undefined;
  const own = keys.own(candidate, node);
  return { entity, id: own === undefined ? undefined : keys.shown(candidate, own) };
}

/** One object for each business key: the one a store holds, then the one that has most, then the younger. */
function chooseInstances(
  view: Concluded,
  graph: HeapGraph,
  keys: InstanceKeys,
  candidate: Candidate,
  problems: Problem[],
): Chosen[] {
  const entity = view.nameOf.get(candidate.key) as string;
  const best = new Map<string, { node: NodeIndex; key: Key; held: boolean; size: number }>();
  const all = candidate.groups.flatMap((group) => group.nodes);
  let unreadable = 0;
  const shared = new Set<string>();
  for (const node of all.slice(0, MOST_INSTANCES)) {
    const key = keys.own(candidate, node);
    if (key === undefined) {
      unreadable += 1;
      continue;
    }
    const held = view.candidates.survey?.keeping.isHeld(node) === true;
    const known = best.get(String(key));
    if (held && known?.held && known.node !== node) shared.add(String(keys.shown(candidate, key)));
    const size = known === undefined && !held ? 0 : graph.properties(node).length;
    const next = { node, key, held, size: size === 0 ? graph.properties(node).length : size };
    if (!known || better(graph, next, known)) best.set(String(key), next);
  }
  if (unreadable > 0)
    problems.push({
      code: 'identity-unreadable',
      message: `${entity}: ${unreadable} of ${all.length} objects have no readable identity and are left out of the state.`,
    });
  if (shared.size > 0)
    problems.push({
      code: 'identity-shared',
      message: `${entity}: several kept objects have one identity (${[...shared].slice(0, 5).join(', ')}${shared.size > 5 ? ', …' : ''}); one of each is shown.`,
    });
  if (all.length > MOST_INSTANCES)
    problems.push({
      code: 'too-many-instances',
      message: `${entity}: ${all.length} objects are in memory, ${MOST_INSTANCES} were read.`,
    });
  return [...best.values()].map(({ node, key }) => ({
    candidate,
    node,
    ref: { entity, id: keys.shown(candidate, key) },
  }));
}

interface Standing {
  readonly node: NodeIndex;
  readonly held: boolean;
  readonly size: number;
}

function better(graph: HeapGraph, a: Standing, b: Standing): boolean {
  if (a.held !== b.held) return a.held;
  if (a.size !== b.size) return a.size > b.size;
  return graph.heapId(a.node) > graph.heapId(b.node);
}

function partsOf(
  view: Concluded,
  graph: HeapGraph,
  keys: InstanceKeys,
  whole: Chosen,
  plan: readonly FieldPlan[],
): Chosen[] {
  const parts: Chosen[] = [];
  const held = plan.filter(({ target, byId }) => target !== undefined && !byId && keys.isLocal(target));
  if (held.length === 0) return parts;
  const values = fieldNodes(graph, whole.candidate, whole.node);
  for (const { name, target } of held) {
    const value = values.get(name);
    if (!target || value === undefined) continue;
    linkTargets(graph, value, isOf(view, target)).nodes.forEach((node, index) => {
      const id = `${whole.ref.id}/${keys.own(target, node) ?? index}`;
      parts.push({ candidate: target, node, ref: { entity: view.nameOf.get(target.key) as string, id } });
    });
  }
  return parts;
}

function instanceOf(
  graph: HeapGraph,
  values: ValueReader,
  { candidate, node, ref }: Chosen,
  plan: readonly FieldPlan[],
  linksOf: LinksOf,
): EntityInstance {
  const attributes: Record<string, Value> = {};
  const links: Record<string, readonly EntityRef[]> = {};
  const nodes = fieldNodes(graph, candidate, node);
  for (const field of plan) {
    const { name, target, byId } = field;
    const value = nodes.get(name);
    if (target) {
      put(links, name, value === undefined ? [] : linksOf(field, target, value));
      // What is held as an object is the link; an id is a value of its own beside it.
      if (!byId && value !== undefined && graph.leaf(value) === undefined) continue;
    }
    if (value === undefined) continue;
    const held = field.states && heldState(graph, value, field.states);
    put(attributes, name, held ? held.state : values.read(ref.entity, name, value));
    // What else such an object holds stands beside its state.
    for (const [inner, part] of held?.rest ?? [])
      if (graph.kind(part) !== 'function') put(attributes, `${name}.${inner}`, values.read(ref.entity, inner, part));
  }
  return { ...ref, attributes, links, heapId: graph.heapId(node) };
}

/** Names come from programs: `__proto__` as a plain assignment would be lost. */
function put<T>(record: Record<string, T>, name: string, value: T): void {
  if (name !== '__proto__') record[name] = value;
  else Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}

function sorted(refs: readonly EntityRef[]): readonly EntityRef[] {
  if (refs.length < 2) return refs;
  const unique = new Map(refs.map((ref) => [refKey(ref), ref]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}

/** `"12"` in one place and `12` in another are one key where only the other exists. */
function resolveKinds(state: ReadonlyMap<string, EntityInstance>): Map<string, EntityInstance> {
  const other = (ref: EntityRef): EntityRef => {
    if (state.has(refKey(ref))) return ref;
    const id = typeof ref.id === 'number' ? String(ref.id) : /^-?\d{1,15}$/.test(ref.id) ? Number(ref.id) : undefined;
    if (id === undefined) return ref;
    const turned: EntityRef = { entity: ref.entity, id };
    return state.has(refKey(turned)) ? turned : ref;
  };
  return new Map(
    [...state].map(([key, instance]) => {
      const links = Object.fromEntries(Object.entries(instance.links).map(([name, refs]) => [name, refs.map(other)]));
      return [key, { ...instance, links }];
    }),
  );
}

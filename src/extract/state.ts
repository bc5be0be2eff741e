// The state at the moment of the snapshot: instances by type and business key, their values, and the links between them.
import {
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
import { fieldNode, instanceKeys, type InstanceKeys, type Key } from './instanceKeys.ts';
import { valueReader, type ValueReader } from './instanceValues.ts';
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

export function readState(view: Concluded, graph: HeapGraph): ReadState {
  const keys = instanceKeys(view, graph);
  const problems: Problem[] = [];
  const wholes = view.entities.filter((candidate) => !keys.isLocal(candidate));
  const chosen = wholes.flatMap((candidate) => chooseInstances(view, graph, keys, candidate, problems));
  // Parts known only inside their whole: from the wholes that were chosen, so that a stale copy's parts stay away.
  for (let from = 0; from < chosen.length; from += 1) {
    chosen.push(...partsOf(view, graph, keys, chosen[from] as Chosen));
  }
  const refOf = new Map(chosen.map(({ node, ref }) => [node, ref]));
  const values = valueReader(graph, view.workspaceFile, (node) => identityOf(view, keys, node));
  const linksOf = (target: Candidate, value: NodeIndex, byId: boolean): readonly EntityRef[] => {
    const found = linkTargets(graph, value, isOf(view, target));
    const ids = found.nodes.flatMap((node) => keys.own(target, node) ?? []);
    const known = found.nodes.flatMap((node) => refOf.get(node) ?? []);
    if (keys.isLocal(target)) return sorted(known);
    return sorted([
      ...known,
      ...(byId && ids.length === 0 ? found.ids : ids).map((id) => refTo(view, keys, target, id)),
    ]);
  };

  const state = new Map<string, EntityInstance>();
  for (const each of chosen) {
    const key = refKey(each.ref);
    if (!state.has(key)) state.set(key, instanceOf(view, graph, values, each, linksOf));
  }
  const resolved = resolveKinds(state);
  problems.push(...brokenReferences(resolved));
  return { state: new Map([...resolved].sort(([a], [b]) => (a < b ? -1 : 1))), problems };
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
  for (const node of all.slice(0, MOST_INSTANCES)) {
    const key = keys.own(candidate, node);
    if (key === undefined) {
      unreadable += 1;
      continue;
    }
    const held = view.candidates.survey?.keeping.isHeld(node) === true;
    const known = best.get(String(key));
    const size = known === undefined && !held ? 0 : graph.properties(node).length;
    const next = { node, key, held, size: size === 0 ? graph.properties(node).length : size };
    if (!known || better(graph, next, known)) best.set(String(key), next);
  }
  if (unreadable > 0)
    problems.push({
      code: 'identity-unreadable',
      message: `${entity}: ${unreadable} of ${all.length} objects have no readable identity and are left out of the state.`,
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

function partsOf(view: Concluded, graph: HeapGraph, keys: InstanceKeys, whole: Chosen): Chosen[] {
  const parts: Chosen[] = [];
  for (const field of storedFields(view, whole.candidate)) {
    const reference = view.referenceOf.get(slot(whole.candidate, field));
    const part = reference && !reference.byId ? view.candidates.byKey.get(reference.target) : undefined;
    if (!part || !keys.isLocal(part)) continue;
    const value = fieldNode(graph, whole.candidate, field.name, whole.node);
    const nodes = value === undefined ? [] : linkTargets(graph, value, isOf(view, part)).nodes;
    nodes.forEach((node, index) => {
      const own = keys.own(part, node) ?? index;
      parts.push({
        candidate: part,
        node,
        ref: { entity: view.nameOf.get(part.key) as string, id: `${whole.ref.id}/${own}` },
      });
    });
  }
  return parts;
}

function instanceOf(
  view: Concluded,
  graph: HeapGraph,
  values: ValueReader,
  { candidate, node, ref }: Chosen,
  linksOf: (target: Candidate, value: NodeIndex, byId: boolean) => readonly EntityRef[],
): EntityInstance {
  const attributes: Record<string, Value> = {};
  const links: Record<string, readonly EntityRef[]> = {};
  for (const field of storedFields(view, candidate).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const value = fieldNode(graph, candidate, field.name, node);
    const reference = view.referenceOf.get(slot(candidate, field));
    const target = reference && view.candidates.byKey.get(reference.target);
    if (reference && target) {
      put(links, field.name, value === undefined ? [] : linksOf(target, value, reference.byId));
      // What is held as an object is the link; an id is a value of its own beside it.
      if (!reference.byId && value !== undefined && graph.leaf(value) === undefined) continue;
    }
    if (value !== undefined) put(attributes, field.name, values.read(ref.entity, field.name, value));
  }
  return { ...ref, attributes, links, heapId: graph.heapId(node) };
}

/** Names come from programs: `__proto__` as a plain assignment would be lost. */
function put<T>(record: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}

function sorted(refs: readonly EntityRef[]): readonly EntityRef[] {
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

/** References to what is not in memory, where others of the type are: where none is, the type lives elsewhere. */
function brokenReferences(state: ReadonlyMap<string, EntityInstance>): Problem[] {
  const present = new Set([...state.values()].map(({ entity }) => entity));
  const broken = new Map<string, number>();
  for (const { entity, links } of state.values()) {
    for (const [predicate, refs] of Object.entries(links)) {
      for (const ref of refs) {
        if (!present.has(ref.entity) || state.has(refKey(ref))) continue;
        const at = `${entity}.${predicate} -> ${ref.entity}`;
        broken.set(at, (broken.get(at) ?? 0) + 1);
      }
    }
  }
  return [...broken]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([at, count]) => ({
      code: 'broken-reference',
      message: `${at}: ${count} references lead to nothing in memory.`,
    }));
}

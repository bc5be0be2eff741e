// A state that an object holds: the tag of a record (`{ kind: 'open', since }`), the name in an object of one of several classes.
import type { Value } from '../model/index.ts';
import type { HeapGraph, NodeIndex } from '../parse/index.ts';
import type { CandidateField, Candidates } from './candidate.ts';
import { declaredDomain } from './finiteDomains.ts';
import { bareName } from './names.ts';

/** States as text, for a field whose values are objects; undefined for all other fields. */
export function statesHeld(field: CandidateField, candidates: Candidates): ReadonlySet<string> | undefined {
  if (!field.code.some(({ type }) => type.target !== undefined && type.byId !== true)) return undefined;
  const domain = declaredDomain(field, candidates)?.map(({ value }) => value);
  const texts = domain?.filter((value): value is string => typeof value === 'string');
  return texts && texts.length === domain?.length ? new Set(texts) : undefined;
}

export interface HeldState {
  readonly state: string;
  /** The other fields of the object, by the names they have there. */
  readonly rest: ReadonlyMap<string, NodeIndex>;
}

/** The state an object stands for: one of its own strings, else the name of its class; undefined where neither is one. */
export function heldState(graph: HeapGraph, node: NodeIndex, states: ReadonlySet<string>): HeldState | undefined {
  if (graph.kind(node) !== 'object') return undefined;
  const rest = new Map(graph.properties(node).map(({ name, node: value }) => [bareName(name), value]));
  for (const [name, value] of rest) {
    const leaf = graph.kind(value) === 'string' ? graph.leaf(value) : undefined;
    if (typeof leaf !== 'string' || !states.has(leaf)) continue;
    rest.delete(name);
    return { state: leaf, rest };
  }
  const name = graph.name(node);
  return states.has(name) ? { state: name, rest } : undefined;
}

/** The states among what the objects of a sample hold. */
export function heldStatesSeen(field: CandidateField, states: ReadonlySet<string>): readonly Value[] {
  const seen = new Set(field.heap.flatMap(({ profile }) => [...profile.inner]));
  return [...states].filter((state) => seen.has(state));
}

// The business key of an object: from its identity fields; of a part, together with the key of its whole.
import { isSecret } from '../model/index.ts';
import type { HeapGraph, NodeIndex } from '../parse/index.ts';
import type { Candidate } from './candidate.ts';
import type { Concluded } from './concluded.ts';
import { bareName, identityRank } from './names.ts';

export type Key = string | number;

export interface InstanceKeys {
  /** The own key of an object; undefined where it cannot be read. */
  own(candidate: Candidate, node: NodeIndex): Key | undefined;
  /** True where the own key only tells parts of one whole apart. */
  isLocal(candidate: Candidate): boolean;
  /** A key as it may be stored: that of a secret identity is replaced by a fingerprint. */
  shown(candidate: Candidate, key: Key): Key;
}

interface Plan {
  readonly fields: readonly string[];
  readonly local: boolean;
  readonly secret: boolean;
}

export function instanceKeys(view: Concluded, graph: HeapGraph): InstanceKeys {
  const plans = new Map(view.entities.map((candidate) => [candidate, planOf(view, candidate)]));
  const own = (candidate: Candidate, node: NodeIndex): Key | undefined => {
    const fields = plans.get(candidate)?.fields ?? [];
    const [first] = fields;
    if (first === undefined) return undefined;
    const values = fieldNodes(graph, candidate, node);
    if (fields.length === 1) return keyOf(view, graph, candidate, values.get(first), own);
    const keys = fields.map((field) => keyOf(view, graph, candidate, values.get(field), own));
    return keys.includes(undefined) ? undefined : keys.join('/');
  };
  return {
    own,
    isLocal: (candidate) => plans.get(candidate)?.local === true,
    shown: (candidate, key) => (plans.get(candidate)?.secret === true ? fingerprint(String(key)) : key),
  };
}

function planOf(view: Concluded, candidate: Candidate): Plan {
  const fields = view.identityOf.get(candidate.key)?.fields ?? [];
  const name = view.nameOf.get(candidate.key) ?? candidate.name;
  const [first] = fields;
  return {
    fields,
    local: view.isPart(candidate) && (first === undefined || (identityRank(first, candidate.name) ?? 9) > 1),
    secret: fields.some((field) => isSecret(name, field, view.workspaceFile)),
  };
}

/** The fields of an object by the names that attributes have, those of the record it keeps its data in among them. */
export function fieldNodes(graph: HeapGraph, candidate: Candidate, node: NodeIndex): ReadonlyMap<string, NodeIndex> {
  const nodes = new Map<string, NodeIndex>();
  for (const { name, node: value } of graph.properties(node)) nodes.set(bareName(name), value);
  for (const record of candidate.records) {
    const held = nodes.get(record);
    for (const { name, node: value } of held === undefined ? [] : graph.properties(held))
      nodes.set(bareName(name), value);
  }
  return nodes;
}

function keyOf(
  view: Concluded,
  graph: HeapGraph,
  candidate: Candidate,
  value: NodeIndex | undefined,
  own: (candidate: Candidate, node: NodeIndex) => Key | undefined,
): Key | undefined {
  if (value === undefined) return undefined;
  const leaf = graph.leaf(value);
  if (typeof leaf === 'string' || typeof leaf === 'number') return leaf;
  if (typeof leaf === 'object' && leaf !== null) return leaf.$type === 'bigint' ? leaf.value : undefined;
  // A part may be told apart by what it refers to.
  const group = view.candidates.survey?.groupOf(value);
  const target = group && view.candidates.byGroup.get(group.key);
  if (target && target !== candidate && view.nameOf.has(target.key)) return own(target, value);
  return idWithin(graph, value, 2);
}

/** An id may be an object of its own: `{ value: '...' }`, `{ props: { value: '...' } }`. */
export function idWithin(graph: HeapGraph, node: NodeIndex, depth: number): Key | undefined {
  const leaf = graph.leaf(node);
  if (typeof leaf === 'string' || typeof leaf === 'number') return leaf;
  if (depth === 0 || graph.kind(node) !== 'object') return undefined;
  const parts = graph.properties(node);
  const [only] = parts;
  return only && parts.length === 1 ? idWithin(graph, only.node, depth - 1) : undefined;
}

/** FNV-1a of 64 bits: the same key gives the same text in every snapshot, and the key is not in it. */
export function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i += 1)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return `redacted:${hash.toString(16).padStart(16, '0')}`;
}

// The business key of an object: from its identity fields; of a part, together with the key of its whole.
import { isSecret, type WorkspaceFile } from '../model/index.ts';
import type { HeapGraph, NodeIndex } from '../parse/index.ts';
import type { Candidate } from './candidate.ts';
import type { Concluded } from './concluded.ts';
import { identityRank } from './names.ts';

export type Key = string | number;

export interface InstanceKeys {
  /** The own key of an object; undefined where it cannot be read. */
  own(candidate: Candidate, node: NodeIndex): Key | undefined;
  /** True where the own key only tells parts of one whole apart. */
  isLocal(candidate: Candidate): boolean;
  /** A key as it may be stored: that of a secret identity is replaced by a fingerprint. */
  shown(candidate: Candidate, key: Key): Key;
}

export function instanceKeys(view: Concluded, graph: HeapGraph): InstanceKeys {
  const file = view.workspaceFile;
  const fieldsOf = (candidate: Candidate): readonly string[] => view.identityOf.get(candidate.key)?.fields ?? [];
  const own = (candidate: Candidate, node: NodeIndex): Key | undefined => {
    const keys = fieldsOf(candidate).map((field) => keyOf(view, graph, candidate, field, node));
    if (keys.length === 0 || keys.includes(undefined)) return undefined;
    return keys.length === 1 ? keys[0] : keys.join('/');
  };
  return {
    own,
    isLocal: (candidate) => {
      const [field] = fieldsOf(candidate);
      return view.isPart(candidate) && (field === undefined || (identityRank(field, candidate.name) ?? 9) > 1);
    },
    shown: (candidate, key) => (isSecretKey(view, candidate, file) ? fingerprint(String(key)) : key),
  };
}

function isSecretKey(view: Concluded, candidate: Candidate, file: WorkspaceFile): boolean {
  const name = view.nameOf.get(candidate.key) ?? candidate.name;
  return (view.identityOf.get(candidate.key)?.fields ?? []).some((field) => isSecret(name, field, file));
}

/** The node of a field, through the record the class keeps its data in. */
export function fieldNode(
  graph: HeapGraph,
  candidate: Candidate,
  name: string,
  node: NodeIndex,
): NodeIndex | undefined {
  const within = candidate.fields.get(name)?.within;
  const holder = within === undefined ? node : (own(graph, node, within) ?? node);
  return own(graph, holder, name);
}

function own(graph: HeapGraph, node: NodeIndex, name: string): NodeIndex | undefined {
  return graph.property(node, name) ?? graph.property(node, `#${name}`) ?? graph.property(node, `@@${name}`);
}

function keyOf(
  view: Concluded,
  graph: HeapGraph,
  candidate: Candidate,
  field: string,
  node: NodeIndex,
): Key | undefined {
  const value = fieldNode(graph, candidate, field, node);
  if (value === undefined) return undefined;
  const leaf = graph.leaf(value);
  if (typeof leaf === 'string' || typeof leaf === 'number') return leaf;
  if (typeof leaf === 'object' && leaf !== null && leaf.$type === 'bigint') return leaf.value;
  // A part may be told apart by what it refers to; an id may be an object of its own (`{ value: '...' }`).
  const group = view.candidates.survey?.groupOf(value);
  const target = group && view.candidates.byGroup.get(group.key);
  if (target && target !== candidate && view.nameOf.has(target.key)) {
    const [first] = view.identityOf.get(target.key)?.fields ?? [];
    return first === undefined ? undefined : keyOf(view, graph, target, first, value);
  }
  const parts = graph.kind(value) === 'object' ? graph.properties(value) : [];
  const [only] = parts;
  const inner = only && parts.length === 1 ? graph.leaf(only.node) : undefined;
  return typeof inner === 'string' || typeof inner === 'number' ? inner : undefined;
}

/** FNV-1a of 64 bits: the same key gives the same text in every snapshot, and the key is not in it. */
export function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i += 1)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return `redacted:${hash.toString(16).padStart(16, '0')}`;
}

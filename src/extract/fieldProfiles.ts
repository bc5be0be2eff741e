// What the fields of a group of objects hold, by a sample of its instances: kinds, few values, what they lead to.
import type { Value } from '../model/index.ts';
import type { HeapGraph, NodeIndex, NodeKind } from '../parse/index.ts';
import { spread } from './spread.ts';

/** Instances looked at for what fields hold; more tell nothing new about a shape. */
const SAMPLE = 400;
/** Distinct values remembered of a field: beyond that it is no finite domain. */
const DOMAIN_LIMIT = 24;

export interface FieldProfile {
  /** As V8 names it, `#` of private members included. */
  readonly name: string;
  /** Instances of the sample that have it. */
  readonly present: number;
  readonly kinds: ReadonlyMap<NodeKind, number>;
  readonly distinct: readonly Value[];
  /** True where more values were seen than `distinct` keeps. */
  readonly open: boolean;
  /** Groups that the value, or its elements, entries or values, belong to. */
  readonly targets: ReadonlyMap<string, number>;
  /** Leaves inside collections that may be ids, as text: members of lists and sets, keys of Maps and of plain objects. */
  readonly within: ReadonlySet<string>;
  /** Whether any of them was assigned again after it was made; undefined where memory does not tell. */
  readonly reassigned?: boolean;
  /** Of objects: short strings they hold, and the names of their classes. */
  readonly inner: ReadonlySet<string>;
}

interface OpenProfile {
  name: string;
  present: number;
  kinds: Map<NodeKind, number>;
  distinct: Map<string, Value>;
  open: boolean;
  targets: Map<string, number>;
  within: Set<string>;
  inner: Set<string>;
  reassigned?: boolean;
}

export function profile(
  graph: HeapGraph,
  nodes: readonly NodeIndex[],
  keyOf: (node: NodeIndex) => string | undefined,
): { sampled: number; fields: Map<string, FieldProfile> } {
  const sample = spread(nodes, SAMPLE);
  const fields = new Map<string, OpenProfile>();
  for (const node of sample) {
    for (const { name, node: value } of graph.properties(node)) {
      let field = fields.get(name);
      if (!field) {
        field = {
          name,
          present: 0,
          kinds: new Map(),
          distinct: new Map(),
          open: false,
          targets: new Map(),
          within: new Set(),
          inner: new Set(),
        };
        fields.set(name, field);
      }
      field.present += 1;
      if (field.reassigned !== true) noteReassigned(field, graph.reassigned?.(node, name));
      note(graph, field, value, keyOf);
    }
  }
  const closed = new Map<string, FieldProfile>();
  for (const [name, field] of fields) closed.set(name, { ...field, distinct: [...field.distinct.values()] });
  return { sampled: sample.length, fields: closed };
}

function noteReassigned(field: OpenProfile, reassigned: boolean | undefined): void {
  if (reassigned !== undefined) field.reassigned = reassigned;
}

function note(
  graph: HeapGraph,
  field: OpenProfile,
  value: NodeIndex,
  keyOf: (node: NodeIndex) => string | undefined,
): void {
  const kind = graph.kind(value);
  field.kinds.set(kind, (field.kinds.get(kind) ?? 0) + 1);
  if (kind === 'string' || kind === 'number' || kind === 'boolean') {
    const leaf = graph.leaf(value);
    if (leaf !== undefined && (typeof leaf !== 'object' || leaf === null)) {
      if (field.distinct.size < DOMAIN_LIMIT) field.distinct.set(`${typeof leaf}:${String(leaf)}`, leaf);
      else if (!field.distinct.has(`${typeof leaf}:${String(leaf)}`)) field.open = true;
    }
    return;
  }
  for (const inner of reached(graph, value, kind)) {
    const target = keyOf(inner);
    if (target !== undefined) field.targets.set(target, (field.targets.get(target) ?? 0) + 1);
    else if (kind !== 'map') noteId(graph, field, inner);
  }
  if (kind === 'map')
    for (const { key } of graph.mapEntries(value).slice(0, FEW)) if (key !== undefined) noteId(graph, field, key);
  if (kind === 'object') noteRecord(graph, field, value);
}

const INNER_LIMIT = 64;
const LONGEST_TAG = 40;

function noteRecord(graph: HeapGraph, field: OpenProfile, value: NodeIndex): void {
  if (field.inner.size < INNER_LIMIT) field.inner.add(graph.name(value));
  for (const { name, node } of graph.properties(value).slice(0, FEW)) {
    if (field.within.size < DOMAIN_LIMIT) field.within.add(name);
    const leaf = graph.kind(node) === 'string' ? graph.leaf(node) : undefined;
    if (typeof leaf === 'string' && leaf.length <= LONGEST_TAG && field.inner.size < INNER_LIMIT) field.inner.add(leaf);
  }
}

function noteId(graph: HeapGraph, field: OpenProfile, node: NodeIndex): void {
  const leaf = graph.leaf(node);
  if (field.within.size < DOMAIN_LIMIT && (typeof leaf === 'string' || typeof leaf === 'number'))
    field.within.add(String(leaf));
}

/** Members of a collection that stand for all. */
const FEW = 8;

/** The object itself, or what a collection holds. */
function reached(graph: HeapGraph, value: NodeIndex, kind: NodeKind): readonly NodeIndex[] {
  const known = (list: readonly (NodeIndex | undefined)[]): NodeIndex[] =>
    list.slice(0, FEW).filter((node): node is NodeIndex => node !== undefined);
  if (kind === 'array') return known(graph.elements(value));
  if (kind === 'set') return known(graph.setValues(value));
  if (kind === 'map')
    return known(
      graph
        .mapEntries(value)
        .slice(0, FEW)
        .map((entry) => entry.value),
    );
  return kind === 'object' ? [value] : [];
}

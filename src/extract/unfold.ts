// Objects that keep their data in one record (documents and rows of record libraries, aggregates with `props`), seen as if the
// record's fields were their own. Everything after this sees the graph through here.
import type { HeapGraph, HeapProperty, NodeIndex } from '../parse/index.ts';
import { bareName, identityRank } from './names.ts';

/** Under these names record libraries and aggregates keep all data of a thing, whatever stands beside it. */
const RECORDS = new Set(['dataValues', '_doc', 'attributes', 'props', 'properties']);
/** Under these too, where the thing has no key outside. */
const WEAK_RECORDS = new Set(['data', 'record', 'fields', 'values']);
/** Values that a record has at least: with fewer it is a value object. */
const FEWEST = 3;
/** Instances of a class that are looked at to see whether it keeps such a record. */
const TELLING = 8;

export interface Unfolded {
  readonly graph: HeapGraph;
  /** Whether the object is one that keeps its data in a record. */
  isWrapper(node: NodeIndex): boolean;
}

export function unfold(graph: HeapGraph): Unfolded {
  const records = new Map<NodeIndex, { readonly field: string; readonly record: NodeIndex }>();
  for (const { name, location, instances } of graph.classes()) {
    if (name === 'Object' && !location) continue;
    const field = instances.slice(0, TELLING).map((node) => recordField(graph, node));
    const [first] = field;
    if (first === undefined || !field.every((other) => other === first)) continue;
    for (const node of instances) {
      const record = graph.property(node, first);
      if (record !== undefined && graph.kind(record) === 'object') records.set(node, { field: first, record });
    }
  }
  if (records.size === 0) return { graph, isWrapper: () => false };
  return { graph: through(graph, records), isWrapper: (node) => records.has(node) };
}

function recordField(graph: HeapGraph, node: NodeIndex): string | undefined {
  if (graph.kind(node) !== 'object') return undefined;
  const fields = graph.properties(node);
  const keyed = fields.some(({ name, node: value }) => isKey(name) && graph.leaf(value) !== undefined);
  const [only, ...others] = fields.filter(({ name, node: value }) => {
    const bare = name.startsWith('#') ? bareName(name) : name;
    const named = RECORDS.has(bare) || RECORDS.has(bare.replace(/^_/, '')) || (!keyed && WEAK_RECORDS.has(bare));
    return (
      named && graph.kind(value) === 'object' && !graph.constructorLocation(value) && leaves(graph, value) >= FEWEST
    );
  });
  return only && others.length === 0 ? only.name : undefined;
}

function isKey(name: string): boolean {
  return identityRank(name, '') !== undefined;
}

function leaves(graph: HeapGraph, node: NodeIndex): number {
  return graph.properties(node).filter(({ node: value }) => graph.leaf(value) !== undefined).length;
}

/** The same graph; of the wrappers the record's fields come first, then what stands beside it under names of its own. */
function through(
  graph: HeapGraph,
  records: ReadonlyMap<NodeIndex, { readonly field: string; readonly record: NodeIndex }>,
): HeapGraph {
  const properties = (node: NodeIndex): readonly HeapProperty[] => {
    const held = records.get(node);
    if (!held) return graph.properties(node);
    const inner = graph.properties(held.record);
    const names = new Set(inner.map(({ name }) => bareName(name)));
    const outer = graph.properties(node).filter(({ name, node: value }) => isBeside(graph, held, names, name, value));
    return [...inner, ...outer];
  };
  return {
    nodeCount: graph.nodeCount,
    edgeCount: graph.edgeCount,
    scripts: graph.scripts,
    target: graph.target,
    problems: graph.problems,
    ...(graph.exact && { exact: graph.exact }),
    reassigned: (node, name) => {
      const inner = records.get(node)?.record;
      const own = inner === undefined ? undefined : graph.reassigned?.(inner, name);
      return own ?? graph.reassigned?.(node, name);
    },
    kind: (node) => graph.kind(node),
    name: (node) => graph.name(node),
    heapId: (node) => graph.heapId(node),
    selfSize: (node) => graph.selfSize(node),
    constructorLocation: (node) => graph.constructorLocation(node),
    classes: () => graph.classes(),
    properties,
    property: (node, name) =>
      records.has(node) ? properties(node).find((each) => each.name === name)?.node : graph.property(node, name),
    elements: (node) => graph.elements(node),
    lengthOf: (node) => graph.lengthOf(node),
    mapEntries: (node) => graph.mapEntries(node),
    setValues: (node) => graph.setValues(node),
    captured: (node) => graph.captured(node),
    leaf: (node) => graph.leaf(node),
    referrers: (node) => graph.referrers(node),
    globals: () => graph.globals(),
  };
}

/** Keys, values and lists beside the record are the thing's; flags and options under private names are the library's. */
function isBeside(
  graph: HeapGraph,
  held: { readonly field: string },
  names: ReadonlySet<string>,
  name: string,
  value: NodeIndex,
): boolean {
  if (name === held.field || names.has(bareName(name))) return false;
  const library = held.field === 'dataValues' || held.field === '_doc';
  return !library && graph.kind(value) !== 'function';
}

// What a field leads to: objects, or ids, one or several, in whatever collection they stand.
import type { HeapGraph, NodeIndex } from '../parse/index.ts';
import type { Key } from './instanceKeys.ts';

/** Links of one field of one instance; more is a store, not a relation. */
const MOST = 10_000;

export interface Targets {
  readonly nodes: readonly NodeIndex[];
  /** Leaves that may be ids: of a list its members, of a Map or dictionary its keys. */
  readonly ids: readonly Key[];
}

export function linkTargets(graph: HeapGraph, value: NodeIndex, isTarget: (node: NodeIndex) => boolean): Targets {
  switch (graph.kind(value)) {
    case 'array':
      return split(graph, graph.elements(value), isTarget);
    case 'set':
      return split(graph, graph.setValues(value), isTarget);
    case 'map': {
      const entries = graph.mapEntries(value);
      const held = split(
        graph,
        entries.map((entry) => entry.value),
        isTarget,
      );
      return {
        nodes: held.nodes,
        ids: split(
          graph,
          entries.map((entry) => entry.key),
          isTarget,
        ).ids,
      };
    }
    case 'object': {
      if (isTarget(value)) return { nodes: [value], ids: [] };
      const entries = graph.properties(value).slice(0, MOST);
      return { nodes: entries.map(({ node }) => node).filter(isTarget), ids: entries.map(({ name }) => name) };
    }
    default:
      return split(graph, [value], isTarget);
  }
}

function split(
  graph: HeapGraph,
  list: readonly (NodeIndex | undefined)[],
  isTarget: (node: NodeIndex) => boolean,
): Targets {
  const nodes: NodeIndex[] = [];
  const ids: Key[] = [];
  for (const node of list.slice(0, MOST)) {
    if (node === undefined) continue;
    const leaf = graph.leaf(node);
    if (typeof leaf === 'string' || typeof leaf === 'number') ids.push(leaf);
    else if (isTarget(node)) nodes.push(node);
  }
  return { nodes, ids };
}

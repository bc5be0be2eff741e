// Who keeps objects: Maps, arrays and plain tables. A thing that is kept under the value of one of its own fields has its identity there.
import type { HeapGraph, NodeIndex } from '../parse/index.ts';
import type { HeapGroup } from './survey.ts';

/** Entries looked at over all stores of one kind; what lies beyond is kept but not counted. */
const ENTRIES = 400_000;
/** A value that wraps the thing kept (a stream with its state, a cache line) is looked into this far. */
const WRAPPERS = 100_000;

export interface Keeping {
  /** Of a group: how often instances are kept under the value of a field, by the field's name. */
  readonly keyedBy: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Of a group: how often instances are kept in any collection that is no field of another group. */
  readonly kept: ReadonlyMap<string, number>;
  /** Name of the variable or property that holds the store, where it was seen. */
  isHeld(node: NodeIndex): boolean;
}

export function storesOf(
  graph: HeapGraph,
  groups: ReadonlyMap<string, HeapGroup>,
  keyOf: (node: NodeIndex) => string | undefined,
): Keeping {
  const held = new Uint8Array(graph.nodeCount);
  const keyedBy = new Map<string, Map<string, number>>();
  const kept = new Map<string, number>();
  let wrappers = 0;

  const keep = (value: NodeIndex | undefined, key: string | number | undefined): void => {
    if (value === undefined) return;
    const group = keyOf(value);
    if (group === undefined) return;
    held[value] = 1;
    kept.set(group, (kept.get(group) ?? 0) + 1);
    if (key === undefined) return;
    for (const { name, node } of graph.properties(value)) {
      const kind = graph.kind(node);
      if ((kind === 'string' || kind === 'number') && String(graph.leaf(node)) === String(key)) count(keyedBy, group, name);
      else if (kind === 'object' && wrappers < WRAPPERS && keyOf(node) !== undefined) {
        wrappers += 1;
        held[node] = 1;
        for (const inner of graph.properties(node)) {
          if (String(graph.leaf(inner.node)) === String(key)) count(keyedBy, keyOf(node) as string, inner.name);
        }
      }
    }
  };

  let left = ENTRIES;
  for (const { name, instances } of graph.classes()) {
    const first = instances[0];
    if (first === undefined) continue;
    const kind = graph.kind(first);
    if (kind === 'map') {
      for (const map of instances) {
        if (left <= 0) break;
        for (const { key, value } of graph.mapEntries(map)) {
          left -= 1;
          keep(value, key === undefined ? undefined : text(graph, key));
        }
      }
    } else if (name === 'Object' && kind === 'object') {
      for (const table of instances) {
        if (left <= 0) break;
        if (keyOf(table) !== undefined && !isTable(graph, table, keyOf)) continue;
        left -= keepTable(graph, table, keyOf, keep);
      }
    }
  }
  for (const field of arraysOutside(groups)) keep(field, undefined);
  return { keyedBy, kept, isHeld: (node) => held[node] === 1 };
}

function count(counts: Map<string, Map<string, number>>, group: string, field: string): void {
  const fields = counts.get(group) ?? new Map<string, number>();
  fields.set(field, (fields.get(field) ?? 0) + 1);
  counts.set(group, fields);
}

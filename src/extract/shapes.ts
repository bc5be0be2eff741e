// Plain objects grouped by their keys. Objects that are used as tables, or that are prototypes or namespaces, are no shape of a record.
import type { HeapGraph, NodeIndex } from '../parse/index.ts';

/** Plain objects looked at. A heap of 500 MB holds about half a million; beyond this limit they are taken evenly spread. */
const LOOKED_AT = 600_000;
/** Records of business have fewer fields; what has more is a table or a namespace. */
const MOST_FIELDS = 60;
const FEWEST_OBJECTS = 1;

export interface Shape {
  readonly key: string;
  readonly name: string;
  readonly form: 'shape';
  readonly nodes: readonly NodeIndex[];
}

export function shapesOf(graph: HeapGraph): Shape[] {
  const plain = graph.classes().filter((group) => group.name === 'Object' && !group.location);
  const all = plain.flatMap((group) => group.instances);
  const step = Math.max(1, all.length / LOOKED_AT);
  const shapes = new Map<string, NodeIndex[]>();
  for (let i = 0; i < all.length; i += step) {
    const node = all[Math.floor(i)] as NodeIndex;
    if (graph.kind(node) !== 'object') continue;
    const keys = keysOf(graph, node);
    if (keys === undefined) continue;
    const nodes = shapes.get(keys);
    if (nodes) nodes.push(node);
    else shapes.set(keys, [node]);
  }
  return [...shapes]
    .filter(([, nodes]) => nodes.length >= FEWEST_OBJECTS)
    .map(([keys, nodes]) => ({ key: `shape:${keys}`, name: 'Object', form: 'shape', nodes }));
}

/** Names of the fields in order; undefined where the object is no record. */
function keysOf(graph: HeapGraph, node: NodeIndex): string | undefined {
  const properties = graph.properties(node);
  if (properties.length < 2 || properties.length > MOST_FIELDS) return undefined;
  const names: string[] = [];
  let values = 0;
  let held = false;
  for (const { name, node: value } of properties) {
    // `constructor` is a prototype's, `@@...` and functions are those of modules, streams, handles.
    if (name === 'constructor' || name === '__esModule') return undefined;
    const kind = graph.kind(value);
    if (kind !== 'function' && kind !== 'internal') values += 1;
    if (kind !== 'object') held = true;
    names.push(name);
  }
  // An object of objects alone describes others (a schema, one entry for each field); a record holds a value itself.
  if (!held || values * 2 < names.length || names.every((name) => /^\d+$/.test(name))) return undefined;
  return names.sort().join(',');
}

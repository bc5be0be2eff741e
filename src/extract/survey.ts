// One bounded look over a heap: which classes and shapes of plain objects are the program's own, what their fields hold, who stores them.
import type { HeapGraph, HeapLocation, NodeIndex, NodeKind } from '../parse/index.ts';
import type { SourcePosition, Value } from '../model/index.ts';
import { shapesOf } from './shapes.ts';
import { keepingOf, type Keeping } from './keeping.ts';
import type { Program } from './programRoots.ts';

/** Instances looked at for what fields hold; more tell nothing new about a shape. */
const SAMPLE = 400;
/** Distinct values remembered of a field: beyond that it is no finite domain. */
export const DOMAIN_LIMIT = 24;

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
}

export interface HeapGroup {
  readonly key: string;
  readonly name: string;
  readonly form: 'class' | 'shape';
  readonly location?: HeapLocation;
  readonly source?: SourcePosition;
  readonly nodes: readonly NodeIndex[];
  readonly sampled: number;
  readonly fields: ReadonlyMap<string, FieldProfile>;
}

export interface Survey {
  readonly groups: ReadonlyMap<string, HeapGroup>;
  readonly keeping: Keeping;
  groupOf(node: NodeIndex): HeapGroup | undefined;
  /** Distinct strings and numbers of a field over all instances (within a limit), as `string:x` or `number:1`. */
  valuesOf(group: string, field: string): ReadonlySet<string>;
}

/** Code of the program's own, neither the runtime's nor a library's. */
export function isUserScript(url: string | undefined): boolean {
  return (
    url !== undefined &&
    url !== '' &&
    !/^(node:|internal\/|evalmachine)/.test(url) &&
    !/[\\/]node_modules[\\/]/.test(url)
  );
}

/** A foreign file names no scripts: then all of them may be the program's. */
function isOwn(graph: HeapGraph, location: HeapLocation): boolean {
  return graph.scripts.size === 0 || isUserScript(graph.scripts.get(location.script)?.url);
}

interface RawGroup {
  readonly key: string;
  readonly name: string;
  readonly form: 'class' | 'shape';
  readonly location?: HeapLocation;
  readonly source?: SourcePosition;
  readonly nodes: readonly NodeIndex[];
}

export function survey(
  graph: HeapGraph,
  toSource: ((location: HeapLocation) => SourcePosition | undefined) | undefined,
): Survey {
  const raw = [...classGroups(graph, toSource), ...shapesOf(graph)];
  const at = new Int32Array(graph.nodeCount).fill(-1);
  raw.forEach((group, index) => {
    for (const node of group.nodes) at[node] = index;
  });
  const keyOf = (node: NodeIndex): string | undefined => raw[at[node] ?? -1]?.key;
  const groups = new Map<string, HeapGroup>();
  for (const group of raw) groups.set(group.key, { ...group, ...profile(graph, group.nodes, keyOf) });
  const groupOf = (node: NodeIndex): HeapGroup | undefined => groups.get(keyOf(node) ?? '');
  const known = new Map<string, ReadonlySet<string>>();
  const valuesOf = (key: string, field: string): ReadonlySet<string> => {
    const at = `${key}\u0000${field}`;
    const values = known.get(at) ?? fieldValues(graph, groups.get(key)?.nodes ?? [], field);
    known.set(at, values);
    return values;
  };
  const rarest = [...groups.values()]
    .filter(({ form }) => form === 'class')
    .sort((a, b) => a.nodes.length - b.nodes.length);
  const program: Program = {
    isOwn: (location) => isOwn(graph, location),
    groupOf: keyOf,
    instances: () => rarest.flatMap(({ nodes }) => spread(nodes, SAMPLE)),
  };
  const keeping = keepingOf(graph, program, (key) => groups.get(key)?.name ?? '');
  return { groups, keeping, groupOf, valuesOf };
}

function classGroups(
  graph: HeapGraph,
  toSource: ((at: HeapLocation) => SourcePosition | undefined) | undefined,
): RawGroup[] {
  const groups = new Map<string, RawGroup>();
  for (const { name, location, instances } of graph.classes()) {
    if (!location || instances.length === 0 || name === '' || !isOwn(graph, location)) continue;
    if (graph.kind(instances[0] as NodeIndex) !== 'object') continue;
    const source = toSource?.(location);
    const key = `heap:${name}@${location.script}:${location.line}:${location.column}`;
    groups.set(key, { key, name, form: 'class', location, ...(source && { source }), nodes: instances });
  }
  return [...groups.values()];
}

/** Up to `limit` of the list, evenly spread over it. */
export function spread<T>(list: readonly T[], limit: number): readonly T[] {
  if (list.length <= limit) return list;
  const step = list.length / limit;
  return Array.from({ length: limit }, (_, i) => list[Math.floor(i * step)] as T);
}

/** Instances whose keys are remembered for comparing with what refers to them. */
const KEYS = 50_000;

function fieldValues(graph: HeapGraph, nodes: readonly NodeIndex[], field: string): ReadonlySet<string> {
  const values = new Set<string>();
  for (const node of spread(nodes, KEYS)) {
    const value = graph.property(node, field);
    const leaf = value === undefined ? undefined : graph.leaf(value);
    if (typeof leaf === 'string' || typeof leaf === 'number') values.add(`${typeof leaf}:${String(leaf)}`);
  }
  return values;
}

interface OpenProfile {
  name: string;
  present: number;
  kinds: Map<NodeKind, number>;
  distinct: Map<string, Value>;
  open: boolean;
  targets: Map<string, number>;
}

function profile(
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
        field = { name, present: 0, kinds: new Map(), distinct: new Map(), open: false, targets: new Map() };
        fields.set(name, field);
      }
      field.present += 1;
      note(graph, field, value, keyOf);
    }
  }
  const closed = new Map<string, FieldProfile>();
  for (const [name, field] of fields) closed.set(name, { ...field, distinct: [...field.distinct.values()] });
  return { sampled: sample.length, fields: closed };
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
  }
}

/** The object itself, or what a collection holds: a few of its members stand for all. */
function reached(graph: HeapGraph, value: NodeIndex, kind: NodeKind): readonly NodeIndex[] {
  const few = 8;
  const known = (list: readonly (NodeIndex | undefined)[]): NodeIndex[] =>
    list.slice(0, few).filter((node): node is NodeIndex => node !== undefined);
  if (kind === 'array') return known(graph.elements(value));
  if (kind === 'set') return known(graph.setValues(value));
  if (kind === 'map')
    return known(
      graph
        .mapEntries(value)
        .slice(0, few)
        .map((entry) => entry.value),
    );
  return kind === 'object' ? [value] : [];
}

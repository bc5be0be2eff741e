// One bounded look over a heap: which classes and shapes of plain objects are the program's own, what their fields hold, who stores them.
import type { HeapGraph, HeapLocation, NodeIndex } from '../parse/index.ts';
import type { SourcePosition } from '../model/index.ts';
import { profile, type FieldProfile } from './fieldProfiles.ts';
import { shapesOf } from './shapes.ts';
import { spread } from './spread.ts';
import { unfold } from './unfold.ts';
import { keepingOf, type Keeping } from './keeping.ts';
import type { Program } from './programRoots.ts';

/** Instances looked at for what fields hold; more tell nothing new about a shape. */
const SAMPLE = 400;

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
  /** The heap as all that follows sees it: records unfolded. */
  readonly graph: HeapGraph;
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
  given: HeapGraph,
  toSource: ((location: HeapLocation) => SourcePosition | undefined) | undefined,
): Survey {
  const { graph, isWrapper } = unfold(given);
  const raw = [...classGroups(graph, isWrapper, toSource), ...shapesOf(graph)];
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
    namesScripts: graph.scripts.size > 0,
    isOwn: (location) => isOwn(graph, location),
    groupOf: keyOf,
    instances: () => rarest.flatMap(({ nodes }) => spread(nodes, SAMPLE)),
  };
  const keeping = keepingOf(graph, program, (key) => groups.get(key)?.name ?? '');
  return { graph, groups, keeping, groupOf, valuesOf };
}

function classGroups(
  graph: HeapGraph,
  isWrapper: (node: NodeIndex) => boolean,
  toSource: ((at: HeapLocation) => SourcePosition | undefined) | undefined,
): RawGroup[] {
  const groups = new Map<string, RawGroup>();
  for (const { name, location, instances } of graph.classes()) {
    const [first] = instances;
    if (!location || first === undefined || name === '') continue;
    // A library's class that wraps a record is a thing of the program.
    if (!isOwn(graph, location) && !isWrapper(first)) continue;
    if (graph.kind(first) !== 'object') continue;
    const nodes = instances.length > CHECKED ? instances : instances.filter((node) => holdsData(graph, node));
    if (nodes.length === 0) continue;
    const source = toSource?.(location);
    const key = `heap:${name}@${location.script}:${location.line}:${location.column}`;
    const kinds = isWrapper(first) ? byShape(graph, nodes) : [nodes];
    if (kinds.length === 1) groups.set(key, { key, name, form: 'class', location, ...(source && { source }), nodes });
    // One function makes all models of a library: what they hold tells them apart, and the class names none of them.
    else
      kinds.forEach((list, n) => groups.set(`${key}#${n}`, { key: `${key}#${n}`, name, form: 'shape', nodes: list }));
  }
  return [...groups.values()];
}

/** Wrappers of one class by the fields of their records; optional fields come and go. */
function byShape(graph: HeapGraph, nodes: readonly NodeIndex[]): NodeIndex[][] {
  const kinds: { readonly names: ReadonlySet<string>; readonly nodes: NodeIndex[] }[] = [];
  for (const node of nodes) {
    const names = new Set(graph.properties(node).map(({ name }) => name));
    const known = kinds.find((kind) => {
      const shared = [...names].filter((name) => kind.names.has(name)).length;
      return shared * 2 > Math.min(names.size, kind.names.size);
    });
    if (known) known.nodes.push(node);
    else kinds.push({ names, nodes: [node] });
  }
  return kinds.map((kind) => kind.nodes);
}

/** Instances of one class that are each looked at for whether they hold anything. */
const CHECKED = 50_000;

/** Prototypes, and objects whose constructor has not run yet, hold functions or nothing. */
function holdsData(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.properties(node).some(({ node: value }) => {
    const kind = graph.kind(value);
    return kind !== 'function' && kind !== 'internal' && kind !== 'undefined';
  });
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

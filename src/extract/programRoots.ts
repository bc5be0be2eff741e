// Where the program keeps things: what its functions closed over and its objects hold, searched forward, so that the runtime's own
// tables never come into view, and every collection comes with the names that lead to it.
import type { HeapGraph, HeapLocation, HeapProperty, NodeIndex } from '../parse/index.ts';

/** Objects looked at on the way; enough for every service object of a large program, and the first of its records. */
const VISITED = 600_000;
/** Functions whose variables are read. */
const FUNCTIONS = 30_000;
const DEEPEST = 7;
/** Members of one collection that are gone into: what holds more is a store, and its members are records. */
const INTO = 8;

/** Objects whose functions are looked into for what they close over, and how many functions of each. */
const OWNERS = 20_000;
const OPERATIONS = 12;

/** Under these a record library writes on a model what it is called. */
const MODEL_NAMES = new Set(['modelName', 'entityName', 'displayName', 'tableName', 'collectionName']);

export interface FoundCollection {
  readonly node: NodeIndex;
  readonly kind: 'map' | 'list' | 'object';
  /** Names from the variable to the collection. */
  readonly path: readonly string[];
  /** Where only functions of an object reach it: the names that lead to the object (`orders` in `orders = createTable()`). */
  readonly owner?: readonly string[];
  /** Groups of the objects on the way. */
  readonly through: readonly string[];
}

export interface Program {
  /** Whether the heap names its scripts: without, the runtime's own classes cannot be told from the program's. */
  readonly namesScripts: boolean;
  readonly isOwn: (location: HeapLocation) => boolean;
  readonly groupOf: (node: NodeIndex) => string | undefined;
  /** Instances of the program's own classes, the rarest classes first. */
  readonly instances: () => Iterable<NodeIndex>;
}

interface Step {
  readonly node: NodeIndex;
  readonly path: readonly string[];
  readonly through: readonly string[];
}

export function collectionsOf(graph: HeapGraph, program: Program): FoundCollection[] {
  const seen = new Uint8Array(graph.nodeCount);
  const found: FoundCollection[] = [];
  const met: Step[] = [];
  let left = VISITED;
  const search = (start: Iterable<Step>): void => {
    let level = [...start];
    for (let depth = 0; depth < DEEPEST && level.length > 0 && left > 0; depth += 1) {
      const next: Step[] = [];
      for (const step of level) {
        if (seen[step.node] === 1 || left <= 0) continue;
        seen[step.node] = 1;
        left -= 1;
        if (step.path.length > 0 && met.length < OWNERS && graph.kind(step.node) === 'object') met.push(step);
        for (const further of visit(graph, program, step, found)) next.push(further);
      }
      level = next;
    }
  };
  search(variables(graph, program));
  search([...program.instances()].map((node) => ({ node, path: [], through: [] })));
  const owners = ownersOf(graph, program, met);
  return found.map((each) => {
    const owner = owners.get(each.node);
    return owner ? { ...each, owner } : each;
  });
}

/** What the functions that hang on an object close over is the object's own, known by the object's name. */
function ownersOf(graph: HeapGraph, program: Program, met: readonly Step[]): Map<NodeIndex, readonly string[]> {
  const owners = new Map<NodeIndex, readonly string[]>();
  for (const { node, path } of met) {
    for (const { node: value } of graph.properties(node).slice(0, OPERATIONS)) {
      if (graph.kind(value) !== 'function') continue;
      const location = graph.constructorLocation(value);
      if (!location || !program.isOwn(location)) continue;
      for (const { node: inner } of graph.captured(value)) if (!owners.has(inner)) owners.set(inner, path);
    }
  }
  return owners;
}

/** Each value once, by the name that fewest values share: `Room` says more of a model than `Model`, which each of them is called. */
function variables(graph: HeapGraph, program: Program): Step[] {
  const namesOf = new Map<NodeIndex, Set<string>>();
  const valuesOf = new Map<string, number>();
  const met = ({ name, node }: HeapProperty): void => {
    const names = namesOf.get(node) ?? new Set<string>();
    if (names.has(name)) return;
    namesOf.set(node, names.add(name));
    valuesOf.set(name, (valuesOf.get(name) ?? 0) + 1);
  };
  let left = FUNCTIONS;
  for (let node = 0; node < graph.nodeCount && left > 0; node += 1) {
    const location = graph.constructorLocation(node);
    if (!location || !program.isOwn(location) || graph.kind(node) !== 'function') continue;
    left -= 1;
    graph.captured(node).forEach(met);
  }
  for (const global of graph.globals()) graph.properties(global).forEach(met);
  return [...namesOf].map(([node, names]) => {
    const [name] = [...names].sort((a, b) => (valuesOf.get(a) ?? 0) - (valuesOf.get(b) ?? 0));
    return { node, path: [name ?? ''], through: [] };
  });
}

function visit(graph: HeapGraph, program: Program, { node, path, through }: Step, found: FoundCollection[]): Step[] {
  const kind = graph.kind(node);
  const on = (value: NodeIndex | undefined, name?: string): Step[] =>
    value === undefined ? [] : [{ node: value, path: name === undefined ? path : [...path, name], through }];
  if (kind === 'map') {
    found.push({ node, kind: 'map', path, through });
    return graph
      .mapEntries(node)
      .slice(0, INTO)
      .flatMap(({ value }) => on(value));
  }
  if (kind === 'array') {
    found.push({ node, kind: 'list', path, through });
    return graph
      .elements(node)
      .slice(0, INTO)
      .flatMap((value) => on(value));
  }
  // Tables may hang on a class or constructor function itself (`static rows`, `Model.rows`).
  if (kind === 'function') {
    const at = graph.constructorLocation(node);
    if (!at || !program.namesScripts || !program.isOwn(at)) return [];
    const statics = graph.properties(node).filter(({ node: value }) => graph.kind(value) !== 'function');
    const called = statics.filter(({ name }) => MODEL_NAMES.has(name)).map(({ node: value }) => graph.leaf(value));
    const way = [...path, ...called.filter((name) => typeof name === 'string')];
    return statics.map(({ name, node: value }) => ({ node: value, path: [...way, name], through }));
  }
  if (kind !== 'object') return [];
  const location = graph.constructorLocation(node);
  if (location && !program.isOwn(location)) return [];
  const plain = location === undefined;
  if (plain && graph.name(node) !== 'Object' && graph.name(node) !== '') return [];
  if (plain) found.push({ node, kind: 'object', path, through });
  const group = program.groupOf(node);
  const way = group === undefined ? through : [...through, group];
  return graph.properties(node).map(({ name, node: value }) => ({ node: value, path: [...path, name], through: way }));
}

// Who keeps objects: Maps, plain tables, lists. A thing that is kept under the value of one of its own fields has its identity there.
import type { HeapGraph, NodeIndex } from '../parse/index.ts';
import type { HeapGroup } from './survey.ts';

/** Entries looked at over all stores; what lies beyond is kept but not counted. */
const ENTRIES = 400_000;
/** Lists looked at for what they hold, by their first elements. */
const LISTS = 50_000;
const FIRST = 16;
/** A table's first entries decide whether it is one. */
const TELLING = 8;
/** Instances looked at for the collections they hold, over all groups. */
const HOLDERS = 200_000;
/** Where more instances than this hold a collection in one field, it is part of them and no store. */
const FEW = 3;
/** Beyond this size the names of variables are not looked up: it takes an index of all edges. */
const EDGES = 40_000_000;

export interface Store {
  readonly node: NodeIndex;
  readonly form: 'map' | 'table' | 'list';
  /** Name of the property or variable that holds it; '' where it is not known. */
  readonly name: string;
  /** How many members of which group. */
  readonly members: ReadonlyMap<string, number>;
}

export interface Keeping {
  /** Of a group: how often instances are kept under the value of a field, by the field's name. */
  readonly keyedBy: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Stores that stand on their own: no collection of a thing that is itself kept. */
  readonly stores: readonly Store[];
  /** Whether a store holds this very object. */
  isHeld(node: NodeIndex): boolean;
}

interface OpenStore {
  readonly node: NodeIndex;
  readonly form: Store['form'];
  readonly members: Map<string, number>;
  readonly keys: Map<string, Map<string, number>>;
}

export function keepingOf(
  graph: HeapGraph,
  groups: ReadonlyMap<string, HeapGroup>,
  keyOf: (node: NodeIndex) => string | undefined,
): Keeping {
  const inner = heldInFields(graph, groups);
  const held = new Uint8Array(graph.nodeCount);
  const found: OpenStore[] = [];
  let left = ENTRIES;
  const open = (node: NodeIndex, form: Store['form']): OpenStore => ({
    node,
    form,
    members: new Map(),
    keys: new Map(),
  });
  const close = (store: OpenStore): void => {
    if (store.members.size > 0) found.push(store);
  };

  const put = (store: OpenStore, value: NodeIndex | undefined, key: string | undefined): void => {
    const group = value === undefined ? undefined : keyOf(value);
    if (value === undefined || group === undefined) return;
    const thing = key === undefined ? value : wrapped(graph, value, key, keyOf);
    const of = keyOf(thing) ?? group;
    held[thing] = 1;
    add(store.members, of);
    if (key === undefined) return;
    for (const { name, node } of graph.properties(thing)) {
      if (keyText(graph, node) === key) {
        const fields = store.keys.get(of) ?? new Map<string, number>();
        add(fields, name);
        store.keys.set(of, fields);
      }
    }
  };

  for (const { name, instances } of graph.classes()) {
    const first = instances[0];
    if (first === undefined || left <= 0) continue;
    const kind = graph.kind(first);
    if (kind === 'map') {
      for (const map of instances) {
        if (left <= 0 || inner.has(map)) continue;
        const store = open(map, 'map');
        for (const { key, value } of graph.mapEntries(map)) {
          left -= 1;
          put(store, value, key === undefined ? undefined : keyText(graph, key));
        }
        close(store);
      }
    } else if (kind === 'array') {
      for (const list of instances.slice(0, LISTS)) {
        if (inner.has(list)) continue;
        const store = open(list, 'list');
        for (const value of graph.elements(list).slice(0, FIRST)) put(store, value, undefined);
        close(store);
      }
    } else if (name === 'Object' && kind === 'object') {
      for (const table of instances) {
        if (left <= 0 || inner.has(table)) continue;
        const entries = entriesOf(graph, table);
        if (!isTable(graph, entries, keyOf)) continue;
        const store = open(table, 'table');
        for (const { key, value } of entries) put(store, value, key);
        left -= entries.length;
        close(store);
      }
    }
  }

  const keyedBy = new Map<string, Map<string, number>>();
  for (const { keys } of found) {
    for (const [group, fields] of keys) {
      const known = keyedBy.get(group) ?? new Map<string, number>();
      for (const [field, count] of fields) add(known, field, count);
      keyedBy.set(group, known);
    }
  }
  const named = graph.edgeCount <= EDGES;
  const stores = found.map(({ node, form, members }): Store => ({
    node,
    form,
    members,
    name: form === 'list' || !named ? '' : holderName(graph, node),
  }));
  return { keyedBy, stores, isHeld: (node) => held[node] === 1 };
}

function add(counts: Map<string, number>, key: string, count = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/** Text of a leaf that can be a key; undefined for all else. */
function keyText(graph: HeapGraph, node: NodeIndex): string | undefined {
  const kind = graph.kind(node);
  if (kind !== 'string' && kind !== 'number') return undefined;
  const leaf = graph.leaf(node);
  return typeof leaf === 'string' || typeof leaf === 'number' ? String(leaf) : undefined;
}

/** A store may keep things in a wrapper (a stream with its state, a cache line): the thing is what has the key. */
function wrapped(
  graph: HeapGraph,
  value: NodeIndex,
  key: string,
  keyOf: (node: NodeIndex) => string | undefined,
): NodeIndex {
  const properties = graph.properties(value);
  if (properties.some(({ node }) => keyText(graph, node) === key)) return value;
  const inside = properties.filter(
    ({ node }) =>
      graph.kind(node) === 'object' &&
      keyOf(node) !== undefined &&
      graph.properties(node).some((own) => keyText(graph, own.node) === key),
  );
  return inside.length === 1 ? (inside[0] as { node: NodeIndex }).node : value;
}

interface Entry {
  readonly key: string;
  readonly value: NodeIndex;
}

function entriesOf(graph: HeapGraph, node: NodeIndex): Entry[] {
  return graph.properties(node).map(({ name, node: value }) => ({ key: name, value }));
}

/** A plain object is a table where what it holds has its key as the value of a field. */
function isTable(graph: HeapGraph, entries: readonly Entry[], keyOf: (node: NodeIndex) => string | undefined): boolean {
  if (entries.length === 0) return false;
  return entries
    .slice(0, TELLING)
    .every(
      ({ key, value }) =>
        keyOf(value) !== undefined && graph.properties(value).some(({ node }) => keyText(graph, node) === key),
    );
}

/** Collections that many instances of a group hold each their own of. */
function heldInFields(graph: HeapGraph, groups: ReadonlyMap<string, HeapGroup>): ReadonlySet<NodeIndex> {
  const inner = new Set<NodeIndex>();
  let left = HOLDERS;
  for (const group of groups.values()) {
    const fields = [...group.fields.values()].filter(
      ({ kinds }) => (kinds.get('map') ?? 0) + (kinds.get('array') ?? 0) + (kinds.get('object') ?? 0) > FEW,
    );
    if (fields.length === 0) continue;
    for (const node of group.nodes.slice(0, Math.max(0, left))) {
      left -= 1;
      for (const { name } of fields) {
        const value = graph.property(node, name);
        if (value !== undefined && ['map', 'array', 'object'].includes(graph.kind(value))) inner.add(value);
      }
    }
  }
  return inner;
}

const PLAIN_NAME = /^[\p{L}_$#][\p{L}\d_$]*$/u;
const SAYS_NOTHING =
  /^[#_]*(rows|items|data|map|store|storage|table|entries|cache|byid|byname|values|list|all|this|value|o|e|t|n|r|i|s)$/i;

/** The variable or property that holds a store; where that says nothing (`rows`), the one that holds its holder. */
function holderName(graph: HeapGraph, node: NodeIndex, depth = 0): string {
  for (const { name, node: holder } of graph.referrers(node)) {
    if (!PLAIN_NAME.test(name)) continue;
    if (!SAYS_NOTHING.test(name)) return name;
    if (depth < 2 && graph.kind(holder) === 'object') {
      const outer = holderName(graph, holder, depth + 1);
      if (outer !== '') return outer;
    }
  }
  return '';
}

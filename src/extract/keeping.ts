// Who keeps objects: Maps, plain tables, lists. A thing that is kept under the value of one of its own fields has its identity there.
import type { HeapGraph, NodeIndex } from '../parse/index.ts';
import { bareName, identityRank, isDoer, wordsOf } from './names.ts';
import { collectionsOf, type FoundCollection, type Program } from './programRoots.ts';

/** Entries looked at over all stores; what lies beyond is kept but not counted. */
const ENTRIES = 400_000;
/** First members of a list, enough to see what it holds. */
const FIRST = 16;
/** A table's first entries decide whether it is one. */
const TELLING = 8;

/** After so many members it is known which field is the key. */
const SURE = 64;

export interface Store {
  readonly form: 'map' | 'table' | 'list';
  /** The name on the way to it that says most; '' where none says anything. */
  readonly name: string;
  /** How many members of which group. */
  readonly members: ReadonlyMap<string, number>;
}

export interface Keeping {
  /** Of a group: how often instances are kept under the value of a field, by the field's name. */
  readonly keyedBy: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Of a group: a field named as an id whose values differ throughout a list that stands on its own. */
  readonly listedBy: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Stores that stand on their own: no collection of a thing that is itself kept. */
  readonly stores: readonly Store[];
  /** Whether a store holds this very object. */
  isHeld(node: NodeIndex): boolean;
}

interface OpenStore {
  readonly form: Store['form'];
  readonly found: FoundCollection;
  readonly things: NodeIndex[];
  readonly members: Map<string, number>;
  /** Of a group: fields whose value is the key. */
  readonly keys: Map<string, Map<string, number>>;
}

export function keepingOf(graph: HeapGraph, program: Program, nameOf: (group: string) => string): Keeping {
  const { groupOf } = program;
  const open: OpenStore[] = [];
  let left = ENTRIES;
  for (const found of collectionsOf(graph, program)) {
    if (left <= 0) break;
    const entries = entriesOf(graph, found, groupOf);
    left -= entries.length;
    const store = fill(graph, found, entries, groupOf);
    if (store.members.size > 0) open.push(store);
  }

  // A collection of a kept thing is part of it, no store: the shortest ways come first, so that the keeper is known.
  open.sort((a, b) => a.found.through.length - b.found.through.length);
  const kept = new Set<string>();
  const stores: OpenStore[] = [];
  for (const store of open) {
    if (store.found.through.some((group) => kept.has(group))) continue;
    stores.push(store);
    if (store.form === 'list') continue;
    for (const group of store.keys.keys()) if (!isDoer(nameOf(group))) kept.add(group);
  }

  const held = new Uint8Array(graph.nodeCount);
  const keyedBy = new Map<string, Map<string, number>>();
  const listedBy = new Map<string, Map<string, number>>();
  for (const { form, things, keys } of stores) {
    for (const node of things) held[node] = 1;
    const by = form === 'list' ? listedBy : keyedBy;
    for (const [group, fields] of keys) {
      const known = by.get(group) ?? new Map<string, number>();
      for (const [field, count] of fields) add(known, field, count);
      by.set(group, known);
    }
  }
  return {
    keyedBy,
    listedBy,
    stores: stores.map(({ form, members, found }) => ({
      form,
      members,
      name: tellingName(found.path) || tellingName(found.owner ?? []),
    })),
    isHeld: (node) => held[node] === 1,
  };
}

interface Entry {
  readonly key: string | undefined;
  readonly value: NodeIndex;
}

function entriesOf(graph: HeapGraph, { node, kind }: FoundCollection, groupOf: Program['groupOf']): Entry[] {
  if (kind === 'map') {
    return graph
      .mapEntries(node)
      .flatMap(({ key, value }) =>
        value === undefined ? [] : [{ key: key === undefined ? undefined : keyText(graph, key), value }],
      );
  }
  if (kind === 'list') {
    return graph
      .elements(node)
      .slice(0, FIRST)
      .flatMap((value) => (value === undefined ? [] : [{ key: undefined, value }]));
  }
  const entries = graph.properties(node).map(({ name, node: value }) => ({ key: name, value }));
  return isTable(graph, entries, groupOf) ? entries : [];
}

/** A plain object is a table where each thing it holds has its key as the value of a field. */
function isTable(graph: HeapGraph, entries: readonly Entry[], groupOf: Program['groupOf']): boolean {
  return (
    entries.length > 0 &&
    entries
      .slice(0, TELLING)
      .every(({ key, value }) => groupOf(value) !== undefined && keyFields(graph, value, key as string).length > 0)
  );
}

function fill(
  graph: HeapGraph,
  found: FoundCollection,
  entries: readonly Entry[],
  groupOf: Program['groupOf'],
): OpenStore {
  const form = found.kind === 'object' ? 'table' : found.kind;
  const store: OpenStore = { form, found, things: [], members: new Map(), keys: new Map() };
  for (const { key, value } of entries) {
    if (groupOf(value) === undefined) continue;
    const plain = key === undefined || store.keys.has(groupOf(value) as string);
    const thing = plain ? value : unwrapped(graph, value, key, groupOf);
    const group = groupOf(thing) as string;
    store.things.push(thing);
    add(store.members, group);
    const known = store.keys.get(group);
    const only = known && store.things.length > SURE ? [...known].filter(([, count]) => count * 2 > SURE) : undefined;
    for (const field of key === undefined
      ? []
      : keyFields(
          graph,
          thing,
          key,
          only?.map(([name]) => name),
        )) {
      const fields = known ?? new Map<string, number>();
      add(fields, field);
      store.keys.set(group, fields);
    }
  }
  // V8 does not write whole numbers as keys of a Map: where no key could be read, a field named as one must do.
  if (form !== 'table' && store.keys.size === 0) keysByName(graph, store, groupOf);
  return store;
}

function keysByName(graph: HeapGraph, store: OpenStore, groupOf: Program['groupOf']): void {
  const values = new Map<string, Map<string, Set<string>>>();
  for (const thing of store.things) {
    const group = groupOf(thing) as string;
    const fields = values.get(group) ?? new Map<string, Set<string>>();
    for (const { name, node } of graph.properties(thing)) {
      const text = identityRank(name, '') === 0 ? keyText(graph, node) : undefined;
      if (text !== undefined) fields.set(name, (fields.get(name) ?? new Set()).add(text));
    }
    values.set(group, fields);
  }
  for (const [group, fields] of values) {
    for (const [field, distinct] of fields) {
      if (distinct.size === store.members.get(group)) store.keys.set(group, new Map([[field, distinct.size]]));
    }
  }
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

/** Fields whose value is the key; once it is known which they are, only these are looked at. */
function keyFields(graph: HeapGraph, thing: NodeIndex, key: string, known?: readonly string[]): string[] {
  return graph
    .properties(thing)
    .filter(({ name, node }) => (known === undefined || known.includes(name)) && keyText(graph, node) === key)
    .map(({ name }) => name);
}

/** A store may keep things in a wrapper (a stream with its state, a cache line): the thing is what has the key. */
function unwrapped(graph: HeapGraph, value: NodeIndex, key: string, groupOf: Program['groupOf']): NodeIndex {
  if (keyFields(graph, value, key).length > 0) return value;
  const inside = graph
    .properties(value)
    .filter(
      ({ node }) =>
        graph.kind(node) === 'object' && groupOf(node) !== undefined && keyFields(graph, node, key).length > 0,
    );
  const [only] = inside;
  return only && inside.length === 1 ? only.node : value;
}

const SAYS_NOTHING = new Set(
  'rows row items item data map store storage table tables entries cache by id key keys name index values list all this value state db database module exports memory default'.split(
    ' ',
  ),
);

/** From the collection back to the variable: the first name with a word of its own. */
function tellingName(path: readonly string[]): string {
  for (const name of [...path].reverse()) {
    const bare = bareName(name);
    if (bare.length > 2 && wordsOf(bare).some((word) => !SAYS_NOTHING.has(word))) return bare;
  }
  return '';
}

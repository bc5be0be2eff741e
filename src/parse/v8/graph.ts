// The columns of a V8 heap snapshot seen as a HeapGraph: objects are made when asked for, and what costs a pass over
// the whole heap (classes, referrers) is made once.
import type { Problem, Value } from '../../model/index.ts';
import type {
  HeapClass,
  HeapGraph,
  HeapLocation,
  HeapProperty,
  HeapReferrer,
  NodeIndex,
  NodeKind,
} from '../heapGraph.ts';
import { buildHeap, type Heap, internal, NONE, type SnapshotParts } from './heap.ts';
import { Kinds, nativeContexts } from './kinds.ts';
import { EDGE, NODE } from './layout.ts';
import { leafOf } from './leaves.ts';
import { Objects } from './objects.ts';
import { Referrers } from './referrers.ts';
import { classesOf, Sites } from './sites.ts';
import { entriesOf, tableOf } from './tables.ts';
import { Texts } from './texts.ts';

/** The hidden field of a Proxy that leads to its target. */
const PROXY_TARGET = 1;
const LONGEST_CHAIN = 64;

type Entry = { readonly key: NodeIndex | undefined; readonly value: NodeIndex | undefined };

export function finishGraph(parts: SnapshotParts): HeapGraph {
  return new SnapshotGraph(buildHeap(parts), parts);
}

class SnapshotGraph implements HeapGraph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly scripts: HeapGraph['scripts'];
  readonly target: HeapGraph['target'];
  readonly problems: readonly Problem[];
  readonly #heap: Heap;
  readonly #kinds: Kinds;
  readonly #texts: Texts;
  readonly #objects: Objects;
  readonly #globals: readonly NodeIndex[];
  #sites: Sites | undefined;
  #classes: readonly HeapClass[] | undefined;
  #referrers: Referrers | undefined;

  constructor(heap: Heap, parts: SnapshotParts) {
    this.nodeCount = heap.nodeCount;
    this.edgeCount = heap.edgeCount;
    this.scripts = parts.notes.scripts;
    this.target = parts.notes.target;
    this.#heap = heap;
    this.#kinds = new Kinds(heap);
    this.#texts = new Texts(heap);
    this.#objects = new Objects(heap, this.#kinds);
    this.#globals = globalsOf(heap);
    this.problems = [...parts.problems, ...numberProblem(heap)];
  }

  #valid(node: NodeIndex): boolean {
    return Number.isInteger(node) && node >= 0 && node < this.nodeCount;
  }

  kind(node: NodeIndex): NodeKind {
    return this.#valid(node) ? this.#kinds.of(node) : 'internal';
  }

  name(node: NodeIndex): string {
    if (!this.#valid(node)) return '';
    const type = this.#heap.types[node];
    if (type === NODE.string || type === NODE.cons || type === NODE.sliced) return this.#texts.shown(node);
    return this.#heap.strings.name(this.#heap.names[this.#behind(node)] as number);
  }

  heapId(node: NodeIndex): number {
    return this.#heap.ids[node] ?? 0;
  }

  selfSize(node: NodeIndex): number {
    return this.#valid(node) ? this.#heap.selfSize(node) : 0;
  }

  constructorLocation(node: NodeIndex): HeapLocation | undefined {
    return this.#places().of(node);
  }

  #places(): Sites {
    this.#sites ??= new Sites(this.#heap);
    return this.#sites;
  }

  classes(): readonly HeapClass[] {
    this.#classes ??= classesOf(this.#heap, this.#places(), new Set(this.#globals));
    return this.#classes;
  }

  properties(node: NodeIndex): readonly HeapProperty[] {
    const seen = this.#behind(node);
    return this.#valid(seen) ? this.#objects.properties(seen, this.kind(seen)) : [];
  }

  property(node: NodeIndex, name: string): NodeIndex | undefined {
    const seen = this.#behind(node);
    return this.#valid(seen) ? this.#objects.property(seen, this.kind(seen), name) : undefined;
  }

  elements(node: NodeIndex): readonly (NodeIndex | undefined)[] {
    return this.kind(node) === 'array' ? this.#objects.elements(node) : [];
  }

  lengthOf(node: NodeIndex): number | undefined {
    return this.kind(node) === 'array' ? this.#objects.lengthOf(node) : undefined;
  }

  mapEntries(node: NodeIndex): readonly Entry[] {
    return this.#entries(node, 'map').map(([key, value]) => ({ key, value }));
  }

  setValues(node: NodeIndex): readonly (NodeIndex | undefined)[] {
    return this.#entries(node, 'set').map(([value]) => value);
  }

  #entries(node: NodeIndex, kind: 'map' | 'set'): readonly (readonly (NodeIndex | undefined)[])[] {
    const table = this.#valid(node) ? tableOf(this.#heap, node) : undefined;
    return table?.kind === kind ? entriesOf(this.#heap, table) : [];
  }

  captured(node: NodeIndex): readonly HeapProperty[] {
    switch (this.kind(node)) {
      case 'function':
        return this.#objects.captured(node);
      case 'promise':
        return this.#slot('[[PromiseResult]]', internal(this.#heap, node, 'reactions_or_result'));
      case 'weak':
        return this.#slot('[[Target]]', this.#heap.follow(node, EDGE.weak, this.#heap.known.target));
      default:
        return [];
    }
  }

  /** A slot of V8's own, where a program's value stands in it. */
  #slot(name: string, node: number): readonly HeapProperty[] {
    return node !== NONE && this.#kinds.of(node) !== 'internal' ? [{ name, node }] : [];
  }

  /** What a reader sees at a node: the target of a Proxy, of proxies of proxies too. */
  #behind(node: NodeIndex): NodeIndex {
    let seen = node;
    for (let step = 0; step < LONGEST_CHAIN && this.kind(seen) === 'proxy'; step++) {
      const target = this.#heap.follow(seen, EDGE.hidden, PROXY_TARGET);
      if (target === NONE) break;
      seen = target;
    }
    return seen;
  }

  leaf(node: NodeIndex): Value | undefined {
    return this.#valid(node) ? leafOf(this.#heap, this.#kinds, this.#texts, node, this.kind(node)) : undefined;
  }

  referrers(node: NodeIndex): readonly HeapReferrer[] {
    this.#referrers ??= new Referrers(this.#heap);
    return this.#referrers.of(node);
  }

  globals(): readonly NodeIndex[] {
    return this.#globals;
  }
}

/** The root leads to each global object by a shortcut; a native context has its own. */
function globalsOf(heap: Heap): NodeIndex[] {
  const found = new Set<NodeIndex>();
  for (let edge = 0; edge < (heap.first[1] ?? 0); edge++) {
    const target = heap.targets[edge] as number;
    if (heap.edgeTypes[edge] === EDGE.shortcut && heap.types[target] === NODE.object) found.add(target);
  }
  for (const context of nativeContexts(heap)) {
    const global = internal(heap, context, 'extension');
    if (global !== NONE && heap.types[global] === NODE.object) found.add(global);
  }
  return [...found];
}

/** A capture without `captureNumericValue` has objects whose numbers are absent altogether. */
function numberProblem(heap: Heap): Problem[] {
  if (heap.nodeCount === 0 || heap.known['smi number'] !== NONE || heap.known.value === NONE) return [];
  return [
    {
      code: 'no-numbers',
      message: 'The snapshot was taken without the values of numbers: they are missing everywhere.',
    },
  ];
}

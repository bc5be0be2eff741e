// Which kind of value a node is. V8 writes class names, which a program may reuse: what decides is the chain of prototypes
// up to the engine's own, and the size of a hash table, whose form tells Map, Set and WeakMap apart.
import type { NodeKind } from '../heapGraph.ts';
import { type Heap, internal, NONE } from './heap.ts';
import { EDGE, NODE } from './layout.ts';
import { tableOf } from './tables.ts';

/** Edges of a native context that lead to a prototype, or to a constructor that has it. */
const PROTOTYPES: readonly (readonly [string, NodeKind])[] = [
  ['initial_array_prototype', 'array'],
  ['initial_error_prototype', 'error'],
  ['promise_prototype', 'promise'],
  ['typed_array_prototype', 'bytes'],
];
const CONSTRUCTORS: readonly (readonly [string, NodeKind])[] = [
  ['date_function', 'date'],
  ['array_buffer_fun', 'bytes'],
  ['shared_array_buffer_fun', 'bytes'],
  ['data_view_fun', 'bytes'],
  ['number_function', 'boxed'],
  ['string_function', 'boxed'],
  ['boolean_function', 'boxed'],
  ['bigint_function', 'boxed'],
  ['symbol_function', 'boxed'],
  ['js_weak_map_fun', 'weak'],
  ['js_weak_set_fun', 'weak'],
  ['js_weak_ref_fun', 'weak'],
];
const LONGEST_CHAIN = 64;

export class Kinds {
  readonly #heap: Heap;
  /** Engine's own prototype objects. */
  readonly #native: ReadonlyMap<number, NodeKind>;
  /** By hidden class: all objects of one have the same prototype. */
  readonly #ofMap = new Map<number, NodeKind>();

  constructor(heap: Heap) {
    this.#heap = heap;
    this.#native = nativePrototypes(heap);
  }

  of(node: number): NodeKind {
    switch (this.#heap.types[node]) {
      case NODE.object:
        return this.#object(node);
      case NODE.string:
      case NODE.cons:
      case NODE.sliced:
        return 'string';
      case NODE.number:
        return 'number';
      case NODE.closure:
        return 'function';
      case NODE.symbol:
        return 'symbol';
      case NODE.bigint:
        return 'bigint';
      case NODE.regexp:
        return 'regexp';
      case NODE.hidden:
        return this.#hidden(node);
      default:
        return 'internal';
    }
  }

  #object(node: number): NodeKind {
    const heap = this.#heap;
    if (heap.strings.name(heap.names[node] as number).startsWith('system / ')) return 'internal';
    const table = tableOf(heap, node);
    if (table) return table.kind;
    const map = internal(heap, node, 'map');
    const known = map === NONE ? undefined : this.#ofMap.get(map);
    if (known) return known;
    const kind = this.#byPrototype(node);
    if (map !== NONE) this.#ofMap.set(map, kind);
    return kind;
  }

  #byPrototype(node: number): NodeKind {
    const heap = this.#heap;
    let at = node;
    for (let step = 0; step < LONGEST_CHAIN; step++) {
      at = prototypeOf(heap, at);
      if (at === NONE) return 'object';
      const kind = this.#native.get(at);
      if (kind) return kind;
    }
    return 'object';
  }

  #hidden(node: number): NodeKind {
    const { names, known } = this.#heap;
    const name = names[node] as number;
    if (name === known['system / JSProxy']) return 'proxy';
    const text = name === known['system / Oddball'] ? this.#oddball(node) : name;
    if (text === known.true || text === known.false) return 'boolean';
    if (text === known.null) return 'null';
    if (text === known.undefined) return 'undefined';
    return 'internal';
  }

  /** Before Node 24 an oddball has no name of its own, but leads to its text. */
  #oddball(node: number): number {
    const heap = this.#heap;
    const text = heap.follow(node, EDGE.hidden, 0);
    return text === NONE ? NONE : (heap.names[text] as number);
  }

  /** True or false, where the node is one of them. */
  boolean(node: number): boolean {
    const { names, known } = this.#heap;
    const name = names[node] as number;
    return (name === known['system / Oddball'] ? this.#oddball(node) : name) === known.true;
  }

  isAccessor(node: number): boolean {
    const { names, types, known } = this.#heap;
    const name = names[node];
    return (
      types[node] === NODE.hidden &&
      (name === known['system / AccessorPair'] || name === known['system / AccessorInfo'])
    );
  }
}

/** Some objects lead to their prototype only through their hidden class. */
function prototypeOf(heap: Heap, node: number): number {
  const own = heap.follow(node, EDGE.property, heap.known.__proto__);
  if (own !== NONE) return own;
  const map = internal(heap, node, 'map');
  return map === NONE ? NONE : internal(heap, map, 'prototype');
}

/** The native contexts: one for each realm of the program. */
export function nativeContexts(heap: Heap): number[] {
  const wanted = heap.known['system / NativeContext'];
  const found: number[] = [];
  for (let node = 0; node < heap.nodeCount; node++) {
    if (heap.names[node] === wanted && heap.types[node] !== NODE.string) found.push(node);
  }
  return found;
}

function nativePrototypes(heap: Heap): Map<number, NodeKind> {
  const kinds = new Map<number, NodeKind>();
  const numbers = heap.strings.find([...PROTOTYPES, ...CONSTRUCTORS].map(([name]) => name));
  for (const context of nativeContexts(heap)) {
    PROTOTYPES.forEach(([, kind], at) => {
      const prototype = heap.follow(context, EDGE.internal, numbers[at] ?? NONE);
      if (prototype !== NONE) kinds.set(prototype, kind);
    });
    CONSTRUCTORS.forEach(([, kind], at) => {
      const constructor = heap.follow(context, EDGE.internal, numbers[PROTOTYPES.length + at] ?? NONE);
      const prototype = constructor === NONE ? NONE : heap.follow(constructor, EDGE.property, heap.known.prototype);
      if (prototype !== NONE) kinds.set(prototype, kind);
    });
  }
  return kinds;
}

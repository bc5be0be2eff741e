// What an object holds: properties, elements, captured variables. What V8 keeps for itself is left out.
import type { HeapProperty, NodeKind } from '../heapGraph.ts';
import { type Heap, internal, lacks, mostSlots, NONE } from './heap.ts';
import { NOTHING } from './columns.ts';
import type { Kinds } from './kinds.ts';
import { EDGE, NODE } from './layout.ts';

const SYMBOL = /^<symbol ?([\s\S]*)>$/;
/** Names that V8 writes as they are, and for nothing of its own. */
const ORDINARY = /^#?(?!__proto__$|prototype$)[A-Za-z_$][\w$]*$/;
const POINTER = 8;
const ARRAY_HEADER = 2 * POINTER;
const LONGEST_CHAIN = 4096;

export class Objects {
  readonly #heap: Heap;
  readonly #kinds: Kinds;

  constructor(heap: Heap, kinds: Kinds) {
    this.#heap = heap;
    this.#kinds = kinds;
  }

  #name(edge: number): string {
    return this.#heap.strings.name(this.#heap.edgeNames[edge] as number);
  }

  /** Targets that a program can see; the rest are V8's own, such as a recorded stack under a private symbol. */
  #visible(node: number): boolean {
    return this.#kinds.of(node) !== 'internal' || this.#kinds.isAccessor(node);
  }

  properties(node: number, kind: NodeKind): HeapProperty[] {
    const heap = this.#heap;
    const { edgeTypes, edgeNames, targets, known } = heap;
    const list: HeapProperty[] = [];
    const halves = new Set<number>();
    const end = heap.first[node + 1] ?? 0;
    for (let edge = heap.first[node] ?? 0; edge < end; edge++) {
      const target = targets[edge] as number;
      if (target === NOTHING) continue;
      if (edgeTypes[edge] === EDGE.element) {
        if (kind !== 'array') list.push({ name: String(edgeNames[edge]), node: target });
        continue;
      }
      if (edgeTypes[edge] !== EDGE.property) continue;
      const number = edgeNames[edge] as number;
      if (number === known.__proto__ || number >= heap.strings.length || !this.#visible(target)) continue;
      if (kind === 'function' && number === known.prototype) continue;
      if (this.#kinds.isAccessor(target)) halves.add(number);
      const name = this.#name(edge);
      const symbol = name.startsWith('<symbol') ? SYMBOL.exec(name) : null;
      // An error keeps the text of its stack under a nameless symbol of V8's own.
      if (kind === 'error' && symbol?.[1] === '') continue;
      list.push({ name: symbol ? `@@${symbol[1]}` : name, node: target });
    }
    if (halves.size === 0) return list;
    // An accessor `x` is written three times: as the pair, and each half as `get x` and `set x`.
    const doubled = new Set(
      [...halves].flatMap((number) => ['get ', 'set '].map((half) => half + heap.strings.name(number))),
    );
    return list.filter(({ name, node: target }) => !doubled.has(name) || !this.#isHalf(target));
  }

  /** One property by name, without making the list where the name is an ordinary one. */
  property(node: number, kind: NodeKind, wanted: string): number | undefined {
    const heap = this.#heap;
    if (!ORDINARY.test(wanted)) return this.properties(node, kind).find(({ name }) => name === wanted)?.node;
    const end = heap.first[node + 1] ?? 0;
    for (let edge = heap.first[node] ?? 0; edge < end; edge++) {
      const target = heap.targets[edge] as number;
      if (heap.edgeTypes[edge] !== EDGE.property || target === NOTHING || this.#name(edge) !== wanted) continue;
      if (this.#visible(target)) return target;
    }
    return undefined;
  }

  #isHalf(node: number): boolean {
    return this.#heap.types[node] === NODE.closure || this.#kinds.of(node) === 'internal';
  }

  /** By index; a gap is `undefined`. The last index written ends the array. */
  elements(node: number): (number | undefined)[] {
    const { edgeTypes, edgeNames, targets, first } = this.#heap;
    const from = first[node] ?? 0;
    const end = first[node + 1] ?? 0;
    const written: [number, number][] = [];
    let length = 0;
    for (let edge = from; edge < end; edge++) {
      if (edgeTypes[edge] !== EDGE.element || targets[edge] === NOTHING) continue;
      const index = edgeNames[edge] as number;
      written.push([index, targets[edge] as number]);
      if (index < NOTHING) length = Math.max(length, index + 1);
    }
    const most = mostSlots(this.#heap);
    const known = Math.max(length, this.lengthOf(node) ?? 0);
    const list = new Array<number | undefined>(Math.min(known, most)).fill(undefined);
    for (const [index, target] of written) if (index < list.length) list[index] = target;
    return list;
  }

  /** Slots of the backing store; 0 where there is none. */
  #capacity(node: number): number {
    const store = internal(this.#heap, node, 'elements');
    return store === NONE ? 0 : Math.max(0, Math.floor((this.#heap.selfSize(store) - ARRAY_HEADER) / POINTER));
  }

  /**
   * V8 does not write an array's length. It is certain for an array without backing store (0), for a literal that was
   * never changed (its store is shared and exact), and where the last slot of the store is filled.
   */
  lengthOf(node: number): number | undefined {
    const heap = this.#heap;
    const store = internal(heap, node, 'elements');
    if (store === NONE) return lacks(heap, node, 'elements') && !this.#holds(node, EDGE.element) ? 0 : undefined;
    if (store >= heap.whole) return undefined;
    const slots = this.#capacity(node);
    if (slots === 0) return undefined;
    if (heap.types[store] === NODE.code) return slots;
    return heap.follow(node, EDGE.element, slots - 1) !== NONE ? slots : undefined;
  }

  #holds(node: number, type: number): boolean {
    const { first, edgeTypes } = this.#heap;
    for (let edge = first[node] ?? 0; edge < (first[node + 1] ?? 0); edge++) if (edgeTypes[edge] === type) return true;
    return false;
  }

  /** Variables a function closed over, the innermost first; for a bound function what it is bound to. */
  captured(node: number): HeapProperty[] {
    const heap = this.#heap;
    const bound = this.#bound(node);
    if (bound.length > 0) return bound;
    const list: HeapProperty[] = [];
    const names = new Set<string>();
    const visited = new Set<number>();
    let context = internal(heap, node, 'context');
    while (context !== NONE && !visited.has(context) && visited.size < LONGEST_CHAIN) {
      // The outermost context is the engine's own.
      if (heap.names[context] === heap.known['system / NativeContext']) break;
      visited.add(context);
      for (let edge = heap.first[context] as number; edge < (heap.first[context + 1] as number); edge++) {
        if (heap.edgeTypes[edge] !== EDGE.context || heap.targets[edge] === NOTHING) continue;
        const target = heap.targets[edge] as number;
        const name = this.#name(edge);
        if (names.has(name)) continue;
        names.add(name);
        // A variable before its initialisation holds a hole.
        if (this.#visible(target)) list.push({ name, node: target });
      }
      context = internal(heap, context, 'previous');
    }
    return list;
  }

  #bound(node: number): HeapProperty[] {
    const heap = this.#heap;
    const target = internal(heap, node, 'bound_function');
    if (target === NONE) return [];
    const list: HeapProperty[] = [{ name: '[[TargetFunction]]', node: target }];
    const self = internal(heap, node, 'bound_this');
    if (self !== NONE) list.push({ name: '[[BoundThis]]', node: self });
    for (let edge = heap.first[node] as number; edge < (heap.first[node + 1] as number); edge++) {
      if (heap.edgeTypes[edge] !== EDGE.shortcut || heap.targets[edge] === NOTHING) continue;
      const argument = /^bound_argument_(\d+)$/.exec(this.#name(edge));
      if (argument) list.push({ name: `[[BoundArgs]][${argument[1]}]`, node: heap.targets[edge] as number });
    }
    return list;
  }
}

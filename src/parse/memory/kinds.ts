// Which kind of value an object is, by the instance type V8 gave it.
import type { NodeKind } from '../heapGraph.ts';
import type { HiddenClass, HiddenClasses } from './hiddenClasses.ts';
import type { Layout } from './layout.ts';

/** `oddball`: true, false, null or undefined. */
export type MemoryKind = Exclude<NodeKind, 'boolean' | 'null' | 'undefined'> | 'oddball';

const BY_TYPE: readonly (readonly [string, MemoryKind])[] = [
  ['JS_ARRAY_TYPE', 'array'],
  ['JS_MAP_TYPE', 'map'],
  ['JS_SET_TYPE', 'set'],
  ['JS_DATE_TYPE', 'date'],
  ['JS_REG_EXP_TYPE', 'regexp'],
  ['JS_ERROR_TYPE', 'error'],
  ['JS_PROMISE_TYPE', 'promise'],
  ['JS_PROXY_TYPE', 'proxy'],
  ['JS_TYPED_ARRAY_TYPE', 'bytes'],
  ['JS_ARRAY_BUFFER_TYPE', 'bytes'],
  ['JS_DATA_VIEW_TYPE', 'bytes'],
  ['JS_RAB_GSAB_DATA_VIEW_TYPE', 'bytes'],
  ['JS_PRIMITIVE_WRAPPER_TYPE', 'boxed'],
  ['JS_WEAK_MAP_TYPE', 'weak'],
  ['JS_WEAK_SET_TYPE', 'weak'],
  ['JS_WEAK_REF_TYPE', 'weak'],
  ['JS_BOUND_FUNCTION_TYPE', 'function'],
  ['JS_WRAPPED_FUNCTION_TYPE', 'function'],
  ['HEAP_NUMBER_TYPE', 'number'],
  ['ODDBALL_TYPE', 'oddball'],
  ['SYMBOL_TYPE', 'symbol'],
];

export class Kinds {
  readonly #classes: HiddenClasses;
  readonly #layout: Layout;
  readonly #byType = new Map<number, MemoryKind>();
  readonly #bigint: number;
  readonly #bound: number;
  readonly #weakRef: number;

  constructor(classes: HiddenClasses, layout: Layout) {
    this.#classes = classes;
    this.#layout = layout;
    for (const [name, kind] of BY_TYPE) if (layout.type(name) >= 0) this.#byType.set(layout.type(name), kind);
    // The one type of values that V8 does not name stands before that of numbers.
    this.#bigint = layout.type('HEAP_NUMBER_TYPE') - 1;
    this.#bound = layout.type('JS_BOUND_FUNCTION_TYPE');
    this.#weakRef = layout.type('JS_WEAK_REF_TYPE');
  }

  typeOf(at: number): number {
    return this.#classes.typeOf(at);
  }

  of(at: number): MemoryKind {
    const type = this.#classes.typeOf(at);
    if (type < 0) return 'internal';
    if (type < 128) return 'string';
    const known = this.#byType.get(type);
    if (known) return known;
    if (type === this.#bigint) return 'bigint';
    if (type >= this.#layout.firstFunction && type <= this.#layout.lastFunction) return 'function';
    return type >= this.#layout.firstReceiver ? 'object' : 'internal';
  }

  isReceiver(at: number): boolean {
    return this.#classes.typeOf(at) >= this.#layout.firstReceiver;
  }

  /** What belongs to a class: any object but functions, regular expressions, proxies. */
  isObject(at: number): boolean {
    if (!this.isReceiver(at)) return false;
    const kind = this.of(at);
    return kind !== 'function' && kind !== 'regexp' && kind !== 'proxy';
  }

  isBound(at: number): boolean {
    return this.#classes.typeOf(at) === this.#bound;
  }

  isWeakRef(at: number): boolean {
    return this.#classes.typeOf(at) === this.#weakRef;
  }

  /** Bytes of the object itself, where its hidden class says them. */
  sizeOf(at: number): number {
    const map: HiddenClass | undefined = this.#classes.of(at);
    return (map?.size ?? 0) * 8;
  }
}

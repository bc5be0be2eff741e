// The memory of a process seen as a HeapGraph. Only live objects are nodes, in the order of their addresses; small integers and
// unboxed doubles, which have no object of their own, are nodes beyond the last one. Objects are read when asked for.
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
import { Constructors } from './constructors.ts';
import { Functions } from './functions.ts';
import { HiddenClasses } from './hiddenClasses.ts';
import type { ImageHeader, MemoryImage } from './image.ts';
import { Kinds } from './kinds.ts';
import type { Layout } from './layout.ts';
import { Leaves, numberValue } from './leaves.ts';
import { type Live, Marking, strongHandles } from './marking.ts';
import { Reassigned } from './reassigned.ts';
import { Objects, type Slot } from './objects.ts';
import { MISSING_NODE, Numbers } from './numbers.ts';
import { Holders } from '../holders.ts';
import { problemsOf } from './problems.ts';
import { Scripts } from './scripts.ts';
import { Texts } from './texts.ts';

const LONGEST_CHAIN = 64;
const PROMISE_STATES = ['pending', 'fulfilled', 'rejected'] as const;

export function openGraph(image: MemoryImage, layout: Layout, header: ImageHeader): HeapGraph {
  return new MemoryGraph(image, layout, header);
}

class MemoryGraph implements HeapGraph {
  readonly exact = true;
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly scripts: HeapGraph['scripts'];
  readonly target: HeapGraph['target'];
  readonly problems: readonly Problem[];
  readonly #image: MemoryImage;
  readonly #live: Live;
  readonly #kinds: Kinds;
  readonly #texts: Texts;
  readonly reassigned: NonNullable<HeapGraph['reassigned']>;
  readonly #objects: Objects;
  readonly #functions: Functions;
  readonly #leaves: Leaves;
  readonly #constructors: Constructors;
  readonly #numbers = new Numbers();
  #classes: readonly HeapClass[] | undefined;
  #holders: Holders | undefined;

  constructor(image: MemoryImage, layout: Layout, header: ImageHeader) {
    const classes = new HiddenClasses(image, layout);
    const marking = new Marking(image, classes, layout);
    const roots = strongHandles(image);
    const live = marking.run(roots);
    this.#image = image;
    this.#live = live;
    this.nodeCount = live.objects.length;
    this.edgeCount = live.edges;
    this.target = header.target;
    this.#kinds = new Kinds(classes, layout);
    this.#texts = new Texts(image, classes);
    this.#objects = new Objects(image, classes, layout, this.#texts);
    const scripts = new Scripts(image, classes, this.#texts);
    this.#functions = new Functions(image, classes, layout, this.#texts, scripts);
    const again = new Reassigned(image, classes, this.#objects);
    this.reassigned = (node, name) => again.of(this.#at(node), name);
    this.#leaves = new Leaves(image, classes, layout, this.#texts, this.#objects);
    this.#constructors = new Constructors(image, classes, this.#objects, this.#functions, this.#texts);
    for (const at of live.objects) if (this.#kinds.of(at) === 'date') this.#leaves.learnTimes(at);
    this.scripts = scripts.list(live.objects, layout.type('SCRIPT_TYPE'), header.scripts);
    this.problems = problemsOf(header, live, marking.stray);
  }

  /** Place of an object's node; 0 for numbers without one, and for what is no node. */
  #at(node: NodeIndex): number {
    return this.#live.objects[node] ?? 0;
  }

  /** The node of the value in a word, by the convention of `Slot`. */
  #valueIn(word: number): NodeIndex {
    const image = this.#image;
    if (word < 0) return this.#numbers.ofDouble(image.floats[-word] as number);
    if (image.isSmi(word)) return this.#numbers.ofInteger(image.smi(word));
    const node = this.#live.indexOf(image.pointer(word));
    return node < 0 ? MISSING_NODE : node;
  }

  kind(node: NodeIndex): NodeKind {
    if (this.#numbers.has(node)) return 'number';
    const at = this.#at(node);
    if (at === 0) return 'internal';
    const kind = this.#kinds.of(at);
    if (kind !== 'oddball') return kind;
    const value = this.#leaves.oddball(at);
    if (typeof value === 'boolean') return 'boolean';
    return value === null ? 'null' : this.#objects.oddballKind(at) === undefined ? 'internal' : 'undefined';
  }

  name(node: NodeIndex): string {
    const at = this.#at(this.#behind(node));
    if (at === 0) return '';
    switch (this.#kinds.of(at)) {
      case 'string':
        return this.#texts.of(at) ?? '';
      case 'function':
        return this.#functionName(at);
      case 'internal':
      case 'number':
      case 'oddball':
      case 'bigint':
      case 'symbol':
        return '';
      default:
        return this.#constructors.nameOf(at);
    }
  }

  #functionName(at: number): string {
    let target = at;
    let prefix = '';
    for (let step = 0; step < LONGEST_CHAIN && this.#kinds.isBound(target); step++) {
      prefix += 'bound ';
      target = this.#image.pointer(target + 3);
    }
    return prefix + (this.#functions.isFunction(target) ? this.#functions.nameOf(target) : '');
  }

  /** Objects move, so no number stays theirs. */
  heapId(): number {
    return 0;
  }

  selfSize(node: NodeIndex): number {
    const at = this.#at(node);
    return at === 0 ? 0 : this.#kinds.sizeOf(at);
  }

  constructorLocation(node: NodeIndex): HeapLocation | undefined {
    const at = this.#at(node);
    if (at === 0) return undefined;
    if (this.#functions.isFunction(at)) return this.#functions.locationOf(at);
    return this.#kinds.isObject(at) ? this.#constructors.locationOf(at) : undefined;
  }

  classes(): readonly HeapClass[] {
    this.#classes ??= this.#constructors.classesOf(this.#live, this.#kinds);
    return this.#classes;
  }

  /** What a reader sees at a node: the target of a Proxy, of proxies of proxies too. */
  #behind(node: NodeIndex): NodeIndex {
    let seen = node;
    for (let step = 0; step < LONGEST_CHAIN && this.kind(seen) === 'proxy'; step++) {
      const target = this.#live.indexOf(this.#image.pointer(this.#at(seen) + 2));
      if (target < 0 || this.kind(target) === 'null') break;
      seen = target;
    }
    return seen;
  }

  properties(node: NodeIndex): readonly HeapProperty[] {
    const at = this.#at(this.#behind(node));
    if (at === 0 || !this.#kinds.isReceiver(at)) return [];
    const kind = this.#kinds.of(at);
    return this.#named(this.#objects.properties(at, kind !== 'array' && kind !== 'bytes'));
  }

  #named(slots: Iterable<Slot>): HeapProperty[] {
    const list: HeapProperty[] = [];
    for (const [name, word] of slots) list.push({ name, node: this.#valueIn(word) });
    return list;
  }

  property(node: NodeIndex, name: string): NodeIndex | undefined {
    const at = this.#at(this.#behind(node));
    if (at === 0 || !this.#kinds.isReceiver(at)) return undefined;
    const word = this.#objects.property(at, name);
    return word === 0 ? undefined : this.#valueIn(word);
  }

  elements(node: NodeIndex): readonly (NodeIndex | undefined)[] {
    if (this.kind(node) !== 'array') return [];
    return this.#objects.elements(this.#at(node)).map((word) => (word === 0 ? undefined : this.#valueIn(word)));
  }

  lengthOf(node: NodeIndex): number | undefined {
    const at = this.#at(node);
    switch (this.kind(node)) {
      case 'array':
        return this.#objects.lengthOf(at);
      case 'map':
        return this.#objects.entries(at, 3).length;
      case 'set':
        return this.#objects.entries(at, 2).length;
      default:
        return undefined;
    }
  }

  mapEntries(node: NodeIndex): readonly { readonly key: NodeIndex; readonly value: NodeIndex }[] {
    if (this.kind(node) !== 'map') return [];
    const words = this.#objects.entries(this.#at(node), 3);
    return words.map((word) => ({ key: this.#valueIn(word), value: this.#valueIn(word + 1) }));
  }

  setValues(node: NodeIndex): readonly NodeIndex[] {
    if (this.kind(node) !== 'set') return [];
    return this.#objects.entries(this.#at(node), 2).map((word) => this.#valueIn(word));
  }

  captured(node: NodeIndex): readonly HeapProperty[] {
    const at = this.#at(node);
    switch (this.kind(node)) {
      case 'function':
        if (this.#kinds.isBound(at)) return this.#bound(at);
        return this.#named(this.#functions.variables(at)).filter(({ node: value }) => this.kind(value) !== 'internal');
      case 'promise': {
        const settled = this.#promiseState(at) !== 'pending';
        return settled ? [{ name: '[[PromiseResult]]', node: this.#valueIn(at + 3) }] : [];
      }
      case 'weak': {
        if (!this.#kinds.isWeakRef(at)) return [];
        const target = this.#live.indexOf(this.#image.pointer(at + 3));
        return target < 0 || this.kind(target) === 'undefined' ? [] : [{ name: '[[Target]]', node: target }];
      }
      default:
        return [];
    }
  }

  #bound(at: number): HeapProperty[] {
    const values = this.#image.pointer(at + 5);
    const count = values === 0 ? 0 : Math.max(0, this.#image.smi(values + 1));
    const there = values !== 0 && this.#image.holds(values, 2 + count) ? count : 0;
    return this.#named([
      ['[[TargetFunction]]', at + 3],
      ['[[BoundThis]]', at + 4],
      ...Array.from({ length: there }, (_, n): Slot => [`[[BoundArgs]][${n}]`, values + 2 + n]),
    ]);
  }

  #promiseState(at: number): (typeof PROMISE_STATES)[number] | undefined {
    return this.#image.isSmi(at + 4) ? PROMISE_STATES[this.#image.smi(at + 4) & 3] : undefined;
  }

  promiseState(node: NodeIndex): 'pending' | 'fulfilled' | 'rejected' | undefined {
    return this.kind(node) === 'promise' ? this.#promiseState(this.#at(node)) : undefined;
  }

  leaf(node: NodeIndex): Value | undefined {
    if (this.#numbers.has(node)) return numberValue(this.#numbers.valueOf(node));
    const at = this.#at(node);
    if (at === 0) return undefined;
    switch (this.#kinds.of(at)) {
      case 'string':
        return this.#leaves.text(at);
      case 'number':
        return this.#leaves.number(at);
      case 'oddball':
        return this.kind(node) === 'internal' ? undefined : this.#leaves.oddball(at);
      case 'bigint':
        return this.#leaves.bigint(at);
      case 'symbol':
        return this.#leaves.symbol(at);
      case 'date':
        return this.#leaves.date(at);
      case 'regexp':
        return this.#leaves.regexp(at);
      case 'bytes':
        return this.#leaves.bytes(at, this.#kinds.typeOf(at), this.#constructors.nameOf(at));
      case 'boxed':
        return this.#boxed(at);
      case 'internal':
        return this.#objects.isAccessor(at) ? { $type: 'accessor' } : undefined;
      default:
        return undefined;
    }
  }

  #boxed(at: number): Value | undefined {
    const value = this.leaf(this.#valueIn(at + 3));
    if (value === undefined) return undefined;
    return { $type: 'object', class: this.#constructors.nameOf(at), value: { '[[PrimitiveValue]]': value } };
  }

  referrers(node: NodeIndex): readonly HeapReferrer[] {
    this.#holders ??= new Holders(this);
    return this.#holders.of(node);
  }

  globals(): readonly NodeIndex[] {
    return this.#live.globals.map((at) => this.#live.indexOf(at));
  }
}

// The objects that a walk found, seen as a HeapGraph. Objects are nodes by their number; behind the last of them come the leaves.
import { missing, type Problem, type Value } from '../../model/index.ts';
import type {
  HeapClass,
  HeapGraph,
  HeapLocation,
  HeapProperty,
  HeapReferrer,
  NodeIndex,
  NodeKind,
} from '../heapGraph.ts';
import { Holders } from '../holders.ts';
import type { HeapNotes } from '../v8/notes.ts';
import { HOLES, type Runs, type WalkedObjects } from './store.ts';

const LONGEST_CHAIN = 64;
/** Elements of an array that are given; a file of few bytes may claim any number of holes. */
const MOST_ELEMENTS = 50_000_000;
const HOLE: Value = { $type: 'undefined', hole: true };

export function openWalkedGraph(objects: WalkedObjects, notes: HeapNotes, problems: readonly Problem[]): HeapGraph {
  return new WalkedGraph(objects, notes, problems);
}

class WalkedGraph implements HeapGraph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly scripts: HeapGraph['scripts'];
  readonly target: HeapGraph['target'];
  readonly problems: readonly Problem[];
  readonly #objects: WalkedObjects;
  readonly #count: number;
  readonly #hole: NodeIndex;
  #classes: readonly HeapClass[] | undefined;
  #holders: Holders | undefined;

  constructor(objects: WalkedObjects, notes: HeapNotes, problems: readonly Problem[]) {
    this.#objects = objects;
    this.#count = objects.kinds.length;
    this.nodeCount = this.#count + objects.leaves.length + 1;
    this.#hole = this.nodeCount - 1;
    const { named, hidden, captured, elements, entries, members } = objects;
    this.edgeCount = [named, hidden, captured].reduce((sum, { length }) => sum + length / 2, 0);
    this.edgeCount += elements.length + entries.length + members.length;
    this.scripts = notes.scripts;
    this.target = notes.target;
    this.problems = problems;
  }

  /** The node of a value, by the numbers of the store. */
  #node(value: number): NodeIndex {
    return value >= 0 ? value : this.#count - 1 - value;
  }

  #leafAt(node: NodeIndex): Value | undefined {
    return node === this.#hole ? HOLE : this.#objects.leaves[node - this.#count];
  }

  kind(node: NodeIndex): NodeKind {
    if (node < this.#count) return this.#objects.kinds[node] ?? 'internal';
    const leaf = this.#leafAt(node);
    switch (typeof leaf) {
      case 'string':
      case 'number':
      case 'boolean':
        return typeof leaf as 'string' | 'number' | 'boolean';
      case 'object':
        if (leaf === null) return 'null';
        switch (leaf.$type) {
          case 'bigint':
          case 'symbol':
          case 'undefined':
            return leaf.$type;
          case 'nan':
          case 'infinity':
          case '-infinity':
            return 'number';
          default:
            return leaf.$type === 'truncated' ? 'string' : 'internal';
        }
      default:
        return 'internal';
    }
  }

  name(node: NodeIndex): string {
    if (node >= this.#count) {
      const leaf = this.#leafAt(node);
      return typeof leaf === 'string' ? leaf : '';
    }
    const seen = this.#behind(node);
    if (this.kind(seen) === 'function') return this.#objects.functionNames.get(seen) ?? '';
    return this.#objects.kinds[seen] === undefined ? '' : (this.#classOf(seen)?.name ?? '');
  }

  #classOf(node: NodeIndex): WalkedObjects['classes'][number] | undefined {
    return this.#objects.classes[this.#objects.classOf[node] ?? -1];
  }

  heapId(): number {
    return 0;
  }

  selfSize(): number {
    return 0;
  }

  constructorLocation(node: NodeIndex): HeapLocation | undefined {
    const kind = this.kind(node);
    if (kind === 'function') return this.#placeOf(node);
    return node < this.#count && kind !== 'proxy' ? this.#placeOf(this.#classOf(node)?.by ?? -1) : undefined;
  }

  #placeOf(id: number): HeapLocation | undefined {
    const place = this.#objects.places.get(id);
    return place && { script: place[0], line: place[1], column: place[2] };
  }

  classes(): readonly HeapClass[] {
    this.#classes ??= this.#findClasses();
    return this.#classes;
  }

  /** Classes of one name and place are one. */
  #findClasses(): HeapClass[] {
    const global = this.#objects.roots[0];
    const keys = this.#objects.classes.map(
      ({ name, by }) => `${name}@${(this.#objects.places.get(by) ?? []).join(':')}`,
    );
    const found = new Map<string, { readonly class: number; readonly instances: NodeIndex[] }>();
    for (let node = 0; node < this.#count; node++) {
      const kind = this.#objects.kinds[node];
      if (!kind || kind === 'function' || kind === 'regexp' || kind === 'proxy') continue;
      if (node === global || this.#objects.prototypes.has(node)) continue;
      const of = this.#objects.classOf[node] as number;
      const known = found.get(keys[of] as string);
      if (known) known.instances.push(node);
      else found.set(keys[of] as string, { class: of, instances: [node] });
    }
    return [...found.values()]
      .map(({ class: of, instances }): HeapClass => {
        const { name, by } = this.#objects.classes[of] as WalkedObjects['classes'][number];
        const location = this.#placeOf(by);
        return { name, ...(location && { location }), instances };
      })
      .sort((a, b) => b.instances.length - a.instances.length);
  }

  /** What a reader sees at a node: the target of a Proxy, of proxies of proxies too. */
  #behind(node: NodeIndex): NodeIndex {
    let seen = node;
    for (let step = 0; step < LONGEST_CHAIN && this.kind(seen) === 'proxy'; step++) {
      const target = this.#objects.targets.get(seen);
      if (target === undefined || target < 0) break;
      seen = target;
    }
    return seen;
  }

  #named(runs: Runs, id: number): HeapProperty[] {
    const list: HeapProperty[] = [];
    const words = runs.of(id);
    for (let n = 0; n < words.length; n += 2)
      list.push({
        name: this.#objects.names[words[n] as number] as string,
        node: this.#node(words[n + 1] as number),
      });
    return list;
  }

  properties(node: NodeIndex): readonly HeapProperty[] {
    const seen = this.#behind(node);
    return [...this.#named(this.#objects.hidden, seen), ...this.#named(this.#objects.named, seen)];
  }

  property(node: NodeIndex, name: string): NodeIndex | undefined {
    const wanted = this.#objects.knownName(name);
    if (wanted === undefined) return undefined;
    const seen = this.#behind(node);
    for (const runs of [this.#objects.hidden, this.#objects.named]) {
      const words = runs.of(seen);
      for (let n = 0; n < words.length; n += 2) if (words[n] === wanted) return this.#node(words[n + 1] as number);
    }
    return undefined;
  }

  elements(node: NodeIndex): readonly NodeIndex[] {
    if (this.kind(node) !== 'array') return [];
    const words = this.#objects.elements.of(node);
    const list: NodeIndex[] = [];
    for (let n = 0; n < words.length; n++) {
      if (words[n] !== HOLES) list.push(this.#node(words[n] as number));
      else for (let left = words[++n] as number; left > 0 && list.length < MOST_ELEMENTS; left--) list.push(this.#hole);
    }
    return list;
  }

  lengthOf(node: NodeIndex): number | undefined {
    switch (this.kind(node)) {
      case 'array':
        return this.#objects.lengths.get(node) ?? this.#lengthOfElements(node);
      case 'map':
        return this.#objects.entries.sizeOf(node) / 2;
      case 'set':
        return this.#objects.members.sizeOf(node);
      default:
        return undefined;
    }
  }

  #lengthOfElements(node: NodeIndex): number {
    const words = this.#objects.elements.of(node);
    let length = 0;
    for (let n = 0; n < words.length; n++) length += words[n] === HOLES ? (words[++n] as number) : 1;
    return length;
  }

  mapEntries(node: NodeIndex): readonly { readonly key: NodeIndex; readonly value: NodeIndex }[] {
    if (this.kind(node) !== 'map') return [];
    const words = this.#objects.entries.of(node).map((value) => this.#node(value));
    return Array.from({ length: words.length / 2 }, (_, n) => ({
      key: words[2 * n] as number,
      value: words[2 * n + 1] as number,
    }));
  }

  setValues(node: NodeIndex): readonly NodeIndex[] {
    return this.kind(node) === 'set' ? this.#objects.members.of(node).map((value) => this.#node(value)) : [];
  }

  captured(node: NodeIndex): readonly HeapProperty[] {
    return this.#named(this.#objects.captured, node).filter(({ node: value }) => this.kind(value) !== 'internal');
  }

  promiseState(node: NodeIndex): 'pending' | 'fulfilled' | 'rejected' | undefined {
    return this.#objects.promises.get(node);
  }

  leaf(node: NodeIndex): Value | undefined {
    if (node >= this.#count) return this.#leafAt(node);
    // Found, and not walked before the file ended.
    return this.#objects.kinds[node] === undefined ? missing() : this.#objects.own.get(node);
  }

  referrers(node: NodeIndex): readonly HeapReferrer[] {
    this.#holders ??= new Holders(this);
    return this.#holders.of(node);
  }

  globals(): readonly NodeIndex[] {
    return this.#objects.roots.slice(0, 1);
  }
}

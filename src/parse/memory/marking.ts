// Which objects are alive: what can be reached from the program's handles and global objects, as the garbage collector would see it.
// What was let go stands in memory for a while yet, and looks perfectly valid.
import { type Body, bodyOf } from './bodies.ts';
import type { HiddenClass, HiddenClasses } from './hiddenClasses.ts';
import { type MemoryImage, WORDS } from './image.ts';
import type { Layout } from './layout.ts';

export interface Live {
  /** Places of the live objects, in order. */
  readonly objects: Uint32Array;
  readonly edges: number;
  /** Global objects, those of the program's contexts. */
  readonly globals: readonly number[];
  /** Number of the object at a place, counted from 0; -1 where no live object begins. */
  indexOf(at: number): number;
  isLive(at: number): boolean;
}

const HANDLES = 256;
const HANDLE_WORDS = 4;
const STRONG = 1;

/**
 * Objects that native code holds on to. They stand in blocks of 256 entries of 32 bytes, each with its own number (0 to 255) in it and
 * its state beside, which is how the blocks are found.
 */
export function strongHandles(image: MemoryImage): number[] {
  const found: number[] = [];
  const end = image.pages * WORDS - HANDLE_WORDS;
  const number = (at: number): number => (image.low(at + 1) >>> 16) & 0xff;
  const seen = new Set<number>();
  for (let phase = 0; phase < HANDLE_WORDS; phase += 2) {
    // Every block of eight kilobytes has two entries at such places.
    for (let at = WORDS + phase; at < end; at += (HANDLES / 2) * HANDLE_WORDS) {
      const own = number(at);
      const neighbour = own === 255 ? number(at - HANDLE_WORDS) === 254 : number(at + HANDLE_WORDS) === own + 1;
      if (!neighbour) continue;
      const first = at - own * HANDLE_WORDS;
      if (seen.has(first) || first < WORDS || !image.holds(first, HANDLES * HANDLE_WORDS)) continue;
      let whole = true;
      for (let n = 0; n < HANDLES && whole; n++) whole = number(first + n * HANDLE_WORDS) === n;
      if (!whole) continue;
      seen.add(first);
      for (let n = 0; n < HANDLES; n++) {
        const entry = first + n * HANDLE_WORDS;
        if (((image.low(entry + 1) >>> 24) & 3) === STRONG) found.push(image.pointer(entry));
      }
    }
  }
  return found.filter((at) => at !== 0);
}

export class Marking {
  readonly #image: MemoryImage;
  readonly #classes: HiddenClasses;
  readonly #layout: Layout;
  readonly #bits: Uint32Array;
  #stack = new Uint32Array(1 << 16);
  #depth = 0;
  #count = 0;
  #edges = 0;
  readonly #globals: number[] = [];
  /** Tables of WeakMaps and WeakSets: a value is held only while its key lives. */
  readonly #weakTables = new Set<number>();
  readonly #bodies = new Map<HiddenClass, Body>();
  /** Pointers that led to nothing that is an object, and objects of which only a part was there; an image that is whole has none. */
  stray = 0;

  constructor(image: MemoryImage, classes: HiddenClasses, layout: Layout) {
    this.#image = image;
    this.#classes = classes;
    this.#layout = layout;
    this.#bits = new Uint32Array(Math.ceil((image.pages * WORDS) / 32) + 1);
  }

  run(roots: readonly number[]): Live {
    for (const root of roots) this.#mark(root);
    do this.#drain();
    while (this.#weakValues());
    const objects = this.#collect();
    const bits = this.#bits;
    const ranks = ranksOf(bits);
    const isLive = (at: number): boolean => ((bits[at >>> 5] as number) >>> (at & 31)) % 2 === 1;
    return {
      objects,
      edges: this.#edges,
      globals: this.#globals,
      isLive,
      indexOf(at) {
        const word = at >>> 5;
        const own = bits[word] as number;
        if (at === 0 || (own >>> (at & 31)) % 2 === 0) return -1;
        const below = own & (2 ** (at & 31) - 1);
        return (ranks[word] as number) + ones(below);
      },
    };
  }

  #mark(at: number): void {
    const bit = 1 << (at & 31);
    const word = at >>> 5;
    const bits = this.#bits[word] as number;
    if (at === 0 || (bits & bit) !== 0) return;
    if (this.#classes.of(at) === undefined) {
      this.stray++;
      return;
    }
    this.#bits[word] = bits | bit;
    this.#count++;
    if (this.#depth === this.#stack.length) {
      const larger = new Uint32Array(this.#stack.length * 2);
      larger.set(this.#stack);
      this.#stack = larger;
    }
    this.#stack[this.#depth++] = at;
  }

  #drain(): void {
    while (this.#depth > 0) {
      const at = this.#stack[--this.#depth] as number;
      const map = this.#classes.of(at);
      if (!map) continue;
      this.#mark(map.at);
      let body = this.#bodies.get(map);
      if (!body) this.#bodies.set(map, (body = bodyOf(this.#layout, map)));
      switch (body.form) {
        case 'words':
          this.#visit(at, body.from, body.to, body.except);
          break;
        case 'listed':
          this.#visit(at, 2, 2 + this.#image.smi(at + 1));
          break;
        case 'special':
          this.#special(at, map);
          break;
        case 'nothing':
      }
    }
  }

  /** Words from `from` to before `to`, as far as they stand together. */
  #visit(at: number, from: number, to: number, except?: number): void {
    const image = this.#image;
    if (!(to > from)) return;
    if (!image.holds(at, to)) {
      this.stray++;
      return;
    }
    const { words } = image;
    const skipped = except === undefined ? 0 : at + except;
    for (let word = at + from; word < at + to; word++) {
      const low = words[word * 2] as number;
      if ((low & 7) !== 1 || word === skipped) continue;
      const target = image.at(low, words[word * 2 + 1] as number);
      if (target === 0) continue;
      this.#edges++;
      this.#mark(target);
    }
  }

  #special(at: number, { type, size, inObject }: HiddenClass): void {
    const image = this.#image;
    const is = (name: string): boolean => this.#layout.type(name) === type;
    if (is('JS_GLOBAL_OBJECT_TYPE')) {
      this.#globals.push(at);
      this.#visit(at, 1, size);
    } else if (is('JS_WEAK_MAP_TYPE') || is('JS_WEAK_SET_TYPE')) {
      this.#visit(at, 1, 3);
      this.#visit(at, 4, size);
      const table = image.pointer(at + 3);
      if (table !== 0 && this.#classes.of(table)) this.#weakTables.add(table);
    } else if (is('JS_WEAK_REF_TYPE')) {
      this.#visit(at, 1, 3);
      this.#visit(at, 4, size);
    } else if (is('WEAK_CELL_TYPE')) {
      this.#visit(at, 1, 2);
      this.#visit(at, 4, 5);
    } else if (is('JS_ARRAY_BUFFER_TYPE') || is('JS_TYPED_ARRAY_TYPE') || is('JS_DATA_VIEW_TYPE')) {
      // In between stand sizes and addresses that are no objects.
      this.#visit(at, 1, 5);
      this.#visit(at, Math.max(5, inObject), size);
    } else if (is('PROPERTY_ARRAY_TYPE')) this.#visit(at, 2, 2 + (image.smi(at + 1) & 0x3ff));
    else if (is('FEEDBACK_VECTOR_TYPE')) this.#visit(at, 2, 6 + image.low(at + 1));
    else if (is('BYTECODE_ARRAY_TYPE')) this.#visit(at, 2, 6);
    else this.#visit(at, 2, 3 + 3 * (image.low(at + 1) & 0xffff));
  }

  /** Values whose key is alive by now. True where that made anything new alive. */
  #weakValues(): boolean {
    const image = this.#image;
    const before = this.#count;
    for (const table of this.#weakTables) {
      const end = 2 + image.smi(table + 1);
      if (!image.holds(table, end)) continue;
      for (let entry = 5; entry + 1 < end; entry += 2) {
        const key = image.pointer(table + entry);
        if (key === 0 || ((this.#bits[key >>> 5] as number) & (1 << (key & 31))) === 0) continue;
        this.#mark(image.pointer(table + entry + 1));
      }
    }
    return this.#count > before;
  }

  #collect(): Uint32Array {
    const objects = new Uint32Array(this.#count);
    let n = 0;
    for (let word = 0; word < this.#bits.length; word++) {
      let bits = this.#bits[word] as number;
      while (bits !== 0) {
        const low = bits & -bits;
        objects[n++] = word * 32 + (31 - Math.clz32(low));
        bits ^= low;
      }
    }
    return objects;
  }
}

function ones(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function ranksOf(bits: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(bits.length);
  let sum = 0;
  for (let word = 0; word < bits.length; word++) {
    ranks[word] = sum;
    sum += ones(bits[word] as number);
  }
  return ranks;
}

// What objects hold: properties inside them, beside them and in dictionaries; elements of arrays; entries of collections.
// A value is named by the word it stands in; what it is, is another's business.
import type { HiddenClass, HiddenClasses } from './hiddenClasses.ts';
import type { MemoryImage } from './image.ts';
import type { Layout } from './layout.ts';
import type { Texts } from './texts.ts';

/** A property: its name and the word its value stands in; the negative of that word where a double stands there without a box. */
export type Slot = readonly [name: string, word: number];

/** Where the properties of all objects of one hidden class stand. */
interface Plan {
  readonly name: string;
  readonly place: 'inside' | 'beside' | 'shared';
  /** Words from the start of the object, of its array of properties, or of the image. */
  readonly word: number;
}

const DICTIONARY = 13;
const FIRST_TYPED = 16;
/** Upper half of the pattern of a gap in an array of doubles. */
const GAP = 0xfff7ffff;
/** Longest list made for an array that is mostly gaps. */
const MOST_GAPS = 1 << 16;

/** The order in which the language shows keys. */
function symbolsLast(list: Slot[]): Slot[] {
  for (const [name] of list) {
    if (!isSymbol(name)) continue;
    return [...list.filter(([each]) => !isSymbol(each)), ...list.filter(([each]) => isSymbol(each))];
  }
  return list;
}

function isSymbol(name: string): boolean {
  return name.charCodeAt(0) === 0x40 && name.charCodeAt(1) === 0x40;
}

export class Objects {
  readonly #image: MemoryImage;
  readonly #classes: HiddenClasses;
  readonly #layout: Layout;
  readonly #texts: Texts;
  readonly #plans = new Map<number, readonly Plan[]>();
  readonly #doubles: number;
  readonly #pair: number;
  readonly #info: number;
  readonly #cell: number;
  readonly #propertyArray: number;
  readonly #symbol: number;
  readonly #hole: number;
  readonly #oddball: number;
  readonly #number: number;

  constructor(image: MemoryImage, classes: HiddenClasses, layout: Layout, texts: Texts) {
    this.#image = image;
    this.#classes = classes;
    this.#layout = layout;
    this.#texts = texts;
    this.#doubles = layout.type('FIXED_DOUBLE_ARRAY_TYPE');
    this.#pair = layout.type('ACCESSOR_PAIR_TYPE');
    this.#info = layout.type('ACCESSOR_INFO_TYPE');
    this.#cell = layout.type('PROPERTY_CELL_TYPE');
    this.#propertyArray = layout.type('PROPERTY_ARRAY_TYPE');
    this.#symbol = layout.type('SYMBOL_TYPE');
    this.#hole = layout.type('HOLE_TYPE');
    this.#oddball = layout.type('ODDBALL_TYPE');
    this.#number = layout.type('HEAP_NUMBER_TYPE');
  }

  /** False, true, null, undefined by their numbers; undefined for V8's own markers, such as that of a gap. */
  oddballKind(at: number): number | undefined {
    if (this.#classes.typeOf(at) !== this.#oddball) return undefined;
    const kind = this.#image.smi(at + 5);
    return kind === 0 || kind === 1 || kind === 3 || kind === this.#layout.undefinedKind ? kind : undefined;
  }

  /** A marker of V8's own in a word: a gap in an array, a variable before its declaration. */
  isGap(word: number): boolean {
    const at = this.#image.pointer(word);
    if (at === 0) return false;
    const type = this.#classes.typeOf(at);
    // What is no object at all is missing, which must be said; it is not a gap.
    return type >= 0 && (type === this.#hole || (type === this.#oddball && this.oddballKind(at) === undefined));
  }

  /** The name a key goes by; undefined for what no program sees. */
  keyName(at: number): string | undefined {
    if (this.#classes.typeOf(at) !== this.#symbol) return this.#texts.of(at);
    const description = this.#texts.of(this.#image.pointer(at + 2)) ?? '';
    if ((this.#image.high(at + 1) & 1) === 0) return `@@${description}`;
    return description.startsWith('#') ? description : undefined;
  }

  /** Indices, then names as they came, private ones among them, then symbols. */
  properties(at: number, withElements: boolean): Slot[] {
    const map = this.#classes.of(at);
    if (!map) return [];
    const list: Slot[] = [];
    if (withElements) for (const [index, word] of this.#indexed(at, map)) list.push([String(index), word]);
    if (map.isDictionary) list.push(...this.#fromDictionary(at, map));
    else {
      const beside = this.#image.pointer(at + 1);
      for (const plan of this.#planOf(map)) {
        const word = this.#place(at, beside, plan);
        if (word !== 0 && !this.isGap(word)) list.push([plan.name, word]);
      }
    }
    return symbolsLast(list);
  }

  property(at: number, name: string): number {
    const map = this.#classes.of(at);
    if (!map) return 0;
    if (/^\d+$/.test(name) && map.elementsKind < FIRST_TYPED) {
      for (const [index, word] of this.#indexed(at, map)) if (String(index) === name) return word;
    }
    if (map.isDictionary) return this.#fromDictionary(at, map).find(([own]) => own === name)?.[1] ?? 0;
    const beside = this.#image.pointer(at + 1);
    for (const plan of this.#planOf(map)) {
      if (plan.name !== name) continue;
      const word = this.#place(at, beside, plan);
      return word !== 0 && !this.isGap(word) ? word : 0;
    }
    return 0;
  }

  #place(at: number, beside: number, { place, word }: Plan): number {
    if (place === 'inside') return at + word;
    if (place === 'shared') return word;
    if (beside === 0 || this.#classes.typeOf(beside) !== this.#propertyArray) return 0;
    return word - 2 < (this.#image.smi(beside + 1) & 0x3ff) ? beside + word : 0;
  }

  #planOf(map: HiddenClass): readonly Plan[] {
    let plan = this.#plans.get(map.at);
    if (!plan) this.#plans.set(map.at, (plan = this.#makePlan(map)));
    return plan;
  }

  #makePlan(map: HiddenClass): Plan[] {
    const image = this.#image;
    const table = this.#classes.descriptorsOf(map);
    if (table === 0) return [];
    const count = Math.min(map.ownDescriptors, image.low(table + 1) & 0xffff);
    if (!image.holds(table, 3 + count * 3)) return [];
    const list: Plan[] = [];
    for (let n = 0; n < count; n++) {
      const entry = table + 3 + n * 3;
      const name = this.keyName(image.pointer(entry));
      if (name === undefined) continue;
      const details = image.smi(entry + 1);
      if (((details >>> 5) & 1) === 1) {
        // An accessor of V8's own, as the length of an array, is no property that a program put there.
        if (this.#classes.typeOf(image.pointer(entry + 2)) !== this.#info)
          list.push({ name, place: 'shared', word: entry + 2 });
        continue;
      }
      const index = (details >>> 19) & 0x3ff;
      list.push(
        index < map.inObjectCount
          ? { name, place: 'inside', word: map.inObject + index }
          : { name, place: 'beside', word: 2 + index - map.inObjectCount },
      );
    }
    return list;
  }

  #fromDictionary(at: number, map: HiddenClass): Slot[] {
    const image = this.#image;
    const table = image.pointer(at + 1);
    if (table === 0 || this.#classes.of(table) === undefined) return [];
    const end = table + 2 + image.smi(table + 1);
    if (!(end > table) || !image.holds(table, end - table)) return [];
    const found: [order: number, slot: Slot][] = [];
    const add = (key: number, details: number, word: number): void => {
      const name = this.keyName(key);
      const info = this.#classes.typeOf(image.pointer(word)) === this.#info;
      if (name !== undefined && !info && !this.isGap(word)) found.push([image.smi(details) >>> 8, [name, word]]);
    };
    if (map.type === this.#layout.type('JS_GLOBAL_OBJECT_TYPE')) {
      for (let word = table + 7; word < end; word++) {
        const cell = image.pointer(word);
        if (this.#classes.typeOf(cell) === this.#cell) add(image.pointer(cell + 1), cell + 2, cell + 3);
      }
    } else {
      for (let word = table + 8; word + 2 < end; word += 3) {
        const key = image.pointer(word);
        if (key !== 0 && (this.#texts.isText(key) || this.#classes.typeOf(key) === this.#symbol))
          add(key, word + 2, word + 1);
      }
    }
    return found.sort((a, b) => a[0] - b[0]).map(([, slot]) => slot);
  }

  isAccessor(at: number): boolean {
    return this.#classes.typeOf(at) === this.#pair;
  }

  /** Elements that are there, by index, in order. */
  *#indexed(at: number, map: HiddenClass): Generator<readonly [number, number]> {
    if (map.type < this.#layout.firstReceiver || map.elementsKind >= FIRST_TYPED) return;
    const image = this.#image;
    const store = image.pointer(at + 2);
    const own = this.#classes.of(store);
    const length = own ? image.smi(store + 1) : 0;
    if (!(length > 0) || !image.holds(store, 2 + length)) return;
    if (own?.type === this.#doubles) {
      for (let n = 0; n < length; n++) if (image.high(store + 2 + n) !== GAP) yield [n, -(store + 2 + n)];
      return;
    }
    if (map.elementsKind !== DICTIONARY) {
      for (let n = 0; n < length; n++) if (!this.isGap(store + 2 + n)) yield [n, store + 2 + n];
      return;
    }
    const found: [number, number][] = [];
    for (let word = store + 6; word + 2 < store + 2 + length; word += 3) {
      const index = this.#plainNumber(word);
      if (index !== undefined) found.push([index, word + 1]);
    }
    yield* found.sort((a, b) => a[0] - b[0]);
  }

  #plainNumber(word: number): number | undefined {
    if (this.#image.isSmi(word)) return this.#image.smi(word);
    const at = this.#image.pointer(word);
    return this.#classes.typeOf(at) === this.#number ? this.#image.floats[at + 1] : undefined;
  }

  lengthOf(array: number): number {
    const length = this.#plainNumber(array + 3);
    return length !== undefined && length >= 0 ? length : 0;
  }

  /** By index, the word each element stands in, as in a slot; 0 for a gap. */
  elements(array: number): number[] {
    const image = this.#image;
    const map = this.#classes.of(array);
    const length = this.lengthOf(array);
    const store = image.pointer(array + 2);
    if (!map || store === 0) return [];
    const capacity = Math.max(0, image.smi(store + 1));
    const list = new Array<number>(Math.min(length, MOST_GAPS + capacity * 4)).fill(0);
    for (const [index, word] of this.#indexed(array, map)) if (index < list.length) list[index] = word;
    return list;
  }

  /** Words of the keys of a Map (the value is the next word) or of the members of a Set, in order of insertion. */
  entries(collection: number, width: 2 | 3): number[] {
    const image = this.#image;
    const table = image.pointer(collection + 3);
    if (table === 0 || this.#classes.of(table) === undefined) return [];
    const size = image.smi(table + 1);
    const used = image.smi(table + 2) + image.smi(table + 3);
    const first = table + 5 + image.smi(table + 4);
    if (!(size >= 3) || !image.holds(table, 2 + size) || first + used * width > table + 2 + size) return [];
    const list: number[] = [];
    for (let n = 0; n < used; n++) if (!this.isGap(first + n * width)) list.push(first + n * width);
    return list;
  }
}

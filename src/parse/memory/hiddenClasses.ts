// Hidden classes: V8's own description of the layout of each object. Every object begins with a pointer to one; a word that leads to
// something whose first word is no hidden class is no object.
import type { MemoryImage } from './image.ts';
import type { Layout } from './layout.ts';

export interface HiddenClass {
  /** Its own place, as a word index. */
  readonly at: number;
  readonly type: number;
  /** Words of an instance, where all instances have the same size; else 0. */
  readonly size: number;
  /** Word at which the properties inside the object begin, and how many there are. */
  readonly inObject: number;
  readonly inObjectCount: number;
  readonly isDictionary: boolean;
  readonly ownDescriptors: number;
  readonly elementsKind: number;
}

/** Deep enough for any chain of hidden classes back to the constructor. */
const LONGEST_CHAIN = 1024;
/** Words of a hidden class. The last one of a heap page ends with it, and what follows need not be there. */
const SIZE = 9;

export class HiddenClasses {
  readonly #image: MemoryImage;
  readonly #layout: Layout;
  readonly #mapType: number;
  /** Open addressing: place of a hidden class, and its number in `#known` plus one (0: looked at and no hidden class). */
  #keys = new Uint32Array(1 << 14);
  #values = new Int32Array(1 << 14);
  #used = 0;
  readonly #known: HiddenClass[] = [];
  #lastKey = 0;
  #last: HiddenClass | undefined;

  constructor(image: MemoryImage, layout: Layout) {
    this.#image = image;
    this.#layout = layout;
    this.#mapType = layout.type('MAP_TYPE');
  }

  /** The hidden class of whatever stands at a word index; undefined where that is no object. */
  of(object: number): HiddenClass | undefined {
    if (object === 0) return undefined;
    const at = this.#image.pointer(object);
    if (at === 0) return undefined;
    if (at === this.#lastKey) return this.#last;
    const found = this.#lookUp(at);
    this.#lastKey = at;
    this.#last = found;
    return found;
  }

  typeOf(object: number): number {
    return this.of(object)?.type ?? -1;
  }

  #lookUp(at: number): HiddenClass | undefined {
    const mask = this.#keys.length - 1;
    let slot = (Math.imul(at, 0x9e3779b1) >>> 7) & mask;
    while (this.#keys[slot] !== 0) {
      if (this.#keys[slot] === at) return this.#known[(this.#values[slot] as number) - 1];
      slot = (slot + 1) & mask;
    }
    const made = this.#read(at);
    this.#keys[slot] = at;
    this.#values[slot] = made ? this.#known.push(made) : 0;
    if (++this.#used * 2 > this.#keys.length) this.#grow();
    return made;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Uint32Array(keys.length * 2);
    this.#values = new Int32Array(keys.length * 2);
    const mask = this.#keys.length - 1;
    for (let n = 0; n < keys.length; n++) {
      const key = keys[n] as number;
      if (key === 0) continue;
      let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
      while (this.#keys[slot] !== 0) slot = (slot + 1) & mask;
      this.#keys[slot] = key;
      this.#values[slot] = values[n] as number;
    }
  }

  /** A hidden class is what leads to a hidden class of hidden classes, which leads to itself. */
  #read(at: number): HiddenClass | undefined {
    const image = this.#image;
    const meta = image.pointer(at);
    if (meta === 0 || image.pointer(meta) !== meta || !image.holds(at, SIZE)) return undefined;
    if ((image.high(meta + 1) & 0xffff) !== this.#mapType) return undefined;
    const sizes = image.low(at + 1);
    const kinds = image.high(at + 1);
    const flags = image.low(at + 2);
    const type = kinds & 0xffff;
    const size = sizes & 0xff;
    const inObject = (sizes >>> 8) & 0xff;
    const receiver = type >= this.#layout.firstReceiver;
    return {
      at,
      type,
      size,
      inObject,
      inObjectCount: receiver ? Math.max(0, size - inObject) : 0,
      isDictionary: ((flags >>> 21) & 1) === 1,
      ownDescriptors: (flags >>> 10) & 0x3ff,
      elementsKind: ((kinds >>> 24) & 0xff) >>> 2,
    };
  }

  prototypeOf(map: HiddenClass): number {
    return this.#image.pointer(map.at + 3);
  }

  descriptorsOf(map: HiddenClass): number {
    return this.#image.pointer(map.at + 5);
  }

  /** The function that the first hidden class of the chain belongs to; 0 where there is none. */
  constructorOf(map: HiddenClass): number {
    let at = map.at;
    for (let step = 0; step < LONGEST_CHAIN; step++) {
      const next = this.#image.pointer(at + 4);
      if (this.typeOf(next) !== this.#mapType) return next;
      at = next;
    }
    return 0;
  }
}

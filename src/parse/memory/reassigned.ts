// Which properties were assigned again after they were made. V8 keeps count for its compiler: a property of a hidden class is
// constant until any object of that class gets another value for it.
import type { HiddenClass, HiddenClasses } from './hiddenClasses.ts';
import type { MemoryImage } from './image.ts';
import type { Objects } from './objects.ts';

/** Of the details of a property: set while it is constant. */
const CONSTANT = 1 << 1;

export class Reassigned {
  readonly #image: MemoryImage;
  readonly #classes: HiddenClasses;
  readonly #objects: Objects;
  readonly #known = new Map<number, ReadonlyMap<string, boolean>>();

  constructor(image: MemoryImage, classes: HiddenClasses, objects: Objects) {
    this.#image = image;
    this.#classes = classes;
    this.#objects = objects;
  }

  /** Undefined where V8 keeps none: of objects used as dictionaries. */
  of(at: number, name: string): boolean | undefined {
    const map = this.#classes.of(at);
    if (!map || map.isDictionary) return undefined;
    const known = this.#known.get(map.at) ?? this.#read(map);
    this.#known.set(map.at, known);
    return known.get(name);
  }

  #read(map: HiddenClass): ReadonlyMap<string, boolean> {
    const found = new Map<string, boolean>();
    const image = this.#image;
    const table = this.#classes.descriptorsOf(map);
    if (table === 0) return found;
    const count = Math.min(map.ownDescriptors, image.low(table + 1) & 0xffff);
    if (!image.holds(table, 3 + count * 3)) return found;
    for (let n = 0; n < count; n++) {
      const entry = table + 3 + n * 3;
      const name = this.#objects.keyName(image.pointer(entry));
      if (name !== undefined) found.set(name, (image.smi(entry + 1) & CONSTANT) === 0);
    }
    return found;
  }
}

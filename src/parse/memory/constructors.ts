// The class of an object: the constructor that its own prototype names, which is the derived one for instances of derived classes.
import type { HeapClass, HeapLocation } from '../heapGraph.ts';
import type { Functions } from './functions.ts';
import type { HiddenClass, HiddenClasses } from './hiddenClasses.ts';
import type { MemoryImage } from './image.ts';
import type { Kinds } from './kinds.ts';
import type { Live } from './marking.ts';
import type { Objects } from './objects.ts';
import type { Texts } from './texts.ts';

const LONGEST_CHAIN = 64;

interface Made {
  readonly name: string;
  /** Place of the constructor; 0 where none is known. */
  readonly by: number;
}

export class Constructors {
  readonly #image: MemoryImage;
  readonly #classes: HiddenClasses;
  readonly #objects: Objects;
  readonly #functions: Functions;
  readonly #texts: Texts;
  readonly #made = new Map<HiddenClass, Made>();
  readonly #locations = new Map<number, HeapLocation | undefined>();

  constructor(image: MemoryImage, classes: HiddenClasses, objects: Objects, functions: Functions, texts: Texts) {
    this.#image = image;
    this.#classes = classes;
    this.#objects = objects;
    this.#functions = functions;
    this.#texts = texts;
  }

  nameOf(at: number): string {
    return this.#madeBy(at).name;
  }

  locationOf(at: number): HeapLocation | undefined {
    return this.#placeOf(this.#madeBy(at).by);
  }

  #placeOf(constructor: number): HeapLocation | undefined {
    if (constructor === 0) return undefined;
    if (!this.#locations.has(constructor)) this.#locations.set(constructor, this.#functions.locationOf(constructor));
    return this.#locations.get(constructor);
  }

  #madeBy(at: number): Made {
    const map = this.#classes.of(at);
    if (!map) return { name: '', by: 0 };
    let made = this.#made.get(map);
    if (!made) this.#made.set(map, (made = this.#find(map)));
    return made;
  }

  #find(map: HiddenClass): Made {
    const prototype = this.#classes.prototypeOf(map);
    const own = this.#function(prototype, 'constructor');
    const name = own === 0 ? '' : this.#functions.nameOf(own);
    if (name !== '' && name !== 'Object') return { name, by: own };
    const tag = this.#tagOf(prototype);
    if (tag !== '') return { name: tag, by: own };
    if (name !== '') return { name, by: own };
    const first = this.#classes.constructorOf(map);
    const named = this.#functions.isFunction(first) ? this.#functions.nameOf(first) : '';
    return { name: named === '' ? 'Object' : named, by: named === '' ? 0 : first };
  }

  /** A property that holds a function; 0 where it does not. */
  #function(holder: number, name: string): number {
    const word = holder === 0 ? 0 : this.#objects.property(holder, name);
    const at = word > 0 ? this.#image.pointer(word) : 0;
    return at !== 0 && this.#functions.isFunction(at) ? at : 0;
  }

  /** What iterators, generators and the like are called. */
  #tagOf(prototype: number): string {
    let at = prototype;
    for (let step = 0; step < LONGEST_CHAIN && at !== 0; step++) {
      const word = this.#objects.property(at, '@@Symbol.toStringTag');
      if (word > 0) return this.#texts.of(this.#image.pointer(word)) ?? '';
      const map = this.#classes.of(at);
      at = map ? this.#classes.prototypeOf(map) : 0;
    }
    return '';
  }

  /** A prototype looks like an instance of its class; its constructor's `prototype` is this object. */
  #isPrototype(at: number): boolean {
    const constructor = this.#function(at, 'constructor');
    if (constructor === 0) return false;
    const held = this.#image.pointer(constructor + 7);
    if (held === at) return true;
    // A function that made instances leads to the first hidden class of those, and that to the prototype.
    return held !== 0 && this.#image.pointer(held + 3) === at;
  }

  /** Live objects by class, the largest first. */
  classesOf(live: Live, kinds: Kinds): readonly HeapClass[] {
    const hidden = new Set(live.globals);
    const groups = new Map<Made, number[]>();
    live.objects.forEach((at, node) => {
      if (!kinds.isObject(at) || hidden.has(at) || this.#isPrototype(at)) return;
      const made = this.#madeBy(at);
      const group = groups.get(made);
      if (group) group.push(node);
      else groups.set(made, [node]);
    });
    return this.#joined(groups).sort((a, b) => b.instances.length - a.instances.length);
  }

  /** Hidden classes of one constructor are one class, and so are those of the same name and place. */
  #joined(groups: ReadonlyMap<Made, readonly number[]>): HeapClass[] {
    const byPlace = new Map<
      string,
      { name: string; location: HeapLocation | undefined; parts: (readonly number[])[] }
    >();
    for (const [{ name, by }, nodes] of groups) {
      const location = this.#placeOf(by);
      const key = `${name}@${location ? `${location.script}:${location.line}:${location.column}` : ''}`;
      const known = byPlace.get(key);
      if (known) known.parts.push(nodes);
      else byPlace.set(key, { name, location, parts: [nodes] });
    }
    return [...byPlace.values()].map(({ name, location, parts }) => ({
      name,
      ...(location && { location }),
      instances: parts.flat().sort((a, b) => a - b),
    }));
  }
}

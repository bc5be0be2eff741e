// What a walk wrote down, in columns: objects by number, the values they hold behind each other. Whatever the records say is checked
// here, since anyone may have written them.
import type { Value } from '../../model/index.ts';
import type { NodeKind } from '../heapGraph.ts';

/** A place in the source, as the walk tells it. */
export type Place = readonly [script: number, line: number, column: number];

export interface WalkedClass {
  readonly name: string;
  /** Number of the constructor; -1 where there is none. */
  readonly by: number;
}

/** Stands before a number of holes in a list of elements. */
export const HOLES = -(2 ** 31);
const MOST = 2 ** 30;

/** Numbers that are appended, or put at a place; what was never put is zero. */
class Column {
  #data = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    this.put(this.length, value);
  }

  put(place: number, value: number): void {
    if (place >= this.#data.length) {
      const larger = new Int32Array(Math.max(this.#data.length * 2, place + 1));
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[place] = value;
    this.length = Math.max(this.length, place + 1);
  }

  at(place: number): number {
    return this.#data[place] ?? 0;
  }

  slice(from: number, to: number): number[] {
    return Array.from(this.#data.subarray(from, to));
  }
}

/** For each object a run of numbers. */
export class Runs {
  readonly #data = new Column();
  /** By object: where its run begins and how long it is. */
  readonly #from = new Column();
  readonly #size = new Column();

  /** False where the object has a run already that other objects' runs followed. */
  append(id: number, values: readonly number[]): boolean {
    const size = this.#size.at(id);
    if (size > 0 && this.#from.at(id) + size !== this.#data.length) return false;
    if (size === 0) this.#from.put(id, this.#data.length);
    for (const value of values) this.#data.push(value);
    this.#size.put(id, size + values.length);
    return true;
  }

  of(id: number): number[] {
    const from = this.#from.at(id);
    return this.#data.slice(from, from + this.#size.at(id));
  }

  sizeOf(id: number): number {
    return this.#size.at(id);
  }

  get length(): number {
    return this.#data.length;
  }
}

export class WalkedObjects {
  readonly kinds: (NodeKind | undefined)[] = [];
  readonly classOf: number[] = [];
  readonly functionNames = new Map<number, string>();
  readonly places = new Map<number, Place>();
  readonly targets = new Map<number, number>();
  readonly promises = new Map<number, 'pending' | 'fulfilled' | 'rejected'>();
  /** Values of dates, bytes and the like. */
  readonly own = new Map<number, Value>();
  /** Lengths of arrays of which only the beginning was written. */
  readonly lengths = new Map<number, number>();
  readonly classes: WalkedClass[] = [];
  readonly prototypes = new Set<number>();
  readonly roots: number[] = [];
  readonly named = new Runs();
  readonly hidden = new Runs();
  readonly captured = new Runs();
  readonly elements = new Runs();
  readonly entries = new Runs();
  readonly members = new Runs();
  /** Values without a number: -1 the first one, -2 the second ... */
  readonly leaves: Value[] = [];
  readonly names: string[] = [];
  readonly #leafOf = new Map<string | number | boolean | null, number>();
  readonly #nameOf = new Map<string, number>();
  #minusZero = 0;

  nameId(name: string): number {
    let id = this.#nameOf.get(name);
    if (id === undefined) this.#nameOf.set(name, (id = this.names.push(name) - 1));
    return id;
  }

  knownName(name: string): number | undefined {
    return this.#nameOf.get(name);
  }

  /** The number of an object, or that of a leaf, below zero. */
  value(written: unknown): number {
    if (Array.isArray(written)) {
      const [id] = written as unknown[];
      if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < MOST) return id;
      if (id === '-0') return (this.#minusZero ||= -this.leaves.push(-0));
      return this.#leaf({ $type: 'undefined' });
    }
    if (typeof written === 'object' && written !== null) return this.#leaf(written as Value);
    const simple = written as string | number | boolean | null;
    let leaf = this.#leafOf.get(simple);
    if (leaf === undefined) this.#leafOf.set(simple, (leaf = this.#leaf(simple)));
    return leaf;
  }

  #leaf(value: Value): number {
    return -this.leaves.push(value);
  }
}

// The things that are recorded, and the objects of the target that stand for them. Pure.
import { refKey, type EntityRef, type Value } from '../model/index.ts';
import type { ProbeRecord } from './probeAnswer.ts';

type States = Map<string, Value>;

/** One thing: its state attributes as last told, and how many changes of each were recorded. */
export interface Thing {
  readonly ref: EntityRef;
  readonly states: States;
  readonly changes: Map<string, number>;
  /** State attributes that may have changed unseen: what the program itself says of them before its next change holds. */
  doubted: Set<string>;
  /** In the timeline's state. */
  placed: boolean;
  /** What else it holds, until it is placed. */
  whole?: ProbeRecord['w'];
  gone: boolean;
}

/** One object in the target: a copy or version of a thing. */
export interface Copy {
  readonly states: States;
  /** Built anew from what was stored: what it goes through until it has caught up is no change of the thing. */
  readonly replay: Map<string, number>;
  /** Seen as it was made, while it had no state yet. */
  isBare?: boolean;
}

export class Things {
  readonly #things = new Map<string, Thing>();
  readonly #copies = new Map<number, Copy>();

  find(ref: EntityRef): Thing | undefined {
    return this.#things.get(refKey(ref));
  }

  knownCopy(object: number): Copy | undefined {
    return this.#copies.get(object);
  }

  thing(ref: EntityRef): Thing {
    const key = refKey(ref);
    let thing = this.#things.get(key);
    if (!thing) {
      const own: EntityRef = { entity: ref.entity, id: ref.id };
      thing = { ref: own, states: new Map(), changes: new Map(), doubted: new Set(), placed: false, gone: false };
      this.#things.set(key, thing);
    }
    return thing;
  }

  /** Something was missed. */
  doubt(): void {
    for (const thing of this.#things.values()) thing.doubted = new Set(thing.states.keys());
    this.#copies.clear();
  }

  copy(object: number): Copy {
    let copy = this.#copies.get(object);
    if (copy) return copy;
    copy = { states: new Map(), replay: new Map() };
    this.#copies.set(object, copy);
    // Copies of re-hydrated things are many and short-lived: the oldest are forgotten.
    if (this.#copies.size > 100_000)
      for (const old of [...this.#copies.keys()].slice(0, 10_000)) this.#copies.delete(old);
    return copy;
  }
}

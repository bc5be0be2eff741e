// A map that is forked in one step: a fork writes to a layer of its own above what both share. What two forks of one map differ
// in stands in their own layers, so that finding it does not go through all that they have in common. Knows nothing of programs.

/** Layers that a reading may go through; what is deeper is made one again. */
const DEEPEST = 10;
/** Copied rather than put under a layer: cheaper to read. */
const SMALL = 8;

export class Layers<K, V> implements Iterable<readonly [K, V]> {
  #own: Map<K, V>;
  #below: Layers<K, V> | undefined;
  #depth: number;
  /** Forks read this layer: it is not written any more. */
  #isShared = false;

  private constructor(own: Map<K, V>, below: Layers<K, V> | undefined) {
    this.#own = own;
    this.#below = below;
    this.#depth = below ? below.#depth + 1 : 0;
  }

  static empty<K, V>(): Layers<K, V> {
    return new Layers(new Map(), undefined);
  }

  /** Whoever keeps this and whoever is given it see the same, and from now on write through `written` to what is theirs. */
  share(): this {
    this.#isShared = true;
    return this;
  }

  /** The map with a value more: this one, or a layer above it where it is shared. */
  with(key: K, value: V): Layers<K, V> {
    const own = this.#writable();
    own.#own.set(key, value);
    return own;
  }

  get(key: K): V | undefined {
    let layer: Layers<K, V> | undefined = this;
    while (layer) {
      const value = layer.#own.get(key);
      if (value !== undefined) return value;
      layer = layer.#below;
    }
    return undefined;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /** In the order in which the keys were first set. */
  [Symbol.iterator](): Iterator<readonly [K, V]> {
    return (this.#below ? this.#entries() : this.#own).entries();
  }

  keys(): Iterable<K> {
    return (this.#below ? this.#entries() : this.#own).keys();
  }

  values(): Iterable<V> {
    return (this.#below ? this.#entries() : this.#own).values();
  }

  /** Keys under which this and the other may hold different values, and no others where both are forks of one map. */
  keysApartFrom(other: Layers<K, V>): Iterable<K> {
    if (this === other) return [];
    const keys = new Set<K>();
    let [mine, theirs]: (Layers<K, V> | undefined)[] = [this, other];
    // The higher of the two goes down first: what both stand on has one height.
    while (mine !== theirs) {
      const higher: Layers<K, V> | undefined = !theirs || (mine && mine.#depth >= theirs.#depth) ? mine : theirs;
      if (!higher) break;
      for (const key of higher.#own.keys()) keys.add(key);
      if (higher === mine) mine = mine.#below;
      else theirs = higher.#below;
    }
    return keys;
  }

  #writable(): Layers<K, V> {
    if (!this.#isShared) return this;
    if (this.#depth >= DEEPEST) this.#compact();
    return this.#below || this.#own.size > SMALL
      ? new Layers(new Map(), this)
      : new Layers(new Map(this.#own), undefined);
  }

  /** The layers below become one with this one, for all that stand on it. */
  #compact(): void {
    this.#own = new Map(this.#entries());
    this.#below = undefined;
    this.#depth = 0;
  }

  #entries(): Map<K, V> {
    const layers: Layers<K, V>[] = [];
    for (let layer: Layers<K, V> | undefined = this; layer; layer = layer.#below) layers.push(layer);
    const entries = new Map<K, V>();
    for (const layer of layers.reverse()) for (const [key, value] of layer.#own) entries.set(key, value);
    return entries;
  }
}

// A state that is cheap to step: a new version shares all chunks but the touched ones with the version before,
// so both stay valid, and an untouched chunk is stored once however many keyframes hold it.
import {
  applyChanges,
  changedRef,
  refKey,
  type Change,
  type EntityInstance,
  type SemanticState,
} from '../model/index.ts';

/** Neighbours in the order of keys; never changed once it is part of a state. */
export interface Chunk {
  readonly keys: readonly string[];
  readonly values: readonly EntityInstance[];
}

interface OwnChunk {
  readonly keys: string[];
  readonly values: EntityInstance[];
}

/** Small enough that copying one costs microseconds, large enough that a keyframe lists few of them. */
const LARGEST = 64;

/** Shorter keys first, then by code unit: cheap, and numbers of one type come in their own order. */
export function keyPrecedes(a: string, b: string): boolean {
  return a.length === b.length ? a < b : a.length < b.length;
}

/** Index of the first of `count` sorted places for which `isAtOrAfter` holds. */
function firstPlace(count: number, isAtOrAfter: (place: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAtOrAfter(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The only chunk that may hold the key: the last one that does not begin after it. */
export function chunkPlace(count: number, firstKey: (place: number) => string, key: string): number {
  return Math.max(0, firstPlace(count, (place) => keyPrecedes(key, firstKey(place))) - 1);
}

function keyPlace(keys: readonly string[], key: string): number {
  return firstPlace(keys.length, (place) => !keyPrecedes(keys[place] as string, key));
}

export function inChunk(chunk: Chunk, key: string): EntityInstance | undefined {
  const place = keyPlace(chunk.keys, key);
  return chunk.keys[place] === key ? chunk.values[place] : undefined;
}

/** Immutable; iterates in one order whatever way it came about. */
export class StateMap implements SemanticState {
  static readonly empty = new StateMap([], 0);
  readonly chunks: readonly Chunk[];
  readonly size: number;

  constructor(chunks: readonly Chunk[], size: number) {
    this.chunks = chunks;
    this.size = size;
  }

  static from(state: SemanticState): StateMap {
    if (state instanceof StateMap) return state;
    const keys = [...state.keys()].sort((a, b) => (a === b ? 0 : keyPrecedes(a, b) ? -1 : 1));
    const chunks: Chunk[] = [];
    for (let from = 0; from < keys.length; from += LARGEST) {
      const part = keys.slice(from, from + LARGEST);
      chunks.push({ keys: part, values: part.map((key) => state.get(key) as EntityInstance) });
    }
    return new StateMap(chunks, keys.length);
  }

  get(key: string): EntityInstance | undefined {
    const chunk = this.chunks[chunkPlace(this.chunks.length, (at) => this.chunks[at]?.keys[0] as string, key)];
    return chunk && inChunk(chunk, key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  forEach(visit: (value: EntityInstance, key: string, map: SemanticState) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  *entries(): Generator<[string, EntityInstance], undefined> {
    for (const { keys, values } of this.chunks) {
      for (let at = 0; at < keys.length; at++) yield [keys[at] as string, values[at] as EntityInstance];
    }
    return undefined;
  }

  *keys(): Generator<string, undefined> {
    for (const chunk of this.chunks) yield* chunk.keys;
    return undefined;
  }

  *values(): Generator<EntityInstance, undefined> {
    for (const chunk of this.chunks) yield* chunk.values;
    return undefined;
  }

  [Symbol.iterator](): Generator<[string, EntityInstance], undefined> {
    return this.entries();
  }

  after(changes: Iterable<Change>): StateMap {
    const draft = new StateDraft(this);
    for (const change of changes) draft.apply(change);
    return draft.finish();
  }
}

/** A state being changed in place: copies each chunk once, when it is first touched. */
export class StateDraft {
  #chunks: Chunk[];
  #size: number;
  #own = new Set<Chunk>();

  constructor(state: StateMap) {
    this.#chunks = [...state.chunks];
    this.#size = state.size;
  }

  get(key: string): EntityInstance | undefined {
    const chunk = this.#chunks[this.#place(key)];
    return chunk && inChunk(chunk, key);
  }

  /** Applies one change by the model's own rule. */
  apply(change: Change): void {
    const key = refKey(changedRef(change));
    const before = this.get(key);
    const one = new Map<string, EntityInstance>();
    if (before) one.set(key, before);
    applyChanges(one, [change]);
    const after = one.get(key);
    if (after === before) return;
    if (after) this.#set(key, after);
    else this.#delete(key);
  }

  /** The state so far. The draft may be changed further without touching what it gave out. */
  finish(): StateMap {
    this.#own.clear();
    return new StateMap([...this.#chunks], this.#size);
  }

  #place(key: string): number {
    return chunkPlace(this.#chunks.length, (at) => this.#chunks[at]?.keys[0] as string, key);
  }

  #ownAt(place: number): OwnChunk {
    const found = this.#chunks[place];
    if (found && this.#own.has(found)) return found as OwnChunk;
    const copy: OwnChunk = { keys: [...(found?.keys ?? [])], values: [...(found?.values ?? [])] };
    this.#chunks[place] = copy;
    this.#own.add(copy);
    return copy;
  }

  #set(key: string, value: EntityInstance): void {
    const place = this.#place(key);
    const { keys, values } = this.#ownAt(place);
    const at = keyPlace(keys, key);
    if (keys[at] === key) {
      values[at] = value;
      return;
    }
    keys.splice(at, 0, key);
    values.splice(at, 0, value);
    this.#size++;
    if (keys.length <= LARGEST) return;
    // Keys mostly arrive in rising order: cutting near the end leaves full chunks behind instead of half-full ones.
    const cut = at === keys.length - 1 ? LARGEST : LARGEST / 2;
    const rest: OwnChunk = { keys: keys.splice(cut), values: values.splice(cut) };
    this.#own.add(rest);
    this.#chunks.splice(place + 1, 0, rest);
  }

  #delete(key: string): void {
    const place = this.#place(key);
    const { keys, values } = this.#ownAt(place);
    const at = keyPlace(keys, key);
    keys.splice(at, 1);
    values.splice(at, 1);
    this.#size--;
    const next = this.#chunks[place + 1];
    if (keys.length === 0) this.#chunks.splice(place, 1);
    else if (next && keys.length + next.keys.length <= LARGEST / 2) {
      keys.push(...next.keys);
      values.push(...next.values);
      this.#chunks.splice(place + 1, 1);
    }
  }
}

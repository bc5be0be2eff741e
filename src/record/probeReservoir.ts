// The part of the probe that keeps some instances of a service whose things only pass through its memory: by type and state, few and
// young, so that a snapshot has something to read. Sent as text together with the probe, so it refers to nothing outside itself.
import type { ReservoirLimits } from './probeAnswer.ts';

export type ProbeReservoir = ReturnType<typeof probeReservoir>;

/** @param types number of entities */
export function probeReservoir(types: number, limits: ReservoirLimits) {
  interface Held {
    readonly weak: WeakRef<object>;
    readonly since: number;
    object: object | undefined;
  }
  interface Shelf {
    /** By the text of its states, then by business key; the oldest first. */
    readonly states: Map<string, Map<string, Held>>;
    readonly stateOf: Map<string, string>;
    passes: boolean;
    seen: number;
    died: number;
    count: number;
  }
  // So many seen, and half of them dead without a word of their removal: the program does not keep these things itself.
  const leastDead = 4;
  const checkedAtOnce = 64;
  const mostStates = 64;
  const newShelf = (): Shelf => ({
    states: new Map(),
    stateOf: new Map(),
    passes: false,
    seen: 0,
    died: 0,
    count: 0,
  });
  const shelves: Shelf[] = Array.from({ length: types }, newShelf);

  const drop = (e: number, key: unknown): Held | undefined => {
    const shelf = shelves[e];
    const text = String(key);
    const state = shelf?.stateOf.get(text);
    if (!shelf || state === undefined) return undefined;
    const row = shelf.states.get(state);
    const held = row?.get(text);
    row?.delete(text);
    if (row?.size === 0) shelf.states.delete(state);
    shelf.stateOf.delete(text);
    if (held) shelf.count--;
    return held;
  };
  /** @param former the version this one takes the place of */
  const keep = (e: number, key: unknown, object: object, state: string, now: number, former?: object): void => {
    const shelf = shelves[e];
    if (!shelf) return;
    const before = drop(e, key);
    const earlier = before?.object ?? before?.weak.deref();
    if (before && earlier === undefined) shelf.died++;
    // The same thing in another object that is no next version of it: it was read from where it is stored.
    else if (earlier !== undefined && earlier !== object && earlier !== former) shelf.passes = true;
    if (before === undefined) shelf.seen++;
    const row = shelf.states.has(state) || shelf.states.size < mostStates ? state : '';
    const held: Held = { weak: new WeakRef(object), since: now, object: shelf.passes ? object : undefined };
    const there = shelf.states.get(row) ?? new Map<string, Held>();
    shelf.states.set(row, there);
    there.set(String(key), held);
    shelf.stateOf.set(String(key), row);
    shelf.count++;
    const oldest = there.size > limits.perState ? there.keys().next().value : undefined;
    if (oldest !== undefined) drop(e, oldest);
    if (shelf.count > limits.perType)
      for (const each of shelf.stateOf.keys()) {
        drop(e, each);
        break;
      }
  };
  const sweep = (now: number): void => {
    shelves.forEach((shelf, e) => {
      let checked = 0;
      for (const row of shelf.states.values()) {
        for (const [key, held] of row) {
          const dead = held.object === undefined && held.weak.deref() === undefined;
          if (dead) shelf.died++;
          if (dead || now - held.since > limits.ageMs) drop(e, key);
          else if (++checked > checkedAtOnce) break;
        }
      }
      if (shelf.died >= leastDead && shelf.died * 2 >= shelf.seen) shelf.passes = true;
    });
  };
  const clear = (): void => {
    for (let e = 0; e < types; e++) shelves[e] = newShelf();
  };
  const count = (): number => shelves.reduce((sum, shelf) => sum + shelf.count, 0);
  return { shelves, keep, drop, sweep, clear, count };
}

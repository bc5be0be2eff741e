// The part of the probe that sees things leave the collections of which the model says that they are kept there: told at once, and
// taken back at the end of the turn where one is then in a collection after all. Sent as text together with the probe, so it refers to
// nothing outside itself.
import type { Bag, ProbeReading } from './probeReading.ts';
import type { Place, ProbeRing, Seen } from './probeRing.ts';

/** @param byKey the removal of a map's entry */
export function probeStores(
  sites: ReadonlyMap<number, Place>,
  reading: ProbeReading,
  ring: ProbeRing,
  byKey: (id: number, store: unknown, ...all: unknown[]) => unknown,
) {
  const { isBag, entityOf, statesOf, keyOf } = reading;
  const later = queueMicrotask;
  const [mostStores, mostEach] = [32, 20_000];
  const stores: WeakRef<object>[] = [];
  let gone: Seen[] = [];

  const know = (store: unknown): void => {
    if (!Array.isArray(store) && !(store instanceof Map) && !(store instanceof Set)) return;
    if (stores.some((each) => each.deref() === store)) return;
    stores.push(new WeakRef(store));
    if (stores.length > mostStores) stores.shift();
  };
  /** What a collection keeps; of a map only what stands under its own key, for another one is an index. */
  const kept = (store: unknown): unknown[] => {
    if (Array.isArray(store) || store instanceof Set) return [...(store as Iterable<unknown>)];
    if (!(store instanceof Map)) return [];
    return [...store].flatMap(([key, value]: [unknown, unknown]) => {
      const e = isBag(value) ? entityOf(value, []) : -1;
      return e >= 0 && String(keyOf(e, value as Bag)) === String(key) ? [value] : [];
    });
  };
  const nameOf = (thing: unknown): string | undefined => {
    const e = isBag(thing) ? entityOf(thing, []) : -1;
    const key = e < 0 ? undefined : keyOf(e, thing as Bag);
    return key === undefined ? undefined : `${e} ${key}`;
  };
  const settle = (): void => {
    const all = gone;
    gone = [];
    for (const seen of all) delete seen.open;
    try {
      const there = new Set<string | undefined>();
      for (const each of stores) {
        const store = each.deref() as { readonly length?: number; readonly size?: number } | undefined;
        if (store && (store.length ?? store.size ?? 0) <= mostEach)
          for (const one of kept(store)) there.add(nameOf(one));
      }
      for (const seen of all) if (there.has(nameOf(seen.o))) seen.e = -1;
    } catch {
      // Whatever an exotic object does, the program goes on as if nobody looked.
    }
  };
  const leave = (id: number, things: readonly unknown[]): void => {
    const site = sites.get(id);
    if (!site) return;
    for (const thing of things) {
      const e = isBag(thing) ? entityOf(thing, []) : -1;
      if (e < 0 || keyOf(e, thing as Bag) === undefined) continue;
      const seen: Seen = { s: id, o: thing as Bag, e, v: statesOf(e, thing as Bag), r: true, open: true };
      ring.tell(site, seen);
      if (gone.push(seen) === 1) later(settle);
    }
  };
  const trying = (run: () => void): void => {
    try {
      if (ring.on) run();
    } catch {
      // See above.
    }
  };
  return {
    know,
    /** A method that takes something out. */
    e(id: number, store: unknown, method: string, ...all: unknown[]): unknown {
      if (method === 'delete' && !(store instanceof Set)) return byKey(id, store, ...all);
      let before: unknown[] = [];
      trying(() => {
        know(store);
        if (method === 'clear') before = kept(store);
        else if (method === 'delete' && (store as Set<unknown>).has(all[0])) before = [all[0]];
      });
      const done = (store as Record<string, (...given: unknown[]) => unknown>)[method]?.(...all);
      trying(() => {
        const isArray = Array.isArray(store);
        if (isArray && method === 'splice') leave(id, done as unknown[]);
        else if (isArray && (method === 'pop' || method === 'shift')) leave(id, [done]);
        else if (!isArray && before.length > 0) leave(id, before);
      });
      return done;
    },
    /** Another collection takes the place of one, or an array gets a length. */
    f(id: number, store: unknown, value: unknown): unknown {
      trying(() => {
        know(store);
        if (store === value || !isBag(store)) return;
        if (typeof value === 'number') {
          if (Array.isArray(store) && value < store.length) leave(id, store.slice(value));
          return;
        }
        const next = kept(value);
        const [same, names] = [new Set(next), new Set(next.map(nameOf))];
        leave(
          id,
          kept(store).filter((each) => !same.has(each) && !names.has(nameOf(each))),
        );
        // What takes its place is what counts from here on.
        const at = stores.findIndex((each) => each.deref() === store);
        if (at >= 0) stores.splice(at, 1);
        know(value);
      });
      return value;
    },
  };
}

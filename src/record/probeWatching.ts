// The part of the probe that breakpoints call: what a place is about to do is noted, and read again once it is done. It never gives
// a value that would stop the process. Sent as text together with the probe, so it refers to nothing outside itself.
import type { Bag, ProbeReading } from './probeReading.ts';
import type { Place, ProbeRing, Seen } from './probeRing.ts';

export interface WatchedSite extends Place {
  readonly entities: readonly number[];
}

interface Pending {
  readonly site: number;
  readonly object: Bag;
  readonly name: string;
  readonly seen: Seen;
  readonly read: () => unknown;
}

/** @param made tells of a whole instance */
export function probeWatching(
  sites: ReadonlyMap<number, WatchedSite>,
  states: ReadonlySet<string>,
  entityStates: readonly (readonly string[])[],
  reading: ProbeReading,
  ring: ProbeRing,
  made: (id: number, object: unknown, former?: unknown) => unknown,
) {
  const { isBag, get, entityOf, statesOf, stateOf, keyOf } = reading;
  const { hasOwnProperty } = Object.prototype;
  const [mapGet, mapHas] = [Map.prototype.get, Map.prototype.has];
  const later = queueMicrotask;
  const most = 1000;
  const expected = new Map<number, unknown[]>();
  const counts = new Map<number, number>();
  let pending: Pending[] = [];
  let waiting: Pending[] = [];
  let isQueued = false;

  const own: readonly (readonly [object, readonly string[]])[] = [
    [
      String.prototype,
      'at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf padEnd padStart repeat slice split startsWith substring toLowerCase toString toUpperCase trim trimEnd trimStart valueOf'.split(
        ' ',
      ),
    ],
    [Number.prototype, ['toFixed', 'toPrecision', 'toString', 'valueOf']],
    [
      Date.prototype,
      Object.getOwnPropertyNames(Date.prototype).filter((name) => /^(?:get|to[A-Z]|valueOf)/.test(name)),
    ],
    [
      Array.prototype,
      'at concat every filter find findIndex findLast flat flatMap includes indexOf join lastIndexOf map reduce slice some'.split(
        ' ',
      ),
    ],
    [Map.prototype, ['get', 'has']],
    [WeakMap.prototype, ['get', 'has']],
    [Set.prototype, ['has']],
    [Object, ['entries', 'fromEntries', 'keys', 'values', 'freeze']],
    [Math, Object.getOwnPropertyNames(Math).filter((name) => name !== 'random')],
  ];
  const harmless = new Set<unknown>();
  for (const [holder, names] of own)
    for (const name of names) {
      const method = Object.getOwnPropertyDescriptor(holder, name)?.value as unknown;
      if (typeof method === 'function') harmless.add(method);
    }

  const siteOf = (id: number): WatchedSite | undefined => {
    counts.set(id, (counts.get(id) ?? 0) + 1);
    return ring.on ? sites.get(id) : undefined;
  };
  /** What was written by now; what was not written is told as nothing. */
  const settle = (each: Pending): void => {
    const { seen, name } = each;
    delete seen.open;
    try {
      seen.b = stateOf(seen.e, name, each.read());
    } catch {
      seen.b = seen.a;
    }
    if (Object.is(seen.a, seen.b)) seen.e = -1;
  };
  const settleAll = (): void => {
    isQueued = false;
    const all = pending;
    pending = [];
    for (const each of all) settle(each);
  };
  const note = (site: WatchedSite, object: Bag, name: string, read: () => unknown, isLong: boolean): void => {
    const e = entityOf(object, site.entities);
    if (e < 0) return;
    const value = stateOf(e, name, read());
    // What is noted of the same property and written by now has its value, and no later one; what is not written yet waits on.
    const isWritten = (each: Pending): boolean =>
      each.object === object && each.name === name && !Object.is(each.seen.a, value);
    for (const each of pending.filter(isWritten)) {
      each.seen.b = value;
      delete each.seen.open;
    }
    pending = pending.filter((each) => !isWritten(each));
    const seen: Seen = { s: site.id, o: object, e, p: name, a: value, b: value };
    const list = isLong ? waiting : pending;
    if (list.length >= most) return;
    list.push({ site: site.id, object, name, seen, read });
    // What waits for its value may wait for long, and is told once it is there.
    if (isLong) return;
    seen.open = true;
    ring.tell(site, seen);
    if (isQueued) return;
    isQueued = true;
    later(settleAll);
  };
  const trying =
    <A extends unknown[]>(run: (site: WatchedSite, ...rest: A) => void) =>
    (id: number, ...rest: A): false => {
      try {
        const site = siteOf(id);
        if (site) run(site, ...rest);
      } catch {
        // Whatever an exotic object does, the program goes on as if nobody looked.
      }
      return false;
    };

  return {
    /** A write follows. */
    k: trying((site, object: unknown, key?: unknown, peek?: (o: unknown) => unknown, isLong?: boolean) => {
      const name = key === undefined ? (site.property ?? '') : String(key as string);
      if (!isBag(object) || (key !== undefined && !states.has(name))) return;
      note(site, object, name, peek ? () => peek(object) : () => get(object, name), isLong === true);
    }),
    /** A write that was waited for is done. */
    o: trying((site, object: unknown) => {
      const done = waiting.filter((each) => each.site === site.id && each.object === object);
      waiting = waiting.filter((each) => !done.includes(each));
      for (const each of done) {
        settle(each);
        if (each.seen.e >= 0) ring.tell(site, each.seen);
      }
    }),
    /** A merge into an object follows. */
    j: trying((site, object: unknown) => {
      if (!isBag(object)) return;
      const e = entityOf(object, site.entities);
      for (const name of entityStates[e] ?? []) note(site, object, name, () => get(object, name), false);
    }),
    /** An object has been made, or one like it. */
    h: trying((site, object: unknown, former?: unknown) => {
      made(site.id, object, former);
    }),
    /** An object is about to arrive somewhere, made from another one. */
    i: trying((site, former?: unknown) => {
      const list = expected.get(site.id) ?? [];
      expected.set(site.id, list);
      if (list.length < most) list.push(former);
    }),
    /** It has arrived, where others arrive too. */
    m(id: number, object: unknown): false {
      const list = expected.get(id);
      if (list && list.length > 0) {
        const former = list.pop();
        if (ring.on) made(id, object, former);
      }
      return false;
    },
    /** A removal follows. */
    l: trying((site, store: unknown, key: unknown) => {
      const isMap = store instanceof Map;
      const name = key as string;
      const value: unknown = isMap ? mapGet.call(store, key) : isBag(store) ? get(store, String(name)) : undefined;
      if (!isBag(value)) return;
      const e = entityOf(value, site.entities);
      const id = e < 0 ? undefined : keyOf(e, value);
      if (id === undefined || String(id) !== String(name)) return;
      const seen: Seen = { s: site.id, o: value, e, v: statesOf(e, value), r: true, open: true };
      ring.tell(site, seen);
      later(() => {
        delete seen.open;
        if (isMap ? mapHas.call(store, key) : hasOwnProperty.call(store, name)) seen.e = -1;
      });
    }),
    /** A method of the language that changes nothing; any other is not called. */
    q(receiver: unknown, name: string, ...all: unknown[]): unknown {
      const method = (receiver as Record<string, unknown>)[name];
      if (!harmless.has(method)) throw new TypeError(name);
      return (method as (...given: unknown[]) => unknown).apply(receiver, all);
    },
    /** How often each was come to since this was asked last. */
    hot(): string {
      const text = JSON.stringify([...counts]);
      counts.clear();
      return text;
    },
  };
}

// What runs inside the target: a ring of what the edited places tell, and nothing else. `probe` is sent as text, so it refers to
// nothing outside itself. It keeps objects only until they are told, copies plain values only, and falls silent by itself.
import type { ProbeAnswer, ProbeOptions, ProbeRecord } from './probeAnswer.ts';
import type { Bag, probeReading } from './probeReading.ts';

export function probe(options: ProbeOptions, readingOf: typeof probeReading): void {
  interface Seen {
    s: number;
    t: number;
    o: Bag;
    e: number;
    p?: string;
    a?: unknown;
    b?: unknown;
    v?: Bag;
    f?: Bag;
    r?: true;
    stack?: string;
  }
  const { entities, leaseMs, capacity, stacks } = options;
  const ring: (Seen | undefined)[] = new Array<Seen | undefined>(capacity);
  const numbers = new WeakMap<object, number>();
  const privates = new WeakMap<object, Bag>();
  const sites = new Map(options.sites.map((site) => [site.id, { ...site, hits: 0 }]));
  const states = new Set(entities.flatMap((entity) => entity.states));
  const owns = Object.prototype.hasOwnProperty;
  const mapGet = Map.prototype.get;
  const late: { o: Bag; e: number; n: number; until: number }[] = [];
  const origin = performance.timeOrigin;
  const clock = performance.now.bind(performance);
  let [read, written, lost, number] = [0, 0, 0, 0];
  let on = true;
  let lease = clock() + leaseMs;
  let silentSince = 0;

  const { isBag, get, entityOf, statesOf, stateOf, keyOf, plain, plainBag, whole, stackOf } = readingOf(
    entities,
    privates,
  );

  const numberOf = (object: object): number => {
    let n = numbers.get(object);
    if (n === undefined) numbers.set(object, (n = ++number));
    return n;
  };
  const tell = (site: { hits: number }, seen: Seen): void => {
    const now = clock();
    if (now > lease) {
      on = false;
      silentSince = Math.round((origin + lease) * 1000);
      ring.fill(undefined);
      read = written;
      late.length = 0;
      return;
    }
    if (written - read >= capacity) {
      lost++;
      return;
    }
    seen.t = now;
    if (site.hits++ < stacks.first || site.hits % stacks.share === 0) seen.stack = stackOf();
    ring[written++ % capacity] = seen;
  };
  const written1 = (id: number, object: unknown, name: string, before: unknown, after: unknown): void => {
    try {
      const site = sites.get(id);
      if (!site || !isBag(object)) return;
      if (name.startsWith('#')) {
        const known = privates.get(object) ?? {};
        known[name] = after;
        privates.set(object, known);
      }
      const e = entityOf(object, site.entities);
      if (e < 0) return;
      tell(site, { s: id, t: 0, o: object, e, p: name, a: stateOf(e, name, before), b: stateOf(e, name, after) });
    } catch {
      // Whatever an exotic object does, the program goes on as if nobody looked.
    }
  };
  const reading = (object: unknown, key: unknown): unknown => {
    try {
      return isBag(object) && typeof key === 'string' ? get(object, key) : undefined;
    } catch {
      return undefined;
    }
  };
  const assigned = (id: number, object: unknown, key: unknown, before: unknown, value: unknown): void => {
    if (on && typeof key === 'string' && states.has(key)) written1(id, object, key, before, value);
  };
  const setStrict = function (object: unknown, key: PropertyKey, value: unknown): void {
    'use strict';
    (object as Record<PropertyKey, unknown>)[key] = value;
  };
  const setSloppy = function (object: unknown, key: PropertyKey, value: unknown): void {
    (object as Record<PropertyKey, unknown>)[key] = value;
  };
  const deleteStrict = function (object: unknown, key: PropertyKey): boolean {
    'use strict';
    return delete (object as Record<PropertyKey, unknown>)[key];
  };
  const deleteSloppy = function (object: unknown, key: PropertyKey): boolean {
    return delete (object as Record<PropertyKey, unknown>)[key];
  };
  const setting = (set: typeof setStrict) => (id: number, object: unknown, key: PropertyKey, value: unknown) => {
    const before = on ? reading(object, key) : undefined;
    set(object, key, value);
    assigned(id, object, key, before, value);
    return value;
  };
  const stepping =
    (set: typeof setStrict) => (id: number, object: unknown, key: string, by: number, isPrefix: boolean) => {
      let before: unknown = (object as Bag)[key];
      if (typeof before !== 'bigint') before = Number(before);
      const after = typeof before === 'bigint' ? before + BigInt(by) : (before as number) + by;
      set(object, key, after);
      assigned(id, object, key, before, after);
      return isPrefix ? after : before;
    };
  const removed = (id: number, value: unknown, key: unknown): void => {
    const site = sites.get(id);
    if (!on || !site || !isBag(value)) return;
    try {
      for (const each of [value, ...Object.values(value).filter(isBag)]) {
        const e = entityOf(each, site.entities);
        const id1 = e < 0 ? undefined : keyOf(e, each);
        if (id1 === undefined || String(id1) !== String(key)) continue;
        tell(site, { s: id, t: 0, o: each, e, v: statesOf(e, each), r: true });
        return;
      }
    } catch {
      // See above.
    }
  };
  const deleting = (del: typeof deleteStrict) => (id: number, object: unknown, key: PropertyKey) => {
    const value = on ? reading(object, typeof key === 'number' ? String(key) : key) : undefined;
    const done = del(object, key);
    if (done && value !== undefined) removed(id, value, key);
    return done;
  };
  const take = (seen: Seen): ProbeRecord => {
    const n = numberOf(seen.o);
    const k = keyOf(seen.e, seen.o);
    if (k === undefined && late.length < 1000) late.push({ o: seen.o, e: seen.e, n, until: clock() + 10000 });
    return {
      s: seen.s,
      t: Math.round((origin + seen.t) * 1000),
      o: n,
      e: seen.e,
      ...(k !== undefined && { k }),
      ...(seen.p !== undefined && { p: seen.p, a: plain(seen.a), b: plain(seen.b) }),
      ...(seen.v && { v: plainBag(seen.v) as Bag }),
      ...(!seen.r && { w: plainBag(whole(seen.e, seen.o)) as Bag }),
      ...(seen.f && { f: numberOf(seen.f), g: plainBag(statesOf(seen.e, seen.f)) as Bag }),
      ...(seen.r && { r: true as const }),
      ...(seen.stack !== undefined && { stack: seen.stack }),
    };
  };
  const face = {
    originals: options.originals,
    /** A plain assignment follows: tells it, and gives the value on. */
    w(id: number, object: unknown, value: unknown, before?: unknown): unknown {
      if (on) {
        const name = sites.get(id)?.property ?? '';
        written1(id, object, name, name.startsWith('#') ? before : reading(object, name), value);
      }
      return value;
    },
    s: setting(setStrict),
    z: setting(setSloppy),
    u: stepping(setStrict),
    v: stepping(setSloppy),
    p(
      id: number,
      object: unknown,
      read1: (o: unknown) => unknown,
      set: (o: unknown, v: unknown) => void,
      value: unknown,
    ) {
      const before = on ? read1(object) : undefined;
      set(object, value);
      if (on) written1(id, object, sites.get(id)?.property ?? '', before, value);
      return value;
    },
    t(id: number, object: unknown, key: string, strict: boolean): { v: unknown } {
      return {
        get v() {
          return (object as Bag)[key];
        },
        set v(value: unknown) {
          (strict ? face.s : face.z)(id, object, key, value);
        },
      };
    },
    n(id: number, object: unknown, former?: unknown): unknown {
      const site = on ? sites.get(id) : undefined;
      if (!site || !isBag(object)) return object;
      try {
        const e = entityOf(object, site.entities);
        if (e >= 0)
          tell(site, { s: id, t: 0, o: object, e, v: statesOf(e, object), ...(isBag(former) && { f: former }) });
      } catch {
        // See above.
      }
      return object;
    },
    /** Names and values of private members, in turn. */
    c(_id: number, object: object, ...pairs: unknown[]): void {
      if (!on) return;
      const known = privates.get(object) ?? {};
      for (let i = 0; i < pairs.length; i += 2) known[pairs[i] as string] = pairs[i + 1];
      privates.set(object, known);
    },
    g(id: number, assign: (...all: unknown[]) => unknown) {
      return (...all: unknown[]): unknown => {
        const [target] = all;
        const site = on ? sites.get(id) : undefined;
        const e = site && isBag(target) ? entityOf(target, site.entities) : -1;
        const before = e >= 0 ? statesOf(e, target as Bag) : {};
        const result = assign.apply(Object, all);
        try {
          if (e >= 0) {
            for (const name of entities[e]?.states ?? []) {
              const after = get(target as Bag, name);
              const given = all.slice(1).some((each) => isBag(each) && owns.call(each, name));
              if (given) written1(id, target, name, before[name], after);
            }
          } else if (site && isBag(result)) {
            const made = entityOf(result, site.entities);
            const former = all.slice(1).find((each) => isBag(each) && numbers.has(each));
            if (made >= 0)
              tell(site, {
                s: id,
                t: 0,
                o: result,
                e: made,
                v: statesOf(made, result),
                ...(isBag(former) && { f: former }),
              });
          }
        } catch {
          // See above.
        }
        return result;
      };
    },
    d(id: number, store: unknown, ...all: unknown[]): unknown {
      const before = on && store instanceof Map ? (mapGet.call(store, all[0]) as unknown) : undefined;
      const done = (store as { delete(...all: unknown[]): unknown }).delete(...all);
      if (done === true && before !== undefined) removed(id, before, all[0]);
      return done;
    },
    x: deleting(deleteStrict),
    y: deleting(deleteSloppy),
    drain(most: number, holdMs: number): string {
      const now = clock();
      const records: ProbeRecord[] = [];
      while (read < written && records.length < most) {
        const at = read++ % capacity;
        const seen = ring[at];
        ring[at] = undefined;
        if (!seen) continue;
        try {
          records.push(take(seen));
        } catch {
          lost++;
        }
      }
      const keys: [number, string | number][] = [];
      for (let i = late.length - 1; i >= 0; i--) {
        const each = late[i];
        if (!each) continue;
        const key = keyOf(each.e, each.o);
        if (key !== undefined) keys.push([each.n, key]);
        if (key !== undefined || now > each.until) late.splice(i, 1);
      }
      const answer: ProbeAnswer = { records, keys, lost, silentSince, more: read < written };
      lost = 0;
      silentSince = 0;
      lease = clock() + Math.max(leaseMs, holdMs);
      on = true;
      return JSON.stringify(answer);
    },
  };
  Object.defineProperty(globalThis, options.name, {
    value: face,
    configurable: true,
    enumerable: false,
    writable: false,
  });
}

// What runs inside the target: what the edited places call, and nothing else. `probe` is sent as text together with its parts, so it
// refers to nothing outside itself. It copies plain values only, and falls silent by itself.
import type { secretRules } from '../model/index.ts';
import type { ProbeOptions } from './probeAnswer.ts';
import type { probeClosures } from './probeClosures.ts';
import type { probeContext } from './probeContext.ts';
import type { Bag, probeReading } from './probeReading.ts';
import type { probeReservoir } from './probeReservoir.ts';
import type { Place, probeRing } from './probeRing.ts';
import type { probeSaving } from './probeSaving.ts';
import type { probeSending } from './probeSending.ts';
import type { probeStores } from './probeStores.ts';
import type { probeTelling } from './probeTelling.ts';
import type { probeWatching } from './probeWatching.ts';

export interface ProbeParts {
  readonly rules: typeof secretRules;
  readonly reading: typeof probeReading;
  readonly context: typeof probeContext;
  readonly reservoir: typeof probeReservoir;
  readonly saving: typeof probeSaving;
  readonly sending: typeof probeSending;
  readonly stores: typeof probeStores;
  readonly closures: typeof probeClosures;
  readonly telling: typeof probeTelling;
  readonly ring: typeof probeRing;
  readonly watching: typeof probeWatching;
}

type Given = ProbeOptions['sites'][number];
type PlainPlace = Place & { readonly property: string; readonly e: number };

export function probe(options: ProbeOptions, parts: ProbeParts): void {
  const { entities } = options;
  const privates = new WeakMap<object, Bag>();
  const sites = new Map<number, Given & Place>();
  /** Writes of a named property of one entity, by their number: what is told most goes the shortest way. */
  const plain: (PlainPlace | undefined)[] = [];
  const states = new Set(entities.flatMap((entity) => entity.states));
  const owns = Object.prototype.hasOwnProperty;
  const mapGet = Map.prototype.get;
  const rules = parts.rules();
  const reading1 = parts.reading(entities, privates, rules, options.context.reveal);
  const reservoir = parts.reservoir(entities.length, options.reservoir);
  const context = parts.context(options.context, reading1, rules);
  const ring = parts.ring(options, reading1, context, reservoir, parts.telling(options, reading1));
  const { isBag, get, entityOf, statesOf, stateOf, keyOf } = reading1;
  const { tell, write } = ring;
  const add = (given: readonly Given[]): void => {
    for (const site of given) {
      const place = { ...site, untilStack: 0, stacks: 0 };
      sites.set(site.id, place);
      const { property = '#', entities: of } = site;
      const [e] = of;
      const isPlain = e !== undefined && of.length === 1 && !property.startsWith('#');
      if (isPlain && entities[e]?.tags[property] === undefined)
        plain[site.id] = { id: site.id, property, e, untilStack: 0, stacks: 0 };
    }
  };
  add(options.sites);

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
      tell(site, { s: id, o: object, e, p: name, a: stateOf(e, name, before), b: stateOf(e, name, after) });
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
    if (!ring.on || typeof key === 'symbol') return;
    if (typeof key === 'string' && states.has(key)) written1(id, object, key, before, value);
    else if (isBag(value) && sites.get(id)?.kind === 'keyed') face.n(id, value);
  };
  /** An earlier version of a thing: it has its key, and a state. */
  const isSame = (e: number, object: Bag, former: Bag): boolean =>
    former !== object && keyOf(e, former) === keyOf(e, object) && Object.keys(statesOf(e, former)).length > 0;
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
    const before = ring.on ? reading(object, key) : undefined;
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
    if (!ring.on || !site || !isBag(value)) return;
    try {
      for (const each of [value, ...Object.values(value).filter(isBag)]) {
        const e = entityOf(each, site.entities);
        const id1 = e < 0 ? undefined : keyOf(e, each);
        if (id1 === undefined || String(id1) !== String(key)) continue;
        tell(site, { s: id, o: each, e, v: statesOf(e, each), r: true });
        return;
      }
    } catch {
      // See above.
    }
  };
  const deleting = (del: typeof deleteStrict) => (id: number, object: unknown, key: PropertyKey) => {
    const value = ring.on ? reading(object, typeof key === 'number' ? String(key) : key) : undefined;
    const done = del(object, key);
    if (done && value !== undefined) removed(id, value, key);
    return done;
  };
  const face = {
    originals: { ...options.originals },
    /** For scripts that were loaded later. */
    more(added: ProbeOptions['sites'], originals: ProbeOptions['originals']): void {
      add(added);
      Object.assign(face.originals, originals);
    },
    /** A plain assignment follows: tells it, and gives the value on. */
    w(id: number, object: unknown, value: unknown, before?: unknown): unknown {
      if (!ring.on) return value;
      const place = plain[id];
      if (place !== undefined) {
        try {
          if (isBag(object)) write(place, object, place.e, get(object, place.property), value);
        } catch {
          // See above.
        }
        return value;
      }
      const name = sites.get(id)?.property ?? '';
      written1(id, object, name, name.startsWith('#') ? before : reading(object, name), value);
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
      const before = ring.on ? read1(object) : undefined;
      set(object, value);
      if (ring.on) written1(id, object, sites.get(id)?.property ?? '', before, value);
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
      const site = ring.on ? sites.get(id) : undefined;
      if (!site || !isBag(object)) return object;
      try {
        const e = entityOf(object, site.entities);
        if (e < 0) return object;
        const f = isBag(former) && isSame(e, object, former) ? former : undefined;
        tell(site, { s: id, o: object, e, v: statesOf(e, object), ...(f && { f }) });
      } catch {
        // See above.
      }
      return object;
    },
    /** As `w`, where nothing can be put after the value. */
    a: (id: number, object: unknown, before?: unknown) => ({
      set v(value: unknown) {
        face.w(id, object, value, before);
      },
    }),
    /** As `n`, where nothing can be put after the object. */
    b: (id: number, former?: unknown, store?: unknown) => ({
      set v(object: unknown) {
        if (store !== undefined && ring.on) stores.know(store);
        face.n(id, object, former);
      },
    }),
    /** Names and values of private members, in turn. */
    c(_id: number, object: object, ...pairs: unknown[]): void {
      if (!ring.on) return;
      const known = privates.get(object) ?? {};
      for (let i = 0; i < pairs.length; i += 2) known[pairs[i] as string] = pairs[i + 1];
      privates.set(object, known);
    },
    g(id: number, assign: (...all: unknown[]) => unknown) {
      return (...all: unknown[]): unknown => {
        const [target] = all;
        const site = ring.on ? sites.get(id) : undefined;
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
            const former = all.slice(1).find((each) => isBag(each) && isSame(made, result, each));
            if (made >= 0)
              tell(site, {
                s: id,
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
      if (!(store instanceof Map)) return saving.S(id, store, 'delete', ...all);
      const before = ring.on ? (mapGet.call(store, all[0]) as unknown) : undefined;
      const done = (store as { delete(...all: unknown[]): unknown }).delete(...all);
      if (done === true && before !== undefined) removed(id, before, all[0]);
      return done;
    },
    x: deleting(deleteStrict),
    y: deleting(deleteSloppy),
    owner: options.owner,
    drain: ring.drain,
    held: ring.held,
    hold: ring.hold,
    end: ring.end,
    /** Reachable from here, so that a snapshot finds them. */
    reservoir: reservoir.shelves,
  };
  const saving = parts.saving(sites, entities, reading1, ring);
  const stores = parts.stores(sites, reading1, ring, face.d);
  Object.assign(
    face,
    { e: stores.e, f: stores.f, S: saving.S },
    parts.sending(sites, reading1, ring, rules),
    parts.closures(sites, entities, reading1, ring),
  );
  const byState = entities.map((entity) => entity.states);
  Object.assign(face, parts.watching(sites, states, byState, reading1, ring, face.n));
  Object.defineProperty(globalThis, options.name, {
    value: face,
    configurable: true,
    enumerable: false,
    writable: false,
  });
}

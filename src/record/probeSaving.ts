// The part of the probe that sees things handed to a library that stores them: made by it, merged, saved with a key of its own, removed.
// What such a library does is not waited for; when it is done, it is told. Sent as text together with the probe, so it refers to nothing
// outside itself.
import type { WatchedEntity } from './plan.ts';
import type { Bag, ProbeReading } from './probeReading.ts';
import type { Place, ProbeRing } from './probeRing.ts';

export function probeSaving(
  sites: ReadonlyMap<number, Place>,
  entities: readonly WatchedEntity[],
  reading: ProbeReading,
  ring: ProbeRing,
) {
  const { isBag, entityOf, statesOf, keyOf, get } = reading;
  type Method = (...all: unknown[]) => unknown;
  const byName = new Map(entities.map(({ name }, e) => [name, e]));

  /** A repository, an entity manager, a model or a record of an object-relational mapper, by what each of them carries. */
  const isLibrary = (store: unknown): store is Bag =>
    isBag(store) &&
    (('metadata' in store && 'target' in store) ||
      ('connection' in store && 'queryRunner' in store) ||
      'sequelize' in store ||
      ('modelName' in store && 'collection' in store) ||
      ('$isNew' in store && '$model' in store) ||
      typeof get(store, 'getUnitOfWork') === 'function');
  const nameOf = (given: unknown): string | undefined => {
    const name = isBag(given) ? get(given, 'name') : given;
    return typeof name === 'string' ? name : undefined;
  };
  /** The entity that it stores, by the name it has there. */
  const storedBy = (store: Bag, first: unknown): number => {
    for (const each of [
      get(store, 'target'),
      get(store, 'modelName'),
      typeof store === 'function' ? store : undefined,
      first,
    ]) {
      const e = typeof each === 'string' || typeof each === 'function' ? byName.get(nameOf(each) ?? '') : undefined;
      if (e !== undefined) return e;
    }
    return -1;
  };
  const thingsIn = (given: unknown, e: number): { o: Bag; e: number }[] => {
    if (Array.isArray(given)) return given.flatMap((each) => thingsIn(each, e));
    if (!isBag(given) || typeof given === 'function') return [];
    const own = e >= 0 && Object.getPrototypeOf(given) === Object.prototype ? e : entityOf(given, []);
    return own >= 0 ? [{ o: given, e: own }] : [];
  };
  /** What is gone has no key any more: a copy has it. */
  const copyOf = (e: number, o: Bag): Bag => {
    const copy: Bag = {};
    for (const name of [...(entities[e]?.identity ?? []), ...(entities[e]?.states ?? [])]) copy[name] = get(o, name);
    return copy;
  };
  const trying = (run: () => void): void => {
    try {
      if (ring.on) run();
    } catch {
      // Whatever an exotic object does, the program goes on as if nobody looked.
    }
  };
  /** Once it is done; a promise of another make is left alone, as to ask it may start it. */
  const then = (result: unknown, run: (value: unknown) => void): unknown => {
    if (!(result instanceof Promise) || Object.getPrototypeOf(result) !== Promise.prototype) {
      if (typeof (result as { then?: unknown } | undefined)?.then !== 'function') trying(() => run(result));
      return result;
    }
    return result.then((value: unknown) => {
      trying(() => run(value));
      return value;
    });
  };
  return {
    S(id: number, store: unknown, method: string, ...all: unknown[]): unknown {
      const call = (): unknown => ((store as Record<string, unknown>)[method] as Method).apply(store, all);
      const site = sites.get(id);
      let isSeen = false;
      trying(() => (isSeen = isLibrary(store)));
      if (!site || !isSeen) return call();
      const e = storedBy(store as Bag, all[0]);
      const given = [store, ...all].flatMap((each) => thingsIn(each, e));
      if (/^(?:merge|assign)$/.test(method)) {
        const before = given.map(({ o, e: of }) => statesOf(of, o));
        const result = call();
        trying(() =>
          given.forEach(({ o, e: of }, n) => {
            const after = statesOf(of, o);
            for (const name of Object.keys(after))
              if (!Object.is(after[name], before[n]?.[name]))
                ring.tell(site, { s: id, o, e: of, p: name, a: before[n]?.[name], b: after[name] });
          }),
        );
        return result;
      }
      if (/^(?:remove|delete|soft|destroy)/.test(method)) {
        const gone = given.flatMap(({ o, e: of }) => (keyOf(of, o) === undefined ? [] : [{ e: of, o: copyOf(of, o) }]));
        const [only] = entities[e]?.identity ?? [];
        const keys = [all[all.length - 1]].flat();
        if (gone.length === 0 && e >= 0 && only !== undefined)
          for (const key of keys)
            if (typeof key === 'string' || typeof key === 'number') gone.push({ e, o: { [only]: key } });
        return then(call(), (done) => {
          if (isBag(done) && get(done, 'affected') === 0) return;
          for (const { o, e: of } of gone) ring.tell(site, { s: id, o, e: of, v: statesOf(of, o), r: true });
        });
      }
      const isNew = new Map(given.map(({ o, e: of }) => [o, keyOf(of, o) === undefined] as const));
      return then(call(), (done) => {
        const isMaking = /^(?:create|build)$/.test(method);
        const there = [...thingsIn(done, e), ...(isMaking ? [] : given)];
        for (const o of new Set(there.map((each) => each.o))) {
          const of = there.find((each) => each.o === o)?.e ?? -1;
          const states = statesOf(of, o);
          // What was given without a key and has one now was stored for the first time.
          if (isMaking || method === 'insert' || isNew.get(o) === true) ring.tell(site, { s: id, o, e: of, v: states });
          else for (const name of Object.keys(states)) ring.tell(site, { s: id, o, e: of, p: name, b: states[name] });
        }
      });
    },
  };
}

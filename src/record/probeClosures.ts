// The part of the probe that has an object for each thing whose states are variables. Sent as text together with the probe, so it refers
// to nothing outside itself.
import type { WatchedEntity } from './plan.ts';
import type { Bag, ProbeReading } from './probeReading.ts';
import type { ProbeRing } from './probeRing.ts';
import type { WatchedSite } from './probeWatching.ts';

export function probeClosures(
  sites: ReadonlyMap<number, WatchedSite>,
  entities: readonly WatchedEntity[],
  { keyOf, statesOf }: ProbeReading,
  ring: ProbeRing,
) {
  const most = 20_000;
  const kept = new Map<string, Bag>();

  /** What stands for the thing; the oldest are forgotten. */
  const thingOf = (e: number, known: Bag): Bag | undefined => {
    const key = keyOf(e, known);
    if (key === undefined) return undefined;
    const name = `${e} ${key}`;
    const thing = kept.get(name) ?? {};
    kept.set(name, Object.assign(thing, known));
    if (kept.size > most)
      for (const each of kept.keys()) {
        kept.delete(each);
        break;
      }
    return thing;
  };
  return {
    /** A variable gets a value. */
    V(id: number, value: unknown, before: unknown, key: Bag): unknown {
      try {
        const site = ring.on ? sites.get(id) : undefined;
        const [e = -1] = site?.entities ?? [];
        const name = site?.property;
        const thing = site && name !== undefined ? thingOf(e, key) : undefined;
        if (site && thing && name !== undefined) {
          thing[name] = value;
          ring.tell(site, { s: id, o: thing, e, p: name, a: before, b: value });
        }
      } catch {
        // Whatever an exotic object does, the program goes on as if nobody looked.
      }
      return value;
    },
    /** A thing has been made, with variables as they are. */
    W(id: number, made: unknown, variables: Bag): unknown {
      try {
        const site = ring.on ? sites.get(id) : undefined;
        const [e = -1] = site?.entities ?? [];
        const thing = site && entities[e] ? thingOf(e, variables) : undefined;
        if (site && thing) ring.tell(site, { s: id, o: thing, e, v: statesOf(e, thing) });
      } catch {
        // See above.
      }
      return made;
    },
  };
}

// The part of the probe that puts what was seen into words: each object once in an answer with its key and what else of it is told,
// each record as a row of numbers, so that to tell much stops the process for a short time. Sent as text together with the probe, so
// it refers to nothing outside itself.
import type { AnswerText, MoreOfRecord, ProbeAnswer, ProbeOptions, ToldContext } from './probeAnswer.ts';
import type { Frame, ProbeContext } from './probeContext.ts';
import type { Bag, ProbeReading } from './probeReading.ts';
import type { ProbeReservoir } from './probeReservoir.ts';
import type { Place, Seen } from './probeRing.ts';

export type ProbeTelling = ReturnType<typeof probeTelling>;

export function probeTelling({ secretKeys, entities }: ProbeOptions, reading: ProbeReading) {
  const { keyOf, statesOf, told, toldBag, toldWhole } = reading;
  const numbers = new WeakMap<object, number>();
  /** Objects of which everything was told under their key: their states are told on, what else they hold is not told again. */
  const described = new WeakSet<object>();
  const late: { o: Bag; e: number; n: number; until: number }[] = [];
  const [mostLate, lateMs, mostKept] = [1000, 10_000, 128];
  let number = 0;

  const numberOf = (object: object): number => {
    let n = numbers.get(object);
    if (n === undefined) numbers.set(object, (n = ++number));
    return n;
  };
  /** The key of a thing as it may be told: of a secret one its FNV-1a hash of 64 bits, as extraction writes it. */
  const keyTold = (e: number, object: Bag): string | number | undefined => {
    const key = keyOf(e, object);
    if (key === undefined || !secretKeys.includes(e)) return key;
    const text = String(key);
    let hash = 0xcbf29ce484222325n;
    for (let i = 0; i < text.length; i++)
      hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
    return `redacted:${hash.toString(16).padStart(16, '0')}`;
  };
  /** Keys that are known by now. */
  const lateKeys = (now: number): [number, string | number][] => {
    const keys: [number, string | number][] = [];
    for (let i = late.length - 1; i >= 0; i--) {
      const each = late[i];
      if (!each) continue;
      const key = keyTold(each.e, each.o);
      if (key !== undefined) keys.push([each.n, key]);
      if (key !== undefined || now > each.until) late.splice(i, 1);
    }
    return keys;
  };

  /** One answer. Nothing of the program runs while it is made, so an object is the same in all its records. */
  const start = (context: ProbeContext, reservoir: ProbeReservoir, now: number) => {
    interface Thing {
      readonly index: number;
      readonly e: number;
      readonly k: string | number | undefined;
      isGone: boolean;
      former: Bag | undefined;
    }
    const rows: number[] = [];
    const objects: AnswerText['objects'][number][] = [];
    const values: unknown[] = [];
    const more: { [row: number]: MoreOfRecord } = {};
    const things = new Map<Bag, Thing>();
    const places = new Map<unknown, number>();
    const contexts = new Map<Frame, number>();
    let [count, last] = [0, 0];

    const thingOf = (o: Bag, e: number, isGone: boolean, former?: Bag): Thing => {
      let thing = things.get(o);
      if (thing?.e !== e) {
        const n = numberOf(o);
        const k = keyTold(e, o);
        if (k === undefined && late.length < mostLate) late.push({ o, e, n, until: now + lateMs });
        thing = { index: objects.length, e, k, isGone, former };
        objects.push([n, e, k ?? null, described.has(o) ? null : toldWhole(e, o)]);
        if (k !== undefined) described.add(o);
        things.set(o, thing);
      }
      if (isGone && thing.k !== undefined) reservoir.drop(e, thing.k);
      thing.isGone = isGone;
      if (former) thing.former = former;
      return thing;
    };
    /** Where a value is told; -1: it is none that is copied. */
    const placeOf = (value: unknown): number => {
      if (value === undefined) return -1;
      if (typeof value === 'object' && value !== null) return values.push(value) - 1;
      let place = places.get(value);
      if (place === undefined) places.set(value, (place = values.push(value) - 1));
      return place;
    };
    const row = (s: number, t: number, thing: Thing, p: number, a: number, b: number): number => {
      rows.push(s, t - last, thing.index, p, a, b);
      last = t;
      return count++;
    };
    const around = (frame: Frame): number => {
      let x = contexts.get(frame);
      if (x === undefined) contexts.set(frame, (x = contexts.size));
      return x;
    };
    return {
      write(place: Place, t: number, o: Bag, e: number, a: unknown, b: unknown, frame: Frame | undefined): void {
        const p = place.property ?? '';
        const [before, after] = [placeOf(told(e, p, a)), placeOf(told(e, p, b))];
        const n = row(place.id, t, thingOf(o, e, false), placeOf(p), before, after);
        if (frame) more[n] = { x: around(frame) };
      },
      seen({ s, o, e, p, a, b, v, f, r, stack }: Seen, t: number, frame: Frame | undefined): void {
        const thing = thingOf(o, e, r === true, f);
        const object = objects[thing.index];
        // One that is made, or made anew, is told whole.
        if (object && v && !r) object[3] ??= toldWhole(e, o);
        const rest: MoreOfRecord = {
          ...(v && { v: toldBag(e, v) }),
          ...(f && { f: numberOf(f), g: toldBag(e, statesOf(e, f)) }),
          ...(r && { r: true as const }),
          ...(stack !== undefined && { stack }),
          ...(frame && { x: around(frame) }),
        };
        const isWrite = p !== undefined;
        const n = row(
          s,
          t,
          thing,
          isWrite ? placeOf(p) : -1,
          isWrite ? placeOf(told(e, p, a)) : -1,
          isWrite ? placeOf(told(e, p, b)) : -1,
        );
        more[n] = rest;
      },
      sent({ s, n, m = [] }: Seen, t: number): void {
        const mentions = m.flatMap(([of, by]): [string | number, string, boolean][] => {
          if (typeof by === 'string') return [[of as string | number, by, false]];
          const key = keyTold(by, of as Bag);
          return key === undefined ? [] : [[key, entities[by]?.name ?? '', true]];
        });
        rows.push(s, t - last, -1, -1, -1, -1);
        last = t;
        more[count++] = { n: n ?? '', ...(mentions.length > 0 && { m: mentions }) };
      },
      /** Some of what was seen last is kept; of many, most would only push each other out. */
      keep(): void {
        let left = things.size;
        for (const [o, { e, k, isGone, former }] of things) {
          if (left-- > mostKept || isGone || k === undefined) continue;
          reservoir.keep(e, k, o, Object.values(statesOf(e, o)).map(String).join(), now, former);
        }
      },
      text(head: Omit<ProbeAnswer, 'records' | 'keys' | 'contexts'>): string {
        const answer: AnswerText = {
          ...head,
          records: rows,
          objects,
          values,
          rest: more,
          keys: lateKeys(now),
          contexts: [...contexts.keys()].map((frame): ToldContext => context.read(frame)),
        };
        return JSON.stringify(answer);
      },
    };
  };
  return {
    start,
    isKnown: (object: object): boolean => numbers.has(object),
    forget: (): void => {
      late.length = 0;
    },
  };
}

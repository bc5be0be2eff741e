// The part of the probe that keeps what was seen until it is told: a ring with a lease. When nobody asks in time it lets go of
// everything and falls silent by itself; what did not fit is counted. Sent as text, so it refers to nothing outside itself.
import type { ProbeAnswer, ProbeOptions, ProbeRecord, ToldContext } from './probeAnswer.ts';
import type { Frame, ProbeContext } from './probeContext.ts';
import type { Bag, ProbeReading } from './probeReading.ts';
import type { ProbeReservoir } from './probeReservoir.ts';

/** One thing seen, with the objects themselves: what of them is told is copied when the ring is drained. */
export interface Seen {
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
  context?: Frame | undefined;
}

export type ProbeRing = ReturnType<typeof probeRing>;

export function probeRing(
  { silentAfter, capacity, stacks, owner, secretKeys }: ProbeOptions,
  reading: ProbeReading,
  context: ProbeContext,
  reservoir: ProbeReservoir,
) {
  const { keyOf, statesOf, told, toldBag, whole, stackOf } = reading;
  const ring: (Seen | undefined)[] = new Array<Seen | undefined>(capacity);
  const numbers = new WeakMap<object, number>();
  const late: { o: Bag; e: number; n: number; until: number }[] = [];
  const origin = performance.timeOrigin;
  const clock = performance.now.bind(performance);
  const micros = (at: number): number => Math.round((origin + at) * 1000);
  const secondMs = 1000;
  let [read, written, number] = [0, 0, 0];
  let [lost, lostFrom, lostTo] = [0, 0, 0];
  // Seconds since somebody asked, as this thread lives them: while it stands still for a snapshot, none of them passes.
  let idle = 0;
  let asked = clock();
  let silentSince = 0;
  let isOver = false;
  let watch: ReturnType<typeof setInterval> | undefined;

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
  const silence = (): void => {
    if (!face.on) return;
    face.on = false;
    // What was not taken since somebody last asked is let go with the rest.
    silentSince = micros(asked);
    lost += written - read;
    [lostFrom, lostTo] = [asked, clock()];
    clearInterval(watch);
    ring.fill(undefined);
    read = written;
    late.length = 0;
    reservoir.clear();
    context.end();
  };
  const begin = (): void => {
    face.on = true;
    context.begin();
    clearInterval(watch);
    // Also a process that writes nothing must not keep what it wrote before; nor may it stay alive for this.
    watch = setInterval(() => ++idle >= silentAfter && silence(), secondMs);
    (watch as { unref?: () => void }).unref?.();
  };
  const tell = (site: { hits: number }, seen: Seen): void => {
    const now = clock();
    if (written - read >= capacity) {
      if (lost++ === 0) lostFrom = now;
      lostTo = now;
      return;
    }
    seen.t = now;
    const around = context.capture(now);
    if (around) seen.context = around;
    if (site.hits++ < stacks.first || site.hits % stacks.share === 0) seen.stack = stackOf();
    ring[written++ % capacity] = seen;
  };
  const take = (seen: Seen, contexts: Map<Frame, number>): ProbeRecord => {
    const { e, o } = seen;
    const n = numberOf(o);
    const k = keyTold(e, o);
    if (k === undefined && late.length < 1000) late.push({ o, e, n, until: clock() + 10000 });
    if (k !== undefined && seen.r) reservoir.drop(e, k);
    else if (k !== undefined) reservoir.keep(e, k, o, Object.values(statesOf(e, o)).map(String).join(), seen.t, seen.f);
    let x: number | undefined;
    if (seen.context) {
      x = contexts.get(seen.context);
      if (x === undefined) contexts.set(seen.context, (x = contexts.size));
    }
    return {
      s: seen.s,
      t: micros(seen.t),
      o: n,
      e,
      ...(k !== undefined && { k }),
      ...(seen.p !== undefined && { p: seen.p, a: told(e, seen.p, seen.a), b: told(e, seen.p, seen.b) }),
      ...(seen.v && { v: toldBag(e, seen.v) }),
      ...(!seen.r && { w: toldBag(e, whole(e, o)) }),
      ...(seen.f && { f: numberOf(seen.f), g: toldBag(e, statesOf(e, seen.f)) }),
      ...(seen.r && { r: true as const }),
      ...(seen.stack !== undefined && { stack: seen.stack }),
      ...(x !== undefined && { x }),
    };
  };
  const drain = (most: number): string => {
    const until = clock();
    const records: ProbeRecord[] = [];
    const contexts = new Map<Frame, number>();
    while (read < written && records.length < most) {
      const at = read++ % capacity;
      const seen = ring[at];
      ring[at] = undefined;
      // A place that was watched and turned out to write nothing is marked so.
      if (!seen || seen.e < 0) continue;
      try {
        records.push(take(seen, contexts));
      } catch {
        if (lost++ === 0) lostFrom = seen.t;
        lostTo = seen.t;
      }
    }
    const keys: [number, string | number][] = [];
    for (let i = late.length - 1; i >= 0; i--) {
      const each = late[i];
      if (!each) continue;
      const key = keyTold(each.e, each.o);
      if (key !== undefined) keys.push([each.n, key]);
      if (key !== undefined || clock() > each.until) late.splice(i, 1);
    }
    context.forget();
    reservoir.sweep(clock());
    // What was lost is told where it belongs: when all that was before it has been.
    const next = read < written ? ring[read % capacity] : undefined;
    const lostNow = lost > 0 && (next === undefined || next.t > lostTo) ? lost : 0;
    const answer: ProbeAnswer = {
      records,
      keys,
      contexts: [...contexts.keys()].map((frame): ToldContext => context.read(frame)),
      lost: lostNow,
      ...(lostNow > 0 && { lostSince: micros(lostFrom), lostUntil: micros(lostTo) }),
      silentSince,
      until: micros(until),
      more: read < written,
    };
    lost -= lostNow;
    silentSince = 0;
    idle = 0;
    asked = clock();
    if (!face.on && !isOver) begin();
    return JSON.stringify(answer);
  };
  const face = {
    on: false,
    tell,
    drain,
    /** Seen before by this recording. */
    isKnown: (object: object): boolean => numbers.has(object),
    /** Somebody records and asked not long ago. */
    held: (): boolean => face.on,
    /** Asks for nothing, and yet is there. @returns whether it is still his who says so */
    hold(by: string): boolean {
      if (by === owner) idle = 0;
      return by === owner;
    },
    /** For good: nothing of it runs any more, whatever edited text still calls it. */
    end(): void {
      isOver = true;
      silence();
    },
  };
  begin();
  return face;
}

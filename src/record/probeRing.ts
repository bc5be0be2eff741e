// The part of the probe that keeps what was seen until it is told: a ring with a lease. When nobody asks in time it lets go of
// everything and falls silent by itself; what did not fit is counted. Sent as text, so it refers to nothing outside itself.
import type { ProbeAnswer, ProbeOptions } from './probeAnswer.ts';
import type { Frame, ProbeContext } from './probeContext.ts';
import type { Bag, ProbeReading } from './probeReading.ts';
import type { ProbeReservoir } from './probeReservoir.ts';
import type { Mention } from './probeSending.ts';
import type { ProbeTelling } from './probeTelling.ts';

/** One thing seen, with the objects themselves: what of them is told is copied when the ring is drained. */
export interface Seen {
  s: number;
  o: Bag;
  e: number;
  p?: string;
  a?: unknown;
  b?: unknown;
  v?: Bag;
  f?: Bag;
  r?: true;
  /** What became of it is read when the turn is over: until then nothing can be told of it. */
  open?: true;
  stack?: string;
  /** An event sent, by its name, and what it is about; the empty name: the turn in which events were sent is over. */
  n?: string;
  m?: readonly Mention[];
}

/** A place, as it is counted there. */
export interface Place {
  readonly id: number;
  readonly property?: string;
  /** Stacks of so many are taken yet before it is one of many; then how many are passed over until the next. */
  untilStack: number;
  stacks: number;
}

export type ProbeRing = ReturnType<typeof probeRing>;

export function probeRing(
  { silentAfter, capacity, stacks, owner }: ProbeOptions,
  reading: ProbeReading,
  context: ProbeContext,
  reservoir: ProbeReservoir,
  telling: ProbeTelling,
) {
  const { stackOf } = reading;
  // A write to a named property is columns and no object of its own; whatever else was seen is kept as such.
  const times = new Float64Array(capacity);
  const types = new Int32Array(capacity);
  const places = new Array<Place | undefined>(capacity);
  const things = new Array<Bag | undefined>(capacity);
  const befores = new Array<unknown>(capacity);
  const afters = new Array<unknown>(capacity);
  const frames = new Array<Frame | undefined>(capacity);
  const whole = new Array<Seen | undefined>(capacity);
  // As performance.now, which is nearly twice as dear.
  const { hrtime } = process;
  const uptime = (): number => {
    const now = hrtime();
    return now[0] * 1e3 + now[1] / 1e6;
  };
  const ahead = performance.now() - uptime();
  const clock = (): number => uptime() + ahead;
  const origin = performance.timeOrigin;
  const micros = (at: number): number => Math.round((origin + at) * 1000);
  const secondMs = 1000;
  // What waits lets a busy process be stopped for longer: to lose it would be worse.
  const [shortMs, longMs, timesChecked] = [2, 20, 63];
  let [read, written, slot, first] = [0, 0, 0, 0];
  // V8 lets the debugger in wherever a function begins, so also while a place of the ring is being filled.
  let isFilling = false;
  /** What did not fit, by where it is missing; in order. */
  const losses: { readonly at: number; count: number; readonly from: number; to: number }[] = [];
  // Seconds since somebody asked, as this thread lives them: while it stands still for a snapshot, none of them passes.
  let idle = 0;
  let asked = clock();
  let silentSince = 0;
  let isOver = false;
  let watch: ReturnType<typeof setInterval> | undefined;

  const lose = (at: number, count: number, from: number, to: number): void => {
    const last = losses[losses.length - 1];
    if (last?.at !== at) losses.push({ at, count, from, to });
    else {
      last.count += count;
      last.to = to;
    }
  };
  const release = (at: number): void => {
    places[at] = things[at] = befores[at] = afters[at] = frames[at] = whole[at] = undefined;
  };
  const silence = (): void => {
    if (!face.on) return;
    face.on = false;
    // What was not taken since somebody last asked is let go with the rest.
    silentSince = micros(asked);
    const missed = losses.splice(0).reduce((sum, each) => sum + each.count, written - read);
    if (missed > 0) lose(written, missed, asked, clock());
    clearInterval(watch);
    for (let at = 0; at < capacity; at++) release(at);
    read = written;
    first = slot;
    telling.forget();
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
  const stackAt = (place: Place): string => {
    place.untilStack = ++place.stacks < stacks.first ? 0 : stacks.share - 1;
    return stackOf();
  };
  /** @returns where it is to be kept, which counts once it is filled; -1: there is no room */
  const next = (place: Place, o: Bag, e: number): number => {
    const now = clock();
    if (written - read >= capacity) {
      lose(written, 1, now, now);
      return -1;
    }
    isFilling = true;
    const at = slot;
    times[at] = now;
    places[at] = place;
    types[at] = e;
    things[at] = o;
    const around = context.capture(now);
    if (around !== undefined) frames[at] = around;
    return at;
  };
  const filled = (at: number): void => {
    slot = at + 1 === capacity ? 0 : at + 1;
    written++;
    isFilling = false;
  };
  const tell = (place: Place, seen: Seen): void => {
    const at = next(place, seen.o, seen.e);
    if (at < 0) return;
    whole[at] = seen;
    if (place.untilStack-- === 0) seen.stack = stackAt(place);
    filled(at);
  };
  /** A write of the property that the place names. */
  const write = (place: Place, o: Bag, e: number, a: unknown, b: unknown): void => {
    const at = next(place, o, e);
    if (at < 0) return;
    befores[at] = a;
    afters[at] = b;
    if (place.untilStack-- === 0)
      whole[at] = { s: place.id, o, e, p: place.property ?? '', a, b, stack: stackAt(place) };
    filled(at);
  };
  const drain = (most: number): string => {
    const started = clock();
    let until = micros(started);
    const endMs = started + shortMs + (longMs * (written - read)) / capacity;
    // What was lost is told where it belongs: before what comes after it, after what was before.
    const lost = losses[0]?.at === read ? losses.shift() : undefined;
    const stop = Math.min(losses[0]?.at ?? Infinity, written, read + most);
    const answer = telling.start(context, reservoir, started);
    let failed = 0;
    let isOpen = false;
    for (let count = 0; read < stop; count++) {
      if ((count & timesChecked) === timesChecked && clock() > endMs) break;
      const at = first;
      // The question came in the middle of a turn, which V8 allows: what is not over yet is told next time, and all that follows it.
      if (whole[at]?.open) {
        isOpen = true;
        until = micros(times[at] as number) - 1;
        break;
      }
      first = at + 1 === capacity ? 0 : at + 1;
      read++;
      const [place, thing, seen, t] = [places[at], things[at], whole[at], micros(times[at] as number)];
      try {
        if (seen) {
          // A place that was watched and turned out to write nothing is marked so.
          if (seen.n !== undefined) answer.sent(seen, t);
          else if (seen.e >= 0) answer.seen(seen, t, frames[at]);
        } else if (place && thing) {
          answer.write(place, t, thing, types[at] as number, befores[at], afters[at], frames[at]);
        }
      } catch {
        failed++;
      }
      release(at);
    }
    if (failed > 0) {
      const at = losses[0]?.at === read ? losses.shift() : undefined;
      losses.unshift({ at: read, count: failed + (at?.count ?? 0), from: started, to: at?.to ?? started });
    }
    // The same places again, which the processor has at hand.
    if (read === written && !isFilling) slot = first = 0;
    const more = !isOpen && (read < written || losses.length > 0);
    const head: Omit<ProbeAnswer, 'records' | 'keys' | 'contexts'> = {
      lost: lost?.count ?? 0,
      ...(lost && { lostSince: micros(lost.from), lostUntil: micros(lost.to) }),
      silentSince,
      until,
      more,
    };
    answer.keep();
    context.forget();
    reservoir.sweep(clock());
    silentSince = 0;
    idle = 0;
    asked = clock();
    if (!face.on && !isOver) begin();
    return answer.text(head);
  };
  const face = {
    on: false,
    tell,
    write,
    drain,
    /** Seen before by this recording. */
    isKnown: telling.isKnown,
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

// The recorders of one process, its threads and its children, as one: one plan with all their sites, one order of what they tell. Each
// is asked by itself: one that takes long to answer keeps no other from being asked.
import type { Micros, Problem, StackFrame } from '../model/index.ts';
import { OneOrder, type Missing, type Voice } from './oneOrder.ts';
import type { RecordingPlan, Site, WatchedEntity } from './plan.ts';
import type { ProbeAnswer, ProbeRecord } from './probeAnswer.ts';
import type { Recorder } from './recorder.ts';
import type { ThreadClock } from './threadClock.ts';

/** Objects are numbered in each thread for itself. */
const OBJECTS_PER_PART = 2 ** 36;
/** All are asked anew after this time, whoever has not answered yet. */
const ROUND_MS = 250;
/** So long the others wait, in the order, for one that does not answer. */
const PATIENCE_MS = 5000;

export interface Thread {
  /** Absent: the main thread of the process that was attached to. */
  readonly name?: string;
  readonly stack?: (text: string) => readonly StackFrame[];
}

/** What may be told by now. `reason`: why something is missing, where that is known. */
export interface GroupAnswer extends ProbeAnswer {
  readonly reason?: string;
}

/** One that is about to tell: nothing that happened since then goes ahead of it. */
export interface Expected {
  add(recorder: Recorder, thread?: Thread): void;
  /** Nothing comes of it, or it was added. */
  end(): void;
}

export class RecorderGroup {
  readonly #entities: WatchedEntity[] = [];
  readonly #sites: Site[] = [];
  /** Number in the plans and how it is seen -> number here. */
  readonly #numbers = new Map<string, number>();
  readonly #parts: Part[] = [];
  readonly #order = new OneOrder();
  readonly #since = new Map<Voice, number>();
  #keys: (readonly [number, string | number])[] = [];
  #zero: Micros | undefined;
  #joined = 0;

  /** What the ledger reads by; it grows. The plans of all recorders number their sites together: one number is one place. */
  get plan(): Pick<RecordingPlan, 'entities' | 'sites'> {
    return { entities: this.#entities, sites: this.#sites };
  }

  get recorders(): readonly Recorder[] {
    return this.#parts.map(({ recorder }) => recorder);
  }

  /** @param clock of the thread, read before anything of it can be told; the first one's is that of the group */
  expect(clock: ThreadClock): Expected {
    this.#zero ??= clock.zero;
    const shift = Math.round(this.#zero - clock.zero);
    const voice = this.#order.join(clock.now + shift);
    this.#since.set(voice, performance.now());
    let isAdded = false;
    return {
      add: (recorder, thread = {}) => {
        isAdded = true;
        this.#since.delete(voice);
        const entities = recorder.plan.entities.map((entity) => this.#entityOf(entity));
        this.#parts.push(new Part({ recorder, thread, voice, shift, entities, number: this.#joined++ }));
        this.update();
      },
      end: () => {
        this.#since.delete(voice);
        if (!isAdded) this.#order.leave(voice);
      },
    };
  }

  /** Sites that came since, with scripts that were loaded later. */
  update(): void {
    for (const { recorder, sites, entities } of this.#parts) {
      for (const site of recorder.plan.sites.slice(sites.size)) {
        const key = `${site.id} ${site.method ?? ''}`;
        const id = this.#numbers.get(key) ?? this.#sites.length;
        sites.set(site.id, id);
        if (this.#numbers.has(key)) continue;
        this.#numbers.set(key, id);
        this.#sites.push({ ...site, id, entities: site.entities.map((e) => entities[e] ?? e) });
      }
    }
  }

  /** The thread has ended: nothing more is asked of it. @returns up to when it has told everything */
  remove(recorder: Recorder): Micros | undefined {
    const at = this.#parts.findIndex((part) => part.recorder === recorder);
    const [part] = at < 0 ? [] : this.#parts.splice(at, 1);
    if (part) this.#order.leave(part.voice);
    return part?.voice.until;
  }

  /** The latest time that anybody told of. */
  get latest(): Micros {
    return this.#order.latest;
  }

  /** Something of the timeline is missing, of which the recorders know nothing. */
  miss(missing: Missing): void {
    this.#order.add([], undefined, [missing]);
  }

  /**
   * What may be told by now, in order. A thread that went away is passed over.
   * @param last everything that is there is waited for, and held back for nobody @throws Failure of the main thread
   */
  async drain(last = false): Promise<GroupAnswer> {
    const [main] = this.#parts;
    const asked = this.#parts.map((part) => this.#ask(part, last));
    const enough = last ? PATIENCE_MS : ROUND_MS;
    await (this.#parts.length > 1 ? within(Promise.all(asked), enough) : Promise.all(asked));
    const failed = main?.takeFailure();
    if (failed !== undefined) throw failed;
    return this.#take(
      last,
      this.#parts.some((part) => part.takeMore()),
    );
  }

  /** What was told and is held back yet. */
  rest(): GroupAnswer {
    return this.#take(true, false);
  }

  /** All that the thread still has to tell: before it ends. */
  async lastWords(recorder: Recorder): Promise<void> {
    const part = this.#parts.find((each) => each.recorder === recorder);
    if (!part) return;
    do await this.#ask(part, true);
    while (part.takeMore());
  }

  async keepAlive(): Promise<void> {
    await Promise.all(this.#parts.map(({ recorder }) => recorder.keepAlive().catch(() => undefined)));
  }

  /** Puts back these threads, all at once. @returns what could not be put back */
  async stop(recorders: readonly Recorder[]): Promise<readonly Problem[]> {
    for (const recorder of recorders) this.remove(recorder);
    return (await Promise.all(recorders.map((recorder) => recorder.stop()))).flat();
  }

  /** One question at a time. @param anew an answer that is under way does not do */
  async #ask(part: Part, anew: boolean): Promise<void> {
    if (anew) await part.asking;
    part.asking ??= this.#hear(part).finally(() => (part.asking = undefined));
    await part.asking;
  }

  async #hear(part: Part): Promise<void> {
    this.#since.set(part.voice, performance.now());
    try {
      const answer = await part.recorder.drain();
      // What it tells may be of places that came since.
      this.update();
      const { records, keys, missing } = part.owned(answer);
      this.#order.add(records, new Map(keys), missing);
      this.#keys.push(...keys);
      part.voice.until = answer.more ? (records.at(-1)?.t ?? part.voice.until) : answer.until + part.shift;
      part.more = answer.more;
      if (this.#parts.includes(part)) this.#order.rejoin(part.voice);
    } catch (error) {
      part.failure = error;
      part.more = false;
      // Nobody waits for what cannot answer.
      this.#order.leave(part.voice);
    } finally {
      this.#since.delete(part.voice);
    }
  }

  #take(all: boolean, isAnyLeft: boolean): GroupAnswer {
    const now = performance.now();
    const isLate = (voice: Voice): boolean => all || now - (this.#since.get(voice) ?? now) > PATIENCE_MS;
    const { records, until: told, missing, more } = this.#order.take(isLate);
    const { lost = 0, since = 0, until, isSilent = false, reason } = missing ?? {};
    return {
      records,
      keys: this.#keys.splice(0),
      contexts: [],
      lost,
      ...(missing && !isSilent && { lostSince: since }),
      ...(until !== undefined && { lostUntil: until }),
      silentSince: isSilent ? since : 0,
      until: told,
      more: more || isAnyLeft,
      ...(reason !== undefined && { reason }),
    };
  }

  #entityOf(entity: WatchedEntity): number {
    const known = this.#entities.findIndex(({ name }) => name === entity.name);
    return known >= 0 ? known : this.#entities.push(entity) - 1;
  }
}

interface PartOptions {
  readonly recorder: Recorder;
  readonly thread: Thread;
  readonly voice: Voice;
  /** From its clock to the group's. */
  readonly shift: Micros;
  /** Its entity -> that of the group. */
  readonly entities: readonly number[];
  readonly number: number;
}

class Part {
  readonly recorder: Recorder;
  readonly voice: Voice;
  readonly shift: Micros;
  readonly entities: readonly number[];
  /** Its site -> that of the group; grows with its plan. */
  readonly sites = new Map<number, number>();
  asking: Promise<void> | undefined;
  more = false;
  failure: unknown;
  readonly #thread: Thread;
  readonly #number: number;

  constructor({ recorder, thread, voice, shift, entities, number }: PartOptions) {
    this.recorder = recorder;
    this.voice = voice;
    this.shift = shift;
    this.entities = entities;
    this.#thread = thread;
    this.#number = number;
  }

  takeMore(): boolean {
    const { more } = this;
    this.more = false;
    return more;
  }

  takeFailure(): unknown {
    const { failure } = this;
    this.failure = undefined;
    return failure;
  }

  /** An answer in the numbers and the time of the group. */
  owned(answer: ProbeAnswer): Pick<GroupAnswer, 'records' | 'keys'> & { readonly missing: readonly Missing[] } {
    const { name, stack } = this.#thread;
    const object = (o: number): number => o + this.#number * OBJECTS_PER_PART;
    const records = answer.records.map((record): ProbeRecord => {
      const { stack: text, ...rest } = record;
      const frames = text === undefined ? undefined : stack?.(text);
      return {
        ...rest,
        t: record.t + this.shift,
        s: this.sites.get(record.s) ?? record.s,
        o: object(record.o),
        e: this.entities[record.e] ?? record.e,
        ...(record.f !== undefined && { f: object(record.f) }),
        ...(frames && frames.length > 0 && { frames }),
        ...(name !== undefined && { thread: name }),
      };
    });
    const { lost, lostSince, lostUntil, silentSince } = answer;
    const isSilent = silentSince > 0;
    // Who fell silent is heard again from the moment he was asked, however long his answer took to be read.
    const until = isSilent ? answer.until : lostUntil;
    const missing: Missing = {
      since: (isSilent ? silentSince : (lostSince ?? answer.until)) + this.shift,
      ...(until !== undefined && { until: until + this.shift }),
      ...{ lost, isSilent },
    };
    return {
      records,
      keys: answer.keys.map(([o, key]) => [object(o), key] as const),
      missing: isSilent || lost > 0 ? [missing] : [],
    };
  }
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, enough]);
  clearTimeout(timer);
}

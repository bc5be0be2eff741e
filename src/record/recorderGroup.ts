// The recorders of one process, its threads and its children, as one: one plan with all their sites, one order of what they tell.
import type { Problem, StackFrame } from '../model/index.ts';
import type { RecordingPlan, Site, WatchedEntity } from './plan.ts';
import type { ProbeAnswer, ProbeRecord } from './probeAnswer.ts';
import type { Recorder } from './recorder.ts';

/** Objects are numbered in each thread for itself. */
const OBJECTS_PER_PART = 2 ** 36;

interface Part {
  readonly recorder: Recorder;
  readonly thread: string | undefined;
  readonly number: number;
  /** Its entity -> that of the group. */
  readonly entities: readonly number[];
  readonly stack: ((text: string) => readonly StackFrame[]) | undefined;
  /** Its site -> that of the group; grows with its plan. */
  readonly sites: Map<number, number>;
}

export interface Thread {
  /** Absent: the main thread of the process that was attached to. */
  readonly name?: string;
  readonly stack?: (text: string) => readonly StackFrame[];
}

export class RecorderGroup {
  readonly #entities: WatchedEntity[] = [];
  readonly #sites: Site[] = [];
  readonly #parts: Part[] = [];
  /** Told by one thread, while another may still tell what was before it. */
  #early: ProbeRecord[] = [];
  #numbers = 0;

  /** What the ledger reads by; it grows. */
  get plan(): Pick<RecordingPlan, 'entities' | 'sites'> {
    return { entities: this.#entities, sites: this.#sites };
  }

  get recorders(): readonly Recorder[] {
    return this.#parts.map(({ recorder }) => recorder);
  }

  add(recorder: Recorder, { name, stack }: Thread = {}): void {
    const entities = recorder.plan.entities.map((entity) => this.#entityOf(entity));
    this.#parts.push({ recorder, thread: name, number: this.#numbers++, entities, stack, sites: new Map() });
    this.update();
  }

  /** Sites that came since, with scripts that were loaded later. */
  update(): void {
    for (const { recorder, sites, entities } of this.#parts) {
      for (const site of recorder.plan.sites.slice(sites.size)) {
        const id = this.#sites.length;
        sites.set(site.id, id);
        this.#sites.push({ ...site, id, entities: site.entities.map((e) => entities[e] ?? e) });
      }
    }
  }

  /** The thread has ended: nothing more is asked of it. */
  remove(recorder: Recorder): void {
    const at = this.#parts.findIndex((part) => part.recorder === recorder);
    if (at >= 0) this.#parts.splice(at, 1);
  }

  /** What all of them told since, in order. A thread that went away is passed over. @throws Failure of the main thread */
  async drain(last = false): Promise<ProbeAnswer> {
    this.update();
    const [main] = this.#parts;
    const answers: ProbeAnswer[] = [];
    await Promise.all(
      this.#parts.map(async (part) => {
        try {
          answers.push(ownedBy(part, await part.recorder.drain()));
        } catch (error) {
          if (part === main) throw error;
        }
      }),
    );
    // What is told only after this moment is told with the next answer, together with what others did at the same time.
    const until = last ? Infinity : Math.min(...answers.map((each) => each.until));
    const more = answers.some((each) => each.more);
    const all = [...this.#early, ...answers.flatMap((each) => each.records)].sort((a, b) => a.t - b.t);
    const cut = answers.length > 1 && !more ? all.findIndex(({ t }) => t > until) : -1;
    this.#early = cut < 0 ? [] : all.splice(cut);
    const lost = answers.filter((each) => each.lost > 0);
    const since = lost.flatMap((each) => each.lostSince ?? []);
    const to = lost.flatMap((each) => each.lostUntil ?? []);
    return {
      records: all,
      keys: answers.flatMap((each) => each.keys),
      contexts: [],
      lost: lost.reduce((sum, each) => sum + each.lost, 0),
      ...(since.length > 0 && { lostSince: Math.min(...since), lostUntil: Math.max(...to) }),
      silentSince: answers.reduce((least, each) => (least === 0 ? each.silentSince : least), 0),
      until: Number.isFinite(until) ? until : Math.max(0, ...answers.map((each) => each.until)),
      more,
    };
  }

  async keepAlive(): Promise<void> {
    await Promise.all(this.#parts.map(({ recorder }) => recorder.keepAlive().catch(() => undefined)));
  }

  /** Puts back every thread. @returns what could not be put back */
  async stop(): Promise<readonly Problem[]> {
    const problems: Problem[] = [];
    for (const { recorder } of this.#parts.splice(0).reverse()) problems.push(...(await recorder.stop()));
    return problems;
  }

  #entityOf(entity: WatchedEntity): number {
    const known = this.#entities.findIndex(({ name }) => name === entity.name);
    return known >= 0 ? known : this.#entities.push(entity) - 1;
  }
}

/** An answer in the numbers of the group. */
function ownedBy({ number, entities, sites, thread, stack }: Part, answer: ProbeAnswer): ProbeAnswer {
  const object = (o: number): number => o + number * OBJECTS_PER_PART;
  const records = answer.records.map((record): ProbeRecord => {
    const { stack: text, ...rest } = record;
    const frames = text === undefined ? undefined : stack?.(text);
    return {
      ...rest,
      s: sites.get(record.s) ?? record.s,
      o: object(record.o),
      e: entities[record.e] ?? record.e,
      ...(record.f !== undefined && { f: object(record.f) }),
      ...(frames && frames.length > 0 && { frames }),
      ...(thread !== undefined && { thread }),
    };
  });
  return { ...answer, records, keys: answer.keys.map(([o, key]) => [object(o), key] as const) };
}

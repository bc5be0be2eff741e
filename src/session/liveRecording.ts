// One live recording: plans it with the worker, arms the process, asks it again and again what happened, and puts it back.
import type { Attachment } from '../acquire/index.ts';
import {
  Failure,
  isFailure,
  messageOf,
  type Micros,
  type Model,
  type NewPoint,
  type Problem,
  type SemanticState,
  type Work,
  type WorkspaceFile,
} from '../model/index.ts';
import { claimTarget, Ledger, restoreLeftovers, type GroupAnswer, type RecordingPlan } from '../record/index.ts';
import { now } from './clock.ts';
import { admits, typeOf } from './recordedScripts.ts';
import { RecordedThreads } from './recordedThreads.ts';
import type { ScriptPlans } from './scriptPlans.ts';
import type { Recording } from './session.ts';

const EVERY_MS = 100;
/** Records that are kept in one go, and those that may wait for it here. */
const AT_ONCE = 8192;
const MOST_WAITING = 400_000;
/** While nothing is asked, for a snapshot, the process has to hear that somebody is there. */
const ALIVE_EVERY_MS = 1000;
/** Of what is known of the place, what every event carries. */
const SPACE = ['container', 'host'];

export interface RecordingParts {
  readonly attachment: Attachment;
  readonly plans: ScriptPlans;
  readonly roots: readonly string[];
  readonly workspaceFile: WorkspaceFile;
  readonly model: () => Model;
  readonly known: SemanticState | undefined;
  /** Takes events and gaps in the order in which they happened. */
  readonly keep: (points: readonly NewPoint[]) => void;
  readonly log: (text: string) => void;
}

export interface Around {
  readonly earlier: readonly NewPoint[];
  readonly later: readonly NewPoint[];
  readonly state: SemanticState;
}

export class LiveRecording {
  readonly #parts: RecordingParts;
  readonly #threads: RecordedThreads;
  readonly #ledger: Ledger;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #over = false;
  #held: NodeJS.Timeout | undefined;

  /** @throws Failure `not-recordable`, `already-recorded`, `source-differs`, `no-headroom`, `cancelled`, `target-gone` */
  static async start(parts: RecordingParts, work: Work): Promise<LiveRecording> {
    const { attachment, log } = parts;
    const claim = await claimTarget(attachment, work);
    const threads = new RecordedThreads(parts);
    let recording: LiveRecording | undefined;
    try {
      const restored = await restoreLeftovers(attachment, work, claim);
      if (restored > 0) log(`Put back ${restored} files that an earlier recording had left edited.`);
      await threads.begin(claim, work);
      recording = new LiveRecording(parts, threads);
      // What is recorded already is asked for while the others are armed.
      await threads.others(work);
      if (threads.group.plan.sites.length === 0)
        throw new Failure(
          'not-recordable',
          `No place in ${attachment.name} is known that changes a state: ${threads.problems[0]?.message ?? 'the model has no state attribute'}`,
          'Give the source of what is running, or record by snapshots: --method snapshots.',
        );
      return recording;
    } catch (error) {
      await (recording ?? threads).stop();
      await claim[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(parts: RecordingParts, threads: RecordedThreads) {
    this.#parts = parts;
    this.#threads = threads;
    const { attachment, known, model } = parts;
    this.#ledger = new Ledger(threads.group.plan, {
      target: attachment.address,
      space: attachment.context.space.filter(({ name }) => SPACE.includes(name)),
      typeOf: (event) => typeOf(event, model()),
      admits: (name, step) => admits(name, step, model()),
    });
    if (known) this.#ledger.know(known);
    threads.onEnding = () => this.#ask(true).catch(() => undefined);
    this.#again();
  }

  get sites(): number {
    return this.#threads.group.plan.sites.length;
  }

  /** Of the main thread, as it is armed. */
  get plan(): RecordingPlan | undefined {
    return this.#threads.group.recorders[0]?.plan;
  }

  get notRecorded(): readonly Problem[] {
    return this.#threads.problems;
  }

  get complete(): boolean {
    return this.notRecorded.length === 0 && this.#threads.group.recorders.every((each) => each.complete);
  }

  /** Takes what happened; until `go` nothing more is asked for, and the process goes on telling. */
  async hold(): Promise<void> {
    clearTimeout(this.#timer);
    this.#held = setInterval(() => void this.#threads.group.keepAlive(), ALIVE_EVERY_MS);
    await this.#ask().catch(() => undefined);
  }

  go(): void {
    clearInterval(this.#held);
    this.#held = undefined;
    this.#again();
  }

  /** What was told and not kept yet, before and after a snapshot; and the snapshot's state, where records know better. */
  async around(time: Micros, state: SemanticState): Promise<Around> {
    await this.#turn;
    const [earlier, later]: [NewPoint[], GroupAnswer[]] = [[], []];
    for (let more = true; more && !this.#over;) {
      const answer = await this.#threads.group.drain(true);
      const at = answer.records.findIndex(({ t }) => t > time);
      const split = at < 0 ? answer.records.length : at;
      earlier.push(...this.#pointsOf({ ...answer, records: answer.records.slice(0, split) }));
      later.push({ ...answer, records: answer.records.slice(split), keys: [], lost: 0, silentSince: 0 });
      ({ more } = answer);
    }
    const corrected = this.complete ? this.#ledger.correct(state) : state;
    if (!this.complete) this.#ledger.know(state);
    return { earlier, later: later.flatMap((answer) => this.#pointsOf(answer)), state: corrected };
  }

  /** Takes what is left, puts the process back. Never throws. */
  async stop(): Promise<void> {
    if (this.#over) return;
    clearTimeout(this.#timer);
    try {
      await this.#ask(true);
    } catch (error) {
      this.#parts.log(messageOf(error));
    }
    this.#over = true;
    clearTimeout(this.#timer);
    clearInterval(this.#held);
    for (const { message } of await this.#threads.stop()) this.#parts.log(message);
  }

  #again(): void {
    if (this.#over || this.#held) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#ask().then(
        () => this.#again(),
        (error: unknown) => {
          if (isFailure(error, 'target-gone')) return this.#gone();
          this.#parts.log(messageOf(error));
          this.#again();
        },
      );
    }, EVERY_MS);
  }

  /** There is nothing left to put back. */
  #gone(): void {
    this.#keep([this.#threads.group.rest()], true);
    this.#over = true;
    clearInterval(this.#held);
    void this.#threads.stop();
  }

  #ask(last = false): Promise<void> {
    const turn = this.#turn.then(async () => {
      // The process first: what waits there may be lost, what waits here is not.
      const waiting: GroupAnswer[] = [];
      let count = 0;
      for (let more = true; (more || waiting.length > 0) && !this.#over;) {
        try {
          const answer = await this.#threads.group.drain(last);
          waiting.push(answer);
          count += answer.records.length;
          ({ more } = answer);
        } catch (error) {
          this.#keep(waiting, true);
          throw error;
        }
        if (more && count < MOST_WAITING) continue;
        let taken = 0;
        const from = waiting.findIndex(({ records }) => (taken += records.length) >= AT_ONCE);
        const now = waiting.splice(0, from < 0 ? waiting.length : from + 1);
        count -= now.reduce((sum, { records }) => sum + records.length, 0);
        this.#keep(now, last && !more && waiting.length === 0);
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #keep(answers: readonly GroupAnswer[], isLast: boolean): void {
    const points = answers.flatMap((answer) => this.#pointsOf(answer, true));
    if (isLast) points.push(...this.#ledger.rest());
    if (points.length > 0) this.#parts.keep(points);
  }

  /** @param isWaiting for names that the program may be about to send */
  #pointsOf(answer: GroupAnswer, isWaiting = false): NewPoint[] {
    const { lost, lostSince = now(), lostUntil = now(), silentSince } = answer;
    const events = this.#ledger.read(answer, isWaiting && silentSince === 0 && lost === 0);
    if (silentSince === 0 && lost === 0) return events;
    const gap: NewPoint = {
      kind: 'gap',
      since: silentSince > 0 ? silentSince : lostSince,
      time: silentSince > 0 ? Math.max(silentSince, lostUntil) : lostUntil,
      ...(lost > 0 && { lost }),
      reason:
        answer.reason ?? (silentSince > 0 ? 'the recorder did not ask in time' : 'more happened than could be taken'),
    };
    // Where it belongs: after what was seen before it.
    const at = events.findIndex(({ time }) => time > gap.time);
    return at < 0 ? [...events, gap] : [...events.slice(0, at), gap, ...events.slice(at)];
  }
}

/** The recordings of several services as one, as they are whenever it is asked. */
export function together(recordings: readonly LiveRecording[], stop: () => Promise<void>): Recording {
  return {
    get sites() {
      return recordings.reduce((sum, each) => sum + each.sites, 0);
    },
    get notRecorded() {
      return recordings.flatMap((each) => each.notRecorded);
    },
    get complete() {
      return recordings.every((each) => each.complete);
    },
    stop,
  };
}

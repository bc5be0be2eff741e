// The recordings of a session's services: what starting one would do, starting, stopping, and what they tell as points of the one
// timeline, in our time and in the order in which it happened.
import {
  Failure,
  isFailure,
  type Micros,
  type Model,
  type NewPoint,
  type SemanticState,
  type Work,
} from '../model/index.ts';
import { PROBE } from '../record/index.ts';
import type { Analysis } from './analysis.ts';
import type { AttachedService } from './attachedService.ts';
import { now } from './clock.ts';
import { correctionOf, describeOffset, inOurTime, measureOffset, NO_OFFSET, type ClockOffset } from './clockOffset.ts';
import { LiveRecording, together, type Around } from './liveRecording.ts';
import { HELD_MICROS, MergeWindow } from './mergeWindow.ts';
import type { ModelSource } from './modelSource.ts';
import { PauseGate, type PauseWish } from './pauseGate.ts';
import { previewOf } from './recordingPreview.ts';
import { ScriptPlans } from './scriptPlans.ts';
import type { Pausing, Recording, RecordingPreview } from './session.ts';

export interface RecordingHost {
  readonly analysis: Analysis;
  readonly code: ModelSource;
  model(): Model;
  known(): SemanticState | undefined;
  /** Keeps points of one service, whose place in the order is decided. */
  keep(target: string, points: readonly NewPoint[]): void;
  /** A process stopped at a change that is waited for, or goes on. */
  paused(isPaused: boolean): void;
  log(text: string): void;
}

interface Running {
  readonly recording: LiveRecording;
  readonly gate: PauseGate;
  readonly clock: ClockOffset;
}

const RELEASE_EVERY_MS = 100;

export class ServiceRecordings implements Pausing {
  readonly #host: RecordingHost;
  readonly #running = new Map<AttachedService, Running>();
  readonly #window: MergeWindow;
  #timer: NodeJS.Timeout | undefined;
  #wishes: readonly PauseWish[] = [];
  #planned: { readonly model: Model; readonly plans: ScriptPlans } | undefined;
  /** Services that tell, or will. */
  #expected = 0;

  constructor(host: RecordingHost) {
    this.#host = host;
    this.#window = new MergeWindow((target, points) => host.keep(target, points));
  }

  of(service: AttachedService): LiveRecording | undefined {
    return this.#running.get(service)?.recording;
  }

  /** What recording would do. Changes nothing. @throws Failure `cancelled`, `target-gone` */
  preview(services: readonly AttachedService[], work: Work): Promise<RecordingPreview> {
    const attachments = services.flatMap(({ source }) => source.attachment ?? []);
    return previewOf(attachments, this.#plans(), this.#host.code.roots, work);
  }

  /** Of each that is not recorded yet. @throws Failure `not-recordable`, `cancelled`, `target-gone` */
  async start(services: readonly AttachedService[], stop: () => Promise<void>, work: Work): Promise<Recording> {
    const before = new Set(this.#running.keys());
    const plans = this.#plans();
    this.#expected = new Set([...before, ...services]).size;
    try {
      for (const service of services) if (!before.has(service)) await this.#start(service, plans, work);
    } catch (error) {
      // All of them or none: a service that is recorded by half would have to be put back by somebody.
      for (const [service, { recording, gate }] of this.#running) {
        if (before.has(service)) continue;
        this.#running.delete(service);
        await gate[Symbol.asyncDispose]();
        await recording.stop();
      }
      throw error;
    }
    return together(
      [...this.#running.values()].map(({ recording }) => recording),
      stop,
    );
  }

  async stop(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { recording, gate } of all) {
      await gate[Symbol.asyncDispose]();
      await recording.stop();
    }
    this.#running.clear();
    this.flush();
  }

  get isPaused(): boolean {
    return [...this.#running.values()].some(({ gate }) => gate.isPaused);
  }

  async pauseOn(wishes: readonly PauseWish[]): Promise<void> {
    this.#wishes = wishes;
    for (const { gate } of this.#running.values()) await gate.set(wishes);
  }

  async resume(): Promise<void> {
    for (const { gate } of this.#running.values()) await gate.resume();
  }

  /** What was told of a service before and after a time of ours, in our time. */
  async around(service: AttachedService, time: Micros, state: SemanticState): Promise<Around | undefined> {
    const running = this.#running.get(service);
    if (!running) return undefined;
    const { recording, clock } = running;
    const around = await recording.around(time + correctionOf(clock), state);
    return { ...around, earlier: inOurTime(around.earlier, clock), later: inOurTime(around.later, clock) };
  }

  /** Lets go of what is held back for others that may still tell earlier things. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#window.releaseUpTo(Infinity);
  }

  /** By the model as it is now: what was planned for one process, or only looked at, is there for the next. */
  #plans(): ScriptPlans {
    const { analysis, code } = this.#host;
    const { roots, workspaceFile } = code;
    const model = this.#host.model();
    if (this.#planned?.model === model) return this.#planned.plans;
    const plans = new ScriptPlans((scripts, firstSite, work) =>
      analysis.call('plan', { roots, model, scripts, workspaceFile, firstSite }, work),
    );
    this.#planned = { model, plans };
    return plans;
  }

  async #start(service: AttachedService, plans: ScriptPlans, work: Work): Promise<void> {
    const { attachment, name, address } = service.source;
    if (!attachment) throw new Failure('not-recordable', `${name} is no running process.`, 'Attach to the service.');
    const { code } = this.#host;
    const log = (text: string): void => this.#host.log(text);
    work.progress?.({ phase: 'record', message: `Making ${name} tell its changes` });
    const clock = await measureOffset(attachment, work).catch((error: unknown) => {
      if (isFailure(error, 'cancelled') || isFailure(error, 'target-gone')) throw error;
      return NO_OFFSET;
    });
    log(describeOffset(name, clock));
    const recording = await LiveRecording.start(
      {
        attachment,
        plans,
        roots: code.roots,
        workspaceFile: code.workspaceFile,
        model: () => this.#host.model(),
        known: this.#host.known(),
        keep: (points) => this.#told(address, inOurTime(points, clock)),
        log,
      },
      work,
    );
    const gate = new PauseGate(attachment, {
      plan: () => recording.plan,
      probe: PROBE,
      changed: (isPaused) => this.#host.paused(isPaused),
    });
    this.#running.set(service, { recording, gate, clock });
    await gate.set(this.#wishes);
  }

  /** One service alone waits for nobody. */
  #told(target: string, points: readonly NewPoint[]): void {
    if (this.#expected <= 1 && this.#window.isEmpty) return this.#host.keep(target, points);
    this.#window.add(target, points);
    this.#timer ??= setTimeout(() => this.#release(), RELEASE_EVERY_MS);
  }

  #release(): void {
    this.#timer = undefined;
    this.#window.releaseUpTo(now() - HELD_MICROS);
    if (!this.#window.isEmpty) this.#timer = setTimeout(() => this.#release(), RELEASE_EVERY_MS);
  }
}

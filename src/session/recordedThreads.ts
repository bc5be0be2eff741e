// The threads of one process that is recorded: each planned and armed, those that start later too, and scripts that are loaded later.
import { watchWorkers, type Attachment, type WorkerThread } from '../acquire/index.ts';
import { isFailure, messageOf, type Model, type Problem, type Work, type WorkspaceFile } from '../model/index.ts';
import {
  createStackReader,
  isOwnScript,
  RecorderGroup,
  startRecorder,
  type Claim,
  type Door,
  type PlannedScript,
  type Recorder,
  type RecordingPlan,
} from '../record/index.ts';
import type { Analysis } from './analysis.ts';
import { checkFresh, roomIn, scriptsOf } from './recordedScripts.ts';

/** A thread that starts is planned when it has loaded nothing for so long. */
const SETTLED_MS = 300;
const LOOK_EVERY_MS = 1000;

export interface ThreadsParts {
  readonly attachment: Attachment;
  readonly analysis: Analysis;
  readonly roots: readonly string[];
  readonly workspaceFile: WorkspaceFile;
  /** As it is when recording starts: later scripts are planned by the same. */
  readonly model: Model;
  readonly log: (text: string) => void;
}

interface RecordedThread {
  readonly door: Door;
  readonly name: string | undefined;
  recorder?: Recorder;
  scripts: PlannedScript[];
  readonly seen: Set<string>;
}

export class RecordedThreads {
  readonly group = new RecorderGroup();
  readonly #parts: ThreadsParts;
  readonly #threads = new Set<RecordedThread>();
  readonly #problems: Problem[] = [];
  #workers: AsyncDisposable | undefined;
  #timer: NodeJS.Timeout | undefined;
  #headroom: number | undefined;
  /** One change of the process after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #isOver = false;
  /** Asks for what was told: before a thread ends. */
  onEnding: () => Promise<void> = () => Promise.resolve();

  constructor(parts: ThreadsParts) {
    this.#parts = parts;
  }

  get problems(): readonly Problem[] {
    return [...this.#problems, ...this.group.recorders.flatMap((each) => [...each.plan.problems, ...each.refused])];
  }

  get threads(): number {
    return this.group.recorders.length;
  }

  /** The main thread, then those beside it. @throws Failure `source-differs`, `no-headroom`, `cancelled`, `target-gone` */
  async start(claim: Claim, work: Work): Promise<void> {
    const { attachment, log } = this.#parts;
    this.#headroom = (await attachment.heap.estimate(work)).headroomBytes;
    const main: RecordedThread = { door: attachment, name: undefined, scripts: [], seen: new Set() };
    await this.#begin(main, work, claim);
    attachment.onEnding(() => this.onEnding());
    this.#workers = await watchWorkers(attachment, (worker) => this.#met(worker), work).catch((error: unknown) => {
      if (!isFailure(error, 'inspector-error')) throw error;
      log(`Worker threads are not recorded: ${messageOf(error)}`);
      return undefined;
    });
    // Those that run already belong to the start.
    await this.#turn;
    this.#look();
  }

  /** Puts all threads back. @returns what could not be put back */
  async stop(): Promise<readonly Problem[]> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#turn;
    const problems = await this.group.stop();
    await this.#workers?.[Symbol.asyncDispose]();
    return problems;
  }

  #met(worker: WorkerThread): void {
    const thread: RecordedThread = { door: worker, name: worker.name, scripts: [], seen: new Set() };
    worker.onEnding(() => this.onEnding());
    worker.onClosed(() => {
      this.#threads.delete(thread);
      if (thread.recorder) this.group.remove(thread.recorder);
    });
    this.#inTurn(async () => {
      for (let count = -1; count !== worker.scripts().length;) {
        count = worker.scripts().length;
        await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      }
      await this.#begin(thread, {});
      this.#parts.log(`${worker.name} of ${this.#parts.attachment.name} is recorded as well.`);
    }, worker.name);
  }

  async #begin(thread: RecordedThread, work: Work, claim?: Claim): Promise<void> {
    const { workspaceFile, log } = this.#parts;
    const { capacity, told } = await roomIn(
      thread.door,
      thread.name ?? this.#parts.attachment.name,
      this.#headroom,
      work,
    );
    if (told !== undefined) log(told);
    const plan = await this.#plan(thread, 0, work);
    const options = { workspaceFile, capacity, ...(claim && { claim }) };
    const recorder = await startRecorder(thread.door, plan, work, options);
    thread.recorder = recorder;
    this.#threads.add(thread);
    let reader = createStackReader(recorder.plan, thread.scripts);
    let read = thread.scripts.length;
    const stack: typeof reader = (text) => {
      if (read !== thread.scripts.length) reader = createStackReader(recorder.plan, thread.scripts);
      read = thread.scripts.length;
      return reader(text);
    };
    this.group.add(recorder, { stack, ...(thread.name !== undefined && { name: thread.name }) });
  }

  /** Of the scripts that were not planned for yet. */
  async #plan(thread: RecordedThread, firstSite: number, work: Work): Promise<RecordingPlan> {
    const { attachment, analysis, roots, workspaceFile, model } = this.#parts;
    const scripts = await scriptsOf(thread.door, attachment, work, (url) => !thread.seen.has(url), roots);
    const plan = await analysis.call('plan', { roots, model, scripts, workspaceFile, firstSite }, work);
    for (const { url } of scripts) thread.seen.add(url);
    thread.scripts = [...thread.scripts, ...scripts];
    if (roots.length > 0) this.#problems.push(...checkFresh(plan, scripts, roots));
    return plan;
  }

  #look(): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#inTurn(async () => {
        for (const thread of [...this.#threads]) await this.#extend(thread);
      }, this.#parts.attachment.name);
      void this.#turn.then(() => this.#look());
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async #extend(thread: RecordedThread): Promise<void> {
    const { recorder, door, seen } = thread;
    if (!recorder || !door.scripts().some(({ url }) => isOwnScript(url, this.#parts.roots) && !seen.has(url))) return;
    const more = await this.#plan(thread, recorder.plan.sites.length, {});
    if (more.scripts.length === 0) return;
    await recorder.extend(more, {});
    this.group.update();
    this.#parts.log(`${more.scripts.length} scripts that were loaded meanwhile are recorded as well.`);
  }

  #inTurn(run: () => Promise<void>, name: string): void {
    this.#turn = this.#turn.then(async () => {
      if (this.#isOver) return;
      try {
        await run();
      } catch (error) {
        if (isFailure(error, 'target-gone') || isFailure(error, 'cancelled')) return;
        this.#problems.push({ code: 'not-recorded', message: `Not all of ${name} is recorded: ${messageOf(error)}` });
        this.#parts.log(`Not all of ${name} is recorded: ${messageOf(error)}`);
      }
    });
  }
}

// The threads of one process that is recorded, and its children: each planned and armed, those that start later too, and scripts that
// are loaded later.
import { watchWorkers, type Attachment, type WorkerThread } from '../acquire/index.ts';
import { isFailure, messageOf, type Problem, type Work, type WorkspaceFile } from '../model/index.ts';
import {
  createStackReader,
  evaluate,
  isOwnScript,
  RecorderGroup,
  startRecorder,
  threadClock,
  type Claim,
  type Door,
  type PlannedScript,
  type Recorder,
  type RecordingPlan,
} from '../record/index.ts';
import { RecordedChildren } from './recordedChildren.ts';
import { checkFresh, roomIn, scriptsOf } from './recordedScripts.ts';
import type { ScriptPlans } from './scriptPlans.ts';

/** A thread that starts is planned when it has loaded nothing for so long. */
const SETTLED_MS = 300;
const LOOK_EVERY_MS = 1000;
/** Of a process that was just born, while it loads its program: at most so often. */
const YOUNG = { looks: 100, everyMs: 100 } as const;

export interface ThreadsParts {
  readonly attachment: Attachment;
  /** By the model as it is when recording starts, for all processes alike. */
  readonly plans: ScriptPlans;
  readonly roots: readonly string[];
  readonly workspaceFile: WorkspaceFile;
  readonly log: (text: string) => void;
}

interface RecordedThread {
  readonly door: Door;
  readonly name: string | undefined;
  recorder?: Recorder;
  scripts: PlannedScript[];
  readonly seen: Set<string>;
}

/** Of a child: the recorders of all, and what it is called among them. */
export interface Inside {
  readonly group: RecorderGroup;
  readonly name: string;
  readonly isBorn: boolean;
}

export class RecordedThreads {
  readonly group: RecorderGroup;
  readonly #parts: ThreadsParts;
  readonly #inside: Inside | undefined;
  readonly #children: RecordedChildren | undefined;
  readonly #threads = new Set<RecordedThread>();
  readonly #problems: Problem[] = [];
  #workers: AsyncDisposable | undefined;
  #timer: NodeJS.Timeout | undefined;
  #headroom: number | undefined;
  /** One change of the process after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #isOver = false;
  /** Asks for what was told: before the process ends. */
  onEnding: () => Promise<void> = () => Promise.resolve();

  constructor(parts: ThreadsParts, inside?: Inside) {
    this.#parts = parts;
    this.#inside = inside;
    this.group = inside?.group ?? new RecorderGroup();
    // A child's own children are found together with it.
    if (inside) return;
    this.#children = new RecordedChildren({
      ...{ attachment: parts.attachment, log: parts.log, group: this.group },
      record: (attachment, name, isBorn) =>
        new RecordedThreads({ ...parts, attachment }, { group: this.group, name, isBorn }),
    });
  }

  /** Each once: what cannot be recorded in one process cannot be in the others. */
  get problems(): readonly Problem[] {
    const own = this.#recorders.flatMap((each) => [...each.plan.problems, ...each.refused]);
    const all = [...this.#problems, ...own, ...(this.#children?.problems ?? [])];
    return [...new Map(all.map((problem) => [`${problem.code} ${problem.message}`, problem])).values()];
  }

  /** Of its own threads; those of children are not among them. */
  get #recorders(): readonly Recorder[] {
    return [...this.#threads].flatMap(({ recorder }) => recorder ?? []);
  }

  /** Undefined: it is not armed. */
  get main(): Recorder | undefined {
    return this.#recorders[0];
  }

  /** The main thread. @throws Failure `source-differs`, `no-headroom`, `cancelled`, `target-gone` */
  async begin(claim: Claim, work: Work): Promise<void> {
    const { attachment } = this.#parts;
    this.#headroom = (await attachment.heap.estimate(work)).headroomBytes;
    const main: RecordedThread = { door: attachment, name: this.#inside?.name, scripts: [], seen: new Set() };
    await this.#begin(main, work, claim);
    attachment.onEnding(async () => {
      await this.#lastWords(main);
      await this.onEnding();
    });
  }

  /** Threads beside it and all children that run: done when each is recorded or refused. @throws Failure `cancelled`, `target-gone` */
  async others(work: Work): Promise<void> {
    const { attachment, log } = this.#parts;
    this.#workers = await watchWorkers(attachment, (worker) => this.#met(worker), work).catch((error: unknown) => {
      if (!isFailure(error, 'inspector-error')) throw error;
      log(`Worker threads are not recorded: ${messageOf(error)}`);
      return undefined;
    });
    this.#look();
    if (this.#inside?.isBorn === true) await this.#grown();
    // Those that run already belong to the start.
    await this.#turn;
    await this.#children?.start(work);
  }

  /** Puts all threads back. @returns what could not be put back */
  async stop(): Promise<readonly Problem[]> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    const children = this.#children?.stop();
    await this.#turn;
    const recorders = this.#recorders;
    this.#threads.clear();
    const problems = await this.group.stop(recorders);
    await this.#workers?.[Symbol.asyncDispose]();
    return [...problems, ...((await children) ?? [])];
  }

  async #lastWords({ recorder }: RecordedThread): Promise<void> {
    if (recorder) await this.group.lastWords(recorder);
  }

  #met(worker: WorkerThread): void {
    const name = this.#inside ? `${this.#inside.name} ${worker.name}` : worker.name;
    const thread: RecordedThread = { door: worker, name, scripts: [], seen: new Set() };
    worker.onEnding(() => this.#lastWords(thread));
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
      this.#parts.log(`${name} of ${this.#parts.attachment.name} is recorded as well.`);
    }, name);
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
    const plan = await this.#plan(thread, work);
    const options = { workspaceFile, capacity, ...(claim && { claim }) };
    const expected = this.group.expect(await threadClock(thread.door, work));
    try {
      const recorder = await startRecorder(thread.door, plan, work, options);
      thread.recorder = recorder;
      this.#threads.add(thread);
      const { name } = thread;
      expected.add(recorder, { stack: stackReader(thread, recorder), ...(name !== undefined && { name }) });
    } finally {
      expected.end();
    }
  }

  /** Of the scripts that were not planned for yet. */
  async #plan(thread: RecordedThread, work: Work): Promise<RecordingPlan> {
    const { attachment, plans, roots } = this.#parts;
    const scripts = await scriptsOf(thread.door, attachment, work, (url) => !thread.seen.has(url), roots);
    const plan = await plans.of(scripts, work);
    for (const { url } of scripts) thread.seen.add(url);
    thread.scripts = [...thread.scripts, ...scripts];
    if (roots.length > 0) this.#problems.push(...checkFresh(plan, scripts, roots));
    return plan;
  }

  /** A process that was just born loads its program yet: done when it is there, and recorded. */
  async #grown(): Promise<void> {
    const { attachment } = this.#parts;
    for (let [looks, still] = [0, 0]; looks < YOUNG.looks && still < 2 && !this.#isOver; looks++) {
      const isLoading = await evaluate<boolean>(attachment, 'process.mainModule?.loaded === false', {});
      const count = attachment.scripts().length;
      await this.#extendAll();
      await new Promise((resolve) => setTimeout(resolve, YOUNG.everyMs));
      still = isLoading || attachment.scripts().length > count ? 0 : still + 1;
    }
  }

  #look(): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      void this.#extendAll().then(() => this.#look());
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  #extendAll(): Promise<unknown> {
    this.#inTurn(async () => {
      for (const thread of [...this.#threads]) await this.#extend(thread);
    }, this.#inside?.name ?? this.#parts.attachment.name);
    return this.#turn;
  }

  async #extend(thread: RecordedThread): Promise<void> {
    const { recorder, door, seen } = thread;
    if (!recorder || !door.scripts().some(({ url }) => isOwnScript(url, this.#parts.roots) && !seen.has(url))) return;
    const more = await this.#plan(thread, {});
    if (more.scripts.length === 0) return;
    await recorder.extend(more, {});
    this.group.update();
    const of = this.#inside ? ` in ${this.#inside.name}` : '';
    this.#parts.log(`${more.scripts.length} scripts that were loaded meanwhile${of} are recorded as well.`);
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

/** Reads stacks by what the thread has loaded by now. */
function stackReader(thread: RecordedThread, recorder: Recorder): ReturnType<typeof createStackReader> {
  let reader = createStackReader(recorder.plan, thread.scripts);
  let read = thread.scripts.length;
  return (text) => {
    if (read !== thread.scripts.length) reader = createStackReader(recorder.plan, thread.scripts);
    read = thread.scripts.length;
    return reader(text);
  };
}

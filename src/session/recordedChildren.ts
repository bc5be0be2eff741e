// The child processes of one that is recorded: each attached to, planned and armed by itself, whenever it is born, and put back when
// recording ends. What a child did before it was armed is missing from the timeline, which says so.
import { ChildWatch, type Attachment, type ChildProcess } from '../acquire/index.ts';
import { isFailure, messageOf, type Micros, type Problem, type Work } from '../model/index.ts';
import { claimTarget, restoreLeftovers, type Claim, type Recorder, type RecorderGroup } from '../record/index.ts';

/** What records the threads of one process. */
export interface ProcessRecording {
  readonly problems: readonly Problem[];
  readonly main: Recorder | undefined;
  begin(claim: Claim, work: Work): Promise<void>;
  /** Done when the program is loaded. */
  others(work: Work): Promise<void>;
  stop(): Promise<readonly Problem[]>;
}

export interface ChildrenParts {
  readonly attachment: Attachment;
  readonly group: RecorderGroup;
  readonly log: (text: string) => void;
  readonly record: (child: Attachment, name: string, isBorn: boolean) => ProcessRecording;
}

export class RecordedChildren {
  readonly #parts: ChildrenParts;
  readonly #watch: ChildWatch;
  readonly #children = new Map<Attachment, ProcessRecording>();
  /** By the child's key. */
  readonly #refused = new Map<string, Problem>();
  readonly #notRestored: Problem[] = [];
  #isOver = false;

  constructor(parts: ChildrenParts) {
    this.#parts = parts;
    this.#watch = new ChildWatch(parts.attachment, {
      attached: (child, process, isBorn) => this.#met(child, process, isBorn),
      refused: (process, why, isBorn) => this.#refuse(process, why, isBorn),
      missed: (process, isBorn) => {
        const why = 'it ended before it could be attached to';
        if (isBorn) this.#gap(process.began, `${nameOf(process)} began and ended and is not recorded: ${why}`);
      },
    });
  }

  get problems(): readonly Problem[] {
    return [...this.#refused.values(), ...[...this.#children.values()].flatMap(({ problems }) => problems)];
  }

  /** Those that run already: done when each is recorded or refused. From then on those that are born. @throws Failure `cancelled`, `target-gone` */
  start(work: Work): Promise<void> {
    return this.#watch.start(work);
  }

  /** @returns what could not be put back */
  async stop(): Promise<readonly Problem[]> {
    this.#isOver = true;
    // Nothing more is begun in any of them; whatever is under way comes to its end.
    const ending = [...this.#children.values()].map(async (recording) => recording.stop());
    await this.#watch[Symbol.asyncDispose]();
    this.#notRestored.push(...(await Promise.all(ending)).flat());
    const restored = [...this.#children].map(async ([child, recording]) => {
      const problems = await recording.stop();
      await child[Symbol.asyncDispose]();
      return problems;
    });
    this.#children.clear();
    return [...this.#notRestored.splice(0), ...(await Promise.all(restored)).flat()];
  }

  async #met(child: Attachment, process: ChildProcess, isBorn: boolean): Promise<void> {
    const name = nameOf(process);
    const recording = this.#parts.record(child, name, isBorn);
    const state = { isEnding: false, isGone: false };
    child.onEnding(() => {
      state.isEnding = true;
      return Promise.resolve();
    });
    child.onClosed(() => {
      state.isGone = true;
      void this.#ended(child, recording, process, state.isEnding);
    });
    this.#children.set(child, recording);
    let claim: Claim | undefined;
    try {
      claim = await claimTarget(child, {});
      await restoreLeftovers(child, {}, claim);
      await recording.begin(claim, {});
      await recording.others({});
      this.#refused.delete(process.key);
      if (isBorn) this.#gap(process.began, `${name} began, recorded since then`);
      this.#parts.log(`${name} of ${this.#parts.attachment.name} is recorded as well: ${process.command}`);
    } catch (error) {
      this.#children.delete(child);
      const problems = await recording.stop();
      if (!state.isGone) this.#notRestored.push(...problems);
      await claim?.[Symbol.asyncDispose]();
      await child[Symbol.asyncDispose]();
      if (!state.isGone && !isFailure(error, 'target-gone')) this.#refuse(process, messageOf(error), isBorn);
      else if (isBorn) this.#gap(process.began, `${name} began and ended and is not recorded`);
    }
  }

  /** By itself, or killed: nothing is left to put back. */
  async #ended(
    child: Attachment,
    recording: ProcessRecording,
    process: ChildProcess,
    isOrderly: boolean,
  ): Promise<void> {
    if (!this.#children.delete(child) || this.#isOver) return;
    const told = recording.main && this.#parts.group.remove(recording.main);
    if (told !== undefined && !isOrderly) {
      const why = `${nameOf(process)} was killed: what it did in its last moment may be missing`;
      this.#parts.group.miss({ since: told, until: Math.max(told, this.#parts.group.latest), ...SILENT, reason: why });
    }
    this.#parts.log(`${nameOf(process)} of ${this.#parts.attachment.name} ${isOrderly ? 'ended' : 'was killed'}.`);
    await recording.stop();
    await child[Symbol.asyncDispose]();
  }

  #refuse(process: ChildProcess, why: string, isBorn: boolean): void {
    const message = `${nameOf(process)} of ${this.#parts.attachment.name} is not recorded: ${why}`;
    this.#refused.set(process.key, { code: 'not-recorded', message });
    this.#parts.log(message);
    if (isBorn) this.#gap(process.began, `${nameOf(process)} began and is not recorded: ${why}`);
  }

  /** From its beginning until now something may be missing. */
  #gap(began: Micros, reason: string): void {
    const { group } = this.#parts;
    group.miss({ since: Math.min(began, group.latest), until: group.latest, ...SILENT, reason });
  }
}

const SILENT = { lost: 0, isSilent: true } as const;

function nameOf({ pid }: Pick<ChildProcess, 'pid'>): string {
  return `child ${pid}`;
}

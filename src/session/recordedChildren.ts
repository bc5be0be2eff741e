// The child processes of one that is recorded: each attached to, planned and armed, and put back when recording ends.
import { watchChildren, type Attachment } from '../acquire/index.ts';
import { messageOf, type Problem, type Work } from '../model/index.ts';
import { claimTarget, restoreLeftovers, type Claim } from '../record/index.ts';

const SETTLED_MS = 300;

/** What records the threads of one process. */
export interface ProcessRecording {
  readonly problems: readonly Problem[];
  start(claim: Claim, work: Work): Promise<void>;
  stop(): Promise<readonly Problem[]>;
}

export interface ChildrenParts {
  readonly attachment: Attachment;
  readonly log: (text: string) => void;
  readonly record: (child: Attachment, name: string) => ProcessRecording;
}

export class RecordedChildren {
  readonly #parts: ChildrenParts;
  readonly #children = new Map<Attachment, ProcessRecording>();
  readonly #problems: Problem[] = [];
  #watch: AsyncDisposable | undefined;

  constructor(parts: ChildrenParts) {
    this.#parts = parts;
  }

  get problems(): readonly Problem[] {
    return [...this.#problems, ...[...this.#children.values()].flatMap(({ problems }) => problems)];
  }

  /** Those that run already, and from then on those that are born. @throws Failure `cancelled`, `target-gone` */
  async start(work: Work): Promise<void> {
    const { attachment } = this.#parts;
    const listener = {
      attached: (child: Attachment) => this.#met(child),
      refused: (pid: number, why: string) => this.#missed(`child ${pid}`, why),
    };
    this.#watch = await watchChildren(attachment, listener, work);
  }

  /** @returns what could not be put back */
  async stop(): Promise<readonly Problem[]> {
    await this.#watch?.[Symbol.asyncDispose]();
    const problems: Problem[] = [];
    for (const [child, recording] of this.#children) {
      problems.push(...(await recording.stop()));
      await child[Symbol.asyncDispose]();
    }
    this.#children.clear();
    return problems;
  }

  async #met(child: Attachment): Promise<void> {
    const name = `child ${child.process.pid}`;
    const recording = this.#parts.record(child, name);
    let claim: Claim | undefined;
    child.onClosed(() => {
      if (this.#children.delete(child)) void recording.stop();
    });
    try {
      for (let count = -1; count !== child.scripts().length;) {
        count = child.scripts().length;
        await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      }
      claim = await claimTarget(child, {});
      await restoreLeftovers(child, {}, claim);
      this.#children.set(child, recording);
      await recording.start(claim, {});
      this.#parts.log(`${name} of ${this.#parts.attachment.name} is recorded as well.`);
    } catch (error) {
      this.#children.delete(child);
      await recording.stop();
      await claim?.[Symbol.asyncDispose]();
      await child[Symbol.asyncDispose]();
      this.#missed(name, messageOf(error));
    }
  }

  #missed(name: string, why: string): void {
    const message = `${name} of ${this.#parts.attachment.name} is not recorded: ${why}`;
    this.#problems.push({ code: 'not-recorded', message });
    this.#parts.log(message);
  }
}

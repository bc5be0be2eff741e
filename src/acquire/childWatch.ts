// Attaches to the child processes of one that is attached to: those that run, and those that are born later. Each on its own, so that
// one that is slow to answer keeps no other waiting; only the opening of inspectors goes one after the other, since all of them would
// open theirs at one port, which each gives free for the next.
import { cancelled, isFailure, messageOf, type Work } from '../model/index.ts';
import type { Attachment } from './attachment.ts';
import { attachChild, childrenOf, type ChildProcess } from './childProcesses.ts';

const LOOK_EVERY_MS = 250;
/** One that does not open its inspector in this time no longer keeps the next from trying. */
const TURN_MS = 1500;
/** Until it has set up its signals a young process cannot be asked for anything. */
const YOUNG_MICROS = 5e6;
/** It is said by then that one cannot be attached to; it is tried on. */
const PATIENCE_MS = 15_000;
const AGAIN_MS = { first: 100, most: 5000 } as const;
/** What trying again does not change. */
const FINAL = ['not-node', 'sigusr1-forbidden', 'signal-refused'];

export interface ChildListener {
  /** Its attachment is the listener's, to be disposed of by it. Those that ran at the start are waited for. Never rejects. */
  attached(child: Attachment, process: ChildProcess, isBorn: boolean): Promise<void>;
  /** Once; it may still be attached to later. */
  refused(process: ChildProcess, why: string, isBorn: boolean): void;
  /** It ended before it could be attached to. */
  missed(process: ChildProcess, isBorn: boolean): void;
}

type Host = Pick<Attachment, 'address' | 'process' | 'send'>;

export class ChildWatch implements AsyncDisposable {
  readonly #host: Host;
  readonly #listener: ChildListener;
  readonly #over = new AbortController();
  readonly #tried = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(host: Host, listener: ChildListener) {
    this.#host = host;
    this.#listener = listener;
  }

  /** Done when each child that runs now is attached to and taken by the listener, or refused. @throws Failure `cancelled`, `target-gone` */
  async start(work: Work): Promise<void> {
    const cancel = (): void => this.#over.abort();
    work.signal?.addEventListener('abort', cancel, { once: true });
    try {
      const first = await this.#look(false, work);
      this.#again();
      await Promise.all(first);
    } finally {
      work.signal?.removeEventListener('abort', cancel);
    }
    if (work.signal?.aborted) throw cancelled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#running);
  }

  #again(): void {
    if (this.#over.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#look(true, { signal: this.#over.signal }).then(
        () => this.#again(),
        (error: unknown) => isFailure(error, 'target-gone') || this.#again(),
      );
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** @returns for each child that was not known, when it is settled */
  async #look(isBorn: boolean, work: Work): Promise<readonly Promise<void>[]> {
    const children = await childrenOf(this.#host, work);
    const present = new Set(children.map(({ key }) => key));
    for (const key of this.#tried) if (!present.has(key)) this.#tried.delete(key);
    const fresh = children.filter(({ key }) => !this.#tried.has(key));
    for (const { key } of fresh) this.#tried.add(key);
    return fresh.map(
      (child) =>
        new Promise((settled) => {
          const running = this.#reach(child, isBorn, settled).finally(() => {
            settled();
            this.#running.delete(running);
          });
          this.#running.add(running);
        }),
    );
  }

  async #reach(child: ChildProcess, isBorn: boolean, settled: () => void): Promise<void> {
    const { signal } = this.#over;
    const begun = Date.now();
    const inTurn = <T>(open: () => Promise<T>): Promise<T> => this.#inTurn(open);
    let [isAsked, isTold] = [false, false];
    for (let wait: number = AGAIN_MS.first; !signal.aborted; wait = Math.min(wait * 2, AGAIN_MS.most)) {
      let attachment: Attachment;
      try {
        attachment = await attachChild(this.#host, child, { signal }, { isAsked, inTurn });
      } catch (error) {
        if (signal.aborted) return;
        isAsked ||= isFailure(error, 'inspector-did-not-open');
        await pause(wait, signal);
        const isThere = await this.#isThere(child);
        if (isThere === false && !isTold) this.#listener.missed(child, isBorn);
        if (isThere !== true) return;
        const isYoung = Date.now() * 1000 - child.began < YOUNG_MICROS;
        const isFinal = !isYoung && FINAL.some((code) => isFailure(error, code));
        if (!isTold && (isFinal || isAsked || Date.now() - begun > PATIENCE_MS)) {
          isTold = true;
          this.#listener.refused(child, messageOf(error), isBorn);
          settled();
        }
        if (isFinal) return;
        continue;
      }
      return this.#listener.attached(attachment, child, isBorn);
    }
  }

  /** @returns undefined where nobody is left to say */
  async #isThere({ key }: ChildProcess): Promise<boolean | undefined> {
    const children = await childrenOf(this.#host, { signal: this.#over.signal }).catch(() => undefined);
    return children?.some((each) => each.key === key);
  }

  async #inTurn<T>(open: () => Promise<T>): Promise<T> {
    const before = this.#turn;
    let leave = (): void => undefined;
    this.#turn = new Promise<void>((resolve) => (leave = resolve));
    await before;
    const timer = setTimeout(leave, TURN_MS);
    try {
      return await open();
    } finally {
      clearTimeout(timer);
      leave();
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

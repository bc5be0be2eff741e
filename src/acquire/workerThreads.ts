// The worker threads of a process, each through an inspector session of its own inside that of the main thread.
import type { Protocol } from 'devtools-protocol';
import { messageOf, type Work } from '../model/index.ts';
import type { Attachment, RunningScript } from './attachment.ts';
import { within } from './deadline.ts';
import { inspectorError, targetGone } from './failures.ts';

const COMMAND_MS = 30_000;
const LEAVE_MS = 2000;

export type WorkerThread = Pick<Attachment, 'name' | 'scripts' | 'send' | 'on' | 'onClosed' | 'onEnding'>;

/** The events of Node's own inspector domain `NodeWorker`. */
interface AttachedToWorker {
  readonly sessionId: string;
  readonly workerInfo: { readonly workerId: string; readonly title: string; readonly url: string };
}
interface MessageFromWorker {
  readonly sessionId: string;
  readonly message: string;
}

type Host = Pick<Attachment, 'name' | 'send' | 'on'>;

/**
 * Tells of each worker thread that runs, before it returns, and of each that starts later, until it is disposed of: the sessions then end, the workers
 * go on. Versions of Node without worker sessions tell of none.
 */
export async function watchWorkers(
  host: Host,
  onWorker: (worker: WorkerThread) => void,
  work: Work,
): Promise<AsyncDisposable> {
  const workers = new Map<string, NestedSession>();
  const begun: Promise<void>[] = [];
  const offs = [
    host.on('NodeWorker.attachedToWorker', (params) => {
      const { sessionId, workerInfo } = params as AttachedToWorker;
      const worker = new NestedSession(host, sessionId, `worker ${workerInfo.workerId}`);
      workers.set(sessionId, worker);
      const begin = worker.begin().then(
        () => onWorker(worker),
        () => void workers.delete(sessionId),
      );
      begun.push(begin);
    }),
    host.on('NodeWorker.receivedMessageFromWorker', (params) => {
      const { sessionId, message } = params as MessageFromWorker;
      workers.get(sessionId)?.receive(message);
    }),
    host.on('NodeWorker.detachedFromWorker', (params) => {
      const { sessionId } = params as { readonly sessionId: string };
      workers.get(sessionId)?.end('the thread ended');
      workers.delete(sessionId);
    }),
  ];
  try {
    await host.send('NodeWorker.enable', { waitForDebuggerOnStart: false }, work);
    // Those that run were announced before the answer came.
    await Promise.all(begun.splice(0));
  } catch (error) {
    for (const off of offs) off();
    throw error;
  }
  return {
    async [Symbol.asyncDispose]() {
      for (const worker of workers.values()) await worker.leave();
      await host.send('NodeWorker.disable', {}, { timeoutMs: LEAVE_MS }).catch(() => undefined);
      for (const off of offs) off();
    },
  };
}

interface Waiting {
  readonly method: string;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
}

class NestedSession implements WorkerThread {
  readonly name: string;
  readonly #host: Host;
  readonly #sessionId: string;
  readonly #scripts = new Map<number, RunningScript>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(params: unknown) => void>>();
  readonly #closed = new Set<(reason: string) => void>();
  readonly #ending = new Set<() => Promise<void>>();
  #next = 1;
  #gone: string | undefined;

  constructor(host: Host, sessionId: string, name: string) {
    this.#host = host;
    this.#sessionId = sessionId;
    this.name = name;
  }

  async begin(): Promise<void> {
    this.on('Debugger.scriptParsed', (params) => {
      const { scriptId, url, hash, isModule, sourceMapURL } = params as Protocol.Debugger.ScriptParsedEvent;
      this.#scripts.set(Number(scriptId), {
        id: Number(scriptId),
        url,
        hash,
        isModule: isModule ?? false,
        ...(sourceMapURL && { sourceMapUrl: sourceMapURL }),
      });
    });
    this.on('NodeRuntime.waitingForDisconnect', () => {
      void Promise.allSettled([...this.#ending].map((listener) => listener())).then(() => this.leave());
    });
    await this.send('Debugger.enable', {});
    await this.send('Debugger.setSkipAllPauses', { skip: true });
    await this.send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true }).catch(() => undefined);
  }

  scripts(): readonly RunningScript[] {
    return [...this.#scripts.values()];
  }

  async send<T>(method: string, params?: object, work?: Work & { readonly timeoutMs?: number }): Promise<T> {
    if (this.#gone !== undefined) throw targetGone(this.name, this.#gone);
    const id = this.#next++;
    const message = JSON.stringify({ id, method, ...(params && { params }) });
    try {
      return await within(
        `${method} in ${this.name}`,
        work?.timeoutMs ?? COMMAND_MS,
        work,
        () =>
          new Promise<T>((resolve, reject) => {
            this.#waiting.set(id, { method, resolve: (result) => resolve(result as T), reject });
            const sent = this.#host.send('NodeWorker.sendMessageToWorker', { sessionId: this.#sessionId, message });
            sent.catch((error: unknown) => reject(targetGone(this.name, messageOf(error))));
          }),
      );
    } finally {
      this.#waiting.delete(id);
    }
  }

  on(method: string, listener: (params: unknown) => void): () => void {
    const listeners = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  onClosed(listener: (reason: string) => void): () => void {
    this.#closed.add(listener);
    return () => this.#closed.delete(listener);
  }

  onEnding(listener: () => Promise<void>): () => void {
    this.#ending.add(listener);
    return () => this.#ending.delete(listener);
  }

  receive(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.id === undefined) {
      for (const listener of this.#listeners.get(message.method ?? '') ?? []) listener(message.params);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (message.error) waiting?.reject(inspectorError(waiting.method, message.error.message ?? 'no reason given'));
    else waiting?.resolve(message.result);
  }

  end(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    for (const waiting of this.#waiting.values()) waiting.reject(targetGone(this.name, reason));
    for (const listener of this.#closed) listener(reason);
  }

  /** The session ends, the thread goes on. Never throws. */
  async leave(): Promise<void> {
    if (this.#gone !== undefined) return;
    await this.send('Debugger.disable', {}, { timeoutMs: LEAVE_MS }).catch(() => undefined);
    const { send } = this.#host;
    await send
      .call(this.#host, 'NodeWorker.detach', { sessionId: this.#sessionId }, { timeoutMs: LEAVE_MS })
      .catch(() => undefined);
    this.end('the session ended');
  }
}

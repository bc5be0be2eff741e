// The session's hold on its worker thread: one call after the other, chunks with back-pressure, a clear end if it dies.
import { totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { cancelled, Failure, messageOf, type Work } from '../model/index.ts';
import type { CallArguments, CallName, CallResult, ReplyMessage, WorkerData } from './worker/protocol.ts';

const MB = 1024 * 1024;
/** Enough for the compiler on a large project, whatever the heap. */
const LEAST_MEMORY = 2048 * MB;
/** JavaScript objects that parsing and extraction make for each byte of snapshot; the columns lie outside this heap. */
const MEMORY_PER_BYTE = 1.5;
/** Bytes on their way to the worker before the sender waits. */
const MOST_IN_FLIGHT = 8 * MB;

interface Pending {
  resolve(result: unknown): void;
  reject(error: Failure): void;
  readonly work: Work;
}

/** Bytes that the worker's JavaScript heap may take for a snapshot of this size. */
export function workerMemory(snapshotBytes: number): number {
  const wanted = Math.max(LEAST_MEMORY, LEAST_MEMORY / 2 + snapshotBytes * MEMORY_PER_BYTE);
  return Math.max(LEAST_MEMORY / 2, Math.min(wanted, totalmem() * 0.75));
}

export class Analysis implements AsyncDisposable {
  #worker: Worker | undefined;
  #memory: number;
  #lastId = 0;
  #inFlight = 0;
  #room: (() => void) | undefined;
  #writeFailure: Failure | undefined;
  readonly #pending = new Map<number, Pending>();
  #cancelledUpTo = new SharedArrayBuffer(4);

  /** @param options.memory bytes of JavaScript heap to begin with */
  constructor(options: { readonly memory?: number } = {}) {
    this.#memory = options.memory ?? workerMemory(0);
  }

  /** Makes sure that a snapshot of this size may be held; a smaller worker is replaced. */
  async allow(snapshotBytes: number): Promise<void> {
    const memory = workerMemory(snapshotBytes);
    if (memory <= this.#memory) return;
    this.#memory = memory;
    await this.#stop();
  }

  /** @throws Failure of the call, `analysis-died`, `analysis-memory`, `cancelled` */
  call<N extends CallName>(
    name: N,
    args: CallArguments<N>,
    work: Work,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<CallResult<N>> {
    if (work.signal?.aborted) return Promise.reject(cancelled());
    const worker = this.#started();
    const id = ++this.#lastId;
    return new Promise<unknown>((resolve, reject) => {
      const abort = (): void => {
        const flag = new Int32Array(this.#cancelledUpTo);
        Atomics.store(flag, 0, Math.max(id, Atomics.load(flag, 0)));
        this.#settle(id)?.reject(cancelled());
      };
      const done = (): void => work.signal?.removeEventListener('abort', abort);
      this.#pending.set(id, {
        work,
        resolve: (result) => (done(), resolve(result)),
        reject: (error) => (done(), reject(error)),
      });
      work.signal?.addEventListener('abort', abort, { once: true });
      worker.ref();
      worker.postMessage({ id, name, args }, transfer);
    }) as Promise<CallResult<N>>;
  }

  /** Hands a piece of the snapshot over; waits only while too much is on its way. */
  async write(chunk: Uint8Array, work: Work): Promise<void> {
    if (this.#writeFailure) throw this.#writeFailure;
    // A copy of its own: what is transferred is gone for the sender, and the chunk may lie in a shared pool.
    const copy = new Uint8Array(chunk);
    this.#inFlight += copy.byteLength;
    const size = copy.byteLength;
    void this.call('write', { chunk: copy }, work, [copy.buffer])
      .catch((error: unknown) => {
        this.#writeFailure ??= error instanceof Failure ? error : died(messageOf(error));
      })
      .finally(() => {
        this.#inFlight -= size;
        this.#room?.();
      });
    while (this.#inFlight > MOST_IN_FLIGHT) await new Promise<void>((resolve) => (this.#room = resolve));
  }

  async begin(work: Work): Promise<void> {
    this.#writeFailure = undefined;
    await this.call('begin', {}, work);
  }

  /** The end of the snapshot: what came of it. */
  async end(work: Work): Promise<CallResult<'end'>> {
    const result = await this.call('end', {}, work);
    if (this.#writeFailure) throw this.#writeFailure;
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    this.#cancelledUpTo = new SharedArrayBuffer(4);
    const data: WorkerData = { cancelledUpTo: this.#cancelledUpTo };
    const worker = new Worker(workerUrl(), {
      workerData: data,
      name: 'semstate analysis',
      // Standard output carries documents and the debug protocol: whatever a library prints must not get in between.
      stdout: true,
      resourceLimits: { maxOldGenerationSizeMb: Math.round(this.#memory / MB) },
    });
    this.#worker = worker;
    worker.stdout.pipe(process.stderr, { end: false });
    worker.on('message', (message: ReplyMessage) => this.#receive(message));
    worker.on('messageerror', (error) => this.#end(worker, died(messageOf(error))));
    worker.on('error', (error) => this.#end(worker, deathOf(error)));
    worker.on('exit', (status) => this.#end(worker, died(`its thread ended with status ${status}`)));
    worker.unref();
    return worker;
  }

  #receive(message: ReplyMessage): void {
    if ('progress' in message) {
      this.#pending.get(message.id)?.work.progress?.(message.progress);
      return;
    }
    const pending = this.#settle(message.id);
    if ('result' in message) pending?.resolve(message.result);
    else pending?.reject(new Failure(message.failure.code, message.failure.what, message.failure.action));
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#worker?.unref();
    return pending;
  }

  /** The worker is gone: whoever waits is told, and the next call starts another. */
  #end(worker: Worker, failure: Failure): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(failure);
    this.#writeFailure ??= failure;
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#end(worker, cancelled());
    await worker.terminate();
  }
}

/** Beside the bundle, or the source where this runs from source. */
function workerUrl(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('../worker.ts', import.meta.url)
    : new URL('./worker.js', import.meta.url);
}

function deathOf(error: unknown): Failure {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new Failure(
      'analysis-memory',
      'The snapshot needs more memory than this machine can give to its analysis.',
      'Close other programs, or take the snapshot to a file and open it on a larger machine.',
      error,
    );
  return died(messageOf(error));
}

function died(what: string): Failure {
  return new Failure(
    'analysis-died',
    `The analysis ended unexpectedly: ${what}.`,
    'Take the snapshot again; what was recorded before is kept.',
  );
}

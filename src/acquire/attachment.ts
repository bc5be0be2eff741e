// One held attach: one inspector session from beginning to end, because V8's object ids restart whenever a session closes.
import type { Context, Work } from '../model/index.ts';
import type { HeapCapture, MemoryReading } from './capture.ts';
import type { TargetProcess } from './target.ts';

/** A script of the target as the inspector announced it. */
export interface RunningScript {
  readonly id: number;
  readonly url: string;
  readonly hash: string;
  readonly sourceMapUrl?: string;
  readonly isModule: boolean;
}

export interface AttachOptions {
  /** Which process of a container, where it has several; default: the best of `ContainerRuntime.processes`. */
  readonly pid?: number;
  /** Memory is read from inside the container, also where this machine could read it. */
  readonly inside?: boolean;
  /**
   * It is a child of a process that is attached to: Node wakes the workers of a cluster together with their primary, so where its
   * inspector listens though nobody is on it and its command line does not say so, that was for us, and is closed on detach.
   * `unasked`: it was signalled before, and may have a use of its own for the signal.
   */
  readonly child?: 'asked' | 'unasked';
  /** Opens its inspector, one process after the other where several would open theirs at the same port. */
  readonly inTurn?: <T>(open: () => Promise<T>) => Promise<T>;
}

/** What a capture would cost, told before it runs. */
export interface CostEstimate {
  /** Bytes of JavaScript heap in use. */
  readonly heapBytes: number;
  readonly snapshotBytes: number;
  readonly pauseMs: number;
  readonly growthBytes: number;
  /** Free bytes under the container's limit, else of the machine; undefined: could not be read. */
  readonly headroomBytes?: number;
  readonly fits: boolean;
  /** One sentence with the numbers. */
  readonly text: string;
}

/** The target's inspector on a port of this machine's loopback, for another debugger, until the attach ends. */
export interface InspectorForward extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Address of its web socket. */
  readonly url: string;
}

export interface Attachment extends AsyncDisposable {
  /** In the contract's form, for instance `docker:shop`. */
  readonly address: string;
  readonly name: string;
  readonly image?: string;
  readonly process: TargetProcess;
  /** Other debuggers that were on the process when it was attached to: when one leaves, heap ids restart. */
  readonly otherDebuggers: number;
  readonly versions: { readonly node: string; readonly v8: string };
  /** The space dimension of context: container, image, host, network, labels. */
  readonly context: Context;
  scripts(): readonly RunningScript[];
  /** @throws Failure `target-gone`, `timeout`, `cancelled`, `inspector-error` */
  send<T>(method: string, params?: object, work?: Work & { readonly timeoutMs?: number }): Promise<T>;
  on(method: string, listener: (params: unknown) => void): () => void;
  /** Called once when the target or the connection goes away by itself. */
  onClosed(listener: (reason: string) => void): () => void;
  /**
   * The process is about to end and waits, for a second at most, for what its listeners still ask of it: the last moment to read
   * anything. Then the session ends and the process with it.
   */
  onEnding(listener: () => Promise<void>): () => void;
  /**
   * False once another session of the process closed: heap ids of earlier snapshots must not be compared any more. Each call
   * compares with the call before (the first with the attach), so ask it once after each snapshot.
   */
  heapIdsHold(work?: Work): Promise<boolean>;
  /** The same one each time. Another debugger that leaves makes V8 give new object ids: see `heapIdsHold`. */
  forward(): Promise<InspectorForward>;
  readFile(path: string, limit: number, work?: Work): Promise<Buffer | undefined>;
  readonly heap: HeapCapture;
  /** The same process without V8's help, where its memory is in reach. */
  readonly memory: MemoryReading;
  /** Its objects walked through the inspector, a slice at a time: it is never stopped for long, and not all is found. */
  readonly objects: HeapCapture;
}

// A capture is impure and declares its cost before it runs. What it writes is a V8 heap snapshot that other readers open as well;
// after V8's own sections stands one more, `semstate`, with what the graph cannot say: the scripts, their maps, the target.
import type { Failure, SnapshotMethod, Work } from '../model/index.ts';
import type { CostEstimate } from './attachment.ts';

/** Takes the bytes in order; the next chunk comes when the promise is done (back-pressure). */
export type ByteSink = (chunk: Uint8Array) => void | Promise<void>;

export interface CaptureResult {
  readonly method: SnapshotMethod;
  readonly bytes: number;
  /** When the target stood still, in microseconds since 1970, where the method can say it exactly. */
  readonly time?: number;
  /** Measured: how long the target did not run. */
  readonly pauseMs: number;
  /** Measured: peak of the target's resident memory during the capture, less that before. */
  readonly targetGrowthBytes?: number;
}

export interface CaptureOptions {
  /** Captures without headroom as well. */
  readonly force?: boolean;
}

export interface HeapCapture {
  estimate(work?: Work): Promise<CostEstimate>;
  /** @throws Failure `no-headroom`, `cancelled`, `target-gone`, `capture-failed`, and whatever the sink throws */
  capture(sink: ByteSink, options: CaptureOptions, work: Work): Promise<CaptureResult>;
}

/** Reading the memory of the process from outside; its snapshots are no V8 heap snapshots but a form of their own, which the parser tells. */
export interface MemoryReading extends HeapCapture {
  /** Why it cannot be done here; undefined where it can. Stops nothing. */
  refusal(work?: Work): Promise<Failure | undefined>;
  /** The program whose layout of objects is relied on; undefined where it cannot be found. */
  binary(work?: Work): Promise<MemoryBinary | undefined>;
}

export interface MemoryBinary {
  /** Where it can be read here and now, also where it is a container's; absent where it lies on another machine. */
  readonly path?: string;
  /** Its content, of one on another machine. */
  content?(work: Work): Promise<Buffer | undefined>;
  /** The same for the same build: its build id, else a hash of what is known of its layout. */
  readonly id: string;
}

/** The `semstate` section: the last key of the snapshot's object. Readers that do not know it skip it. */
export interface SnapshotNotes {
  readonly version: 1;
  readonly target: { readonly [name: string]: string };
  /** Scripts of the program, not the runtime's own; maps as JSON text where they could be read. */
  readonly scripts: readonly {
    readonly id: number;
    readonly url: string;
    readonly hash?: string;
    readonly sourceMap?: string;
    /** What runs, of the program's own scripts whose map does not hold what they were made of. */
    readonly text?: string;
  }[];
}

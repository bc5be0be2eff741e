// Taking a V8 heap snapshot through the held session: declared cost first, then the stream with back-pressure, measured pause and growth.
// V8 cannot be stopped half-way: a capture that is cancelled, or whose sink fails, is let run out unread, because closing the session
// instead would not free the target sooner and would restart its object ids.
import type { Protocol } from 'devtools-protocol';
import { cancelled, messageOf } from '../model/index.ts';
import type { Work } from '../model/index.ts';
import type { CostEstimate, RunningScript } from './attachment.ts';
import type { ByteSink, CaptureOptions, CaptureResult, HeapCapture, SnapshotNotes } from './capture.ts';
import { estimateCost } from './costs.ts';
import { checkCancelled, within } from './deadline.ts';
import { captureFailed, noHeadroom, targetGone, timedOut } from './failures.ts';
import type { InspectorSession } from './inspectorSession.ts';
import { ScriptNotes } from './sourceMaps.ts';
import { SnapshotTail } from './snapshotTail.ts';
import type { ContainerRuntime } from './target.ts';

// Bytes that may wait for the sink before reading from the target stops, and at which it goes on.
const MOST_WAITING = 16 * 2 ** 20;
const FEW_WAITING = 4 * 2 ** 20;
// Longest silence of the target: V8 reports progress and sends pieces far more often even on a slow machine.
const SILENCE_MS = 180_000;
const SAMPLE_MS = 50;
const FIRST_BEAT_MS = 10;
const BEAT_GROWTH = 1.5;
const NO_LIMIT_MS = 2 ** 31 - 1;

export interface CaptureTarget {
  readonly name: string;
  readonly pid: number;
  readonly node: string;
  readonly runtime: ContainerRuntime;
  readonly session: InspectorSession;
  readonly notes: { readonly [name: string]: string };
  scripts(): readonly RunningScript[];
}

/** The target's own clock and memory; `peak` is the largest resident size of its life, as the kernel keeps it. */
interface Reading {
  readonly now: number;
  readonly resident: number;
  readonly peak: number;
}

const READING =
  'JSON.stringify({now:performance.now(),resident:process.memoryUsage.rss(),peak:process.resourceUsage().maxRSS*1024})';

export class SessionHeapCapture implements HeapCapture {
  readonly #target: CaptureTarget;
  readonly #notes: ScriptNotes;
  /** The capture before, which may still be running out. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(target: CaptureTarget) {
    this.#target = target;
    this.#notes = new ScriptNotes(target.runtime, target.session);
  }

  async estimate(work?: Work): Promise<CostEstimate> {
    const { session, runtime, pid, node } = this.#target;
    const [{ usedSize }, resources] = await Promise.all([
      session.send<Protocol.Runtime.GetHeapUsageResponse>('Runtime.getHeapUsage', {}, work),
      runtime.resources(pid, work),
    ]);
    return estimateCost(usedSize, node, resources);
  }

  async capture(sink: ByteSink, options: CaptureOptions, work: Work): Promise<CaptureResult> {
    await within('The end of the snapshot before', SILENCE_MS, work, () => this.#last);
    work.progress?.({ phase: 'estimate', message: 'Estimating what the snapshot costs' });
    const estimate = await this.estimate(work);
    if (!estimate.fits && options.force !== true) throw noHeadroom(estimate.text);
    const running = new Capture(this.#target, sink, work);
    const taken = running.take();
    this.#last = running.drained;
    const measured = await taken;
    const notes: SnapshotNotes = {
      version: 1,
      target: this.#target.notes,
      scripts: await this.#notes.collect(this.#target.scripts(), work),
    };
    const bytes = await running.finish(notes);
    return { method: 'heap', bytes, ...measured };
  }
}

class Capture {
  /** Done when the target is through with it, whatever became of the reader. Never rejects. */
  readonly drained: Promise<void>;
  readonly #target: CaptureTarget;
  readonly #sink: ByteSink;
  readonly #work: Work;
  readonly #tail = new SnapshotTail();
  readonly #drainedResolve: () => void;
  #written: Promise<void> = Promise.resolve();
  #waiting = 0;
  #bytes = 0;
  #heard = Date.now();
  #failed: { readonly error: unknown } | undefined;
  #stop: (error: unknown) => void = () => undefined;

  constructor(target: CaptureTarget, sink: ByteSink, work: Work) {
    this.#target = target;
    this.#sink = sink;
    this.#work = work;
    let drained: () => void = () => undefined;
    this.drained = new Promise((resolve) => (drained = resolve));
    this.#drainedResolve = drained;
  }

  async take(): Promise<{ readonly pauseMs: number; readonly targetGrowthBytes?: number }> {
    const { session } = this.#target;
    const stopped = new Promise<never>((_, reject) => (this.#stop = reject));
    stopped.catch(() => undefined);
    const cancel = (): void => this.#fail(cancelled());
    this.#work.signal?.addEventListener('abort', cancel, { once: true });
    const forget = [
      session.on('HeapProfiler.addHeapSnapshotChunk', (params) => this.#receive(params as ChunkEvent)),
      session.on('HeapProfiler.reportHeapSnapshotProgress', (params) => this.#progress(params as ProgressEvent)),
    ];
    const resident = this.#sampleResident();
    const silence = setInterval(() => {
      if (this.#waiting > 0) this.#heard = Date.now();
      else if (Date.now() - this.#heard > SILENCE_MS) this.#fail(timedOut('The snapshot: a sign of life', SILENCE_MS));
    }, 1000);
    const measured = this.#measure().finally(() => {
      clearInterval(silence);
      for (const off of forget) off();
      this.#drainedResolve();
    });
    measured.catch(() => undefined);
    try {
      const readings = await Promise.race([measured, stopped]);
      await Promise.race([this.#written, stopped]);
      if (this.#failed) throw this.#failed.error;
      const growth = growthOf(readings, resident.stop());
      return { pauseMs: longestGap(readings), ...(growth !== undefined && { targetGrowthBytes: growth }) };
    } finally {
      resident.stop();
      this.#work.signal?.removeEventListener('abort', cancel);
    }
  }

  /** Writes what was held back, with the notes. @returns all bytes written */
  async finish(notes: SnapshotNotes): Promise<number> {
    const rest = this.#tail.finish('semstate', notes);
    if (!rest) throw captureFailed('V8 did not send it to the end');
    checkCancelled(this.#work);
    await this.#sink(rest);
    return this.#bytes + rest.length;
  }

  /**
   * Asks for the time by the target's own clock again and again, in growing steps, and does not wait for answers: a target that does
   * not run answers those that came meanwhile in the moment it runs again. The longest time between two answers is the pause, however
   * slow the tunnel and however fast the bytes are taken.
   */
  async #measure(): Promise<readonly Reading[]> {
    const { session } = this.#target;
    const params = { reportProgress: true, captureNumericValue: true };
    // In one piece, so that the program does not run between the first reading and the snapshot.
    const [before, snapshot, behind] = session.together(() => [
      this.#reading(),
      session.send('HeapProfiler.takeHeapSnapshot', params, { timeoutMs: NO_LIMIT_MS }),
      this.#reading(),
    ]);
    const readings = [before, behind];
    let timer: NodeJS.Timeout | undefined;
    const beat = (wait: number): void => {
      readings.push(this.#reading());
      timer = setTimeout(beat, wait, wait * BEAT_GROWTH);
    };
    timer = setTimeout(beat, FIRST_BEAT_MS, FIRST_BEAT_MS);
    try {
      await snapshot;
    } catch (error) {
      if (session.gone)
        throw targetGone(this.#target.name, (await this.#target.runtime.whyGone()) ?? 'the connection closed');
      throw captureFailed(messageOf(error), error);
    } finally {
      clearTimeout(timer);
    }
    readings.push(this.#reading());
    return (await Promise.all(readings)).filter((r) => r !== undefined);
  }

  async #reading(): Promise<Reading | undefined> {
    try {
      const { result } = await this.#target.session.send<Protocol.Runtime.EvaluateResponse>(
        'Runtime.evaluate',
        { expression: READING, returnByValue: true, silent: true },
        { timeoutMs: NO_LIMIT_MS },
      );
      return typeof result.value === 'string' ? (JSON.parse(result.value) as Reading) : undefined;
    } catch {
      return undefined;
    }
  }

  #receive({ chunk }: ChunkEvent): void {
    this.#heard = Date.now();
    if (this.#failed) return;
    const bytes = this.#tail.pass(Buffer.from(chunk, 'utf8'));
    if (bytes.length === 0) return;
    this.#waiting += bytes.length;
    if (this.#waiting > MOST_WAITING) this.#target.session.pause();
    this.#written = this.#written.then(() => this.#write(bytes));
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      if (!this.#failed) {
        await this.#sink(bytes);
        this.#bytes += bytes.length;
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#waiting -= bytes.length;
    if (this.#waiting < FEW_WAITING) this.#target.session.resume();
  }

  #progress({ done, total, finished }: ProgressEvent): void {
    this.#heard = Date.now();
    if (this.#failed) return;
    const message = finished === true ? 'Reading the snapshot' : 'The target writes its heap down';
    this.#work.progress?.({ phase: 'capture', message, done, total });
  }

  #fail(error: unknown): void {
    this.#failed ??= { error };
    this.#stop(error);
    this.#target.session.resume();
  }

  #sampleResident(): { stop(): number | undefined } {
    const { runtime, pid } = this.#target;
    let peak = runtime.residentBytes(pid);
    const timer = peak === undefined ? undefined : setInterval(() => look(), SAMPLE_MS);
    const look = (): void => {
      peak = Math.max(peak ?? 0, runtime.residentBytes(pid) ?? 0);
    };
    return {
      stop() {
        clearInterval(timer);
        return peak;
      },
    };
  }
}

type ChunkEvent = Protocol.HeapProfiler.AddHeapSnapshotChunkEvent;
type ProgressEvent = Protocol.HeapProfiler.ReportHeapSnapshotProgressEvent;

/** In whole milliseconds of the target's clock. */
function longestGap(readings: readonly Reading[]): number {
  const gaps = readings.slice(1).map((reading, i) => reading.now - (readings[i]?.now ?? reading.now));
  return Math.round(Math.max(0, ...gaps));
}

/**
 * The kernel's peak is exact where this capture raised it; where an earlier one had been higher, samples are what there is.
 * Undefined where neither could be had.
 */
function growthOf(readings: readonly Reading[], sampled: number | undefined): number | undefined {
  const before = readings[0];
  const after = readings.at(-1);
  if (!before || !after) return undefined;
  const raised = after.peak > before.peak ? after.peak : 0;
  if (raised === 0 && sampled === undefined) return undefined;
  return Math.max(0, Math.max(raised, sampled ?? 0, ...readings.map((r) => r.resident)) - before.resident);
}

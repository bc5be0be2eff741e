// A session on an attached target: takes snapshots one after the other, keeps what they show in the timeline, tells its listeners.
import { rmSync } from 'node:fs';
import {
  cancelled,
  Failure,
  toIso,
  type Model,
  type NewPoint,
  type Problem,
  type SnapshotPoint,
  type Work,
} from '../model/index.ts';
import type { TimelineStore } from '../timeline/index.ts';
import type { Analysis } from './analysis.ts';
import { now } from './clock.ts';
import { isOneStep } from './fitting.ts';
import type { ModelSource } from './modelSource.ts';
import type { TransitionCounts } from './observedTransitions.ts';
import { holdingHeap, readInto, type ReadSnapshot } from './reading.ts';
import type { Session, SessionEvents } from './session.ts';
import { compressedExtension, createSnapshotFile } from './snapshotFiles.ts';
import { closeStore } from './storePaths.ts';
import type { SnapshotSource } from './snapshotSource.ts';
import { knownFrom, placeSnapshot, withContext, type Known, type Taken } from './takenSnapshot.ts';
import { createListeners } from './view/listeners.ts';

export interface LiveParts {
  readonly source: SnapshotSource;
  readonly code: ModelSource;
  readonly store: TimelineStore;
  /** The store was made for this session: nothing is left of it where nothing was recorded. */
  readonly isNew: boolean;
  readonly analysis: Analysis;
  readonly model: Model;
  readonly counts: TransitionCounts;
  readonly keepSnapshots: boolean;
}

export class LiveSession implements Session {
  readonly store: TimelineStore;
  readonly target: Session['target'];
  readonly source: readonly string[];
  readonly #parts: LiveParts;
  readonly #listeners = createListeners<SessionEvents>();
  readonly #closing = new AbortController();
  readonly #noticed: Problem[] = [];
  #model: Model;
  #connected = true;
  #known: Known | undefined;
  /** One snapshot after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #resuming: boolean;

  constructor(parts: LiveParts) {
    const { source, store, code } = parts;
    this.#parts = parts;
    this.#model = parts.model;
    this.store = store;
    this.source = code.roots;
    this.target = {
      name: source.name,
      ...(source.image !== undefined && { image: source.image }),
      ...(source.pid !== undefined && { pid: source.pid }),
      address: source.address,
    };
    const last = store.summary().last;
    this.#resuming = last !== undefined;
    if (last) this.#known = knownFrom(store.stateAt(last.seq), this.#model, last.time);
    source.onClosed((reason) => this.#disconnect(reason));
  }

  get connected(): boolean {
    return this.#connected;
  }

  model(): Model {
    return this.#model;
  }

  problems(): readonly Problem[] {
    return [...this.#model.problems, ...this.#noticed];
  }

  on<N extends keyof SessionEvents>(name: N, listener: (body: SessionEvents[N]) => void): () => void {
    return this.#listeners.on(name, listener);
  }

  takeSnapshot(options: { readonly force?: boolean }, work: Work): Promise<SnapshotPoint> {
    const signals = [this.#closing.signal, ...(work.signal ? [work.signal] : [])];
    const own: Work = { ...work, signal: AbortSignal.any(signals) };
    const turn = this.#turn.then(() => this.#snapshot(options, own));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(cancelled());
    await this.#turn;
    this.#connected = false;
    this.#listeners.clear();
    const { source, analysis, store, isNew } = this.#parts;
    try {
      await Promise.all([source[Symbol.asyncDispose](), analysis[Symbol.asyncDispose]()]);
    } finally {
      closeStore(store, isNew);
    }
  }

  async #snapshot(options: { readonly force?: boolean }, work: Work): Promise<SnapshotPoint> {
    const { source, analysis, code, keepSnapshots, store } = this.#parts;
    if (work.signal?.aborted) throw cancelled();
    if (!this.#connected)
      throw new Failure(
        'target-gone',
        `${source.name} is not attached any more.`,
        'Attach again; the timeline is kept.',
      );
    await analysis.allow(await source.expectedBytes(work));
    // Before the target stands still: the worker cannot read source and take chunks at once.
    if (code.roots.length > 0) await analysis.call('source', { roots: code.roots }, work);
    // The number by which people know it: `Snapshot 3`.
    const id = String(store.summary().snapshots + 1);
    const path = `${store.file}.snapshots/${id}.heapsnapshot${compressedExtension()}`;
    const copy = keepSnapshots ? createSnapshotFile(path, { compress: true }) : undefined;
    try {
      const taken = await holdingHeap(analysis, async () => {
        const read = await readInto(analysis, source, { ...options, copy }, work);
        return this.#extract(id, read, work);
      });
      await copy?.keep();
      work.progress?.({ phase: 'store', message: 'Keeping what changed' });
      const point = this.#keep({ ...taken, ...(copy && { file: path }) });
      await this.#checkIds(work);
      return point;
    } catch (error) {
      await copy?.drop();
      if (copy) rmSync(path, { force: true });
      throw work.signal?.aborted ? cancelled() : error;
    }
  }

  async #extract(id: string, read: ReadSnapshot, work: Work): Promise<Taken> {
    const { source, analysis, code, counts } = this.#parts;
    const { model, state } = await analysis.call(
      'extract',
      {
        roots: code.roots,
        heap: true,
        workspaceFile: code.workspaceFile,
        snapshotId: id,
        previous: this.#model,
        events: counts.all(),
      },
      work,
    );
    const known = new Set(model.problems.map(({ code, message }) => `${code} ${message}`));
    const parsing = read.problems.filter(({ code, message }) => !known.has(`${code} ${message}`));
    const { nodes: _, problems: _p, ...captured } = read;
    return {
      ...captured,
      id,
      target: source.address,
      model: withContext({ ...model, problems: [...model.problems, ...parsing] }, source.context),
      state,
      problems: model.problems.length + parsing.length,
      hasCode: code.roots.length > 0,
    };
  }

  /** Everything of one snapshot in one batch: all of it is kept, or nothing. */
  #keep(taken: Taken): SnapshotPoint {
    const { store, counts } = this.#parts;
    const placed = placeSnapshot(taken, this.#known);
    const gap = this.#resuming ? this.#gapBefore(taken.time) : [];
    // The model first: whatever the disk refuses then, the timeline and what is known of it here stay the same.
    store.saveModel(placed.model);
    const points = store.append([...gap, ...placed.points], placed.first);
    this.#resuming = false;
    for (const event of placed.events) if (isOneStep(event, placed.model)) counts.add(event);
    this.#known = placed.known;
    this.#model = placed.model;
    const point = points.at(-1);
    if (point?.kind !== 'snapshot') throw new Error('a batch ends with its snapshot');
    this.#log(describe(point, placed.events.length));
    this.#listeners.emit('points', points);
    this.#listeners.emit('model', placed.model);
    return point;
  }

  /** Between two attaches nobody looked: said once, before what is found now. */
  #gapBefore(time: number): NewPoint[] {
    const last = this.store.summary().last;
    if (!last || last.time >= time) return [];
    return [{ kind: 'gap', since: last.time, time, reason: 'not attached' }];
  }

  /** Identity here is type and key, so a reset spoils nothing; whoever compares heap ids has to know. */
  async #checkIds(work: Work): Promise<void> {
    const held = await this.#parts.source.heapIdsHold(work).catch(() => true);
    if (held) return;
    const message = `V8 has given new object ids at ${toIso(now())}: another debugger's session was closed. Heap ids before and after differ.`;
    this.#noticed.push({ code: 'heap-ids-reset', message });
    this.#log(message);
  }

  #disconnect(reason: string): void {
    if (!this.#connected || this.#closing.signal.aborted) return;
    this.#connected = false;
    this.#log(`Disconnected: ${reason}`);
    this.#listeners.emit('disconnected', { reason });
  }

  #log(text: string): void {
    this.#listeners.emit('log', text);
  }
}

function describe(point: SnapshotPoint, events: number): string {
  const size = `${(point.bytes / 1e6).toFixed(1)} MB`;
  const pause = `paused ${Math.round(point.pauseMs)} ms`;
  const growth = point.targetGrowthBytes === undefined ? '' : `, grew ${(point.targetGrowthBytes / 1e6).toFixed(1)} MB`;
  return `Snapshot at ${toIso(point.time)}: ${size}, ${pause}${growth}; ${point.entities} entities, ${events} events, ${point.consistency}`;
}

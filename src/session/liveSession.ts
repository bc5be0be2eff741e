// A session on one or several attached services: takes snapshots one after the other, keeps what they show in the one timeline, tells
// its listeners. The services share one worker, so that their heaps never lie in memory together.
import { rmSync } from 'node:fs';
import {
  cancelled,
  isFailure,
  messageOf,
  type Model,
  type NewPoint,
  type Problem,
  type SnapshotPoint,
  type Work,
} from '../model/index.ts';
import type { TimelineStore } from '../timeline/index.ts';
import type { Analysis } from './analysis.ts';
import {
  AttachedService,
  countedIn,
  describeSnapshot,
  lendInspector,
  notAttached,
  takenOf,
} from './attachedService.ts';
import { isOneStep } from './fitting.ts';
import type { ModelSource } from './modelSource.ts';
import type { TransitionCounts } from './observedTransitions.ts';
import { holdingHeap, readInto, type ReadSnapshot } from './reading.ts';
import { placeRecords } from './recordedPoints.ts';
import { ServiceRecordings } from './serviceRecordings.ts';
import type {
  LentInspector,
  Recording,
  RecordingPreview,
  Session,
  SessionEvents,
  SessionTarget,
  SnapshotOptions,
} from './session.ts';
import { compressedExtension, createSnapshotFile } from './snapshotFiles.ts';
import { closeStore } from './storePaths.ts';
import type { SnapshotSource } from './snapshotSource.ts';
import { gapBefore, knownFrom, placeSnapshot, type Known, type Taken } from './takenSnapshot.ts';
import { isShared } from './union.ts';
import { createListeners } from './view/listeners.ts';

export interface LiveParts {
  /** At least one. */
  readonly sources: readonly SnapshotSource[];
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
  readonly name: string;
  readonly source: readonly string[];
  readonly #services: readonly AttachedService[];
  readonly #several: boolean;
  readonly #parts: LiveParts;
  readonly #listeners = createListeners<SessionEvents>();
  readonly #closing = new AbortController();
  readonly #noticed: Problem[] = [];
  #model: Model;
  #known: Known | undefined;
  /** One snapshot after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #resuming: boolean;
  readonly #recordings: ServiceRecordings;
  recording: Recording | undefined;
  readonly pausing: ServiceRecordings;

  constructor(parts: LiveParts) {
    const { sources, store } = parts;
    this.#parts = parts;
    this.#model = parts.model;
    this.store = store;
    this.source = parts.code.roots;
    this.name = sources.map((source) => source.name).join(', ');
    this.#services = sources.map((source) => new AttachedService(source));
    const last = store.summary().last;
    this.#resuming = last !== undefined;
    const state = last && store.stateAt(last.seq);
    const addresses = sources.map((source) => source.address);
    if (state) this.#known = knownFrom(state, this.#model, last.time, addresses);
    this.#several = sources.length > 1 || (state !== undefined && isShared(state));
    this.pausing = this.#recordings = new ServiceRecordings({
      ...parts,
      model: () => this.#model,
      known: () => this.#known?.state,
      keep: (target, points) => this.#keepRecords(target, points),
      paused: (isPaused) => this.#listeners.emit('paused', isPaused),
      log: (text) => this.log(text),
    });
    for (const service of this.#services) service.source.onClosed((reason) => this.#disconnect(service, reason));
  }

  get targets(): readonly SessionTarget[] {
    return this.#services.map(({ target }) => target);
  }

  get #attached(): readonly AttachedService[] {
    return this.#services.filter(({ connected }) => connected);
  }

  get connected(): boolean {
    return this.#attached.length > 0;
  }

  model(): Model {
    return this.#model;
  }

  problems(): readonly Problem[] {
    return [...this.#model.problems, ...this.#noticed];
  }

  async lendInspector(target: string | undefined, work: Work): Promise<LentInspector> {
    const service = this.#attached.find(({ source }) => target === undefined || source.address === target);
    if (!service) throw notAttached(target ?? this.name);
    return lendInspector(service, work);
  }

  on<N extends keyof SessionEvents>(name: N, listener: (body: SessionEvents[N]) => void): () => void {
    return this.#listeners.on(name, listener);
  }

  takeSnapshot(options: SnapshotOptions, work: Work): Promise<SnapshotPoint> {
    const signal = AbortSignal.any([this.#closing.signal, ...(work.signal ? [work.signal] : [])]);
    const own: Work = { ...work, signal };
    const turn = this.#turn.then(() => this.#snapshots(options, own));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async record(work: Work): Promise<Recording> {
    this.store.saveModel(this.#model);
    this.recording = await this.#recordings.start(this.#attached, () => this.#stopRecording(), work);
    this.#listeners.emit('recording', this.recording);
    return this.recording;
  }

  previewRecording(work: Work): Promise<RecordingPreview> {
    return this.#recordings.preview(this.#attached, work);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(cancelled());
    await this.#turn;
    await this.#stopRecording();
    for (const service of this.#services) service.connected = false;
    this.#listeners.clear();
    const { sources, analysis, store, isNew } = this.#parts;
    try {
      await Promise.all([...sources, analysis].map((part) => part[Symbol.asyncDispose]()));
    } finally {
      closeStore(store, isNew);
    }
  }

  async #snapshots({ target, ...options }: SnapshotOptions, work: Work): Promise<SnapshotPoint> {
    const asked = this.#services.filter(({ connected, source }) =>
      target === undefined ? connected : source.address === target,
    );
    let last: SnapshotPoint | undefined;
    let failed: unknown = notAttached(target ?? this.name);
    for (const service of asked) {
      try {
        last = await this.#snapshot(service, options, work);
      } catch (error) {
        if (asked.length === 1 || isFailure(error, 'cancelled')) throw error;
        if (service === asked[0]) failed = error;
        this.log(`No snapshot of ${service.source.name}: ${messageOf(error)}`);
      }
    }
    if (last) return last;
    throw failed;
  }

  async #snapshot(service: AttachedService, options: { readonly force?: boolean }, work: Work): Promise<SnapshotPoint> {
    const { analysis, code, keepSnapshots, store } = this.#parts;
    const { source } = service;
    if (work.signal?.aborted) throw cancelled();
    if (!service.connected) throw notAttached(source.name);
    await analysis.allow(await source.expectedBytes(work));
    // Before the target stands still: the worker cannot read source and take chunks at once.
    if (code.roots.length > 0) await analysis.call('source', { roots: code.roots }, work);
    // The number by which people know it: `Snapshot 3`.
    const id = String(store.summary().snapshots + 1);
    const path = `${store.file}.snapshots/${id}${source.extension}${compressedExtension()}`;
    const copy = keepSnapshots ? createSnapshotFile(path, { compress: true }) : undefined;
    const recording = this.#recordings.of(service);
    try {
      await recording?.hold();
      const taken = await holdingHeap(analysis, async () => {
        const read = await readInto(analysis, source, { ...options, copy }, work);
        return this.#extract(service, id, read, work);
      });
      await copy?.keep();
      work.progress?.({ phase: 'store', message: 'Keeping what changed' });
      const around = await this.#recordings.around(service, taken.time, taken.state);
      this.#recordings.flush();
      this.#keepRecords(source.address, around?.earlier ?? []);
      const state = around?.state ?? taken.state;
      const point = this.#keep({ ...taken, state, ...(copy && { file: path }) });
      this.#keepRecords(source.address, around?.later ?? []);
      await this.#checkIds(service, work);
      return point;
    } catch (error) {
      await copy?.drop();
      if (copy) rmSync(path, { force: true });
      throw work.signal?.aborted ? cancelled() : error;
    } finally {
      recording?.go();
    }
  }

  async #extract(service: AttachedService, id: string, read: ReadSnapshot, work: Work): Promise<Taken> {
    const { analysis, code, counts } = this.#parts;
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
    const of = { services: this.#services, several: this.#several, hasCode: code.roots.length > 0 };
    return takenOf(service, of, { id, read, model, state });
  }

  async #stopRecording(): Promise<void> {
    await this.#recordings.stop();
    if (!this.recording) return;
    this.recording = undefined;
    this.store.saveModel(this.#model);
    this.#listeners.emit('recording', undefined);
  }

  #keepRecords(target: string, records: readonly NewPoint[]): void {
    const [first] = records;
    if (!first) return;
    this.#known ??= knownFrom(new Map(), this.#model, first.time, [target]);
    const placed = placeRecords(records, this.#known, this.#model, target);
    const points = this.store.append(placed.points);
    for (const event of placed.events) this.#parts.counts.add(event);
    this.#known = placed.known;
    this.#model = placed.model;
    this.#listeners.emit('points', points);
  }

  /** Everything of one snapshot in one batch: all of it is kept, or nothing. */
  #keep(taken: Taken): SnapshotPoint {
    const { store, counts } = this.#parts;
    const placed = placeSnapshot(taken, this.#known);
    const model = this.#several ? countedIn(placed.model, placed.known.state) : placed.model;
    const gap = this.#resuming ? gapBefore(taken.time, store.summary().last?.time) : [];
    // The model first: whatever the disk refuses then, the timeline and what is known of it here stay the same.
    store.saveModel(model);
    const points = store.append([...gap, ...placed.points], placed.first);
    this.#resuming = false;
    for (const event of placed.events) if (isOneStep(event, placed.model)) counts.add(event);
    this.#known = placed.known;
    this.#model = model;
    const point = points.at(-1);
    if (point?.kind !== 'snapshot') throw new Error('a batch ends with its snapshot');
    this.log(describeSnapshot(point, placed.events.length, this.#several));
    this.#listeners.emit('points', points);
    this.#listeners.emit('model', model);
    return point;
  }

  async #checkIds(service: AttachedService, work: Work): Promise<void> {
    const reset = await service.idsReset(work);
    if (!reset) return;
    this.#noticed.push(reset);
    this.log(reset.message);
  }

  #disconnect(service: AttachedService, reason: string): void {
    if (!service.connected || this.#closing.signal.aborted) return;
    service.connected = false;
    this.log(`Disconnected${this.#several ? ` from ${service.source.name}` : ''}: ${reason}`);
    this.#listeners.emit('disconnected', { reason, target: service.target });
  }

  log(text: string): void {
    this.#listeners.emit('log', text);
  }
}

// A real session around a store: what it appends is what a live one would append. Takes no heaps.
import {
  Failure,
  type Model,
  type NewPoint,
  type Point,
  type SnapshotPoint,
  type Work,
} from '../../src/model/index.ts';
import type { Session, SessionEvents } from '../../src/session/index.ts';
import type { TimelineStore } from '../../src/timeline/index.ts';
import { createListeners } from '../../src/session/view/listeners.ts';
import { MODEL, TARGET } from './orderService.ts';

export class RecordedSession implements Session {
  readonly store: TimelineStore;
  readonly name: string;
  readonly source: readonly string[];
  connected: boolean;
  readonly #attached: boolean;
  #listeners = createListeners<SessionEvents>();
  #model: Model = MODEL;
  /** Held back until then: a capture that takes its time. */
  captured: Promise<void> = Promise.resolve();

  constructor(
    store: TimelineStore,
    options: { readonly connected?: boolean; readonly source?: readonly string[] } = {},
  ) {
    this.store = store;
    this.connected = options.connected ?? false;
    this.source = options.source ?? [];
    this.#attached = this.connected;
    this.name = this.connected ? 'shop' : store.file.slice(store.file.lastIndexOf('/') + 1);
  }

  get targets(): Session['targets'] {
    const { connected } = this;
    return this.#attached ? [{ name: 'shop', image: 'shop:1', pid: 1, address: TARGET, connected }] : [];
  }

  model(): Model {
    return this.#model;
  }

  problems(): Model['problems'] {
    return this.#model.problems;
  }

  on<N extends keyof SessionEvents>(name: N, listener: (body: SessionEvents[N]) => void): () => void {
    return this.#listeners.on(name, listener);
  }

  lendInspector(): Promise<never> {
    return Promise.reject(new Failure('no-target', 'Nothing is attached.', 'Attach first.'));
  }

  push(...points: readonly NewPoint[]): readonly Point[] {
    const kept = this.store.append(points);
    this.#listeners.emit('points', kept);
    return kept;
  }

  async takeSnapshot(_options: { readonly force?: boolean }, work: Work): Promise<SnapshotPoint> {
    if (!this.connected) throw new Failure('no-target', 'Nothing is attached.', 'Attach first.');
    work.progress?.({ phase: 'capture', message: 'Reading the heap', done: 1, total: 4 });
    await Promise.race([
      this.captured,
      new Promise((_, reject) => work.signal?.addEventListener('abort', () => reject(work.signal?.reason as Error))),
    ]);
    work.progress?.({ phase: 'store', message: 'Keeping what changed' });
    const last = this.store.summary().last;
    const [point] = this.push({
      kind: 'snapshot',
      time: (last?.time ?? 0) + 1_000_000,
      id: `snapshot-${(last?.seq ?? 0) + 1}`,
      method: 'heap',
      bytes: 1000,
      pauseMs: 10,
      target: TARGET,
      consistency: 'consistent',
      entities: this.store.stateAt(last?.seq ?? 0).size,
      problems: 0,
    });
    if (point?.kind !== 'snapshot') throw new Error('a snapshot was appended');
    return point;
  }

  disconnect(reason: string): void {
    this.connected = false;
    this.#listeners.emit('disconnected', { reason });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.connected = false;
    this.#listeners.clear();
    this.store.dispose();
    return Promise.resolve();
  }
}

// A session on a timeline that is only read: everything can be looked at, nothing can be taken. Another program may be recording
// to it at the same time; what it adds is told here as well.
import {
  Failure,
  messageOf,
  NO_CONTEXT,
  type Model,
  type Point,
  type Problem,
  type SnapshotPoint,
} from '../model/index.ts';
import type { TimelineStore } from '../timeline/index.ts';
import type { LentInspector, Session, SessionEvents } from './session.ts';
import { createListeners } from './view/listeners.ts';

/** How often a timeline is asked whether it grew, while somebody listens. */
const LOOK_MS = 1000;
/** Points told at once: whoever listens asks the timeline for what it wants to see of them. */
const MOST_AT_ONCE = 1000;

export const EMPTY_MODEL: Model = {
  document: 'model',
  version: 1,
  entities: [],
  relations: [],
  transitions: [],
  context: NO_CONTEXT,
  problems: [],
};

export class StoredSession implements Session {
  readonly store: TimelineStore;
  readonly source: readonly string[];
  readonly connected = false;
  readonly name: string;
  readonly targets: Session['targets'] = [];
  readonly #lookMs: number;
  readonly #listeners = createListeners<SessionEvents>();
  #timer: NodeJS.Timeout | undefined;
  #told: number;
  #model: { readonly model: Model; readonly seq: number } | undefined;

  constructor(store: TimelineStore, source: readonly string[], options: { readonly lookMs?: number } = {}) {
    this.store = store;
    this.source = source;
    this.#lookMs = options.lookMs ?? LOOK_MS;
    this.#told = this.#last();
    this.name = store.summary().targets.join(', ') || store.file;
  }

  model(): Model {
    const seq = this.#last();
    if (this.#model?.seq !== seq) this.#model = { model: this.store.model() ?? EMPTY_MODEL, seq };
    return this.#model.model;
  }

  problems(): readonly Problem[] {
    return this.model().problems;
  }

  takeSnapshot(): Promise<SnapshotPoint> {
    return Promise.reject(
      new Failure(
        'no-target',
        'This is a stored timeline: there is nothing to take a snapshot of.',
        'Attach to the service to go on recording.',
      ),
    );
  }

  lendInspector(): Promise<LentInspector> {
    return Promise.reject(
      new Failure('no-target', 'This is a stored timeline: no service runs behind it.', 'Attach to the service first.'),
    );
  }

  on<N extends keyof SessionEvents>(name: N, listener: (body: SessionEvents[N]) => void): () => void {
    this.#timer ??= setInterval(() => this.#look(), this.#lookMs).unref();
    return this.#listeners.on(name, listener);
  }

  [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#listeners.clear();
    this.store.dispose();
    return Promise.resolve();
  }

  #last(): number {
    return this.store.summary().last?.seq ?? 0;
  }

  #look(): void {
    try {
      this.#tell();
    } catch (error) {
      // A timeline that cannot be read any more is told once; whoever asks for a page gets the failure itself.
      clearInterval(this.#timer);
      this.#listeners.emit('log', messageOf(error));
    }
  }

  #tell(): void {
    const last = this.#last();
    if (last <= this.#told) return;
    const points: Point[] = [];
    for (let seq = Math.max(this.#told, last - MOST_AT_ONCE) + 1; seq <= last; seq++) {
      const point = this.store.point(seq);
      if (point) points.push(point);
    }
    this.#told = last;
    this.#listeners.emit('points', points);
    this.#listeners.emit('model', this.model());
  }
}

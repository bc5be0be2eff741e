// A session on a timeline at rest: everything can be looked at, nothing can be taken.
import { Failure, NO_CONTEXT, type Model, type Problem, type SnapshotPoint } from '../model/index.ts';
import type { TimelineStore } from '../timeline/index.ts';
import type { Session } from './session.ts';

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
  readonly target: Session['target'];

  constructor(store: TimelineStore, source: readonly string[]) {
    this.store = store;
    this.source = source;
    const name = store.summary().targets.join(', ');
    this.target = { name: name || store.file };
  }

  model(): Model {
    return this.store.model() ?? EMPTY_MODEL;
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

  /** Nothing ever happens here. */
  on(): () => void {
    return () => undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.store.dispose();
    return Promise.resolve();
  }
}

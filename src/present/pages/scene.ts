// What every page is made of: a timeline, the model, and where the view stands. Pages read it and change nothing in it.
import type { EntityRef, Model, Point, SemanticState } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';

export interface Scene {
  readonly store: TimelineStore;
  readonly model: Model;
  /** The point at the cursor. */
  readonly seq: number;
  /** True: the view follows live. */
  readonly live: boolean;
  readonly focus?: EntityRef;
  /** Stops that came since the view stopped following live. */
  readonly unseen?: number;
}

export function stateOf({ store, seq }: Scene): SemanticState {
  return store.stateAt(seq);
}

/** The stop at the cursor, else the last one before it. */
export function pointOf({ store, seq }: Scene): Point | undefined {
  return store.previous(seq + 1);
}

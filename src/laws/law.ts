// Consistency: what must hold in every state and at every step. Pure; a law never throws on odd states.
import type { EntityRef, EventPoint, Model, SemanticState } from '../model/index.ts';

/** One thing that does not hold. The caller adds the time. */
export interface Broken {
  readonly message: string;
  readonly subjects: readonly EntityRef[];
}

export interface Law {
  /** Stable: `references-resolve`, or as `semstate.json` names it. */
  readonly id: string;
  /** One sentence that is true when the law holds. */
  readonly title: string;
  /** Checks a whole state. */
  state?(state: SemanticState, model: Model): readonly Broken[];
  /** Checks one step, given the state before it. */
  step?(event: EventPoint, before: SemanticState, model: Model): readonly Broken[];
}

// One proposal of an answer: an event that may have led to a state, with its weight and its reason.
import type { EventPoint, GapPoint } from '../../model/index.ts';
import type { Situation } from './situation.ts';

export type Via = 'trace' | 'relation' | 'guard' | 'competition' | 'law' | 'lost';

export interface Cause {
  readonly point: EventPoint | GapPoint;
  readonly weight: number;
  /** How it is related to the entity; absent: it is its own. */
  readonly via?: Via;
  readonly because: string;
  /** Concluded, not recorded as the cause. */
  readonly likely?: true;
}

export type Rule = (situation: Situation) => readonly Cause[];

/** Of what stands around it, as much is asked as can be told apart. */
export const NEIGHBOURS_ASKED = 16;

// All laws at once, as violations of the contract.
import { toIso, type EventPoint, type Micros, type Model, type SemanticState, type Violation } from '../model/index.ts';
import { cardinalitiesHold } from './cardinalitiesHold.ts';
import { declaredTransitions } from './declaredTransitions.ts';
import { identityUnique } from './identityUnique.ts';
import type { Broken, Law } from './law.ts';
import { referencesResolve } from './referencesResolve.ts';
import { writtenLaws } from './writtenLaw.ts';

/** Laws of every service, in the order in which they are shown. */
export const LAWS: readonly Law[] = [referencesResolve, cardinalitiesHold, identityUnique, declaredTransitions];

/** All laws of a model: those of every service, then those a person wrote for this one. */
export function lawsOf(model: Model): readonly Law[] {
  return [...LAWS, ...writtenLaws(model)];
}

/** Laws that the state breaks. */
export function checkState(state: SemanticState, model: Model, at: Micros): Violation[] {
  return lawsOf(model).flatMap((law) => violations(law, law.state?.(state, model), at));
}

/** Laws that the step breaks, whatever held before. */
export function checkStep(event: EventPoint, before: SemanticState, model: Model): Violation[] {
  return lawsOf(model).flatMap((law) => violations(law, law.step?.(event, before, model), event.time));
}

function violations({ id }: Law, broken: readonly Broken[] = [], at: Micros): Violation[] {
  return broken.map(({ message, subjects }) => ({ law: id, message, at: isoOf(at), subjects }));
}

/** The range of dates, in microseconds: a clock beyond it must not keep a law from being told. */
const LATEST = 8.64e18 - 1e6;

function isoOf(at: Micros): string {
  return toIso(Number.isFinite(at) ? Math.max(-LATEST, Math.min(LATEST, at)) : 0);
}

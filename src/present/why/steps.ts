// The steps of the answer: what most likely explains the state first, so that the number says how much a step explains.
import type { Cause } from './cause.ts';
import { RULES } from './rules.ts';
import type { Situation } from './situation.ts';

/** As many as can be told apart by number on the lanes. */
export const MOST_STEPS = 5;
/** Each further reason for the same event makes it surer. */
const FURTHER_REASON = 4;

/** The surest first. The event by which the state was entered is always among them. */
export function causesOf(situation: Situation): Cause[] {
  const found = new Map<number, { best: Cause; reasons: Set<string> }>();
  for (const rule of RULES) {
    for (const cause of rule(situation)) {
      if (cause.point.seq > situation.scene.seq) continue;
      const known = found.get(cause.point.seq);
      if (!known) found.set(cause.point.seq, { best: cause, reasons: new Set([reasonOf(cause)]) });
      else {
        known.reasons.add(reasonOf(cause));
        if (cause.weight > known.best.weight) known.best = cause;
      }
    }
  }
  const ranked = [...found.values()]
    .map(({ best, reasons }) => ({ ...best, weight: best.weight + FURTHER_REASON * (reasons.size - 1) }))
    .sort((a, b) => b.weight - a.weight || b.point.seq - a.point.seq);
  const first = ranked.slice(0, MOST_STEPS);
  const entered = ranked.find(({ point }) => point === situation.entered);
  return !entered || first.includes(entered) ? first : [...first.slice(0, MOST_STEPS - 1), entered];
}

function reasonOf({ via, because }: Cause): string {
  return `${via ?? 'own'} ${because}`;
}

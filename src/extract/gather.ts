// Stages, not priorities: the rules of a stage see only what earlier stages concluded and only add facts, so their order cannot matter.
import { canonicalText, messageOf, type Problem } from '../model/index.ts';

/** One rule, one idea. `id` is stable and appears in evidence; `find` is pure. */
export interface Rule<View, Fact> {
  readonly id: string;
  find(view: View): Iterable<Fact>;
}

/** Lets a property test run the rules of each stage in any order. */
export type RuleOrder = <R>(rules: readonly R[]) => readonly R[];

export interface Gathered<Fact> {
  /** In an order that depends on the facts alone, each once. */
  readonly facts: readonly Fact[];
  readonly problems: readonly Problem[];
}

export function gather<View, Fact>(
  rules: readonly Rule<View, Fact>[],
  view: View,
  order: RuleOrder = (list) => list,
): Gathered<Fact> {
  const byText = new Map<string, Fact>();
  const problems: Problem[] = [];
  for (const rule of order(rules)) {
    try {
      for (const fact of rule.find(view)) byText.set(canonicalText(fact), fact);
    } catch (error) {
      // Torn snapshots and odd programs may break what a rule takes for granted; the other rules' facts still stand.
      problems.push({ code: 'rule-failed', message: `Rule ${rule.id} could not be applied: ${messageOf(error)}` });
    }
  }
  const keys = [...byText.keys()].sort();
  return { facts: keys.map((key) => byText.get(key) as Fact), problems: problems.sort(byMessage) };
}

function byMessage(a: Problem, b: Problem): number {
  return a.message < b.message ? -1 : a.message > b.message ? 1 : 0;
}

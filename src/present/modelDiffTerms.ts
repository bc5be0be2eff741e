// The words and pairings that all comparisons of models share.
import { canonicalText, showValue, type Transition, type Value } from '../model/index.ts';

export interface Paired<T> {
  readonly removed: readonly T[];
  readonly added: readonly T[];
  /** [before, after] */
  readonly kept: readonly (readonly [T, T])[];
}

export function paired<T>(before: readonly T[], after: readonly T[], keyOf: (one: T) => string): Paired<T> {
  const old = new Map(before.map((one) => [keyOf(one), one]));
  const now = new Map(after.map((one) => [keyOf(one), one]));
  return {
    removed: [...old].filter(([key]) => !now.has(key)).map(([, one]) => one),
    added: [...now].filter(([key]) => !old.has(key)).map(([, one]) => one),
    kept: [...now].flatMap(([key, one]) => {
      const was = old.get(key);
      return was === undefined ? [] : [[was, one] as const];
    }),
  };
}

/** The only one of `after` that stands opposite one of `before` in its group, and the other way round. */
export function soleMates<T>(
  before: readonly T[],
  after: readonly T[],
  groupOf: (one: T) => string,
): (readonly [T, T])[] {
  const old = groupsOf(before, groupOf);
  const now = groupsOf(after, groupOf);
  return [...old].flatMap(([group, [one, ...others]]) => {
    const [mate, ...rivals] = now.get(group) ?? [];
    return one !== undefined && mate !== undefined && others.length + rivals.length === 0 ? [[one, mate] as const] : [];
  });
}

export function endText(end: Transition['preState'] | Transition['postState']): string {
  if (typeof end === 'object' && end !== null) {
    if ('$any' in end) return 'any state';
    if ('$new' in end) return '(new)';
    if ('$gone' in end) return '(gone)';
  }
  return valueText(end as Value);
}

/** Texts in quotes: a state called `null` is not the state null. */
export function valueText(value: Value): string {
  return typeof value === 'string' ? JSON.stringify(showValue(value)) : showValue(value);
}

export function isAnyState(end: Transition['preState']): boolean {
  return typeof end === 'object' && end !== null && '$any' in end;
}

export const keyOfValue = (value: unknown): string => canonicalText(value);

/** In the order in which each group begins. (`Map.groupBy` is younger than the oldest Node this runs on.) */
export function groupsOf<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

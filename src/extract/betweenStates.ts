// Changes of attributes from one snapshot's state to the next, as a hint to the extraction of the later one.
import { diffStates, UNDEFINED, type SemanticState } from '../model/index.ts';
import type { ObservedTransition } from './extraction.ts';

/** One for each attribute of a type that changed, with how many instances changed it. */
export function changesBetween(before: SemanticState, after: SemanticState): ObservedTransition[] {
  const seen = new Map<string, ObservedTransition>();
  for (const change of diffStates(before, after)) {
    if (change.kind !== 'attribute') continue;
    const { ref, attribute, before: preState = UNDEFINED, after: postState = UNDEFINED } = change;
    const key = `${ref.entity}\u0000${attribute}`;
    const known = seen.get(key);
    seen.set(
      key,
      known
        ? { ...known, count: known.count + 1 }
        : { entity: ref.entity, attribute, preState, postState, count: 1, between: true },
    );
  }
  return [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}

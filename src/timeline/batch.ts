// What one point does to a state, and how to take that back where the state was not what the change says it was.
import { canonicalText, changedRef, invert, refKey, sameValue } from '../model/index.ts';
import type { Change, EntityInstance, EntityRef, NewPoint } from '../model/index.ts';
import type { StateDraft } from './stateMap.ts';

export function changesOf(point: NewPoint): readonly Change[] {
  if (point.kind === 'event') return point.change ? [point.change] : [];
  return point.kind === 'snapshot' ? (point.learned ?? []) : [];
}

/** Applies changes to the draft; the way back is given only where it is not their inverse. */
export function applyWithUndo(draft: StateDraft, changes: readonly Change[]): readonly Change[] | undefined {
  const undo: Change[][] = [];
  let exact = true;
  for (const change of changes) {
    const key = refKey(changedRef(change));
    const before = draft.get(key);
    draft.apply(change);
    if (saysWhatWas(change, before)) {
      undo.unshift([invert(change)]);
      continue;
    }
    exact = false;
    const after = draft.get(key);
    if (before) undo.unshift([{ kind: 'created', instance: before }]);
    else if (after) undo.unshift([{ kind: 'removed', instance: after }]);
  }
  return exact ? undefined : undo.flat();
}

function saysWhatWas(change: Change, before: EntityInstance | undefined): boolean {
  switch (change.kind) {
    case 'created':
      return before === undefined;
    case 'removed':
      return before === change.instance || canonicalText(before) === canonicalText(change.instance);
    case 'attribute':
      return (
        before !== undefined &&
        sameValue(own(before.attributes, change.attribute), change.before) &&
        (!change.link || hasLinks(before, change.attribute, change.link.before))
      );
    case 'link':
      return before !== undefined && hasLinks(before, change.predicate, change.before);
  }
}

function hasLinks(instance: EntityInstance, predicate: string, refs: readonly EntityRef[]): boolean {
  return canonicalText(own(instance.links, predicate)) === canonicalText(refs);
}

/** Names come from programs: `constructor` is nobody's attribute unless the object has it. */
function own<T>(object: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

// What changed in meaning from one model to another. How an element was found (evidence, counts, status) is no meaning.
// Does not know where the models come from. What counts as breaking stands in docs/model-file.md.
import type { Model } from '../model/index.ts';
import { entityChanges } from './modelDiffEntities.ts';
import { contextChanges, lawChanges, relationChanges, transitionChanges } from './modelDiffLinks.ts';
import { withRenames } from './modelDiffRenames.ts';

export type ModelElement =
  'entity' | 'identity' | 'attribute' | 'state' | 'relation' | 'transition' | 'context' | 'law';

/** Why a change can break whoever relies on the model: what was right by OLD may be wrong by NEW. */
export type BreakingRule =
  | 'removed'
  | 'renamed'
  | 'type-changed'
  | 'required'
  | 'identity-changed'
  | 'no-state-any-more'
  | 'cardinality-narrowed';

export interface ModelChange {
  /** renamed: one element is gone and one like it is new; `because` says why they are taken for the same. */
  readonly change: 'added' | 'removed' | 'changed' | 'renamed';
  readonly element: ModelElement;
  /** As NEW calls it; where it is gone, as OLD does. Absent for context and laws. */
  readonly entity?: string;
  readonly attribute?: string;
  /** In one line: `status: state "lost"`. */
  readonly text: string;
  /** Absent: nothing that relied on OLD breaks. */
  readonly breaking?: BreakingRule;
  readonly because?: string;
}

export interface ModelDiff {
  readonly document: 'modelDiff';
  readonly version: 1;
  readonly breaking: boolean;
  readonly changes: readonly ModelChange[];
}

export function diffModels(before: Model, after: Model): ModelDiff {
  const { model: aligned, changes: renames } = withRenames(before, after);
  const changes = [
    ...renames,
    ...entityChanges(aligned, after),
    ...relationChanges(aligned, after),
    ...transitionChanges(aligned, after),
    ...contextChanges(aligned, after),
    ...lawChanges(aligned, after),
  ].sort(byPlace);
  return { document: 'modelDiff', version: 1, breaking: changes.some(({ breaking }) => breaking), changes };
}

const ORDER: readonly ModelElement[] = [
  ...(['entity', 'identity', 'attribute', 'state', 'relation', 'transition', 'context', 'law'] as const),
];

function byPlace(a: ModelChange, b: ModelChange): number {
  const key = ({ entity, element, text }: ModelChange): string =>
    [entity === undefined ? 1 : 0, entity ?? '', ORDER.indexOf(element), text].join('\u0000');
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}

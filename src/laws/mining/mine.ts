// Laws found in what was recorded (after Daikon: Ernst et al., Dynamically Discovering Likely Program Invariants, 2001).
// They are proposals: people misjudge many of them, so none counts before a person accepts it.
import type { WorkspaceFile } from '../../model/index.ts';
import { compileExpression, isFault } from '../expression.ts';
import { gatherEvidence, type MiningInput } from './evidence.ts';
import { lawsOfNumbers } from './ofNumbers.ts';
import { lawsOfSteps } from './ofSteps.ts';
import { lawsOfValues } from './ofValues.ts';
import type { Proposal, Template } from './proposal.ts';

/** What is less likely than this to be more than chance is not proposed. */
const LEAST_CONFIDENCE = 0.9;

/** The surest first. @param file laws accepted or rejected before are left out */
export function mineLaws(input: MiningInput, file: Pick<WorkspaceFile, 'laws' | 'rejected'> = {}): Proposal[] {
  const evidence = gatherEvidence(input);
  const decided = new Set([...Object.keys(file.laws ?? {}), ...(file.rejected ?? [])]);
  const said = new Set(Object.values(file.laws ?? {}).map(({ holds }) => holds));
  const found = input.model.entities.flatMap((entity) =>
    withoutImplied([
      ...lawsOfValues(entity, evidence),
      ...lawsOfNumbers(entity, evidence),
      ...lawsOfSteps(entity, evidence),
    ]),
  );
  return found
    .filter(({ confidence, exceptions }) => confidence >= LEAST_CONFIDENCE || exceptions > 0)
    .filter(({ law }) => !decided.has(law.id) && !said.has(law.holds) && !isFault(compileExpression(law.holds)))
    .sort((a, b) => b.confidence - a.confidence || b.support - a.support || (a.law.id < b.law.id ? -1 : 1));
}

/** Each template with what it makes superfluous about the same attributes. */
const IMPLIES: { readonly [template in Template]?: readonly Template[] } = {
  immutable: ['monotone'],
  'foreign-key': ['value-set', 'non-null'],
  'value-set': ['non-null'],
  transitions: ['value-set'],
  'sum-of-children': ['range', 'non-null'],
  range: ['non-null'],
};

function withoutImplied(proposals: readonly Proposal[]): Proposal[] {
  return proposals.filter((each) => !proposals.some((other) => implies(other, each)));
}

function implies(strong: Proposal, weak: Proposal): boolean {
  if (strong === weak || strong.exceptions > 0 || strong.confidence < LEAST_CONFIDENCE) return false;
  // An equality of numbers orders them, and needs each of them to be there.
  if (strong.template === 'linear')
    return (
      (weak.template === 'ordering' || weak.template === 'non-null') &&
      weak.about.every((name) => strong.about.includes(name))
    );
  // One law reads `self.x == null || …`: it does not say that x is there.
  if (weak.template === 'non-null' && strong.law.holds.includes('null')) return false;
  return (
    (IMPLIES[strong.template] ?? []).includes(weak.template) && weak.about.every((name) => strong.about.includes(name))
  );
}

// The stages of extraction in their order. Each sees what those before it concluded; the rules within one are in any order.
import type { Evidence, Model, Problem } from '../model/index.ts';
import { NO_CONTEXT } from '../model/index.ts';
import type { CodeType } from '../source/index.ts';
import { assemble } from './assembling.ts';
import { entityOf } from './attributes.ts';
import type { Candidate, Candidates } from './candidate.ts';
import { withConfidence } from './confidence.ts';
import { choose, slot, type Concluded } from './concluded.ts';
import { withDrift } from './drift.ts';
import { withVerdicts } from './verdicts.ts';
import { withEarlier } from './earlier.ts';
import { judge, withoutLoose, withParts } from './entities.ts';
import type { ExtractInput, Extraction } from './extraction.ts';
import { memoryChangingRules } from './changesInMemory.ts';
import { changingRules } from './finiteDomains.ts';
import { gather, type Rule, type RuleOrder } from './gather.ts';
import { identities, identityRules, mayBeTold } from './identity.ts';
import { idReferenceRules } from './idReferences.ts';
import { heapFormRules, heapNames } from './heapForms.ts';
import { joinRules } from './joining.ts';
import { namesOf } from './naming.ts';
import { referenceRules } from './references.ts';
import { relationsOf } from './relations.ts';
import { brokenRelations, seenRelations } from './seenRelations.ts';
import { readState } from './state.ts';
import { standingRules } from './standing.ts';
import { apartRules } from './standingApart.ts';
import { memoryStandingRules } from './standingInMemory.ts';
import { survey, type HeapGroup } from './survey.ts';
import { transitionsOf } from './transitions.ts';
import { variantRules } from './variants.ts';

export function extractModel(input: ExtractInput, order?: RuleOrder): Extraction {
  // What the reading of source and memory could not do bounds what may be concluded from them: it is said with the model.
  const problems: Problem[] = [...(input.code?.problems ?? []), ...(input.graph?.problems ?? [])];
  const stage = <View, Fact>(rules: readonly Rule<View, Fact>[], view: View): readonly Fact[] => {
    const gathered = gather(rules, view, order);
    problems.push(...gathered.problems);
    return gathered.facts;
  };
  const view = conclude(input, stage);
  const graph = view.candidates.survey?.graph;
  const instances = graph ? readState(view, graph) : { state: new Map(), problems: [] };
  problems.push(...instances.problems);
  const entities = view.entities.map((candidate) => entityOf(view, candidate));
  const inMemory = seenRelations(instances.state);
  const relations = relationsOf(view, inMemory);
  problems.push(...brokenRelations(relations, inMemory, input.snapshotId));
  const model: Model = {
    document: 'model',
    version: 1,
    entities,
    relations,
    transitions: transitionsOf(view),
    // A service without business has no context of business either.
    context: entities.length === 0 ? NO_CONTEXT : (input.code?.context ?? NO_CONTEXT),
    problems,
  };
  const whole = withConfidence(
    withDrift(withVerdicts(withEarlier(model, input.previous, view.workspaceFile), view.workspaceFile.drift)),
  );
  return { model: whole, state: instances.state, problems: whole.problems };
}

type Stage = <View, Fact>(rules: readonly Rule<View, Fact>[], view: View) => readonly Fact[];

function conclude(input: ExtractInput, stage: Stage): Concluded {
  const workspaceFile = input.workspaceFile ?? {};
  const shared = { workspaceFile, ...(input.snapshotId !== undefined && { snapshotId: input.snapshotId }) };
  const candidates = candidatesOf(input, stage);

  const first = stage(referenceRules, { candidates, ...shared });
  const standings = stage([...standingRules, ...apartRules, ...memoryStandingRules], {
    candidates,
    references: first,
    ...shared,
  });
  const whole = judge(candidates, standings, workspaceFile);
  const keysOfWholes = identities(
    candidates,
    stage(identityRules, { candidates, entities: whole.entities, references: first, ...shared }),
    workspaceFile,
  );
  const second = stage(idReferenceRules, { candidates, entities: whole.entities, identityOf: keysOfWholes, ...shared });
  const references = [...first, ...second];

  const verdicts = withParts(withoutLoose(candidates, whole, references), standings, references);
  const identityOf = identities(
    candidates,
    stage(identityRules, { candidates, entities: verdicts.entities, references, ...shared }),
    workspaceFile,
  );
  // What nothing tells apart from others of its kind is no thing of its own.
  const chosen = candidates.all.filter((candidate) => {
    const verdict = verdicts.entities.get(candidate.key);
    return verdict && (verdict.part || identityOf.has(candidate.key) || mayBeTold(candidate));
  });
  const nameOf = namesOf(chosen, workspaceFile);
  const transitions = input.code?.transitions ?? [];
  const events = input.events ?? [];
  const changing = new Map<string, Evidence[]>();
  for (const { candidate, field, evidence } of stage([...changingRules, ...memoryChangingRules], {
    candidates,
    entities: verdicts.entities,
    transitions,
    events,
    nameOf,
    identityOf,
    ...shared,
  })) {
    const at = slot({ key: candidate }, field);
    changing.set(at, [...(changing.get(at) ?? []), evidence]);
  }
  return {
    candidates,
    entities: chosen.sort((a, b) => byText(nameOf.get(a.key), nameOf.get(b.key))),
    isPart: (candidate: Candidate) => verdicts.entities.get(candidate.key)?.part === true,
    isKept: (candidate: Candidate) => verdicts.entities.get(candidate.key)?.kept === true,
    apart: verdicts.apart,
    reasons: new Map([...verdicts.entities].map(([key, { evidence }]) => [key, evidence])),
    nameOf,
    identityOf,
    referenceOf: choose(references, (key) => verdicts.entities.has(key), identityOf),
    changing,
    transitions,
    events,
    ...shared,
  };
}

function byText(a: string | undefined, b: string | undefined): number {
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

function candidatesOf(input: ExtractInput, stage: Stage): Candidates {
  const types = new Map((input.code?.types ?? []).map((type) => [type.key, type]));
  const byName = new Map<string, CodeType[]>();
  for (const type of types.values()) byName.set(type.name, [...(byName.get(type.name) ?? []), type]);
  const seen = input.graph && survey(input.graph, input.toSource);
  const groups = seen?.groups ?? new Map<string, HeapGroup>();
  return assemble({
    types,
    variants: stage(variantRules, { types, byName }),
    joins: stage(joinRules, { types, groups, stores: seen?.keeping.stores ?? [] }),
    groupVariants: seen ? stage(heapFormRules, { survey: seen }) : [],
    ...(input.code?.literals && { literals: input.code.literals }),
    nameOf: seen ? heapNames(seen) : ({ name }) => ({ name }),
    ...(seen && { survey: seen }),
  });
}

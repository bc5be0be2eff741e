// Transitions as the model writes them: what the code admits, joined with what was seen to happen.
import {
  canonicalText,
  NEW,
  type Evidence,
  type GoneState,
  type NewState,
  type SourcePosition,
  type Transition,
  type Value,
} from '../model/index.ts';
import type { CodeTransition } from '../source/index.ts';
import { ownerOf, type Candidate, type CandidateField } from './candidate.ts';
import { slot, type Concluded } from './concluded.ts';
import { evidenceList, fromSource } from './evidence.ts';
import { declaredDomain, tagField } from './finiteDomains.ts';

interface Step {
  readonly object: string;
  readonly attribute: string;
  readonly preState: Transition['preState'];
  readonly postState: Transition['postState'];
  readonly type?: string;
  readonly guard?: string;
  readonly evidence: readonly Evidence[];
}

export function transitionsOf(view: Concluded): Transition[] {
  const steps = new Map<string, Step>();
  const add = (step: Step): void => {
    const key = canonicalText([step.object, step.attribute, step.preState, step.postState, step.type]);
    const known = steps.get(key);
    steps.set(key, known ? { ...known, evidence: [...known.evidence, ...step.evidence] } : step);
  };
  for (const transition of view.transitions) for (const step of declaredSteps(view, transition)) add(step);
  for (const step of creations(view, [...steps.values()])) add(step);
  return withEvents(view, [...steps.values()]).sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function order(t: Transition): string {
  return canonicalText([t.object, t.attribute, t.preState, t.postState, t.type ?? '']);
}

/** The entity and attribute a transition is of: its own type's, or the entity's that holds the tagged record. */
function* owners(view: Concluded, transition: CodeTransition): Generator<{ candidate: Candidate; attribute: string }> {
  const own = ownerOf(view.candidates, transition.type);
  if (!own) return;
  if (view.nameOf.has(own.key)) {
    yield { candidate: own, attribute: transition.attribute };
    return;
  }
  for (const candidate of view.entities) {
    for (const field of candidate.fields.values()) {
      const target = field.code[0]?.type.target;
      if (
        target !== undefined &&
        view.candidates.byType.get(target) === own &&
        tagField(target, view.candidates)?.name === transition.attribute
      )
        yield { candidate, attribute: field.name };
    }
  }
}

function* declaredSteps(view: Concluded, transition: CodeTransition): Generator<Step> {
  for (const { candidate, attribute } of owners(view, transition)) {
    if (!view.changing.has(slot(candidate, attribute))) continue;
    const to = transition.to === 'gone' ? [{ $gone: true } as const] : transition.to;
    const from =
      transition.from === 'any' ? [{ $any: true } as const] : transition.from === 'new' ? [NEW] : transition.from;
    for (const preState of from) {
      for (const postState of to) {
        if (canonicalText(preState) === canonicalText(postState)) continue;
        yield {
          object: view.nameOf.get(candidate.key) as string,
          attribute,
          preState,
          postState,
          ...(transition.name !== undefined && { type: transition.name }),
          ...(transition.guard !== undefined && { guard: transition.guard }),
          evidence: [fromSource(transition.by, transition.source, transition.guard)],
        };
      }
    }
  }
}

/** Where the code's transitions do not say how a thing begins, its first writes do. */
function* creations(view: Concluded, known: readonly Step[]): Generator<Step> {
  for (const candidate of view.entities) {
    const object = view.nameOf.get(candidate.key) as string;
    for (const field of candidate.fields.values()) {
      if (!view.changing.has(slot(candidate, field))) continue;
      if (known.some((step) => step.object === object && step.attribute === field.name && isNew(step.preState)))
        continue;
      for (const step of firstWrites(view, object, field)) yield step;
    }
  }
}

function isNew(state: Step['preState']): boolean {
  return typeof state === 'object' && state !== null && '$new' in state;
}

function* firstWrites(view: Concluded, object: string, field: CandidateField): Generator<Step> {
  const domain = declaredDomain(field, view.candidates);
  const admitted = domain && new Set(domain.map(({ value }) => canonicalText(value)));
  for (const code of [...field.code, ...field.also]) {
    for (const write of code.writes) {
      if (write.phase !== 'initial') continue;
      for (const postState of write.values ?? []) {
        if (admitted && !admitted.has(canonicalText(postState))) continue;
        yield {
          object,
          attribute: field.name,
          preState: NEW,
          postState,
          ...(write.inFunction !== undefined && { type: write.inFunction }),
          evidence: [fromSource('write', write.source)],
        };
      }
    }
  }
}

/** Counts of what was seen go to the declared transition that admits it; what none admits stands on its own, as observed. */
function withEvents(view: Concluded, steps: readonly Step[]): Transition[] {
  const counts = new Map<Step, { count: number; evidence: Evidence[] }>();
  const undeclared: Transition[] = [];
  for (const event of view.events.filter(({ between }) => between !== true)) {
    const evidence: Evidence = { by: 'event', count: event.count, ...(event.source && { source: event.source }) };
    const step = admitting(steps, event);
    if (step) {
      const known = counts.get(step) ?? { count: 0, evidence: [] };
      counts.set(step, { count: known.count + event.count, evidence: [...known.evidence, evidence] });
    } else if (
      !isGap(steps, event) &&
      view.entities.some(
        (entity) => view.nameOf.get(entity.key) === event.entity && view.changing.has(slot(entity, event.attribute)),
      )
    ) {
      undeclared.push({
        object: event.entity,
        attribute: event.attribute,
        preState: event.preState,
        postState: event.postState,
        ...(event.type !== undefined && { type: event.type }),
        count: event.count,
        status: 'observed',
        evidence: [evidence],
      });
    }
  }
  const declared = steps.map(({ evidence, ...step }): Transition => {
    const seen = counts.get(
      steps.find((other) => other.evidence === evidence && other.postState === step.postState) as Step,
    );
    return {
      ...step,
      ...(seen && { count: seen.count }),
      status: seen ? 'confirmed' : 'declared',
      evidence: evidenceList([...evidence, ...(seen?.evidence ?? [])]),
    };
  });
  return [...declared, ...undeclared];
}

interface Seen {
  readonly entity: string;
  readonly attribute: string;
  readonly preState: Value | NewState;
  readonly postState: Value | GoneState;
  readonly type?: string;
}

/**
 * Told by a place of the code that declares another beginning, with declared steps leading from the one to the other: what came
 * between was missed.
 */
function isGap(steps: readonly Step[], event: Seen & { readonly source?: SourcePosition }): boolean {
  const { source } = event;
  const of = steps.filter((step) => step.object === event.entity && step.attribute === event.attribute);
  const here = of.filter(({ postState }) => canonicalText(postState) === canonicalText(event.postState));
  const there = ({ source: at }: Evidence): boolean => at?.file === source?.file && at?.line === source?.line;
  if (!source || !here.some(({ evidence }) => evidence.some(there))) return false;
  const reached = new Set([canonicalText(event.preState)]);
  for (let before = 0; before < reached.size;) {
    before = reached.size;
    for (const { preState, postState } of of)
      if (reached.has(canonicalText(preState))) reached.add(canonicalText(postState));
  }
  return reached.has(canonicalText(event.postState));
}

/** The exact transition first, then one from any state. */
function admitting(steps: readonly Step[], event: Seen): Step | undefined {
  const of = steps.filter(
    (step) =>
      step.object === event.entity &&
      step.attribute === event.attribute &&
      canonicalText(step.postState) === canonicalText(event.postState),
  );
  const named = [...of].sort((a, b) => Number(b.type === event.type) - Number(a.type === event.type));
  return (
    named.find((step) => canonicalText(step.preState) === canonicalText(event.preState)) ??
    (isNew(event.preState) ? undefined : named.find((step) => canonicalText(step.preState) === '{"$any":true}'))
  );
}

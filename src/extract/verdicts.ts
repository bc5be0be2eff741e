// What a person said in `semstate.json` of where data and code disagree: accepted states and transitions count as declared, ignored
// findings are not told. Knows only the model, as the findings themselves do.
import {
  canonicalText,
  type Attribute,
  type DriftVerdict,
  type Evidence,
  type Model,
  type StateValue,
  type Transition,
  type Value,
} from '../model/index.ts';

const BY_A_PERSON: Evidence = { by: 'declaration', note: 'accepted in semstate.json' };

/** The model with what was accepted as declared; the verdicts travel with it. */
export function withVerdicts(model: Model, verdicts: readonly DriftVerdict[] | undefined): Model {
  if (!verdicts?.length) return model;
  const accepted = verdicts.filter(({ accept }) => accept);
  const entities = model.entities.map((entity) => ({
    ...entity,
    attributes: entity.attributes.map((attribute) => {
      const own = accepted.filter(({ of }) => of === `${entity.name}.${attribute.name}`);
      return own.length === 0 || attribute.role !== 'state' ? attribute : withStates(attribute, own);
    }),
  }));
  const stateful = new Set(
    entities.flatMap(({ name, attributes }) =>
      attributes.filter(({ role }) => role === 'state').map((attribute) => `${name}.${attribute.name}`),
    ),
  );
  const transitions = accepted
    .filter(({ of }) => stateful.has(of))
    .reduce<readonly Transition[]>(withTransition, model.transitions);
  return { ...model, entities, transitions, verdicts };
}

/** The states named, and those between which an accepted transition goes. */
function withStates(attribute: Attribute, accepted: readonly DriftVerdict[]): Attribute {
  const named = accepted
    .flatMap(({ state, from, to }) => [state, from, to])
    .filter((each): each is Value => each !== undefined && !isMark(each));
  const states = named.reduce<readonly StateValue[]>(withState, attribute.states ?? []);
  return { ...attribute, states };
}

function withState(states: readonly StateValue[], value: Value): readonly StateValue[] {
  const at = states.findIndex((state) => same(state.value, value));
  if (at < 0) return [...states, { value, status: 'declared' }];
  return states.map((state, n) =>
    n === at && state.status === 'observed' ? { ...state, status: 'confirmed' } : state,
  );
}

function withTransition(transitions: readonly Transition[], { of, from, to }: DriftVerdict): readonly Transition[] {
  if (from === undefined || to === undefined) return transitions;
  const isIt = (each: Transition): boolean =>
    `${each.object}.${each.attribute}` === of && same(each.preState, from) && same(each.postState, to);
  if (!transitions.some(isIt)) {
    const dot = of.indexOf('.');
    const [object, attribute] = [of.slice(0, dot), of.slice(dot + 1)];
    const evidence = [BY_A_PERSON];
    return [...transitions, { object, attribute, preState: from, postState: to, status: 'declared', evidence }];
  }
  return transitions.map((each) =>
    isIt(each) && each.status === 'observed'
      ? { ...each, status: 'confirmed', evidence: [...(each.evidence ?? []), BY_A_PERSON] }
      : each,
  );
}

/** A finding, by what it is about. */
export interface Found {
  readonly of: string;
  readonly state?: Value;
  readonly from?: Transition['preState'];
  readonly to?: Transition['postState'];
}

/** Whether a person said that it is known: it itself, or all that is found there. */
export function isIgnored(verdicts: readonly DriftVerdict[] | undefined, found: Found): boolean {
  return (verdicts ?? []).some(
    ({ of, state, from, to, ignore }) =>
      ignore !== undefined &&
      of === found.of &&
      (state === undefined || same(state, found.state)) &&
      (from === undefined || same(from, found.from)) &&
      (to === undefined || same(to, found.to)),
  );
}

function isMark(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('$new' in value || '$gone' in value);
}

function same(a: unknown, b: unknown): boolean {
  return canonicalText(a) === canonicalText(b);
}

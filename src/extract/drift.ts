// Where code and data disagree, read off the finished model: transitions and states that no code declares, declared states that never come.
// Knows only the model, so that whoever adds what was seen later can ask again.
import {
  canonicalText,
  showValue,
  type Attribute,
  type Entity,
  type Model,
  type Problem,
  type SourcePosition,
  type StateValue,
  type Transition,
  type Value,
} from '../model/index.ts';
import { isIgnored } from './verdicts.ts';

/**
 * Looks for each declared state before one that never came is worth a word: of n states that are equally frequent, 3n looks
 * miss a given one in one case of twenty (e^-3).
 */
const LOOKS_PER_STATE = 3;

const CODES = {
  transition: 'drift-undeclared-transition',
  unseen: 'drift-state-never-seen',
  undeclared: 'drift-undeclared-state',
} as const;

/**
 * The model with its drift said anew among the problems; broken relations, which need the data, stay as they are. What a person
 * said is known is not said again.
 */
export function withDrift(model: Model): Model {
  const derived = new Set<string>(Object.values(CODES));
  const others = model.problems.filter(
    ({ code, entity, attribute }) =>
      !derived.has(code) && !(code.startsWith('drift-') && isIgnored(model.verdicts, { of: `${entity}.${attribute}` })),
  );
  return { ...model, problems: [...others, ...driftOf(model)] };
}

/** In an order that depends on the model alone. */
export function driftOf(model: Model): Problem[] {
  return model.entities.flatMap((entity) =>
    entity.attributes
      .filter((attribute) => attribute.role === 'state' && attribute.status !== 'observed')
      .flatMap((attribute) => {
        const transitions = model.transitions.filter(
          (each) => each.object === entity.name && each.attribute === attribute.name,
        );
        return [
          ...undeclaredStates(entity, attribute, model.verdicts),
          ...neverSeen(entity, attribute, transitions, model.verdicts),
          ...undeclaredTransitions(entity, attribute, transitions, model.verdicts),
        ];
      }),
  );
}

function undeclaredStates(entity: Entity, attribute: Attribute, verdicts: Model['verdicts']): Problem[] {
  const states = attribute.states ?? [];
  const observed = valuesOf(states, 'observed');
  // Where the code declares no state at all, it leaves the domain open: nothing contradicts it.
  if (observed.length === states.length || isTruth(states)) return [];
  const values = observed.filter((state) => !isIgnored(verdicts, { of: `${entity.name}.${attribute.name}`, state }));
  if (values.length === 0) return [];
  return [
    {
      code: CODES.undeclared,
      message: `${entity.name}.${attribute.name} was seen as ${listed(values)}, which the code does not declare.`,
      ...about(entity, attribute),
      states: values,
    },
  ];
}

function neverSeen(
  entity: Entity,
  attribute: Attribute,
  transitions: readonly Transition[],
  verdicts: Model['verdicts'],
): Problem[] {
  const states = attribute.states ?? [];
  const values = valuesOf(states, 'declared').filter(
    (state) => !isIgnored(verdicts, { of: `${entity.name}.${attribute.name}`, state }),
  );
  const looks = (entity.instances ?? 0) + transitions.reduce((sum, { count }) => sum + (count ?? 0), 0);
  const someSeen = states.some(({ status }) => status === 'confirmed');
  if (values.length === 0 || !someSeen || looks < LOOKS_PER_STATE * states.length) return [];
  return [
    {
      code: CODES.unseen,
      message: `${entity.name}.${attribute.name} is never ${listed(values)} in ${looks} instances and changes.`,
      ...about(entity, attribute),
      states: values,
      count: looks,
    },
  ];
}

/** Only where the code declares transitions of the same kind: where it shows none, the rules may not have understood it. */
function undeclaredTransitions(
  entity: Entity,
  attribute: Attribute,
  transitions: readonly Transition[],
  verdicts: Model['verdicts'],
): Problem[] {
  const known = new Set(transitions.filter(({ status }) => status !== 'observed').map(kindOf));
  const of = `${entity.name}.${attribute.name}`;
  const found = transitions.filter(
    (each) =>
      each.status === 'observed' &&
      known.has(kindOf(each)) &&
      !isIgnored(verdicts, { of, from: each.preState, to: each.postState }),
  );
  return found.map((each) => {
    const { preState, postState, count, evidence = [] } = each;
    const source = evidence.find((reason) => reason.source)?.source;
    return {
      code: CODES.transition,
      message: `${entity.name}.${attribute.name} went ${edge(preState)} -> ${edge(postState)}${times(count)}, which the code does not declare.`,
      ...about(entity, attribute, source),
      ...(!isAny(preState) && { preState }),
      postState,
      ...(count !== undefined && { count }),
      ...(evidence.length > 0 && { evidence }),
    };
  });
}

function about(
  entity: Entity,
  attribute: Attribute,
  at?: SourcePosition,
): Pick<Problem, 'entity' | 'attribute' | 'source'> {
  const source = at ?? attribute.evidence?.find(({ by }) => by === 'declaration')?.source ?? entity.source;
  return { entity: entity.name, attribute: attribute.name, ...(source && { source }) };
}

function valuesOf(states: readonly StateValue[], status: StateValue['status']): Value[] {
  const values = states.filter((state) => state.status === status).map(({ value }) => value);
  return values.sort((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1));
}

/** Of a boolean both values are there without being declared. */
function isTruth(states: readonly StateValue[]): boolean {
  return states.every(({ value }) => typeof value === 'boolean');
}

function listed(values: readonly Value[]): string {
  return values.map((value) => showValue(value)).join(', ');
}

function times(count: number | undefined): string {
  return count === undefined || count === 1 ? '' : ` (${count} times)`;
}

type Edge = Transition['preState'] | Transition['postState'];

function kindOf({ preState, postState }: Transition): 'creation' | 'change' | 'removal' {
  if (has(preState, '$new')) return 'creation';
  return has(postState, '$gone') ? 'removal' : 'change';
}

function isAny(state: Transition['preState']): state is { readonly $any: true } {
  return has(state, '$any');
}

function has(state: Edge, marker: '$new' | '$gone' | '$any'): boolean {
  return typeof state === 'object' && state !== null && marker in state;
}

function edge(state: Edge): string {
  if (has(state, '$new')) return 'new';
  if (has(state, '$gone')) return 'gone';
  return has(state, '$any') ? 'any' : showValue(state as Value);
}

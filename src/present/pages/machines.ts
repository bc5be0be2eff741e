// What the model says about a type's states: which attribute colours it, which states it declares, which of them are final.
import {
  canonicalText,
  isMissing,
  sameValue,
  showValue,
  type Attribute,
  type Entity,
  type EntityInstance,
  type Model,
  type Transition,
  type Value,
} from '../../model/index.ts';

/** States of one attribute of a type, and the transitions between them. */
export interface Machine {
  readonly entity: string;
  readonly attribute: string;
  /** As declared, then those only seen; as shown. */
  readonly states: readonly string[];
  readonly transitions: readonly Transition[];
  readonly final: ReadonlySet<string>;
}

const kept = new WeakMap<Model, Map<string, Machine | undefined>>();

export function entityOf(model: Model, entity: string): Entity | undefined {
  return model.entities.find(({ name }) => name === entity);
}

export function attributeOf(model: Model, entity: string, attribute: string): Attribute | undefined {
  return entityOf(model, entity)?.attributes.find(({ name }) => name === attribute);
}

/** The machine of an attribute; without one, that of the attribute by which the type is coloured. */
export function machineOf(model: Model, entity: string, attribute?: string): Machine | undefined {
  const machines = kept.get(model) ?? new Map<string, Machine | undefined>();
  kept.set(model, machines);
  const key = canonicalText([entity, attribute]);
  if (!machines.has(key)) machines.set(key, build(model, entity, attribute));
  return machines.get(key);
}

function build(model: Model, entity: string, wanted: string | undefined): Machine | undefined {
  const attributes = entityOf(model, entity)?.attributes ?? [];
  const found =
    wanted === undefined ? leading(model, entity, attributes) : attributes.find(({ name }) => name === wanted);
  if (!found) return undefined;
  const attribute = found.name;
  const transitions = model.transitions.filter((each) => each.object === entity && each.attribute === attribute);
  const ends = transitions.flatMap(({ preState, postState }) => [preState, postState]).filter(isState);
  const states = new Set([...(found.states ?? []).map(({ value }) => value), ...ends].map((value) => showValue(value)));
  return { entity, attribute, states: [...states], transitions, final: finalStates(transitions) };
}

/**
 * The state attribute that tells most of the life of a type: the one with most declared steps from one known state to another, then
 * with most states. A flag (held, blocked) is a state of its own, and seldom what people mean by an order's.
 */
function leading(model: Model, entity: string, attributes: readonly Attribute[]): Attribute | undefined {
  const weigh = ({ name, states = [] }: Attribute): number => {
    const steps = model.transitions.filter(
      (each) => each.object === entity && each.attribute === name && isState(each.preState) && isState(each.postState),
    );
    return steps.length * 1000 + Math.min(states.length, 999);
  };
  return attributes
    .filter(({ role }) => role === 'state')
    .reduce<Attribute | undefined>((best, one) => (best && weigh(best) >= weigh(one) ? best : one), undefined);
}

type End = Transition['preState'] | Transition['postState'];

function isState(end: End): end is Value {
  return typeof end !== 'object' || end === null || !('$any' in end || '$new' in end || '$gone' in end);
}

/**
 * States that are entered and that no transition of their own leaves. What leads out of *any* state (a cancellation) does
 * not count, or nothing would ever be final; where the program names no state it leaves, none is called final either.
 */
function finalStates(transitions: readonly Transition[]): Set<string> {
  const left = new Set(
    transitions.flatMap(({ preState, postState }) =>
      isState(preState) && !(isState(postState) && sameValue(preState, postState)) ? [showValue(preState)] : [],
    ),
  );
  if (left.size === 0) return new Set();
  const entered = transitions.flatMap(({ postState }) => (isState(postState) ? [showValue(postState)] : []));
  return new Set(entered.filter((state) => !left.has(state)));
}

/** The state an instance is in, as shown; undefined: its type has none, or it could not be read. */
export function shownState(instance: EntityInstance | undefined, machine: Machine | undefined): string | undefined {
  const value = instance && machine && stateValue(instance, machine.attribute);
  return value === undefined || isMissing(value) ? undefined : showValue(value);
}

export function stateValue(instance: EntityInstance, attribute: string): Value | undefined {
  return Object.hasOwn(instance.attributes, attribute) ? instance.attributes[attribute] : undefined;
}

/** Declared transitions that lead on from a state. */
export function transitionsFrom(machine: Machine, state: string): Transition[] {
  return machine.transitions.filter(({ preState, postState, status }) => {
    if (status === 'observed' || (isState(postState) && showValue(postState) === state)) return false;
    return isState(preState) ? showValue(preState) === state : '$any' in preState;
  });
}

/** `*` for every state; undefined for creation and removal. */
export function endName(end: End): string | undefined {
  if (isState(end)) return showValue(end);
  return '$any' in end ? '*' : undefined;
}

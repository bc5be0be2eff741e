// What the exporters of a model ask of it: ends of transitions, and values as names that are told apart.
import {
  canonicalText,
  showValue,
  type Attribute,
  type Entity,
  type Model,
  type Transition,
  type Value,
} from '../../model/index.ts';
import { cleanText } from './text.ts';

export type End = Transition['preState'] | Transition['postState'];

/** The value at that end; undefined where it is any state, or none before creation or after removal. */
export function valueAt(end: End): Value | undefined {
  return isMark(end, '$any') || isMark(end, '$new') || isMark(end, '$gone') ? undefined : (end as Value);
}

export function isMark(end: End, mark: '$any' | '$new' | '$gone'): boolean {
  return typeof end === 'object' && end !== null && mark in end;
}

export interface StateMachine {
  readonly entity: Entity;
  readonly attribute: Attribute;
  readonly transitions: readonly Transition[];
  /** Declared, seen, and those that only a transition names; each once, in that order. */
  readonly states: readonly { readonly value: Value; readonly label?: string }[];
}

/** State attributes with what is known of their states; those of which nothing is known are left out. */
export function machinesOf(model: Model): StateMachine[] {
  return model.entities.flatMap((entity) =>
    entity.attributes
      .filter(({ role }) => role === 'state')
      .map((attribute) => {
        const transitions = model.transitions.filter(
          (each) => each.object === entity.name && each.attribute === attribute.name,
        );
        return { entity, attribute, transitions, states: statesOf(attribute, transitions) };
      })
      .filter(({ states }) => states.length > 0),
  );
}

function statesOf(attribute: Attribute, transitions: readonly Transition[]): StateMachine['states'] {
  const states = new Map<string, StateMachine['states'][number]>();
  const add = (value: Value | undefined, label?: string): void => {
    if (value === undefined || states.has(canonicalText(value))) return;
    states.set(canonicalText(value), { value, ...(label !== undefined && { label }) });
  };
  for (const { value, label } of attribute.states ?? []) add(value, label);
  for (const { preState, postState } of transitions) for (const end of [preState, postState]) add(valueAt(end));
  return [...states.values()];
}

/** Gives each thing a name of its own, as near to the one wished as can be. */
export class FreeNames {
  readonly #names = new Map<string, string>();
  readonly #taken: Set<string>;

  constructor(taken: readonly string[] = []) {
    this.#taken = new Set(taken);
  }

  /** The same name for the same key. */
  of(key: string, wished: string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const plain = cleanText(wished) || '(empty)';
    let name = plain;
    for (let n = 2; this.#taken.has(name); n++) name = `${plain}~${n}`;
    this.#taken.add(name);
    this.#names.set(key, name);
    return name;
  }
}

/** What a state is called for people: its name in the program, else its value. */
export function stateName({ value, label }: { readonly value: Value; readonly label?: string }): string {
  return label !== undefined && typeof value !== 'string' ? label : showValue(value);
}

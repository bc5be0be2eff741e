// Function breakpoints: `Order.status: paid -> cancelled`, `Order.status: * -> failed`, or an event's name, `OrderPaid`.
import { canonicalText, showValue, type EventPoint, type Model, type Value } from '../../model/index.ts';
import type { PointFilter } from '../../timeline/index.ts';

export interface Pattern {
  readonly filter: PointFilter;
  test(event: EventPoint): boolean;
}

type StateOf = EventPoint['preState'] | EventPoint['postState'];

export const TRANSITION = /^\s*([^:]+?)\s*\.\s*([^.:\s]+)\s*:\s*(.*?)\s*(?:->|→|=>)\s*(.*?)\s*$/s;
const CREATION = ['new', '(new)', '$new'];
const REMOVAL = ['gone', '(gone)', '$gone'];

/** Undefined: it is no pattern. States are written as they are shown, in quotes where that is not clear. */
export function parsePattern(text: string, model: Model): Pattern | undefined {
  const match = TRANSITION.exec(text);
  if (!match) {
    const name = text.trim();
    if (name === '' || /[\s:>]/.test(name)) return undefined;
    return { filter: { kinds: ['event'], type: name }, test: (event) => event.type === name };
  }
  const [, entity = '', attribute = '', before = '', after = ''] = match;
  if (before === '' || after === '') return undefined;
  const labels = labelsOf(model, entity, attribute);
  const [from, to] = [stateTest(before, CREATION, labels), stateTest(after, REMOVAL, labels)];
  return {
    filter: { kinds: ['event'], entity, attribute },
    test: (event) =>
      event.object.entity === entity && event.attribute === attribute && from(event.preState) && to(event.postState),
  };
}

function labelsOf(model: Model, entity: string, attribute: string): ReadonlyMap<string, Value> {
  const declared = model.entities.find((one) => one.name === entity)?.attributes.find((one) => one.name === attribute);
  return new Map((declared?.states ?? []).flatMap(({ label, value }) => (label === undefined ? [] : [[label, value]])));
}

function stateTest(
  written: string,
  edges: readonly string[],
  labels: ReadonlyMap<string, Value>,
): (state: StateOf) => boolean {
  if (written === '*') return () => true;
  if (edges.includes(written)) return isEdge;
  const labelled = labels.get(written);
  return (state) => {
    if (isEdge(state)) return false;
    const value = state as Value;
    return (
      showValue(value) === written ||
      canonicalText(value) === written ||
      (labelled !== undefined && canonicalText(labelled) === canonicalText(value))
    );
  };
}

/** Before creation, or after removal. */
export function isEdge(state: StateOf): boolean {
  return typeof state === 'object' && state !== null && ('$new' in state || '$gone' in state);
}

/** The value of a state; absent before creation and after removal. */
export function stateValue(state: StateOf): Value | undefined {
  return isEdge(state) ? undefined : (state as Value);
}

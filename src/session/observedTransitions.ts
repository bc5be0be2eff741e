// How often each transition was seen to happen: the sum over a timeline, and what it adds to a model. Pure but for the store it reads.
import { withConfidence, withDrift, type ObservedTransition } from '../extract/index.ts';
import { canonicalText, type EventPoint, type Evidence, type Model, type Transition } from '../model/index.ts';
import type { TimelineStore } from '../timeline/index.ts';
import { fits, isOneStep, type Step } from './fitting.ts';

/** An attribute with more values than this is no state, whatever its events say. */
const MOST_STATES = 64;

type Happened = Omit<EventPoint, 'seq'>;

/** Transitions with their counts, by entity, attribute and both states. */
export class TransitionCounts {
  readonly #counts = new Map<string, ObservedTransition>();
  readonly #values = new Map<string, Set<string>>();

  add(event: Happened): void {
    const { object, attribute, preState, postState } = event;
    if (attribute === undefined || !isState(preState) || !isState(postState)) return;
    const place = JSON.stringify([object.entity, attribute]);
    const values = this.#values.get(place) ?? new Set();
    this.#values.set(place, values);
    if (values.size <= MOST_STATES) for (const state of [preState, postState]) values.add(canonicalText(state));
    const key = canonicalText([place, preState, postState]);
    const known = this.#counts.get(key);
    if (!known && values.size > MOST_STATES) return;
    // A name or line that was only concluded is no observation.
    const { type, source } = event.likely ? {} : event;
    this.#counts.set(key, {
      entity: object.entity,
      attribute,
      preState,
      postState,
      count: (known?.count ?? 0) + 1,
      ...(type !== undefined && { type }),
      ...(source && { source }),
    });
  }

  all(): ObservedTransition[] {
    return [...this.#counts.values()].filter(
      ({ entity, attribute }) => (this.#values.get(JSON.stringify([entity, attribute]))?.size ?? 0) <= MOST_STATES,
    );
  }
}

/** Everything that a timeline has seen happen, as far as single transitions can be told. */
export function countTransitions(store: TimelineStore): TransitionCounts {
  const counts = new TransitionCounts();
  const model = store.model();
  if (!model) return counts;
  for (let seq = -1; ;) {
    const point = store.next(seq, { kinds: ['event'], companions: true });
    if (!point) return counts;
    seq = point.seq;
    if (point.kind === 'event' && isOneStep(point, model)) counts.add(point);
  }
}

/** The model with what happened since it was made: declared transitions become confirmed, others observed. */
export function withHappened(model: Model, events: readonly Happened[]): Model {
  const states = new Set(
    model.entities.flatMap((entity) =>
      entity.attributes.filter((a) => a.role === 'state').map((a) => JSON.stringify([entity.name, a.name])),
    ),
  );
  const transitions = [...model.transitions];
  const seen = new Map<string, Set<string>>();
  for (const event of events) {
    const { object, attribute, preState, postState } = event;
    const place = JSON.stringify([object.entity, attribute]);
    if (attribute === undefined || !states.has(place)) continue;
    seen.set(place, (seen.get(place) ?? new Set()).add(canonicalText(preState)).add(canonicalText(postState)));
    if (!isOneStep(event, model) || !isState(preState) || !isState(postState)) continue;
    const exact = transitions.findIndex((t) => isExactly(t, event));
    const at = exact >= 0 ? exact : transitions.findIndex((t) => fits(t, event));
    const known = transitions[at];
    if (known) transitions[at] = counted(known);
    else {
      const evidence: Evidence[] = [{ by: 'event', count: 1 }];
      transitions.push({
        object: object.entity,
        attribute,
        preState,
        postState,
        count: 1,
        status: 'observed',
        evidence,
      });
    }
  }
  return seen.size === 0
    ? model
    : withConfidence(withDrift({ ...model, transitions, entities: withSeen(model.entities, seen) }));
}

/** States that were come to or left are seen, whether the steps between count or not. */
function withSeen(entities: Model['entities'], seen: ReadonlyMap<string, ReadonlySet<string>>): Model['entities'] {
  return entities.map((entity) => ({
    ...entity,
    attributes: entity.attributes.map((attribute) => {
      const values = seen.get(JSON.stringify([entity.name, attribute.name]));
      if (!values || !attribute.states) return attribute;
      const states = attribute.states.map((state) =>
        state.status === 'declared' && values.has(canonicalText(state.value))
          ? { ...state, status: 'confirmed' as const }
          : state,
      );
      return { ...attribute, states };
    }),
  }));
}

function isExactly(transition: Transition, step: Step): boolean {
  return fits(transition, step) && canonicalText(transition.preState) === canonicalText(step.preState);
}

function counted(transition: Transition): Transition {
  const count = (transition.count ?? 0) + 1;
  const others = (transition.evidence ?? []).filter((each) => each.by !== 'event');
  const evidence: readonly Evidence[] = [...others, { by: 'event', count }];
  return { ...transition, count, evidence, status: transition.status === 'declared' ? 'confirmed' : transition.status };
}

/** Plain values and the two edges of a life; lists and objects are no states. */
function isState(state: EventPoint['preState'] | EventPoint['postState']): boolean {
  return typeof state !== 'object' || state === null || '$new' in state || '$gone' in state;
}

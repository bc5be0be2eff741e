// How often each transition was seen to happen: the sum over a timeline, and what it adds to a model. Pure but for the store it reads.
import type { ObservedTransition } from '../extract/index.ts';
import { canonicalText, type EventPoint, type Evidence, type Model, type Transition } from '../model/index.ts';
import type { TimelineStore } from '../timeline/index.ts';

/** An attribute with more values than this is no state, whatever its events say. */
const MOST_STATES = 64;

type Happened = Pick<EventPoint, 'object' | 'attribute' | 'preState' | 'postState' | 'type' | 'source' | 'likely'>;

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

/** Everything that a timeline has seen happen. */
export function countTransitions(store: TimelineStore): TransitionCounts {
  const counts = new TransitionCounts();
  for (let seq = -1; ;) {
    const point = store.next(seq, { kinds: ['event'], companions: true });
    if (!point) return counts;
    seq = point.seq;
    if (point.kind === 'event') counts.add(point);
  }
}

/** The model with what happened since it was made: declared transitions become confirmed, others observed. */
export function withHappened(model: Model, events: readonly Happened[]): Model {
  const counts = new TransitionCounts();
  const states = new Set(
    model.entities.flatMap((entity) =>
      entity.attributes.filter((a) => a.role === 'state').map((a) => JSON.stringify([entity.name, a.name])),
    ),
  );
  for (const event of events) if (states.has(JSON.stringify([event.object.entity, event.attribute]))) counts.add(event);
  const happened = counts.all();
  if (happened.length === 0) return model;
  const transitions = [...model.transitions];
  for (const each of happened) {
    const at = transitions.findIndex((t) => isSame(t, each));
    const known = transitions[at];
    if (known) transitions[at] = counted(known, each.count);
    else
      transitions.push({
        object: each.entity,
        attribute: each.attribute,
        preState: each.preState,
        postState: each.postState,
        ...(each.type !== undefined && { type: each.type }),
        count: each.count,
        status: 'observed',
        evidence: [{ by: 'event', count: each.count }],
      });
  }
  return { ...model, transitions };
}

function counted(transition: Transition, times: number): Transition {
  const count = (transition.count ?? 0) + times;
  const others = (transition.evidence ?? []).filter((each) => each.by !== 'event');
  const evidence: readonly Evidence[] = [...others, { by: 'event', count }];
  return { ...transition, count, evidence, status: transition.status === 'declared' ? 'confirmed' : transition.status };
}

function isSame(transition: Transition, { entity, attribute, preState, postState }: ObservedTransition): boolean {
  if (transition.object !== entity || transition.attribute !== attribute) return false;
  return sameEdge(transition.preState, preState) && sameEdge(transition.postState, postState);
}

function sameEdge(a: unknown, b: unknown): boolean {
  return canonicalText(a) === canonicalText(b);
}

/** Plain values and the two edges of a life; lists and objects are no states. */
function isState(state: EventPoint['preState'] | EventPoint['postState']): boolean {
  return typeof state !== 'object' || state === null || '$new' in state || '$gone' in state;
}

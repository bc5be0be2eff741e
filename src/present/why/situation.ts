// What the answer is found from: the entity at the cursor, its changes, what stands around it, and what its next transitions wait for.
import { evaluateGuard, type Reading } from '../../laws/index.ts';
import {
  refKey,
  type EntityInstance,
  type EntityRef,
  type EventPoint,
  type Micros,
  type SemanticState,
  type Transition,
} from '../../model/index.ts';
import { machineOf, shownState, transitionsFrom, type Machine } from '../pages/machines.ts';
import { pointOf, stateOf, type Scene } from '../pages/scene.ts';
import { neighboursOf, type Neighbour } from '../pages/surroundings.ts';

/** Own changes that are looked at, the latest ones. */
const MOST_OWN = 12;

export interface Situation {
  readonly scene: Scene;
  readonly ref: EntityRef;
  readonly instance: EntityInstance;
  readonly state: SemanticState;
  readonly machine?: Machine;
  readonly now: Micros;
  /** Latest first. */
  readonly own: readonly EventPoint[];
  /** The event by which it came into its state. */
  readonly entered?: EventPoint;
  readonly neighbours: readonly Neighbour[];
  readonly blocked: readonly Blocked[];
}

/** A declared transition that cannot happen on the values at the cursor. */
export interface Blocked {
  readonly transition: Transition;
  readonly guard: string;
  readonly because: readonly Reading[];
}

/** undefined: the entity is not there at the cursor. */
export function situationOf(scene: Scene, ref: EntityRef): Situation | undefined {
  const state = stateOf(scene);
  const instance = state.get(refKey(ref));
  if (!instance) return undefined;
  const machine = machineOf(scene.model, ref.entity);
  const now = pointOf(scene)?.time ?? 0;
  const own = lastChanges(scene, ref, MOST_OWN);
  // Several states begin with the creation, which is told by one of them.
  const entered =
    machine && own.find((event) => event.attribute === machine.attribute || event.change?.kind === 'created');
  return {
    ...{ scene, ref, instance, state, now, own },
    ...(machine && { machine }),
    ...(entered && { entered }),
    neighbours: neighboursOf(state, instance),
    blocked: machine ? blockedFrom(scene, instance, state, machine, now) : [],
  };
}

/** Latest first. */
export function lastChanges({ store, seq }: Scene, object: EntityRef, most: number): EventPoint[] {
  const events: EventPoint[] = [];
  for (
    let point = store.previous(seq + 1, { object });
    point && events.length < most;
    point = store.previous(point.seq, { object })
  )
    if (point.kind === 'event') events.push(point);
  return events;
}

function blockedFrom(
  { model }: Scene,
  self: EntityInstance,
  state: SemanticState,
  machine: Machine,
  now: Micros,
): Blocked[] {
  const shown = shownState(self, machine);
  if (shown === undefined) return [];
  return transitionsFrom(machine, shown).flatMap((transition) => {
    const { guard } = transition;
    const answer = guard === undefined ? undefined : evaluateGuard(guard, { self, state, model }, now);
    return guard === undefined || !answer || answer.holds ? [] : [{ transition, guard, because: answer.because }];
  });
}

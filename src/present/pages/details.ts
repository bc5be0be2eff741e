// One entity at the cursor: since when it is in its state, by what, what comes next, and what holds it back.
import { refKey, type EntityInstance, type EntityRef, type EventPoint, type Point } from '../../model/index.ts';
import type { Details, StepRow, ValueRow } from '../requests.ts';
import { brokenSince, stepViolations, violationsOf } from './broken.ts';
import { censusOf } from './census.ts';
import { eventRow, isNew, shortValue, valueOf } from './describe.ts';
import { attributeOf, endName, entityOf, machineOf, shownState, transitionsFrom, type Machine } from './machines.ts';
import { pointOf, stateOf, type Scene } from './scene.ts';
import { firstSighting } from './sightings.ts';
import { staysOf } from './stays.ts';
import { traceMatesOf } from './traces.ts';
import { lastChanges, situationOf, type Situation } from '../why/situation.ts';
import { causesOf, MOST_STEPS } from '../why/steps.ts';

export function detailsPage(scene: Scene, { ref: asked }: { readonly ref: EntityRef }): Details {
  const { store, model, seq } = scene;
  const ref: EntityRef = { entity: asked.entity, id: asked.id };
  const instance = stateOf(scene).get(refKey(ref));
  const machine = machineOf(model, ref.entity);
  const situation = situationOf(scene, ref);
  const state = shownState(instance, machine);
  const entered = instance && machine && enteredBy(scene, ref, machine);
  const since = instance && machine && sinceOf(scene, ref, machine, entered);
  const medianStay = machine && state !== undefined ? staysOf(store, machine, model).median.get(state) : undefined;
  const here = pointOf(scene);
  const event = here?.kind === 'event' && isAbout(here, ref) ? here : store.previous(seq + 1, { object: ref });
  const entity = entityOf(model, ref.entity);
  const { violations } = censusOf(stateOf(scene), model, here?.time ?? 0);
  return {
    ref,
    present: instance !== undefined,
    ...(state !== undefined && { state }),
    ...(since && { since }),
    ...(medianStay !== undefined && { medianStay }),
    next: machine && state !== undefined ? nextOf(machine, state, situation) : [],
    steps: stepsOf(scene, ref, situation),
    values: instance ? valuesOf(scene, instance, here) : [],
    ...(event?.kind === 'event' && { event: withStack(scene, event) }),
    laws: [
      ...violationsOf(violations, ref).map((violation) => ({
        id: violation.law,
        message: violation.message,
        since: brokenSince(store, model, violation, seq),
      })),
      ...(entered ? stepViolations(entered, model) : []).map(({ law, message }) => ({
        id: law,
        message,
        since: entered?.time ?? 0,
      })),
    ],
    evidence: entity?.evidence ?? [],
    ...(entity?.source && { source: entity.source }),
  };
}

function isAbout(point: Point, ref: EntityRef): boolean {
  return point.kind === 'event' && refKey(point.object) === refKey(ref);
}

/** The event by which it came into its state. */
function enteredBy({ store, seq }: Scene, ref: EntityRef, { attribute }: Machine): EventPoint | undefined {
  const event = store.previous(seq + 1, { object: ref, attribute, companions: true });
  return event?.kind === 'event' ? event : undefined;
}

/** Without such an event, since it was first seen: when it came into the state was not observed. */
function sinceOf(
  { store, seq }: Scene,
  ref: EntityRef,
  machine: Machine,
  entered: EventPoint | undefined,
): Details['since'] {
  if (entered)
    return { time: entered.time, event: eventRow(entered), unobserved: entered.observed === 'between-snapshots' };
  const time = firstSighting(store, ref, machine.attribute, seq);
  return time === undefined ? undefined : { time, unobserved: true };
}

function nextOf(machine: Machine, state: string, situation: Situation | undefined): Details['next'] {
  return transitionsFrom(machine, state).map((transition) => {
    const { postState, type, guard, evidence } = transition;
    const blocked = situation?.blocked.find((each) => each.transition === transition);
    const source = evidence?.find((each) => each.source)?.source;
    return {
      to: endName(postState) ?? 'removed',
      ...(type !== undefined && { type }),
      ...(guard !== undefined && { guard }),
      ...(blocked && {
        heldBack: blocked.because.map(({ text, value, ref }) => ({ text, value: shortValue(value), ref })),
      }),
      ...(source && { source }),
    };
  });
}

/** What most likely led here; of an entity that is not there at the cursor, its own last changes. */
function stepsOf(scene: Scene, ref: EntityRef, situation: Situation | undefined): StepRow[] {
  if (!situation) return lastChanges(scene, ref, MOST_STEPS).map(eventRow);
  return causesOf(situation).map(({ point, via, because, likely }): StepRow => ({
    ...eventRow(point),
    ...(via && { via }),
    because,
    ...(likely && { likely }),
  }));
}

function valuesOf({ model }: Scene, instance: EntityInstance, here: Point | undefined): ValueRow[] {
  const change = here?.kind === 'event' && isAbout(here, instance) ? here : undefined;
  const declared = (entityOf(model, instance.entity)?.attributes ?? []).map(({ name }) => name);
  const present = Object.keys(instance.attributes);
  const names = [
    ...declared.filter((name) => present.includes(name)),
    ...present.filter((name) => !declared.includes(name)),
  ];
  const before = (name: string): { before?: string } =>
    change?.attribute === name && !isNew(change.preState) ? { before: shortValue(valueOf(change.preState)) } : {};
  const attributes = names.map((name): ValueRow => {
    const attribute = attributeOf(model, instance.entity, name);
    const value = instance.attributes[name];
    return {
      ...{ name, value, text: shortValue(value), role: attribute?.role ?? 'plain' },
      ...before(name),
      ...(attribute?.status && { status: attribute.status }),
    };
  });
  const relations = Object.entries(instance.links).map(([name, links]): ValueRow => {
    const status = model.relations.find((each) => each.subject === instance.entity && each.predicate === name)?.status;
    const value = { $type: 'list' as const, value: links.map(({ id }) => id) };
    return {
      ...{ name, value, text: shortValue(value), role: 'relation', links },
      ...before(name),
      ...(status && { status }),
    };
  });
  return [...attributes, ...relations];
}

function withStack({ store }: Scene, event: EventPoint): NonNullable<Details['event']> {
  const { cause, effects } = traceMatesOf(store, event);
  return {
    ...eventRow(event),
    stack: event.stack ?? [],
    ...(event.context && { context: event.context }),
    ...(cause && { cause: eventRow(cause) }),
    effects: effects.map(eventRow),
  };
}

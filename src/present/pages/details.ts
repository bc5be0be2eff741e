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
import { instanceNear, neighboursOf } from './surroundings.ts';
import { sameTrace, traceMatesOf } from './traces.ts';

/** Steps of the answer: as many as can be numbered on the lanes and still be told apart. */
const MOST_STEPS = 5;
const OWN_STEPS = 4;
const NEIGHBOURS_ASKED = 12;

export function detailsPage(scene: Scene, { ref: asked }: { readonly ref: EntityRef }): Details {
  const { store, model, seq } = scene;
  const ref: EntityRef = { entity: asked.entity, id: asked.id };
  const instance = stateOf(scene).get(refKey(ref));
  const machine = machineOf(model, ref.entity);
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
    next: machine && state !== undefined ? nextOf(machine, state) : [],
    steps: stepsOf(scene, ref),
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

function nextOf(machine: Machine, state: string): Details['next'] {
  return transitionsFrom(machine, state).map(({ postState, type, guard, evidence }) => {
    const source = evidence?.find((each) => each.source)?.source;
    return {
      to: endName(postState) ?? 'removed',
      ...(type !== undefined && { type }),
      ...(guard !== undefined && { guard }),
      ...(source && { source }),
    };
  });
}

/**
 * The last changes of the entity; of the trace its last one belongs to, those of others before it; and those of its neighbours
 * that happened since the first of them.
 */
function stepsOf(scene: Scene, ref: EntityRef): StepRow[] {
  const { store, seq } = scene;
  const own = lastOf(scene, ref, seq, OWN_STEPS);
  const from = own.at(-1)?.seq ?? seq;
  const [latest] = own;
  const traced = (latest ? sameTrace(store, latest) : []).filter(
    (event) => event.seq < (latest?.seq ?? 0) && !isAbout(event, ref),
  );
  const known = new Set([...own, ...traced].map((event) => event.seq));
  const room = MOST_STEPS - Math.min(own.length, OWN_STEPS);
  const state = stateOf(scene);
  const instance = instanceNear(store, state, ref, seq);
  const near = instance ? neighboursOf(state, instance).filter(({ hop }) => hop === 1) : [];
  const theirs = near
    .slice(0, NEIGHBOURS_ASKED)
    .flatMap((each) => lastOf(scene, each.ref, seq, 2))
    .filter((event) => event.seq >= from && !known.has(event.seq))
    .sort((a, b) => b.seq - a.seq);
  const others: readonly StepRow[] = [
    ...traced.reverse().map((event): StepRow => ({ ...eventRow(event), via: 'trace' })),
    ...theirs.map((event): StepRow => ({ ...eventRow(event), via: 'relation' })),
  ];
  return [...own.map(eventRow), ...others.slice(0, room)].sort((a, b) => a.seq - b.seq);
}

/** Latest first: changes of its state, where its type has one, else all. */
function lastOf({ store, model }: Scene, ref: EntityRef, seq: number, most: number): EventPoint[] {
  const machine = machineOf(model, ref.entity);
  const filter = { object: ref, ...(machine && { attribute: machine.attribute }) };
  const events: EventPoint[] = [];
  let point = store.previous(seq + 1, filter);
  while (point?.kind === 'event' && events.length < most) {
    events.push(point);
    point = store.previous(point.seq, filter);
  }
  return events;
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

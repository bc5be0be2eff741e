// From what a snapshot showed to what the timeline keeps: events, broken laws, the snapshot itself. Pure.
import { checkState, checkStep } from '../laws/index.ts';
import {
  applyChanges,
  refKey,
  toIso,
  type Consistency,
  type Context,
  type ContextParameter,
  type Micros,
  type Model,
  type NewPoint,
  type SemanticState,
  type SnapshotMethod,
  type SnapshotPoint,
  type Violation,
} from '../model/index.ts';
import { withHappened } from './observedTransitions.ts';
import { eventsBetween, firstSighting, type NewEvent, type Seen, type Sighting } from './sightings.ts';
import { joinSeen, viewOf } from './union.ts';

/** What one capture and its extraction gave. */
export interface Taken {
  readonly id: string;
  readonly time: number;
  readonly method: SnapshotMethod;
  readonly bytes: number;
  readonly pauseMs: number;
  readonly targetGrowthBytes?: number;
  readonly target: string;
  readonly file?: string;
  readonly model: Model;
  readonly state: SemanticState;
  readonly problems: number;
  readonly hasCode: boolean;
}

export interface Placed {
  readonly points: readonly NewPoint[];
  readonly events: readonly NewEvent[];
  /** The state in which the timeline begins; only for the first snapshot. */
  readonly first?: SemanticState;
  readonly known: Known;
  readonly model: Model;
}

/** What is known after a snapshot, for the next one to compare with. */
export interface Known {
  /** The timeline's, of all services together. */
  readonly state: SemanticState;
  /** Laws that did not hold in it. */
  readonly broken: readonly Violation[];
  /** What each service showed last, by its address: a service is compared with itself alone. */
  readonly sightings: ReadonlyMap<string, Sighting>;
}

/** Where a timeline goes on that was recorded before, for the services attached now. */
export function knownFrom(state: SemanticState, model: Model, time: Micros, targets: readonly string[]): Known {
  const alone = targets.length === 1;
  const sightings = new Map<string, Sighting>();
  for (const target of targets) {
    const view = viewOf(state, target, alone);
    if (view.size === 0) continue;
    const sighting = firstSighting(view, model, time);
    // Of a state that several share it is not kept who else held a thing: what went while nobody looked is not claimed.
    sightings.set(target, view === state ? sighting : { ...sighting, present: new Set(), steady: new Set() });
  }
  return { state, broken: checkState(state, model, time), sightings };
}

/** What the timeline gets for a snapshot, given what was known before; undefined: it is the first. */
export function placeSnapshot(taken: Taken, before: Known | undefined): Placed {
  if (!before) {
    const { state, model, time, target } = taken;
    const broken = checkState(state, model, time);
    const sightings = new Map([[target, firstSighting(state, model, time)]]);
    const point = snapshotPoint(taken, broken, state.size);
    return { points: [point], events: [], first: state, known: { state, broken, sightings }, model };
  }
  const { seen, next } = lookAgain(taken, before.sightings.get(taken.target));
  const others = [...before.sightings].flatMap(([target, sighting]) => (target === taken.target ? [] : [sighting]));
  const { events, learned, state } = joinSeen(seen, before.state, others);
  const model = withHappened(taken.model, events);
  const broken = checkState(state, model, taken.time);
  const marked = markBreaks(events, before, broken, model);
  const point = snapshotPoint(taken, broken, next.state.size);
  return {
    points: [...marked, { ...point, ...(learned.length > 0 && { learned }) }],
    events: marked,
    known: { state, broken, sightings: new Map([...before.sightings, [taken.target, { ...next, model }]]) },
    model,
  };
}

/** A service that is looked at for the first time shows what was there before. */
function lookAgain(
  { state, model, time, target, hasCode }: Taken,
  before: Sighting | undefined,
): { readonly seen: Pick<Seen, 'events' | 'learned'>; readonly next: Sighting } {
  if (before) {
    const seen = eventsBetween(before, state, model, { time, target, hasCode });
    return { seen, next: seen.next };
  }
  const learned = [...state.values()].map((instance) => ({ kind: 'created' as const, instance }));
  return { seen: { events: [], learned }, next: firstSighting(state, model, time) };
}

function snapshotPoint(taken: Taken, violations: readonly Violation[], entities: number): Omit<SnapshotPoint, 'seq'> {
  return {
    kind: 'snapshot',
    time: taken.time,
    id: taken.id,
    method: taken.method,
    bytes: taken.bytes,
    pauseMs: taken.pauseMs,
    ...(taken.targetGrowthBytes !== undefined && { targetGrowthBytes: taken.targetGrowthBytes }),
    target: taken.target,
    consistency: consistencyOf(entities, violations),
    ...(taken.file !== undefined && { file: taken.file }),
    entities,
    problems: taken.problems,
  };
}

/** Where nothing could be read, nothing can be said. */
function consistencyOf(entities: number, violations: readonly Violation[]): Consistency {
  if (violations.length > 0) return 'broken';
  return entities === 0 ? 'unknown' : 'consistent';
}

/** Each event with the laws it newly breaks: those of its own step, and those of the state that were whole before. */
function markBreaks(
  events: readonly NewEvent[],
  before: Known,
  broken: readonly Violation[],
  model: Model,
): NewEvent[] {
  const known = new Set(before.broken.map((each) => `${each.law} ${each.message}`));
  const fresh = broken.filter((each) => !known.has(`${each.law} ${each.message}`));
  const breaking = new Map<number, Set<string>>();
  for (const violation of fresh) {
    const n = blamed(violation, events);
    if (n >= 0) breaking.set(n, (breaking.get(n) ?? new Set()).add(violation.law));
  }
  const state = new Map(before.state);
  return events.map((event, n) => {
    const laws = new Set(checkStep({ ...event, seq: n }, state, model).map((each) => each.law));
    for (const law of breaking.get(n) ?? []) laws.add(law);
    if (event.change) applyChanges(state, [event.change]);
    return laws.size > 0 ? { ...event, breaks: [...laws] } : event;
  });
}

/** The event after which a law did not hold: a removal of what it is about, else the last event of any of its subjects. */
function blamed({ subjects = [] }: Violation, events: readonly NewEvent[]): number {
  const keys = new Set(subjects.map(refKey));
  const concerned = (event: NewEvent): boolean => event.change !== undefined && keys.has(refKey(event.object));
  const removal = events.findLastIndex((event) => concerned(event) && event.change?.kind === 'removed');
  return removal >= 0 ? removal : events.findLastIndex(concerned);
}

/** A model with the dimensions of context that the attach knows; each parameter once. */
export function withContext(model: Model, context: Context | undefined): Model {
  if (!context) return model;
  const join = (known: readonly ContextParameter[], more: readonly ContextParameter[]): ContextParameter[] => [
    ...more,
    ...known.filter((a) => !more.some((b) => a.name === b.name && a.from === b.from)),
  ];
  return {
    ...model,
    context: {
      space: join(model.context.space, context.space),
      time: join(model.context.time, context.time),
      subject: join(model.context.subject, context.subject),
      device: join(model.context.device, context.device),
    },
  };
}

/** Between two attaches nobody looked: said once, before what is found now. */
export function gapBefore(time: Micros, since: Micros | undefined): NewPoint[] {
  return since === undefined || since >= time ? [] : [{ kind: 'gap', since, time, reason: 'not attached' }];
}

/** Unique within a timeline: no two snapshots are of one microsecond. */
export function snapshotId(time: number): string {
  return `snapshot-${toIso(time).replace(/[-:]/g, '').replace('.', '-').slice(0, -1)}`;
}

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
import { eventsBetween, firstSighting, type NewEvent, type Sighting } from './sightings.ts';

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
  readonly sighting: Sighting;
  /** Laws that did not hold in it. */
  readonly broken: readonly Violation[];
}

/** Where a timeline goes on that was recorded before. */
export function knownFrom(state: SemanticState, model: Model, time: Micros): Known {
  return { sighting: firstSighting(state, model, time), broken: checkState(state, model, time) };
}

/** What the timeline gets for a snapshot, given what was known before; undefined: it is the first. */
export function placeSnapshot(taken: Taken, before: Known | undefined): Placed {
  if (!before) {
    const known = knownFrom(taken.state, taken.model, taken.time);
    const point = snapshotPoint(taken, known.broken, taken.state);
    return { points: [point], events: [], first: taken.state, known, model: taken.model };
  }
  const span = { time: taken.time, target: taken.target, hasCode: taken.hasCode };
  const { events, learned, next } = eventsBetween(before.sighting, taken.state, taken.model, span);
  const model = withHappened(taken.model, events);
  const broken = checkState(next.state, model, taken.time);
  const marked = markBreaks(events, before, broken, model);
  const point = snapshotPoint(taken, broken, next.state);
  return {
    points: [...marked, { ...point, ...(learned.length > 0 && { learned }) }],
    events: marked,
    known: { sighting: { ...next, model }, broken },
    model,
  };
}

function snapshotPoint(
  taken: Taken,
  violations: readonly Violation[],
  state: SemanticState,
): Omit<SnapshotPoint, 'seq'> {
  return {
    kind: 'snapshot',
    time: taken.time,
    id: taken.id,
    method: taken.method,
    bytes: taken.bytes,
    pauseMs: taken.pauseMs,
    ...(taken.targetGrowthBytes !== undefined && { targetGrowthBytes: taken.targetGrowthBytes }),
    target: taken.target,
    consistency: consistencyOf(state, violations),
    ...(taken.file !== undefined && { file: taken.file }),
    entities: state.size,
    problems: taken.problems,
  };
}

/** Where nothing could be read, nothing can be said. */
function consistencyOf(state: SemanticState, violations: readonly Violation[]): Consistency {
  if (violations.length > 0) return 'broken';
  return state.size === 0 ? 'unknown' : 'consistent';
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
  const state = new Map(before.sighting.state);
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

/** Unique within a timeline: no two snapshots are of one microsecond. */
export function snapshotId(time: number): string {
  return `snapshot-${toIso(time).replace(/[-:]/g, '').replace('.', '-').slice(0, -1)}`;
}

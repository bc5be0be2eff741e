// The first bad state: where a law holds at one point and not at the next. Between a good and a bad point half of the way is
// left out at each look, as bisection of revisions does; with a law that breaks and heals several times, one such place is found.
import { checkState, checkStep, lawsOf } from '../laws/index.ts';
import { Failure, sameRef, showRef, type EntityRef, type Model, type Point, type Violation } from '../model/index.ts';
import type { TimelineStore } from '../timeline/index.ts';
import { pointOf } from './storedTimeline.ts';

export interface BisectOptions {
  /** Which law; absent: any. */
  readonly law?: string;
  /** Only what breaks for this entity. */
  readonly about?: EntityRef;
  /** A place where it holds, and one where it does not; default: the first and the last point. */
  readonly good?: string;
  readonly bad?: string;
}

export interface FirstBad {
  /** The point that breaks it. */
  readonly point: Point;
  /** The last point at which it held; absent: it never did. */
  readonly good?: Point;
  readonly violations: readonly Violation[];
  /** States that were looked at. */
  readonly looks: number;
}

/** undefined: it holds at the end. @throws Failure `no-such-law`, `no-such-point`, `bad-place` */
export function bisect(store: TimelineStore, model: Model, options: BisectOptions): FirstBad | undefined {
  const laws = lawsOf(model);
  const { law, about } = options;
  if (law !== undefined && !laws.some(({ id }) => id === law))
    throw new Failure(
      'no-such-law',
      `The model has no law "${law}".`,
      `It has ${laws.map(({ id }) => id).join(', ')}.`,
    );
  const counts = ({ law: id, subjects = [] }: Violation): boolean =>
    (law === undefined || id === law) && (!about || subjects.some((subject) => sameRef(subject, about)));
  const bad = pointOf(store, options.bad);
  const good = pointOf(store, options.good ?? '1');
  const step = firstBadStep(store, model, good, bad, counts);
  const state = firstBadState(store, model, good, bad, counts);
  if (!step || !state) return step ?? state;
  return step.point.seq < state.point.seq ? step : state;
}

type Counts = (violation: Violation) => boolean;

function firstBadState(
  store: TimelineStore,
  model: Model,
  from: Point,
  to: Point,
  counts: Counts,
): FirstBad | undefined {
  let looks = 0;
  const at = (point: Point): readonly Violation[] => {
    looks++;
    return checkState(store.stateAt(point.seq), model, point.time).filter(counts);
  };
  let violations = at(to);
  if (violations.length === 0) return undefined;
  const first = at(from);
  if (first.length > 0) return { point: from, violations: first, looks };
  let [good, bad] = [from, to];
  while (bad.seq - good.seq > 1) {
    const middle = store.point(good.seq + Math.floor((bad.seq - good.seq) / 2));
    if (!middle) break;
    const found = at(middle);
    if (found.length > 0) [bad, violations] = [middle, found];
    else good = middle;
  }
  return { point: bad, good, violations, looks };
}

/** Laws of steps say nothing of states: the first event that breaks one is read off the events themselves. */
function firstBadStep(
  store: TimelineStore,
  model: Model,
  from: Point,
  to: Point,
  counts: Counts,
): FirstBad | undefined {
  const ids = new Set(lawsOf(model).flatMap((law) => (law.step ? [law.id] : [])));
  if (ids.size === 0) return undefined;
  let before = from;
  for (
    let point = store.next(from.seq, { companions: true });
    point && point.seq <= to.seq;
    point = store.next(point.seq, { companions: true })
  ) {
    if (point.kind === 'event' && (point.breaks ?? []).some((id) => ids.has(id))) {
      const violations = checkStep(point, store.stateAt(point.seq - 1), model).filter(counts);
      if (violations.length > 0) return { point, good: before, violations, looks: 1 };
    }
    before = point;
  }
  return undefined;
}

/** For people: what broke, by what, and where it still held. */
export function describeBad({ point, good, violations, looks }: FirstBad): string {
  const [first] = violations;
  const held = good ? `It held at point ${good.seq}.` : 'It did not hold at the first point either.';
  const event =
    point.kind === 'event' ? `${point.type ? `${point.type} of ` : ''}${showRef(point.object)}` : `the ${point.kind}`;
  const place = point.kind === 'event' && point.source ? ` at ${point.source.file}:${point.source.line}` : '';
  return `Point ${point.seq}, ${event}${place}, is the first bad one. ${held}\n${first?.law ?? ''}: ${first?.message ?? ''}\n(${looks} states looked at)\n`;
}

// The breakpoints of one view, and the search for what they match: over the recording in both directions, and over what arrives.
import { setImmediate } from 'node:timers/promises';
import { cancelled, type Model, type Point, type Work } from '../../model/index.ts';
import type { PointFilter } from '../../timeline/index.ts';
import {
  parseHitCondition,
  watches,
  type BreakpointKind,
  type BreakpointRequest,
  type BreakpointTarget,
  type HitTest,
  type PlacedBreakpoint,
} from './breakpoints.ts';
import { candidates, mayMatch, type Direction } from './candidates.ts';
import { compileCondition, compileMessage, type EventScene } from './conditions.ts';
import { parsePattern } from './patterns.ts';

export interface Hit {
  readonly id: number;
  readonly target: BreakpointTarget;
}

/** A moment at which breakpoints match: those that stop, and what those that write say. */
export interface Passing {
  readonly point: Point;
  readonly stops: readonly Hit[];
  readonly logs: readonly string[];
}

export interface Surroundings extends EventScene {
  /** Lines at which the model knows state to be written. */
  writeLines(file: string): readonly number[];
  knowsLaw(law: string): boolean;
  /** Ids of the laws broken at a point: newly, or at all. */
  broken(point: Point, newly: boolean): readonly string[];
}

interface Armed {
  readonly id: number;
  readonly target: BreakpointTarget;
  readonly filter: PointFilter;
  readonly verified: boolean;
  readonly message?: string;
  matches(point: Point, around: Surroundings): boolean;
  readonly hits?: HitTest;
  readonly says?: (point: Point, around: Surroundings) => string;
}

/** Matches of one breakpoint so far: its hit condition counts over the whole recording, whatever way one comes. */
interface Counted {
  readonly seqs: number[];
  through: number;
}

/** After so many candidates others get their turn, and a cancellation is heard. */
const BATCH = 500;

export class BreakpointSet {
  readonly #around: () => Surroundings;
  #armed: readonly Armed[] = [];
  #counted = new Map<number, Counted>();
  #next = 1;

  constructor(around: () => Surroundings) {
    this.#around = around;
  }

  get size(): number {
    return this.#armed.length;
  }

  /** What stops, not what only writes. */
  get stops(): readonly BreakpointTarget[] {
    return this.#armed.filter(({ says }) => !says).map(({ target }) => target);
  }

  set(kind: BreakpointKind, requests: readonly BreakpointRequest[], file?: string): readonly PlacedBreakpoint[] {
    const replaced = (one: Armed): boolean =>
      one.target.kind === kind && (one.target.kind !== 'source' || file === undefined || one.target.file === file);
    const placed = requests.map((request) => this.#arm(request));
    this.#armed = [...this.#armed.filter((one) => !replaced(one)), ...placed.filter((one) => one.verified)];
    for (const id of this.#counted.keys()) if (!this.#armed.some((one) => one.id === id)) this.#counted.delete(id);
    return placed.map(({ id, verified, message }) => ({ id, verified, ...(message !== undefined && { message }) }));
  }

  /**
   * The nearest stop strictly after or before a place. What is passed on the way is told to `passed`.
   * @throws Failure `cancelled`
   */
  async find(
    direction: Direction,
    from: number,
    work: Work,
    passed: (passing: Passing) => void,
  ): Promise<Passing | undefined> {
    const around = this.#around();
    const lanes = this.#armed.map((armed) => lane(armed, candidates(around.store, direction, from, armed.filter)));
    for (let tried = 1; ; tried++) {
      if (tried % BATCH === 0) await setImmediate();
      if (work.signal?.aborted) throw cancelled();
      const nearest = nearestOf(lanes, direction);
      if (!nearest) return undefined;
      const here = lanes.filter(({ at }) => at?.seq === nearest.seq);
      const passing = this.#passing(
        nearest,
        here.map(({ armed }) => armed),
        around,
      );
      if (passing) {
        passed(passing);
        if (passing.stops.length > 0) return passing;
      }
      for (const one of here) one.at = one.points.next().value ?? undefined;
    }
  }

  /** What breakpoints say of a point that has just been appended. */
  test(point: Point): Passing | undefined {
    const around = this.#around();
    const able = this.#armed.filter((armed) => mayMatch(armed.filter, point));
    return this.#passing(point, able, around);
  }

  #passing(point: Point, candidates: readonly Armed[], around: Surroundings): Passing | undefined {
    const stops: Hit[] = [];
    const logs: string[] = [];
    for (const armed of candidates) {
      if (!armed.matches(point, around)) continue;
      if (armed.hits && !armed.hits.holds(this.#count(armed, point.seq, around))) continue;
      if (armed.says) logs.push(armed.says(point, around));
      else stops.push({ id: armed.id, target: armed.target });
    }
    return stops.length + logs.length > 0 ? { point, stops, logs } : undefined;
  }

  /** How many matches there are up to and with this one. */
  #count(armed: Armed, seq: number, around: Surroundings): number {
    const counted = this.#counted.get(armed.id) ?? { seqs: [], through: 0 };
    this.#counted.set(armed.id, counted);
    for (const point of candidates(around.store, 'next', counted.through, armed.filter)) {
      if (point.seq > seq) break;
      counted.through = point.seq;
      if (armed.matches(point, around)) counted.seqs.push(point.seq);
    }
    const { seqs } = counted;
    return (seqs.at(-1) ?? -1) <= seq ? seqs.length : seqs.filter((one) => one <= seq).length;
  }

  #arm(request: BreakpointRequest): Armed {
    const { target } = request;
    const id = this.#next++;
    const refuse = (message: string): Armed => ({
      id,
      target,
      filter: {},
      verified: false,
      message,
      matches: () => false,
    });
    const around = this.#around();
    const what = watch(target, around);
    if (typeof what === 'string') return refuse(what);
    const condition = request.condition?.trim() ? compileCondition(request.condition) : undefined;
    if (condition && 'problem' in condition) return refuse(condition.problem);
    const hits = request.hitCondition?.trim() ? parseHitCondition(request.hitCondition) : undefined;
    if (request.hitCondition?.trim() && !hits) return refuse('A hit condition is a number, or >= 3, < 3, % 2.');
    const says = request.logMessage ? compileMessage(request.logMessage) : undefined;
    if (says && 'problem' in says) return refuse(says.problem);
    return {
      id,
      target,
      filter: what.filter,
      verified: true,
      ...(what.note !== undefined && { message: what.note }),
      matches: (point, scene) => what.test(point, scene) && (!condition || condition.run(point, scene)),
      ...(hits && { hits }),
      ...(says && { says: says.run }),
    };
  }
}

interface Watch {
  readonly filter: PointFilter;
  readonly note?: string;
  test(point: Point, around: Surroundings): boolean;
}

/** What a target watches, or why it cannot be watched. */
function watch(target: BreakpointTarget, around: Surroundings): Watch | string {
  switch (target.kind) {
    case 'data': {
      const { entity, attribute, id } = target;
      const object = id === undefined ? {} : { object: { entity, id } };
      return {
        filter: { kinds: ['event'], entity, attribute, ...object, companions: true },
        test: (point) => point.kind === 'event' && watches(target, point),
      };
    }
    case 'function': {
      const pattern = parsePattern(target.pattern, around.model);
      if (!pattern) return 'Write a transition (Order.status: paid -> cancelled) or the name of an event (OrderPaid).';
      const note = unknownIn(pattern.filter, around.model);
      return {
        filter: { ...pattern.filter, companions: true },
        test: (point) => point.kind === 'event' && pattern.test(point),
        ...(note !== undefined && { note }),
      };
    }
    case 'source': {
      const { file, line } = target;
      const lines = around.writeLines(file);
      const written = lines.includes(line) || around.store.next(-1, { source: { file, line }, companions: true });
      return {
        filter: { kinds: ['event'], source: { file, line }, companions: true },
        test: (point) => point.kind === 'event' && point.source?.file === file && point.source.line === line,
        ...(!written && { note: 'No state is known to be written on this line.' }),
      };
    }
    case 'law': {
      const { law } = target;
      if (law !== 'all' && law !== 'new' && !around.knowsLaw(law)) return `There is no law "${law}".`;
      return {
        filter: { kinds: ['event', 'snapshot'] },
        test: (point, scene) => {
          const broken = scene.broken(point, law !== 'all');
          return law === 'all' || law === 'new' ? broken.length > 0 : broken.includes(law);
        },
      };
    }
  }
}

function unknownIn(filter: PointFilter, model: Model): string | undefined {
  if (filter.entity === undefined) return undefined;
  const entity = model.entities.find((one) => one.name === filter.entity);
  if (!entity) return `The model has no entity ${filter.entity}.`;
  const known = entity.attributes.some((one) => one.name === filter.attribute);
  return known ? undefined : `${filter.entity} has no attribute ${filter.attribute}.`;
}

/** One breakpoint's way along the timeline. */
interface Lane {
  readonly armed: Armed;
  readonly points: Iterator<Point, void>;
  at: Point | undefined;
}

function lane(armed: Armed, points: Iterator<Point, void>): Lane {
  return { armed, points, at: points.next().value ?? undefined };
}

function nearestOf(lanes: readonly Lane[], direction: Direction): Point | undefined {
  let nearest: Point | undefined;
  for (const { at } of lanes) {
    if (at && (!nearest || (direction === 'next' ? at.seq < nearest.seq : at.seq > nearest.seq))) nearest = at;
  }
  return nearest;
}

// V in time: the points a cursor can stand at. One order (`seq`) for snapshots and events of one recording.
import type { Context, EventDocument, GoneState, NewState, SnapshotMethod, SourcePosition } from './documents.ts';
import type { Change, EntityRef } from './state.ts';
import type { Value } from './value.ts';

/** Microseconds since 1970-01-01 UTC: exact in a JavaScript number until the year 2255. */
export type Micros = number;

export interface StackFrame {
  readonly name: string;
  readonly source?: SourcePosition;
}

export type Consistency = 'consistent' | 'broken' | 'unknown';

/** A snapshot as the timeline keeps it; the raw bytes may be kept in a file or dropped. */
export interface SnapshotPoint {
  readonly kind: 'snapshot';
  readonly seq: number;
  readonly time: Micros;
  readonly id: string;
  readonly method: SnapshotMethod;
  readonly bytes: number;
  readonly pauseMs: number;
  readonly targetGrowthBytes?: number;
  readonly target?: string;
  readonly consistency: Consistency;
  /** Path of the kept raw snapshot, when it is kept. */
  readonly file?: string;
  readonly entities: number;
  readonly problems: number;
  /** Values that this snapshot could read and the one before could not, or the other way round: what is known changed, not the service. */
  readonly learned?: readonly Change[];
}

export type RecordingMethod = 'edit' | 'breakpoint' | 'snapshot';

export interface TraceContext {
  readonly traceId: string;
  readonly spanId?: string;
}

export interface EventPoint {
  readonly kind: 'event';
  readonly seq: number;
  /** Between two snapshots: the time of the later one; `since` is that of the earlier. */
  readonly time: Micros;
  readonly since?: Micros;
  readonly type?: string;
  readonly subject?: EntityRef;
  readonly object: EntityRef;
  readonly attribute?: string;
  readonly preState: Value | NewState;
  readonly postState: Value | GoneState;
  readonly context?: Context;
  readonly source?: SourcePosition;
  /** True where `source` or `type` was concluded from the only declared transition that fits, not recorded. */
  readonly likely?: boolean;
  readonly stack?: readonly StackFrame[];
  /** How it was seen: by an edited site, by a conditional breakpoint, or as the difference of two snapshots. */
  readonly method?: RecordingMethod;
  /** Where the program traces its requests (W3C Trace Context): lowercase hex ids of 16 and 8 bytes. */
  readonly trace?: TraceContext;
  /** The worker thread or cluster child it happened in; absent for the main thread of the target's own process. */
  readonly thread?: string;
  readonly observed: 'recorded' | 'between-snapshots';
  readonly target?: string;
  /** Ids of the laws that this event newly breaks. */
  readonly breaks?: readonly string[];
  /** What it does to the state. Absent in companions: further state attributes of one creation or removal. */
  readonly change?: Change;
}

/** A span in which nothing could be observed: debugger away, events lost. Nothing is drawn inside it. */
export interface GapPoint {
  readonly kind: 'gap';
  readonly seq: number;
  readonly time: Micros;
  readonly since: Micros;
  readonly lost?: number;
  readonly reason: string;
}

export type Point = SnapshotPoint | EventPoint | GapPoint;
/** A point before the store gave it its place in the order. */
export type NewPoint = Point extends infer P ? (P extends Point ? Omit<P, 'seq'> : never) : never;

/** A companion event is no place to stop at when stepping. */
export function isStop(point: Point): boolean {
  return point.kind !== 'event' || point.change !== undefined;
}

export function toIso(time: Micros): string {
  const seconds = Math.floor(time / 1e6);
  const micros = Math.round(time - seconds * 1e6);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`;
}

/** Reads an ISO time, with up to six digits of fraction; NaN if it is none. */
export function fromIso(text: string): Micros {
  const match = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/.exec(text);
  if (!match) return Number.NaN;
  const fraction = Number((match[2] ?? '').padEnd(6, '0').slice(0, 6));
  return Date.parse(`${match[1]}${match[3]}`) * 1000 + fraction;
}

export function eventDocument(event: EventPoint): EventDocument {
  const {
    seq,
    type,
    subject,
    object,
    attribute,
    preState,
    postState,
    context,
    source,
    observed,
    method,
    trace,
    thread,
  } = event;
  return {
    document: 'event',
    seq,
    timestamp: toIso(event.time),
    ...(type !== undefined && { type }),
    ...(subject && { subject: { entity: subject.entity, id: subject.id } }),
    object: { entity: object.entity, id: object.id },
    ...(attribute !== undefined && { attribute }),
    preState,
    postState,
    ...(context && { context }),
    ...(source && { source }),
    observed,
    ...(method && { method }),
    ...(trace && { trace }),
    ...(thread !== undefined && { thread }),
  };
}

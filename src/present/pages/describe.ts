// Points in words: one sentence for lists and announcements, one name for a stack frame, one row for tables.
import { showRef, showValue, type EventPoint, type Point, type SnapshotPoint, type Value } from '../../model/index.ts';
import type { Cursor, EventRow } from '../requests.ts';
import { pointOf, type Scene } from './scene.ts';

export const NOTHING_YET = 'Nothing has been observed yet';

/** Names by which programs call the state of a thing: with them, the sentence says the states alone. */
const STATE_NAME = /(status|state|phase|stage)$/i;
const LONGEST_VALUE = 40;
/** Lists up to this long are written out. */
const SHORT_LIST = 4;

export function isNew(end: EventPoint['preState'] | EventPoint['postState']): boolean {
  return typeof end === 'object' && end !== null && '$new' in end;
}

export function isGone(end: EventPoint['preState'] | EventPoint['postState']): boolean {
  return typeof end === 'object' && end !== null && '$gone' in end;
}

/** The value on one side of an event; undefined where there was, or will be, nothing. */
export function valueOf(end: EventPoint['preState'] | EventPoint['postState']): Value | undefined {
  return isNew(end) || isGone(end) ? undefined : (end as Value);
}

/** A value in a sentence: short lists written out, all else as the model shows it. */
export function shortValue(value: Value | undefined): string {
  if (typeof value === 'object' && value !== null && value.$type === 'list' && value.value.length <= SHORT_LIST) {
    const plain = value.value.every((item) => typeof item !== 'object' || item === null);
    if (plain) return `[${value.value.map((item) => showValue(item, LONGEST_VALUE)).join(', ')}]`;
  }
  return showValue(value, LONGEST_VALUE);
}

/** The point in one sentence: `Order 1042: paid -> shipped`. */
export function describePoint(point: Point): string {
  if (point.kind === 'snapshot') return describeSnapshot(point);
  if (point.kind === 'gap')
    return point.lost === undefined
      ? `Nothing observed: ${point.reason}`
      : `${point.lost} ${point.lost === 1 ? 'event' : 'events'} lost: ${point.reason}`;
  return `${showRef(point.object)}: ${describeChange(point)}`;
}

/** What happened to its object: `paid -> shipped`, `total 12 -> 15`. */
export function describeChange(event: EventPoint): string {
  const { attribute, preState, postState } = event;
  const itself = attribute === undefined || STATE_NAME.test(attribute) || isNew(preState) || isGone(postState);
  return `${itself ? '' : `${attribute} `}${describeStep(event)}`;
}

/** The name of a stack frame: `Order 1042 · status: paid -> shipped`. */
export function describeFrame(point: Point): string {
  if (point.kind !== 'event') return describePoint(point);
  const what = point.attribute === undefined ? '' : ` · ${point.attribute}`;
  return `${showRef(point.object)}${what}: ${describeStep(point)}`;
}

function describeStep(event: EventPoint): string {
  if (isNew(event.preState)) return withState('created', 'as', valueOf(event.postState));
  if (isGone(event.postState)) return withState('removed', 'from', valueOf(event.preState));
  return `${shortValue(valueOf(event.preState))} -> ${shortValue(valueOf(event.postState))}`;
}

/** A thing without a state is its own value, which says nothing here. */
function withState(what: string, word: string, state: Value | undefined): string {
  const plain = state !== undefined && (typeof state !== 'object' || state === null);
  return plain ? `${what} ${word} ${shortValue(state)}` : what;
}

const CONSISTENCY = { consistent: 'consistent', broken: 'laws broken', unknown: 'not checked' } as const;

function describeSnapshot({ id, method, pauseMs, consistency }: SnapshotPoint): string {
  return `Snapshot ${id} (${method}, ${Math.round(pauseMs)} ms, ${CONSISTENCY[consistency]})`;
}

export function eventRow(point: Point): EventRow {
  const { seq, time, kind } = point;
  const text = describePoint(point);
  if (point.kind === 'snapshot') return { seq, time, kind, text };
  if (point.kind === 'gap') {
    const { since, lost } = point;
    return { seq, time, since, kind, text, ...(lost !== undefined && { lost }) };
  }
  const { since, type, object, preState, postState, subject, source, likely, observed, breaks } = point;
  const { method, trace, thread, target } = point;
  return {
    ...{ seq, time, kind, text, ref: { entity: object.entity, id: object.id }, observed },
    ...(since !== undefined && { since }),
    ...(type !== undefined && { type }),
    ...(!isNew(preState) && { before: shortValue(valueOf(preState)) }),
    ...(!isGone(postState) && { after: shortValue(valueOf(postState)) }),
    ...(subject && { subject }),
    ...(source && { source }),
    ...(likely !== undefined && { likely }),
    ...(breaks && { breaks }),
    ...(method && { method }),
    ...(trace && { trace }),
    ...(thread !== undefined && { thread }),
    ...(target !== undefined && { target }),
  };
}

export function cursorOf(scene: Scene): Cursor {
  const { store, live, unseen = 0 } = scene;
  const newer = unseen > 0 ? { newer: unseen } : {};
  const point = pointOf(scene);
  const { stops } = store.summary();
  if (!point) return { seq: 0, time: 0, ordinal: 0, of: stops, live, text: NOTHING_YET, ...newer };
  const { seq, time } = point;
  return { seq, time, ordinal: store.ordinal(seq), of: stops, live, text: describePoint(point), ...newer };
}

// The events of a timeline as a batch of CloudEvents 1.0 in JSON (application/cloudevents-batch+json).
// Spans in which nothing could be seen are events of their own: a reader who counts must know of them.
import {
  eventDocument,
  showRef,
  toIso,
  type EventPoint,
  type GapPoint,
  type Model,
  type Point,
} from '../../model/index.ts';
import { activityOf } from './activity.ts';
import { cleanText } from './text.ts';

export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly datacontenttype: 'application/json';
  readonly sequence: string;
  readonly traceparent?: string;
  readonly data: object;
}

const GAP_TYPE = 'semstate.gap';
const NO_TARGET = 'urn:semstate:timeline';

export function* cloudEventsOf(points: Iterable<Point>, model: Model | undefined): Generator<CloudEvent, undefined> {
  for (const point of points) {
    if (point.kind === 'event') yield cloudEvent(point, model);
    if (point.kind === 'gap') yield gapEvent(point);
  }
  return undefined;
}

function cloudEvent(event: EventPoint, model: Model | undefined): CloudEvent {
  const { seq, time, object, type, target, trace } = event;
  return {
    ...head(seq, time, target),
    type: cleanText(type ?? '') || cleanText(activityOf(event, model)),
    subject: cleanText(showRef(object)) || '(empty)',
    datacontenttype: 'application/json',
    sequence: sequenceOf(seq),
    ...(trace?.spanId !== undefined && { traceparent: `00-${trace.traceId}-${trace.spanId}-01` }),
    data: eventDocument(event),
  };
}

function gapEvent({ seq, time, since, lost, reason }: GapPoint): CloudEvent {
  return {
    ...head(seq, time, undefined),
    type: GAP_TYPE,
    datacontenttype: 'application/json',
    sequence: sequenceOf(seq),
    data: { since: toIso(since), reason, ...(lost !== undefined && { lost }) },
  };
}

function head(
  seq: number,
  time: number,
  target: string | undefined,
): Pick<CloudEvent, 'specversion' | 'id' | 'source' | 'time'> {
  return { specversion: '1.0', id: String(seq), source: sourceOf(target), time: toIso(time) };
}

/** A URI reference; two events of one source differ in their id, so what cannot stand in one is encoded. */
function sourceOf(target: string | undefined): string {
  if (target === undefined || target === '') return NO_TARGET;
  const [scheme = '', ...rest] = target.toWellFormed().split(':');
  return /^[a-z][a-z0-9+.-]*$/i.test(scheme) && rest.length > 0
    ? `${scheme}:${encodeURI(rest.join(':')).replace(/[[\]]/g, encodeURIComponent)}`
    : `urn:semstate:target:${encodeURIComponent(target.toWellFormed())}`;
}

/** Texts that sort as the numbers do. */
function sequenceOf(seq: number): string {
  return String(seq).padStart(16, '0');
}

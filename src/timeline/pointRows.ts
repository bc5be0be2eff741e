// Points as rows and back. Columns hold what is searched for; the rest is JSON text in `body`.
import { canonicalText, isStop, sameRef } from '../model/index.ts';
import type { Change, EntityRef, EventPoint, NewPoint, Point, Value } from '../model/index.ts';
import type { Database, Row } from './database.ts';
import { fromText, toText } from './exactJson.ts';
import { wrongPoint } from './storeFailure.ts';
import type { Vocabulary } from './vocabulary.ts';

const KINDS = ['event', 'snapshot', 'gap'] as const;

export function kindNumber(kind: Point['kind']): number {
  return KINDS.indexOf(kind);
}

const DELTA = { none: 0, ofEvent: 1, inBody: 2, learned: 3 } as const;

/** What a point does to the state, and how to take it back; `undo` in the order it has to be applied. */
export interface Delta {
  readonly seq: number;
  readonly changes: readonly Change[];
  /** Absent: the inverse of the changes. */
  readonly undo?: readonly Change[];
}

interface Body {
  readonly rest?: object;
  readonly change?: Change;
  readonly undo?: readonly Change[];
}

/** Columns of a point, with the reference of its object read beside them. */
export const COLUMNS = `p.seq, p.kind, p.time, p.since, p.target, p.attribute, p.type, p.file, p.line, p.delta, p.body,
  o.entity AS objectEntity, o.key AS objectKey`;
export const FROM = 'points p';
export const WITH_OBJECT = 'LEFT JOIN refs o ON o.id = p.object';

const INSERT = `INSERT INTO points
  (seq, kind, time, since, target, object, entity, attribute, type, file, line, stop, ordinal, delta, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Adds the row; returns the length of what it says about the state. */
export function insertPoint(
  database: Database,
  words: Vocabulary,
  point: Point,
  ordinal: number,
  undo: readonly Change[] | undefined,
): number {
  const { kind, seq, time } = point;
  const since = kind === 'snapshot' ? undefined : point.since;
  const target = kind === 'gap' ? undefined : point.target;
  let [object, entity, attribute, type, file, line]: (number | undefined)[] = [];
  let delta: number = DELTA.none;
  const body: { -readonly [field in keyof Body]: Body[field] } = { rest: restOf(point) };
  if (kind === 'event') {
    object = words.addRef(point.object);
    entity = words.addName(point.object.entity);
    if (point.attribute !== undefined) attribute = words.addName(point.attribute);
    if (point.type !== undefined) type = words.addName(point.type);
    if (point.source) {
      file = words.addName(point.source.file);
      line = Number.isSafeInteger(point.source.line) ? point.source.line : 0;
    }
    if (point.change) {
      delta = saysItsChange(point, point.change) ? DELTA.ofEvent : DELTA.inBody;
      if (delta === DELTA.inBody) body.change = point.change;
    }
  } else if (kind === 'snapshot' && point.learned && point.learned.length > 0) delta = DELTA.learned;
  if (undo) body.undo = undo;
  const text = toText(body);
  database.run(
    INSERT,
    ...[seq, kindNumber(kind), time, since ?? null, target === undefined ? null : words.addName(target)],
    ...[object ?? null, entity ?? null, attribute ?? null, type ?? null, file ?? null, line ?? null],
    ...[isStop(point) ? 1 : 0, ordinal, delta, text],
  );
  return delta === DELTA.none ? 0 : text.length;
}

/** What the columns do not hold. */
function restOf(point: Point): object {
  switch (point.kind) {
    case 'snapshot': {
      const { kind: _, seq: _s, time: _t, target: _g, ...rest } = point;
      return rest;
    }
    case 'gap': {
      const { kind: _, seq: _s, time: _t, since: _i, ...rest } = point;
      return rest;
    }
    case 'event': {
      const { kind: _, seq: _s, time: _t, since: _i, target: _g, object: _o, attribute: _a, type: _y, ...rest } = point;
      const { change: _c, source, ...kept } = rest;
      // The column is the line to search for; the whole position is kept only where it says more.
      return source && (source.column !== undefined || !Number.isSafeInteger(source.line)) ? { ...kept, source } : kept;
    }
  }
}

/** True where the change can be read off the event itself, as it nearly always can: then it is not written twice. */
function saysItsChange(event: EventPoint, change: Change): boolean {
  return (
    change.kind === 'attribute' &&
    change.link === undefined &&
    change.attribute === event.attribute &&
    change.before !== undefined &&
    change.after !== undefined &&
    canonicalText(change.before) === canonicalText(event.preState) &&
    canonicalText(change.after) === canonicalText(event.postState)
  );
}

export function pointOf(row: Row, words: Vocabulary): Point {
  const body = bodyOf(row);
  const seq = Number(row['seq']);
  const time = Number(row['time']);
  const since = row['since'] === null ? {} : { since: Number(row['since']) };
  const target = row['target'] === null ? {} : { target: words.nameOf(Number(row['target'])) };
  const kind = KINDS[Number(row['kind'])];
  const rest = body.rest ?? {};
  // The rows were written from points by `insertPoint`; a damaged one fails in parsing or at its names.
  if (kind !== 'event') return { kind, seq, time, ...since, ...target, ...rest } as Point;
  const object = refOf(row, words);
  const event: EventPoint = {
    kind,
    seq,
    time,
    ...since,
    ...target,
    object,
    ...(row['attribute'] !== null && { attribute: words.nameOf(Number(row['attribute'])) }),
    ...(row['type'] !== null && { type: words.nameOf(Number(row['type'])) }),
    ...(row['file'] !== null && { source: { file: words.nameOf(Number(row['file'])), line: Number(row['line']) } }),
    ...(rest as Pick<EventPoint, 'preState' | 'postState' | 'observed'>),
  };
  const change = changeOf(row, body, object, words);
  return change ? { ...event, change } : event;
}

/** Only what the row does to the state: for replaying many. */
export function deltaOf(row: Row, words: Vocabulary): Delta {
  const body = bodyOf(row);
  const undo = body.undo && { undo: body.undo };
  const seq = Number(row['seq']);
  if (Number(row['delta']) === DELTA.learned) {
    const { learned } = (body.rest ?? {}) as { learned?: readonly Change[] };
    return { seq, changes: learned ?? [], ...undo };
  }
  const change = changeOf(row, body, refOf(row, words), words);
  return { seq, changes: change ? [change] : [], ...undo };
}

function changeOf(row: Row, body: Body, ref: EntityRef, words: Vocabulary): Change | undefined {
  if (Number(row['delta']) !== DELTA.ofEvent) return body.change;
  // `saysItsChange` held when the row was written: neither is NEW or GONE.
  const { preState, postState } = body.rest as { readonly preState: Value; readonly postState: Value };
  return {
    kind: 'attribute',
    ref,
    attribute: words.nameOf(Number(row['attribute'])),
    before: preState,
    after: postState,
  };
}

function refOf(row: Row, words: Vocabulary): EntityRef {
  const id = fromText(String(row['objectKey']));
  if (typeof id !== 'string' && typeof id !== 'number') throw new SyntaxError('the reference of an event is not there');
  return { entity: words.nameOf(Number(row['objectEntity'])), id };
}

function bodyOf(row: Row): Body {
  const body = fromText(String(row['body']));
  if (typeof body !== 'object' || body === null) throw new SyntaxError('a point has no content');
  return body;
}

/** Refuses what could not be found again, before anything is written. */
export function checkPoint(point: NewPoint): void {
  if (!Number.isSafeInteger(point.time)) throw wrongPoint(`its time is ${point.time}`);
  if ('since' in point && point.since !== undefined && !Number.isSafeInteger(point.since))
    throw wrongPoint(`its time begins at ${point.since}`);
  if (point.kind !== 'event' || !point.change) return;
  const changed =
    point.change.kind === 'created' || point.change.kind === 'removed' ? point.change.instance : point.change.ref;
  if (!sameRef(changed, point.object)) throw wrongPoint('it changes another entity than its object');
}

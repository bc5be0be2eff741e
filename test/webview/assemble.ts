// From drafts of events to a recording: one order for all points, and the stays of every entity.
import type { EventRow, GapMark, SnapshotMark } from '../../src/present/index.ts';
import { keyOf, START, type Draft, type Recorded, type Recording } from './recording.ts';
import { TYPES } from './shopTypes.ts';

/** Gives every point its place in the one order, and every entity its stays. */
export function assemble(parts: {
  readonly kept: readonly Draft[];
  readonly entities: ReadonlyMap<string, Recorded>;
  readonly gaps: readonly GapMark[];
  readonly snapshots: readonly SnapshotMark[];
  readonly last: number;
}): Recording {
  const events: EventRow[] = [];
  const snapshots: SnapshotMark[] = [];
  const waiting = [...parts.snapshots];
  for (const draft of parts.kept) {
    for (let next = waiting[0]; next && next.time <= draft.time; next = waiting[0]) {
      waiting.shift();
      const mark = { ...next, seq: events.length + 1 };
      snapshots.push(mark);
      events.push({
        seq: mark.seq,
        time: mark.time,
        kind: 'snapshot',
        text: `Snapshot ${mark.id} (${mark.method}, ${mark.consistency})`,
      });
    }
    const seq = events.length + 1;
    const { ref, attribute, before, after, subject, type, time, breaks } = draft;
    const [file = '', line = '1'] = draft.source.split(':');
    const spec = TYPES.find((one) => one.entity === ref.entity);
    const itself = attribute === spec?.attribute ? '' : `${attribute} `;
    const text = `${ref.entity} ${ref.id}: ${before === undefined ? `created as ${after}` : `${itself}${before} -> ${after}`}`;
    events.push({
      seq,
      time,
      kind: 'event',
      type,
      ref,
      text,
      source: { file, line: Number(line) },
      observed: 'recorded',
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      ...(subject && { subject }),
      ...(breaks !== undefined && { breaks: [breaks] }),
    });
    const object = parts.entities.get(keyOf(ref));
    object?.own.push(seq - 1);
    if (subject) parts.entities.get(keyOf(subject))?.touched.push(seq - 1);
    if (object && after !== undefined) object.values[attribute] = after;
    if (!object || spec?.attribute !== attribute || after === undefined) continue;
    const open = object.stays.pop();
    if (open) object.stays.push({ ...open, to: time });
    object.stays.push({ state: after, from: time });
  }
  return {
    first: START,
    last: parts.last,
    types: TYPES,
    entities: parts.entities,
    events,
    snapshots,
    gaps: parts.gaps,
  };
}

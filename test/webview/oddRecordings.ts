// Recordings that are hardly any: attached with nothing seen yet, a single event, and one that is full of holes.
import { keyOf, record, START, type Recorded, type Recording } from './recording.ts';

const MINUTE = 60e6;

/** The program is known, and nothing of it was seen. */
export function nothing(): Recording {
  const { types } = record(300, 46);
  return { first: START, last: START, types, entities: new Map(), events: [], snapshots: [], gaps: [] };
}

/** One entity, one event. */
export function one(): Recording {
  const { types, events, entities } = record(300, 46);
  const row = events.find((each) => each.type === 'OrderOpened');
  const of = row?.ref && entities.get(keyOf(row.ref));
  if (!row?.ref || !of) throw new Error('the story has no order');
  const single: Recorded = {
    ...{ ref: row.ref, own: [0], touched: [], links: [], broken: [], values: { status: 'draft' } },
    stays: [{ state: 'draft', from: row.time }],
  };
  const { subject: _, ...alone } = row;
  return {
    ...{ first: row.time, last: row.time, types, snapshots: [], gaps: [] },
    entities: new Map([[keyOf(row.ref), single]]),
    events: [{ ...alone, seq: 1 }],
  };
}

/** The debugger was away every few minutes, and lost events where it was there. */
export function torn(): Recording {
  const whole = record(380, 46);
  const gaps = Array.from({ length: 9 }, (_, n) => {
    const since = START + (3 + 5 * n) * MINUTE;
    const time = since + (n % 2 === 0 ? 2 : 0.1) * MINUTE;
    return n % 2 === 0
      ? { since, time, reason: 'the debugger was away' }
      : { since, time, reason: 'the buffer was full', lost: 7 * n };
  });
  const unseen = (time: number): boolean => gaps.some((gap) => time > gap.since && time < gap.time);
  const events = whole.events.map((row) =>
    unseen(row.time) ? { ...row, observed: 'between-snapshots' as const, likely: true } : row,
  );
  const snapshots = whole.snapshots.map((mark, n) => ({
    ...mark,
    consistency: (['unknown', 'broken', 'consistent'] as const)[n % 3] ?? 'unknown',
  }));
  return { ...whole, events, snapshots, gaps };
}

// What the story tells, in order: events of the focus, transitions of the entities beside it, snapshots and gaps among them.
import type { EntityRef, EventRow, GapMark, Lane, Micros, Overview, SnapshotMark } from './contract.ts';
import { sameRef } from './format.ts';

export type StoryItem =
  | {
      readonly kind: 'event';
      readonly time: Micros;
      readonly seq: number;
      readonly row: EventRow;
      readonly changesState: boolean;
    }
  | { readonly kind: 'snapshot'; readonly time: Micros; readonly seq: number; readonly mark: SnapshotMark }
  | { readonly kind: 'gap'; readonly time: Micros; readonly seq: undefined; readonly gap: GapMark };

export function storyItems(
  rails: readonly Lane[],
  focus: EntityRef | undefined,
  own: readonly EventRow[],
  overview: Overview,
): StoryItem[] {
  const events = new Map<number, Extract<StoryItem, { kind: 'event' }>>();
  const transitions = new Set(
    rails.flatMap((lane) => lane.marks.filter((mark) => mark.kind !== 'change').map((mark) => mark.seq)),
  );
  for (const row of own)
    if (row.kind === 'event')
      events.set(row.seq, { kind: 'event', time: row.time, seq: row.seq, row, changesState: transitions.has(row.seq) });
  const began = Math.min(...own.map((row) => row.time));
  for (const { ref, marks, segments } of rails) {
    if (sameRef(ref, focus)) continue;
    for (const { seq, time, text, kind } of marks) {
      if (kind === 'change' || events.has(seq) || time < began) continue;
      events.set(seq, {
        kind: 'event',
        time,
        seq,
        row: { seq, time, kind: 'event', ref, text, ...sidesAt(segments, time) },
        changesState: true,
      });
    }
  }
  const from = began - 1;
  const items: StoryItem[] = [
    ...events.values(),
    ...overview.snapshots
      .filter((mark) => mark.time >= from)
      .map((mark) => ({ kind: 'snapshot', time: mark.time, seq: mark.seq, mark }) as const),
    ...overview.gaps
      .filter((gap) => gap.time >= from)
      .map((gap) => ({ kind: 'gap', time: gap.since, seq: undefined, gap }) as const),
  ];
  return items.sort((a, b) => a.time - b.time || (a.seq ?? 0) - (b.seq ?? 0));
}

/** From which state to which, as the intervals around a moment have it. */
function sidesAt(segments: Lane['segments'], time: Micros): { readonly before?: string; readonly after?: string } {
  const before = segments.find((one) => one.to === time && !one.unobserved)?.state;
  const after = segments.find((one) => one.from === time && !one.unobserved)?.state;
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

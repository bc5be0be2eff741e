// The life of one entity as a table: what happened to it, when, by which event, at which line.
import type { EntityRef, EventPoint } from '../model/index.ts';
import { describePoint } from '../present/index.ts';
import type { TimelineStore } from '../session/index.ts';
import { clockTime, table } from './text.ts';

export function describeLife(store: TimelineStore, ref: EntityRef): string {
  const events = store.life(ref);
  if (events.length === 0) return `Nothing was observed of ${ref.entity} ${ref.id}.\n`;
  return table(['#', 'WHEN', 'WHAT', 'EVENT', 'SOURCE'], events.map(row));
}

function row(event: EventPoint): string[] {
  const { seq, time, since, type, source, likely } = event;
  const guess = likely ? ' (likely)' : '';
  return [
    String(seq),
    since === undefined ? clockTime(time) : `${clockTime(since)} .. ${clockTime(time)}`,
    describePoint(event),
    type === undefined ? '' : `${type}${guess}`,
    source ? `${source.file}:${source.line}` : '',
  ];
}

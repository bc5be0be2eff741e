// The event at the cursor and those of other entities in its trace, as lines between their lanes: what came before it, what after.
import type { Details, Micros } from './contract.ts';
import { svg } from './elements.ts';
import { refKey, sameRef } from './format.ts';
import { barOf, type LaneRow } from './lanePicture.ts';

export function traceLinks(
  details: Details | undefined,
  cursorSeq: number | undefined,
  rows: readonly LaneRow[],
  x: (time: Micros) => number,
  width: number,
): SVGElement[] {
  const event = details?.event;
  if (!event?.ref || event.seq !== cursorSeq) return [];
  const { ref } = event;
  const own = rows.find((row) => sameRef(row.lane.ref, ref));
  if (!own) return [];
  const byKey = new Map(rows.map((row) => [refKey(row.lane.ref), row]));
  const middle = (row: LaneRow): number => barOf(row).top + barOf(row).height / 2;
  const here = { x: x(event.time), y: middle(own) };
  return [event.cause, ...event.effects].flatMap((other) => {
    const row = other?.ref && byKey.get(refKey(other.ref));
    if (!other || !row || row === own) return [];
    const there = { x: x(other.time), y: middle(row) };
    const [from, to] = other === event.cause ? [there, here] : [here, there];
    if ((from.x < 0 && to.x < 0) || (from.x > width && to.x > width)) return [];
    const bend = Math.max(12, (to.x - from.x) / 2);
    const [a, b] = [`${from.x + bend} ${from.y}`, `${to.x - bend} ${to.y}`];
    return [
      svg('path', {
        class: 'traceLink',
        d: `M${from.x} ${from.y}C${a} ${b} ${to.x} ${to.y}`,
        fill: 'none',
        stroke: 'var(--fg)',
        'stroke-width': 1.4,
        'stroke-dasharray': other === event.cause ? undefined : '4 3',
      }),
      svg('circle', { cx: to.x, cy: to.y, r: 3, fill: 'var(--fg)' }),
    ];
  });
}

// The steps of the answer on the lanes, with the numbers they have in Why; those too near to each other share one badge.
import type { Micros, StepRow } from './contract.ts';
import { svg, type Child } from './elements.ts';
import { refKey } from './format.ts';
import { barOf, type LaneRow } from './lanePicture.ts';

/** Two badges nearer than this would cover each other. */
const APART = 19;
const HEIGHT = 15;

export function stepBadges(
  steps: readonly StepRow[],
  lanes: readonly LaneRow[],
  x: (time: Micros) => number,
  width: number,
): Child {
  const rows = new Map(lanes.map((row) => [refKey(row.lane.ref), row]));
  const badges: { row: LaneRow; x: number; numbers: number[] }[] = [];
  const placed = steps
    .map((step, at) => ({ row: step.ref && rows.get(refKey(step.ref)), x: x(step.time), number: at + 1 }))
    .sort((a, b) => a.x - b.x);
  for (const { row, x: place, number } of placed) {
    if (!row || place < -8 || place > width + 8) continue;
    const before = badges.findLast((badge) => badge.row === row);
    if (before && place - before.x < APART) before.numbers.push(number);
    else badges.push({ row, x: place, numbers: [number] });
  }
  return badges.map(({ row, x: place, numbers }) => {
    const text = numbersText(numbers);
    const size = text.length > 1 ? 9 + text.length * 6 : HEIGHT;
    const left = Math.min(width - size, Math.max(0, place - size / 2));
    const top = barOf(row).top - 8;
    return [
      svg('rect', { class: 'badge', x: left, y: top, width: size, height: HEIGHT, rx: HEIGHT / 2 }),
      svg('text', { class: 'badgeText', x: left + size / 2, y: top + 11, 'text-anchor': 'middle' }, text),
    ];
  });
}

/** `2–3` where they follow each other, else `1, 4`: what explains most need not have happened last. */
function numbersText(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [first = 0, last = first] = [sorted[0], sorted.at(-1)];
  if (sorted.length === 1) return String(first);
  return last - first === sorted.length - 1 ? `${first}–${last}` : sorted.join(', ');
}

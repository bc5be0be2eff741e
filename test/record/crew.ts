// What a child of the crew logs of itself, and whether that is what the timeline has of it.
import assert from 'node:assert/strict';
import type { EventPoint, Point } from '../../src/model/index.ts';
import { eventsOf, line } from './session.ts';

export interface Logged {
  /** Microseconds. */
  readonly time: number;
  readonly line: string;
}

/** A gap's beginning is known to a hundredth of a second. */
const HUNDREDTH = 20_000;

/**
 * Everything of the log is told, once and in its order; what is not told lies in a gap of this child, or in one in which the recorder
 * did not ask in time, which happens where the machine is too busy. @param span of the log that counts @returns how much was told
 */
export function assertTold(
  points: readonly Point[],
  pid: number,
  log: readonly Logged[],
  { since = -Infinity, until = Infinity }: { readonly since?: number; readonly until?: number } = {},
): number {
  const told = linesOf(eventsOf(points), pid);
  const lines = new Set(told);
  assert.equal(lines.size, told.length, `child ${pid}: told twice`);
  assert.deepEqual(
    told,
    log.flatMap((each) => (lines.has(each.line) ? [each.line] : [])),
    `child ${pid}`,
  );
  const gaps = points.filter((point) => point.kind === 'gap');
  const own = gaps.filter(({ reason }) => !reason.startsWith('child ') || reason.startsWith(`child ${pid} `));
  const untold = log.filter((each) => !lines.has(each.line) && each.time > since && each.time < until);
  assert.deepEqual(
    untold.filter(({ time }) => !own.some((gap) => time >= gap.since - HUNDREDTH && time <= gap.time)),
    [],
    `child ${pid}: ${JSON.stringify(gaps)}`,
  );
  return told.length;
}

export function linesOf(events: readonly EventPoint[], pid: number): string[] {
  const own = ` in child ${pid}`;
  return events.filter(({ thread }) => thread === `child ${pid}`).map((event) => line(event).replace(own, ''));
}

export function assertInOrder(points: readonly Point[]): void {
  const times = eventsOf(points).map(({ time }) => time);
  assert.ok(
    times.every((time, n) => n === 0 || time >= (times[n - 1] ?? 0)),
    'out of order',
  );
}

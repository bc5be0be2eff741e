// Counts of the whole timeline, kept in one row so that nobody has to walk it.
import { isStop, type Point } from '../model/index.ts';
import type { Database } from './database.ts';

export interface Totals {
  readonly events: number;
  readonly stops: number;
  readonly snapshots: number;
  readonly lost: number;
  /** By how much at most a time steps back behind an earlier point's, microseconds. */
  readonly disorder: number;
  /** The greatest time so far. */
  readonly latest: number;
}

export function totalsOf(database: Database): Totals {
  const row = database.get('SELECT * FROM totals');
  const number = (name: string): number => Number(row?.[name] ?? 0);
  return {
    events: number('events'),
    stops: number('stops'),
    snapshots: number('snapshots'),
    lost: number('lost'),
    disorder: number('disorder'),
    latest: number('latest'),
  };
}

export function saveTotals(database: Database, totals: Totals): void {
  const { events, stops, snapshots, lost, disorder, latest } = totals;
  database.run(
    'UPDATE totals SET events = ?, stops = ?, snapshots = ?, lost = ?, disorder = ?, latest = ?',
    ...[events, stops, snapshots, lost, disorder, latest],
  );
}

/** An event counts once, with its companions. */
export function addTotals(totals: Totals, point: Point): Totals {
  const stop = isStop(point) ? 1 : 0;
  return {
    events: totals.events + (point.kind === 'event' ? stop : 0),
    stops: totals.stops + stop,
    snapshots: totals.snapshots + (point.kind === 'snapshot' ? 1 : 0),
    lost: totals.lost + (point.kind === 'gap' ? (point.lost ?? 0) : 0),
    disorder: totals.stops === 0 ? 0 : Math.max(totals.disorder, totals.latest - point.time),
    latest: totals.stops === 0 ? point.time : Math.max(totals.latest, point.time),
  };
}

// The list of events: any part of it by its place, so that a list of a million rows scrolls like one of ten.
import type { PointFilter } from '../../timeline/index.ts';
import type { Arguments, Result } from '../requests.ts';
import { eventRow } from './describe.ts';
import type { Scene } from './scene.ts';

export const MOST_ROWS = 500;

/** `around`: a seq that the page is to hold, in its middle where there is room; it overrides `offset`. */
export function eventsPage(scene: Scene, args: Arguments<'semantic/events'>): Result<'semantic/events'> {
  const { store } = scene;
  const filter: PointFilter = args.ref
    ? { object: args.ref }
    : args.entity !== undefined
      ? { entity: args.entity }
      : {};
  const limit = clamp(args.limit, 0, MOST_ROWS);
  const { total } = store.page(filter, 0, 0);
  const wished =
    args.around === undefined ? args.offset : rankOf(scene, filter, args.around) - 1 - Math.floor(limit / 2);
  const offset = clamp(wished, 0, Math.max(0, total - (args.around === undefined ? 0 : limit)));
  return { rows: store.page(filter, offset, limit).points.map(eventRow), offset, total };
}

/** How many matching stops are at or before a place. */
function rankOf({ store }: Scene, filter: PointFilter, seq: number): number {
  if (filter.object === undefined && filter.entity === undefined) return store.ordinal(seq);
  const last = store.previous(seq + 1, filter);
  return last ? store.page({ ...filter, to: last.time }, 0, 0).total : 0;
}

export function clamp(value: number | undefined, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.floor(value !== undefined && Number.isFinite(value) ? value : least)));
}

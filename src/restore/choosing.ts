// Which point to go back to, and which checkpoint leads there. Pure but for the timeline that is asked.
import { Failure, fromIso, toIso, type Point } from '../model/index.ts';
import type { TimelineStore } from '../timeline/index.ts';
import { noCheckpoint } from './failures.ts';
import type { StoredCheckpoint } from './manifest.ts';

export const LAST_CONSISTENT = 'last-consistent';

export interface Choice {
  readonly checkpoint: StoredCheckpoint;
  /** The point of the checkpoint. */
  readonly point: Point;
  /** The point asked for, and how many changes lie between the checkpoint and it: those are not made again. */
  readonly asked: Point;
  readonly changesAfter: number;
}

/**
 * The last checkpoint at or before the place; of `last-consistent`, the last in which every law held.
 * @param place `last-consistent`, a number, an ISO time, or counted from the end
 * @throws Failure `no-checkpoint`, `bad-place`, `no-such-point`
 */
export function chooseCheckpoint(
  store: TimelineStore,
  checkpoints: readonly StoredCheckpoint[],
  place: string,
): Choice {
  const held = checkpoints.flatMap((checkpoint) => {
    const point = store.point(checkpoint.manifest.seq);
    return point ? [{ checkpoint, point }] : [];
  });
  if (place === LAST_CONSISTENT) {
    const last = held.findLast(({ point }) => point.kind === 'snapshot' && point.consistency === 'consistent');
    if (!last) throw noCheckpoint(store.file, 'in which every law held');
    return { ...last, asked: last.point, changesAfter: 0 };
  }
  const asked = placeIn(store, place);
  const last = held.findLast(({ point }) => point.seq <= asked.seq);
  if (!last) throw noCheckpoint(store.file, `at or before point ${asked.seq}`);
  return { ...last, asked, changesAfter: changesBetween(store, last.point.seq, asked.seq) };
}

function placeIn(store: TimelineStore, place: string): Point {
  const last = store.summary().last?.seq ?? 0;
  const time = fromIso(place);
  const found = /^\d+$/.test(place)
    ? store.point(Number(place))
    : /^-\d+$/.test(place)
      ? store.point(last + 1 + Number(place))
      : Number.isNaN(time)
        ? undefined
        : store.at(time);
  if (found) return found;
  const isPlace = /^-?\d+$/.test(place) || !Number.isNaN(time);
  throw isPlace
    ? new Failure('no-such-point', `There is no point at ${place} in ${store.file}.`, `Points go from 1 to ${last}.`)
    : new Failure(
        'bad-place',
        `"${place}" is no point to go back to.`,
        `Give ${LAST_CONSISTENT}, the number of a point, or a time such as ${toIso(1_772_361_012_500_000)}.`,
      );
}

function changesBetween(store: TimelineStore, from: number, to: number): number {
  let count = 0;
  for (
    let point = store.next(from, { kinds: ['event'] });
    point && point.seq <= to;
    point = store.next(point.seq, { kinds: ['event'] })
  )
    count++;
  return count;
}

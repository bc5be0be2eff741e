// When a value was first seen that no event brought: by a snapshot, the one at which the recording began or a later one.
import { isMissing, type EntityRef, type Micros } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import { stateValue } from './machines.ts';

/**
 * The time of the first snapshot before a place at which the attribute could be read; undefined where none could.
 * Before the first change of an attribute, what was read once stays readable, so a binary search finds it.
 */
export function firstSighting(
  store: TimelineStore,
  ref: EntityRef,
  attribute: string,
  before: number,
): Micros | undefined {
  const snapshots = { kinds: ['snapshot'] as const };
  const seen = (seq: number): boolean => {
    const instance = store.instanceAt(ref, seq);
    const value = instance && stateValue(instance, attribute);
    return value !== undefined && !isMissing(value);
  };
  let [low, high] = [0, store.page(snapshots, 0, 0).total];
  let found: Micros | undefined;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const snapshot = store.page(snapshots, middle, 1).points[0];
    if (!snapshot || snapshot.seq > before || seen(snapshot.seq)) {
      if (snapshot && snapshot.seq <= before) found = snapshot.time;
      high = middle;
    } else low = middle + 1;
  }
  return found;
}

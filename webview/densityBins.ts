// Counts lanes into equal bins of time: changes per bin, and how many entities are in each state. Pure.
import type { Lane, Micros } from './contract.ts';

export interface TypeBins {
  readonly from: Micros;
  readonly step: Micros;
  readonly rate: Float64Array;
  /** For each state, how many entities were in it during each bin. */
  readonly states: Map<string, Float64Array>;
  read: number;
  of: number;
}

const BINS = 400;

export function emptyBins(from: Micros, to: Micros): TypeBins {
  const step = Math.max(1, (to - from) / BINS);
  return { from, step, rate: new Float64Array(BINS), states: new Map(), read: 0, of: 0 };
}

export function countLanes(bins: TypeBins, lanes: readonly Lane[], last: Micros): void {
  const place = (time: Micros) => Math.max(0, Math.min(BINS - 1, Math.floor((time - bins.from) / bins.step)));
  for (const lane of lanes) {
    for (const { time } of lane.marks) bins.rate[place(time)] = (bins.rate[place(time)] ?? 0) + 1;
    for (const { state, from, to, unobserved } of lane.segments) {
      if (unobserved) continue;
      let row = bins.states.get(state);
      if (!row) bins.states.set(state, (row = new Float64Array(BINS)));
      const end = place(to ?? last);
      for (let at = place(from); at < Math.max(end, place(from) + 1); at++) row[at] = (row[at] ?? 0) + 1;
      if (to === undefined) row[BINS - 1] = (row[BINS - 1] ?? 0) + 1;
    }
  }
}

// How many events may wait in a process, by the memory that it has left. Pure.
import { MOST_EVENTS } from './probeOptions.ts';

/** Measured: an event with the objects it keeps alive until it is told, most of which would live as long anyway. */
const BYTES_PER_EVENT = 400;
/** Recording may take so much of what is free, whatever happens. */
const SHARE = 0.25;
const FEWEST_EVENTS = 1 << 10;
/** Edited scripts, their code and the probe. */
const EDITS_BYTES = 8 * 2 ** 20;

/** @returns the number of events, a power of two; undefined: there is no room for any recording */
export function eventsThatFit(freeBytes: number | undefined): number | undefined {
  if (freeBytes === undefined) return MOST_EVENTS;
  const events = ((freeBytes - EDITS_BYTES) * SHARE) / BYTES_PER_EVENT;
  if (events < FEWEST_EVENTS) return undefined;
  return Math.min(MOST_EVENTS, 2 ** Math.floor(Math.log2(events)));
}

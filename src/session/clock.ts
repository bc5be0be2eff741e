// The time of day in microseconds: the one place where this room reads the clock.
import type { Micros } from '../model/index.ts';

export function now(): Micros {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

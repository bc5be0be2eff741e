// Which span of time is in view. Pure arithmetic over microseconds.
import type { Lane, Micros, Overview } from './contract.ts';
import type { Window } from './panelData.ts';

/** Nothing shorter is shown: an event has no more than microseconds. */
const SHORTEST: Micros = 20;
/** Room to the right of the live edge, as a share of the window. */
const LIVE_ROOM = 0.06;

/** The last moment known; what is drawn to its right has not happened. */
export function liveEdge(overview: Overview | undefined): Micros {
  return overview?.last ?? 1;
}

/** Keeps a window within the recording and a little beyond. */
export function fitWindow(from: Micros, to: Micros, overview: Overview | undefined): Window {
  const first = overview?.first ?? 0;
  const last = Math.max(liveEdge(overview), first + SHORTEST);
  const whole = last - first;
  const [lowest, highest] = [first - whole * LIVE_ROOM, last + whole * LIVE_ROOM];
  const length = Math.min(Math.max(to - from, SHORTEST), highest - lowest);
  const start = Math.min(Math.max(from, lowest), highest - length);
  return { from: start, to: start + length };
}

/** A window that shows all the moments with some room at its sides. */
export function windowAround(times: readonly Micros[], overview: Overview | undefined): Window {
  const [low, high] = [Math.min(...times), Math.max(...times)];
  const room = Math.max((high - low) * 0.08, SHORTEST);
  return fitWindow(low - room, high + room, overview);
}

/** The life of one entity as far as it was seen, to the live edge, with the cursor in it. */
export function windowOfLane(lane: Lane, overview: Overview, cursor: Micros | undefined): Window {
  const seen = lane.segments.map((segment) => segment.from);
  const times = [...seen, ...lane.marks.map((mark) => mark.time), ...(cursor === undefined ? [] : [cursor])];
  return windowAround([...times, liveEdge(overview)], overview);
}

/** A window moved so that a moment is in it; undefined where it is in view already. */
export function shiftWindow({ from, to }: Window, time: Micros): Window | undefined {
  const length = to - from;
  if (time >= from + length * 0.02 && time <= to) return undefined;
  return { from: time - length * 0.6, to: time + length * 0.4 };
}

// The horizontal axis in both forms: clock, where width is time, and event order, where each event in view takes the same step.
import { bisector, scaleLinear, scaleTime } from 'd3';
import type { Micros } from './contract.ts';
import { clockAfter, tickText, toDate } from './format.ts';
import type { Window } from './panelData.ts';

export interface Tick {
  readonly x: number;
  readonly text: string;
}

export interface TimeScale {
  x(time: Micros): number;
  time(x: number): Micros;
  ticks(): readonly Tick[];
}

const TICK_ROOM = 100;
/** Labels of the order axis are times and need less room, but each its own. */
const ORDER_ROOM = 70;
const SIDE = 8;

export function clockScale({ from, to }: Window, width: number): TimeScale {
  const linear = scaleLinear([from, to], [0, width]);
  return {
    x: (time) => linear(time),
    time: (x) => Math.round(linear.invert(x)),
    ticks() {
      const dates = scaleTime([toDate(from), toDate(to)], [0, width]).ticks(Math.max(1, width / TICK_ROOM));
      const times = dates.map((date) => date.getTime() * 1000);
      const step = (times[1] ?? Infinity) - (times[0] ?? 0);
      return times.map((time) => ({ x: linear(time), text: tickText(time, step) }));
    },
  };
}

/** `times` are those of the events in view, in any order. Between two of them time runs evenly. */
export function orderScale(window: Window, width: number, times: readonly Micros[], last: Micros): TimeScale {
  const { from, to } = window;
  const inside = times.filter((time) => time > from && time < to);
  const knots = [...new Set([from, ...inside, Math.max(from + 1, Math.min(last, to))])].sort((a, b) => a - b);
  const step = (width - SIDE - 32) / Math.max(1, knots.length - 1);
  const places = knots.map((_, at) => SIDE + at * step);
  const linear = scaleLinear(knots, places).clamp(true);
  const nearest = bisector((time: Micros) => time);
  return {
    x: (time) => {
      if (time < from) return -10;
      return time > to && to < last ? width + 10 : linear(time);
    },
    time: (x) => Math.round(linear.invert(x)),
    ticks() {
      const shown: Tick[] = [];
      let [before, edge]: [Micros | undefined, number] = [undefined, Number.NEGATIVE_INFINITY];
      for (const time of knots) {
        const x = places[nearest.left(knots, time)] ?? 0;
        if (x - edge < ORDER_ROOM || x > width - ORDER_ROOM / 2) continue;
        shown.push({ x, text: clockAfter(time, before) });
        [before, edge] = [time, x];
      }
      return shown;
    },
  };
}

// `@`: which point of the timeline a query is about. Times without a zone are UTC, as everything here is written.
import { fromIso, toIso, type Micros } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import type { Moment, QueryProblem } from './syntax.ts';

/** What a query is asked of: a timeline, and where its reader stands. */
export interface Standpoint {
  readonly store: TimelineStore;
  readonly seq: number;
}

const CLOCK = /^(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads `10:30`, `10:30:12`, `10:30:12.345`, `2026-03-01T10:30:12Z`; NaN if it is none.
 * A time on the clock is that of the day given. Without a fraction the whole second is meant, so that what a reader
 * sees as 10:30:12 has happened `@ "10:30:12"`.
 */
export function readTime(text: string, day: Micros): Micros {
  const clock = CLOCK.exec(text.trim());
  if (clock) {
    const [, hour = '', minute = '', second = '00', fraction = '999999'] = clock;
    return fromIso(`${toIso(day).slice(0, 10)}T${hour.padStart(2, '0')}:${minute}:${second}.${fraction}Z`);
  }
  const iso = text.trim().replace(' ', 'T');
  if (DAY.test(iso)) return fromIso(`${iso}T23:59:59.999999Z`);
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`;
  return fromIso(/\.\d+(Z|[+-])/.test(zoned) ? zoned : zoned.replace(/(Z|[+-]\d\d:?\d\d)$/, '.999999$1'));
}

/** The point a moment means, by its place. */
export function resolveMoment(moment: Moment | undefined, at: Standpoint): { readonly seq: number } | QueryProblem {
  if (!moment) return { seq: at.seq };
  const { start, end } = moment;
  const { store } = at;
  const { first, last, stops } = store.summary();
  if (!first || !last) return { message: 'Nothing has been observed yet.', start, end };
  switch (moment.kind) {
    case 'seq':
      if (moment.seq >= first.seq && moment.seq <= last.seq) return { seq: moment.seq };
      return { message: `There is no point ${moment.seq}: they go from ${first.seq} to ${last.seq}.`, start, end };
    case 'relative': {
      const place = store.ordinal(at.seq) - 1 + moment.stops;
      const point = place < 0 ? undefined : store.page({}, place, 1).points[0];
      if (point) return { seq: point.seq };
      const [before, after] = [store.ordinal(at.seq) - 1, stops - store.ordinal(at.seq)];
      return { message: `There are ${before} points before this one and ${after} after it.`, start, end };
    }
    case 'time': {
      const here = store.point(at.seq)?.time ?? last.time;
      const time = readTime(moment.text, here);
      if (Number.isNaN(time)) {
        return { message: `"${moment.text}" is no time: write 10:30:12 or 2026-03-01T10:30:12Z.`, start, end };
      }
      const point = store.at(time);
      if (point) return { seq: point.seq };
      return { message: `Nothing was observed before ${toIso(first.time)}.`, start, end };
    }
  }
}

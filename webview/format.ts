// Times, durations and names as people read them. Times come in microseconds since 1970 UTC and are shown in local time.
import { timeFormat } from 'd3';
import type { EntityRef, EventRow, Micros, SourcePosition } from './contract.ts';

const SECONDS = timeFormat('%H:%M:%S');
const MINUTES = timeFormat('%H:%M');
const DAY = timeFormat('%d %b');
const LONG = timeFormat('%a %d %b %Y %H:%M:%S');

export function toDate(time: Micros): Date {
  return new Date(time / 1000);
}

/** `10:41:12` */
export function clock(time: Micros): string {
  return SECONDS(toDate(time));
}

function fraction(time: Micros): string {
  return `.${String(Math.floor((((time / 1000) % 1000) + 1000) % 1000)).padStart(3, '0')}`;
}

/** `10:41:12.020` */
export function clockMillis(time: Micros): string {
  return clock(time) + fraction(time);
}

/** `10:41:12`, or `.655` when the time before was in the same second. */
export function clockAfter(time: Micros, before: Micros | undefined): string {
  return before !== undefined && Math.floor(before / 1e6) === Math.floor(time / 1e6) ? fraction(time) : clock(time);
}

/** With day and date, for where a day alone would not say which. */
export function fullTime(time: Micros): string {
  return `${LONG(toDate(time))}${fraction(time)}`;
}

/** What a tick of the axis says: as fine as the step between ticks, the day where it begins. */
export function tickText(time: Micros, step: Micros): string {
  const date = toDate(time);
  if (step >= 86_400e6) return DAY(date);
  if (date.getHours() + date.getMinutes() + date.getSeconds() === 0 && date.getMilliseconds() === 0) return DAY(date);
  if (step >= 60e6) return MINUTES(date);
  return step >= 1e6 ? SECONDS(date) : clockMillis(time);
}

/** Two units: `14 m 22 s`, `1.4 s`, `31 ms`. */
export function duration(span: Micros): string {
  if (span < 1000) return `${Math.max(0, Math.round(span))} µs`;
  if (span < 1e6) return `${Math.round(span / 1000)} ms`;
  if (span < 10e6) return `${(span / 1e6).toFixed(1)} s`;
  const seconds = Math.round(span / 1e6);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} m ${String(seconds % 60).padStart(2, '0')} s` : `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} m` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${hours / 24} d`;
}

/** One unit, for tight places: `1.5 m`. */
export function shortDuration(span: Micros): string {
  const one = (value: number, unit: string) => `${value < 10 ? trim(value.toFixed(1)) : Math.round(value)} ${unit}`;
  if (span < 1000) return `${Math.max(0, Math.round(span))} µs`;
  if (span < 1e6) return `${Math.round(span / 1000)} ms`;
  if (span < 60e6) return one(span / 1e6, 's');
  if (span < 3600e6) return one(span / 60e6, 'm');
  return span < 86_400e6 ? one(span / 3600e6, 'h') : one(span / 86_400e6, 'd');
}

function trim(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** How many times something: `3.5`, `12`. */
export function factorText(factor: number): string {
  return factor < 10 ? trim(factor.toFixed(1)) : count(Math.round(factor));
}

export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  if (value < 1024 ** 2) return `${Math.round(value / 1024)} kB`;
  return value < 1024 ** 3 ? `${Math.round(value / 1024 ** 2)} MB` : `${(value / 1024 ** 3).toFixed(1)} GB`;
}

const LONGEST_NAME = 60;

/** Cut in the middle, since the end of an id is what tells it from its neighbours. */
export function cut(text: string, most = LONGEST_NAME): string {
  const letters = [
    ...text.slice(0, 4 * most),
    ...(text.length > 8 * most ? text.slice(-4 * most) : text.slice(4 * most)),
  ];
  if (letters.length <= most) return text;
  const tail = Math.floor(most / 2);
  return `${letters.slice(0, most - tail - 1).join('')}…${letters.slice(-tail).join('')}`;
}

/** `Order 1042` */
export function refText(ref: EntityRef): string {
  return `${cut(ref.entity)} ${cut(String(ref.id))}`;
}

export function refKey(ref: EntityRef): string {
  return `${ref.entity}\u0000${typeof ref.id === 'number' ? '#' : '$'}${ref.id}`;
}

export function sameRef(a: EntityRef | undefined, b: EntityRef | undefined): boolean {
  return a !== undefined && b !== undefined && a.entity === b.entity && a.id === b.id;
}

/** `order.service.ts:88`; the whole path belongs into the tooltip. */
export function sourceText(source: SourcePosition): string {
  return `${cut(source.file.split('/').pop() ?? source.file)}:${source.line}`;
}

export function sourcePath(source: SourcePosition): string {
  return `${source.file}:${source.line}${source.column === undefined ? '' : `:${source.column}`}`;
}

/** What an event changed, in the host's words, without the name of its object, which stands beside it: `attempts 2 → 3`. */
export function changeText(row: Pick<EventRow, 'text' | 'ref'>): string {
  const start = row.ref ? `${row.ref.entity} ${row.ref.id}: ` : '';
  const text = start !== '' && row.text.startsWith(start) ? row.text.slice(start.length) : row.text;
  return text.replaceAll(' -> ', ' → ');
}

/** The two sides of a change that the host put in words only. */
export function sidesOf(text: string): { readonly before?: string; readonly after?: string } {
  const [before, after, more] = text.split(/ (?:->|→) /);
  if (before !== undefined && after !== undefined && more === undefined) return { before, after };
  const created = /^created as (.+)$/s.exec(text);
  return created?.[1] === undefined ? {} : { after: created[1] };
}

/** A text for a picture, isolated so that right-to-left letters do not turn its neighbours around. */
export function isolated(text: string): string {
  return /[\u0590-\u08ff\u200f\u202a-\u202e\ufb1d-\ufefc]/.test(text) ? `\u2068${text}\u2069` : text;
}

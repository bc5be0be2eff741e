// Events as CSV (RFC 4180): CRLF, quotes where needed, and no cell that a spreadsheet would take for a formula.
import { isRedacted, showRef, toIso, type EventPoint, type Point, type Value } from '../../model/index.ts';
import { isGone, isNew } from '../pages/describe.ts';
import { cleanText, exactText } from './text.ts';

const COLUMNS = [
  ...['seq', 'timestamp', 'since', 'type', 'entity', 'id', 'attribute', 'preState', 'postState', 'subject'],
  ...['file', 'line', 'observed', 'likely', 'breaks', 'target'],
];

export function csvOf(points: Iterable<Point>): string {
  const lines = [COLUMNS.join(',')];
  for (const point of points) if (point.kind === 'event') lines.push(rowOf(point).map(cell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function rowOf(event: EventPoint): (string | number | undefined)[] {
  const { seq, time, since, type, object, attribute, subject, source, observed, likely, breaks, target } = event;
  return [
    ...[seq, toIso(time), since === undefined ? undefined : toIso(since), type],
    ...[object.entity, object.id, attribute, endText(event.preState), endText(event.postState)],
    ...[subject && showRef(subject), source?.file, source?.line, observed],
    ...[likely ? 'yes' : undefined, breaks?.join(' '), target],
  ];
}

function endText(end: EventPoint['preState'] | EventPoint['postState']): string | undefined {
  if (isNew(end)) return '(new)';
  if (isGone(end)) return '(gone)';
  return isRedacted(end as Value) ? '(redacted)' : exactText(end as Value);
}

/** What spreadsheets take for the beginning of a formula, in their full-width forms too. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  const text = cleanText(String(value));
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

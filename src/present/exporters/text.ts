// Values and names as the text of export formats. Every name is hostile input.
import { canonicalText, isMissing, isRedacted, type Value } from '../../model/index.ts';

/** Text that any reader takes: no lone surrogates, no NUL. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** A value as one text, whole: strings bare, numbers and dates as written, all else as JSON. Undefined: not known. */
export function exactText(value: Value | undefined): string | undefined {
  if (value === undefined || isMissing(value) || isRedacted(value)) return undefined;
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return canonicalText(value);
  switch (value.$type) {
    case 'bigint':
      return value.value;
    case 'date':
      return typeof value.value === 'string' ? value.value : 'Invalid Date';
    case 'undefined':
      return undefined;
    default:
      return cleanText(canonicalText(value));
  }
}

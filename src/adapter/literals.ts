// Values as a debugger writes them: exact, strings quoted, what is not known said in words.
import { isTagged, showValue, type Value } from '../model/index.ts';

export interface ValueFormat {
  readonly hex?: boolean;
}

/** A line in a tree stays readable up to here; the clipboard and the console get everything. */
const LONGEST_LINE = 1000;

/** One line for a tree: an absent value is `none`. */
export function literalLine(value: Value | undefined, format: ValueFormat = {}): string {
  const text = literal(value, format);
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}… (${text.length} long)`;
}

function literal(value: Value | undefined, format: ValueFormat): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && format.hex && Number.isSafeInteger(value) && !Object.is(value, -0))
    return hex(value);
  if (value !== undefined && isTagged(value)) {
    if (value.$type === 'bigint' && format.hex) return `${hex(BigInt(value.value))}n`;
    if (value.$type === 'truncated' && value.why === 'long')
      return `${JSON.stringify(value.value.head)}… (${value.value.length} long, cut)`;
    if (value.$type === 'truncated' && value.why === 'depth') return '… (deeper than was read)';
    if (value.$type === 'truncated' && value.why === 'redacted') return 'redacted';
  }
  return showValue(value, LONGEST_LINE);
}

function hex(value: number | bigint): string {
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

/** The whole value in the contract's form, for the clipboard. */
export function wholeText(value: Value | undefined): string {
  if (value === undefined) return 'none';
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'string' ? value : JSON.stringify(value, null, isTagged(value) ? 2 : undefined);
}

/** The kind of a value in one word. */
export function kindOf(value: Value | undefined): string {
  if (value === undefined) return 'none';
  if (value === null) return 'null';
  if (!isTagged(value)) return typeof value;
  if (value.$type === 'object' || value.$type === 'error') return value.class ?? value.$type;
  return value.$type;
}

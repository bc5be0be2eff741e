// Comparisons of exact values. Three answers: true, false, and undefined where a value is not known: nothing is claimed of it.
import { isMissing, isRedacted, isTagged, sameValue, showValue, type Value } from '../../model/index.ts';
import type { Comparison } from './syntax.ts';

export type Truth = boolean | undefined;

/** A value that the timeline does not hold: it may be anything. */
export function isUnknown(value: Value | undefined): boolean {
  return isMissing(value) || isRedacted(value);
}

/** What can be put in order: numbers with bigints, texts, times. */
type Rank = { readonly kind: 'number'; readonly of: number | bigint } | { readonly kind: 'text'; readonly of: string };

function rank(value: Value | undefined): Rank | undefined {
  if (typeof value === 'number') return { kind: 'number', of: value };
  if (typeof value === 'string') return { kind: 'text', of: value };
  if (value === undefined || !isTagged(value)) return undefined;
  switch (value.$type) {
    case 'bigint':
      return { kind: 'number', of: BigInt(value.value) };
    case 'infinity':
      return { kind: 'number', of: Infinity };
    case '-infinity':
      return { kind: 'number', of: -Infinity };
    case 'date':
      return typeof value.value === 'string' ? { kind: 'text', of: value.value } : undefined;
    default:
      return undefined;
  }
}

/** -1, 0 or 1; undefined where the two have no order. Dates compare with ISO texts. */
export function order(left: Value | undefined, right: Value | undefined): number | undefined {
  const [a, b] = [rank(left), rank(right)];
  if (a?.kind === 'number' && b?.kind === 'number')
    return a.of < b.of ? -1 : a.of > b.of ? 1 : a.of == b.of ? 0 : undefined;
  if (a?.kind === 'text' && b?.kind === 'text') return a.of < b.of ? -1 : a.of > b.of ? 1 : 0;
  return undefined;
}

function equal(left: Value | undefined, right: Value | undefined): boolean {
  return sameValue(left, right) || order(left, right) === 0;
}

/** A cut text is known up to where it was cut. */
function contains(left: Value | undefined, right: Value | undefined): boolean {
  const text = typeof left === 'string' ? left : showValue(left);
  return text.toLowerCase().includes((typeof right === 'string' ? right : showValue(right)).toLowerCase());
}

/** `in` is answered by whoever knows the list. */
export function compareValues(
  by: Exclude<Comparison, 'in' | '!='>,
  left: Value | undefined,
  right: Value | undefined,
): Truth {
  if (isUnknown(left) || isUnknown(right)) return undefined;
  if (by === '=') return equal(left, right);
  if (by === '~') return left !== undefined && contains(left, right);
  const ordered = order(left, right);
  if (ordered === undefined) return false;
  if (by === '<') return ordered < 0;
  if (by === '<=') return ordered <= 0;
  return by === '>' ? ordered > 0 : ordered >= 0;
}

export function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

/** True if any is, else unknown if any is. */
export function anyOf(truths: Iterable<Truth>): Truth {
  let result: Truth = false;
  for (const truth of truths) {
    if (truth) return true;
    if (truth === undefined) result = undefined;
  }
  return result;
}

// Exact values of the program, in the contract's form: JSON's own types stand for themselves, all else is tagged.

/** What JSON cannot hold, or what could not be read whole. The tags are those of the contract's `value`. */
export type TaggedValue =
  | { readonly $type: 'bigint'; readonly value: string }
  | { readonly $type: 'date'; readonly value: string | { readonly $type: 'nan' } }
  | { readonly $type: 'undefined'; readonly hole?: true }
  | { readonly $type: 'nan' | 'infinity' | '-infinity' | 'accessor' }
  | { readonly $type: 'symbol'; readonly value: string }
  | { readonly $type: 'bytes'; readonly value: string; readonly of: string }
  | { readonly $type: 'list' | 'set'; readonly value: readonly Value[]; readonly length?: number }
  | { readonly $type: 'map'; readonly value: readonly (readonly [Value, Value])[] }
  | {
      readonly $type: 'object' | 'error';
      readonly class?: string;
      readonly proxy?: true;
      readonly value: { readonly [name: string]: Value };
    }
  | { readonly $type: 'ref'; readonly value: string }
  | {
      readonly $type: 'truncated';
      readonly value: { readonly length: number; readonly head: string };
      /** `long`: cut by V8 or by a limit; `missing`: V8 did not write it; `redacted`: a secret, never stored. */
      readonly why: TruncationReason;
    }
  | {
      readonly $type: 'promise';
      readonly state: 'pending' | 'fulfilled' | 'rejected' | 'unknown';
      readonly value?: Value;
    }
  | { readonly $type: 'function'; readonly value: string; readonly variables?: { readonly [name: string]: Value } }
  | { readonly $type: 'regexp'; readonly value: string }
  | { readonly $type: 'weakref'; readonly value?: Value };

export type TruncationReason = 'long' | 'missing' | 'redacted' | 'depth';
export type Value = string | number | boolean | null | TaggedValue;

export const UNDEFINED: Value = { $type: 'undefined' };

export function isTagged(value: Value): value is TaggedValue {
  return typeof value === 'object' && value !== null;
}

/** A value that exists in the program but that the snapshot does not hold. Never to be shown as a value of its own. */
export function missing(): Value {
  return { $type: 'truncated', value: { length: 0, head: '' }, why: 'missing' };
}

/** A value left out on purpose, because its name says it is a secret. */
export function redacted(): Value {
  return { $type: 'truncated', value: { length: 0, head: '' }, why: 'redacted' };
}

export function isMissing(value: Value | undefined): boolean {
  return value !== undefined && isTagged(value) && value.$type === 'truncated' && value.why === 'missing';
}

export function isRedacted(value: Value | undefined): boolean {
  return value !== undefined && isTagged(value) && value.$type === 'truncated' && value.why === 'redacted';
}

/** Equality of meaning: the same JSON after ordering keys; minus zero equals zero only if both are minus zero. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return canonicalText(a) === canonicalText(b);
}

/** One text for each value, keys in order: for comparing, grouping and hashing; `-0` is kept. */
export function canonicalText(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${fields.map(([k, v]) => `${JSON.stringify(k)}:${canonicalText(v)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'undefined';
}

const LONGEST_SHOWN = 120;

/** A short line for people: strings bare, lists by length, dates in ISO form, what is not known said in words. */
export function showValue(value: Value | undefined, limit = LONGEST_SHOWN): string {
  const text = show(value);
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

function show(value: Value | undefined): string {
  if (value === undefined) return 'none';
  if (value === null) return 'null';
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object') return String(value);
  switch (value.$type) {
    case 'bigint':
      return `${value.value}n`;
    case 'date':
      return typeof value.value === 'string' ? value.value : 'Invalid Date';
    case 'nan':
      return 'NaN';
    case 'infinity':
      return 'Infinity';
    case '-infinity':
      return '-Infinity';
    case 'symbol':
      return `Symbol(${value.value})`;
    case 'bytes':
      return `${value.of}, ${Math.floor((value.value.length * 3) / 4)} bytes`;
    case 'list':
      return `[${value.value.length}]`;
    case 'set':
      return `Set(${value.value.length})`;
    case 'map':
      return `Map(${value.value.length})`;
    case 'object':
    case 'error':
      return `${value.class ?? 'Object'} {${Object.entries(value.value)
        .slice(0, 4)
        .map(([k, v]) => `${k}: ${showValue(v, 24)}`)
        .join(', ')}${Object.keys(value.value).length > 4 ? ', …' : ''}}`;
    case 'ref':
      return `→ ${value.value}`;
    case 'truncated':
      if (value.why === 'missing') return 'not in the snapshot';
      if (value.why === 'redacted') return 'redacted';
      return `${value.value.head}… (${value.value.length} long)`;
    case 'promise':
      return `Promise ${value.state}`;
    case 'function':
      return `function ${value.value}`;
    case 'regexp':
      return value.value;
    default:
      return value.$type;
  }
}

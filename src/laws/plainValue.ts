// Values of the program as expressions calculate with them: texts, numbers, truth, times, lists, maps.
import { isTagged, type Value } from '../model/index.ts';

export interface Stand {
  /** For what is undefined. */
  readonly absent: unknown;
  /** For what an expression cannot read: a function, a promise, a value left out. */
  readonly unreadable: unknown;
}

export function plainValue(value: Value, stand: Stand): unknown {
  if (!isTagged(value)) return value;
  const inner = (each: Value): unknown => plainValue(each, stand);
  switch (value.$type) {
    case 'undefined':
      return stand.absent;
    case 'nan':
      return Number.NaN;
    case 'infinity':
      return Number.POSITIVE_INFINITY;
    case '-infinity':
      return Number.NEGATIVE_INFINITY;
    case 'bigint':
      return BigInt(value.value);
    case 'date':
      return typeof value.value === 'string' ? new Date(value.value) : stand.absent;
    case 'list':
    case 'set':
      return value.value.map(inner);
    case 'map':
      return new Map(value.value.map(([key, each]) => [inner(key), inner(each)]));
    case 'object':
    case 'error':
      return Object.fromEntries(Object.entries(value.value).map(([name, each]) => [name, inner(each)]));
    case 'symbol':
      return value.value;
    default:
      return stand.unreadable;
  }
}

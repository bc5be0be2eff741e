// count, sum, min, max, exists. A number over values that are not all known is not known.
import { isTagged, missing, type Value } from '../../model/index.ts';
import { isUnknown, order } from './compare.ts';
import type { Aggregate, Span } from './syntax.ts';
import { describeFound, Unanswerable, type Found, type World } from './world.ts';

export function aggregate(name: Aggregate, of: Found, world: World, at: Span): Found {
  if (name === 'count') return { kind: 'value', value: count(of, world) };
  if (name === 'exists') return { kind: 'value', value: count(of, world) > 0 };
  const values = valuesOf(of, at).filter((value) => value !== undefined && value !== null) as Value[];
  world.spend(values.length, at);
  if (values.some(isUnknown)) return { kind: 'value', value: missing() };
  return { kind: 'value', value: name === 'sum' ? sum(values, at) : extreme(values, name === 'min' ? -1 : 1, at) };
}

function count(of: Found, world: World): number {
  switch (of.kind) {
    case 'type':
      return world.instancesOf(of.entity).length;
    case 'entities':
      return of.refs.length;
    case 'values':
      return of.values.filter((value) => value !== undefined).length;
    case 'entity':
      return of.instance ? 1 : 0;
    case 'value':
      return sizeOf(of.value) ?? (of.value === undefined || of.value === null ? 0 : 1);
  }
}

function sizeOf(value: Value | undefined): number | undefined {
  if (value === undefined || !isTagged(value)) return undefined;
  if (value.$type === 'list' || value.$type === 'set') return value.length ?? value.value.length;
  return value.$type === 'map' ? value.value.length : undefined;
}

function valuesOf(of: Found, at: Span): readonly (Value | undefined)[] {
  if (of.kind === 'values') return of.values;
  if (of.kind === 'value') {
    const { value } = of;
    return value !== undefined && isTagged(value) && (value.$type === 'list' || value.$type === 'set')
      ? value.value
      : [value];
  }
  if (of.kind === 'entities' && of.refs.length === 0) return [];
  throw new Unanswerable(`This needs numbers, not ${describeFound(of)}: add an attribute, as in Order.total.`, at);
}

function sum(values: readonly Value[], at: Span): Value {
  let total = 0;
  let big: bigint | undefined;
  for (const value of values) {
    if (typeof value === 'number') total += value;
    else if (isTagged(value) && value.$type === 'bigint') big = (big ?? 0n) + BigInt(value.value);
    else throw new Unanswerable('Only numbers can be added up.', at);
  }
  if (big === undefined) return total;
  if (!Number.isSafeInteger(total)) throw new Unanswerable('Fractions and bigints cannot be added up exactly.', at);
  return { $type: 'bigint', value: (big + BigInt(total)).toString() };
}

function extreme(values: readonly Value[], sign: -1 | 1, at: Span): Value | undefined {
  let best: Value | undefined;
  for (const value of values) {
    if (best === undefined) {
      best = value;
      continue;
    }
    const ordered = order(value, best);
    if (ordered === undefined) throw new Unanswerable('These values have no common order.', at);
    if (ordered * sign > 0) best = value;
  }
  return best;
}

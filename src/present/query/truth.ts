// From what an expression gave to true, false or not known, and back. Of several things, one is enough.
import { isMissing, isTagged, missing, sameRef, type Value } from '../../model/index.ts';
import { anyOf, compareValues, isUnknown, not, type Truth } from './compare.ts';
import type { Comparison, Span } from './syntax.ts';
import { Unanswerable, type Found, type World } from './world.ts';

/** Entities are true where they exist, values unless they are false, null or absent. */
export function truthOf(found: Found): Truth {
  switch (found.kind) {
    case 'value':
      if (isUnknown(found.value)) return undefined;
      if (found.value === undefined || found.value === null) return false;
      return found.value !== false && !(isTagged(found.value) && found.value.$type === 'undefined');
    case 'entity':
      return found.instance !== undefined;
    case 'entities':
      return found.refs.length > 0;
    case 'values':
      return found.values.length > 0;
    case 'type':
      return true;
  }
}

export function valueOfTruth(truth: Truth): Found {
  return { kind: 'value', value: truth ?? missing() };
}

/** The single things of what was found, each to be compared. */
type Operand = Found & { readonly kind: 'value' | 'entity' };

function operands(found: Found, world: World, at: Span): readonly Operand[] {
  switch (found.kind) {
    case 'value':
    case 'entity':
      return [found];
    case 'entities':
      world.spend(found.refs.length, at);
      return found.refs.map((ref) => ({ kind: 'entity', ref, instance: undefined }));
    case 'values':
      world.spend(found.values.length, at);
      return found.values.map((value) => ({ kind: 'value', value }));
    case 'type':
      throw new Unanswerable(
        `${found.entity} is a type: compare one of its attributes, or write a text in quotation marks.`,
        at,
      );
  }
}

/** The values on the right of `in`. */
function members(found: Found, world: World, at: Span): readonly Operand[] {
  if (found.kind !== 'value' || found.value === undefined || !isTagged(found.value)) return operands(found, world, at);
  const { value } = found;
  if (value.$type === 'list' || value.$type === 'set')
    return value.value.map((item) => ({ kind: 'value', value: item }));
  return value.$type === 'map' ? value.value.map(([key]) => ({ kind: 'value', value: key })) : [found];
}

export function compareFound(by: Comparison, left: Found, right: Found, world: World, at: Span): Truth {
  if (by === '!=') return not(compareFound('=', left, right, world, at));
  const lefts = operands(left, world, at);
  const rights = by === 'in' ? members(right, world, at) : operands(right, world, at);
  world.spend(lefts.length * rights.length, at);
  const single = by === 'in' ? '=' : by;
  return anyOf(lefts.flatMap((a) => rights.map((b) => compareOne(single, a, b, world))));
}

function compareOne(by: Exclude<Comparison, 'in' | '!='>, a: Operand, b: Operand, world: World): Truth {
  if (a.kind === 'entity' && b.kind === 'entity') return by === '=' ? sameRef(a.ref, b.ref) : undefined;
  if (a.kind === 'entity') return compareId(by, a.ref.id, b);
  if (b.kind === 'entity') return compareId(by, b.ref.id, a);
  const truth = compareValues(by, a.value, b.value);
  if (by !== '=' || truth !== false) return truth;
  return labelled(a, b.value, world) || labelled(b, a.value, world);
}

/** A reference equals its id, whether that is written as text or as a number. */
function compareId(by: Exclude<Comparison, 'in' | '!='>, id: string | number, other: Operand): Truth {
  const value = other.kind === 'value' ? other.value : undefined;
  if (isMissing(value)) return undefined;
  if (by === '=')
    return value === id || (value !== undefined && value !== null && !isTagged(value) && String(value) === String(id));
  return compareValues(by, id, value);
}

/** An enum member also goes by its name: `status = "Paid"` where the program writes 3. */
function labelled(operand: Operand, label: Value | undefined, world: World): boolean {
  if (operand.kind !== 'value' || !operand.of || typeof label !== 'string') return false;
  const attribute = world.declared(operand.of.entity)?.attributes.find((one) => one.name === operand.attribute);
  const state = attribute?.states?.find((one) => one.label === label);
  return state !== undefined && compareValues('=', state.value, operand.value) === true;
}

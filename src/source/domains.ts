// Finite domains: which values a declared type admits, with the names an enum or a table of constants gives them.
import ts from 'typescript';
import type { Value } from '../model/index.ts';

export interface DomainValue {
  readonly value: Value;
  readonly label?: string;
}

/** More values than this are a vocabulary (currencies, countries), not states. */
const LARGEST_DOMAIN = 40;

/** The values of a literal union, enum or boolean; undefined where the type admits others. Null and undefined are left out. */
export function domainOf(type: ts.Type): DomainValue[] | undefined {
  const parts = (type.isUnion() ? type.types : [type]).filter((part) => !isEmpty(part));
  if (parts.length === 0 || parts.length > LARGEST_DOMAIN) return undefined;
  const values: DomainValue[] = [];
  for (const part of parts) {
    if (part.flags & ts.TypeFlags.Boolean) values.push({ value: false }, { value: true });
    else {
      const value = literalValue(part);
      if (value === undefined) return undefined;
      const label = part.flags & ts.TypeFlags.EnumLiteral ? part.symbol?.name : undefined;
      values.push({ value, ...(label !== undefined && { label }) });
    }
  }
  return values.every((v) => typeof v.value === 'boolean')
    ? values.sort((a, b) => Number(a.value) - Number(b.value))
    : values;
}

export function literalValue(type: ts.Type): string | number | boolean | undefined {
  if (type.isStringLiteral() || type.isNumberLiteral()) return type.value;
  if (type.flags & ts.TypeFlags.BooleanLiteral)
    return (type as ts.Type & { readonly intrinsicName?: string }).intrinsicName === 'true';
  return undefined;
}

export function isEmpty(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0;
}

export function isUnknown(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}

/** `{ [K in keyof S]: ... }`: one declaration for as many types as it is used for. */
export function isMapped(type: ts.Type): boolean {
  return ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Mapped) !== 0;
}

export interface TaggedUnion {
  /** The property whose literal tells the members apart. */
  readonly tag: string;
  readonly domain: readonly DomainValue[];
}

/** How the members of a union of objects are told apart, where one property of a literal type does it. */
export function tagOf(checker: ts.TypeChecker, type: ts.Type): TaggedUnion | undefined {
  if (!type.isUnion()) return undefined;
  const parts = type.types.filter((part) => !isEmpty(part));
  if (parts.length < 2 || !parts.every((part) => part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)))
    return undefined;
  for (const property of checker.getPropertiesOfType(parts[0] as ts.Type)) {
    const values: DomainValue[] = [];
    const told = parts.every((part) => {
      const own = checker.getPropertyOfType(part, property.name);
      const domain = own && domainOf(checker.getTypeOfSymbol(own));
      if (!domain || domain.length > 3) return false;
      values.push(...domain);
      return true;
    });
    const different = new Set(values.map((v) => JSON.stringify(v.value)));
    if (told && different.size >= 2 && values.length >= parts.length) {
      const domain = [...different].map((text) => values.find((v) => JSON.stringify(v.value) === text) as DomainValue);
      return { tag: property.name, domain };
    }
  }
  return undefined;
}

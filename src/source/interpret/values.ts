// Abstract values: what is known of a value without running the program. A value that is not known has an identity of its own,
// so that a guard on one reading of it holds for all others.
import type ts from 'typescript';
import { UNDEFINED, type Value } from '../../model/index.ts';
import type { FunctionNode } from '../functions.ts';
import type { TypeDraft } from '../typeTable.ts';

export interface Const {
  readonly kind: 'const';
  readonly value: Value;
  /** Where it is written out in the program. */
  readonly origin?: ts.Node;
}

/** Not known, or one of several: `domain` says which, `full` that nothing restricts it within its type. */
export interface Sym {
  readonly kind: 'sym';
  readonly id: number;
  readonly domain?: readonly Const[];
  readonly full?: boolean;
  readonly type?: ts.Type;
  /** The field of an object it was read from. */
  readonly from?: { readonly obj: number; readonly field: string };
  /** The field can hold states. */
  readonly tells?: true;
}

export interface Ref {
  readonly kind: 'obj';
  readonly id: number;
}

export interface Fn {
  readonly kind: 'fn';
  readonly node: FunctionNode;
  readonly frame: Frame;
  readonly self?: Abs;
}

/** A class as a value. */
export interface ClassValue {
  readonly kind: 'class';
  readonly draft: TypeDraft;
}

export type Abs = Const | Sym | Ref | Fn | ClassValue;

export interface Frame {
  readonly id: number;
  /** Lexically around. */
  readonly outer?: Frame;
  readonly caller?: Frame;
  readonly node: ts.Node;
  readonly self?: Abs;
  /** What the function was called with. */
  readonly args?: readonly Abs[];
  readonly depth: number;
}

/** A set of values stated or excluded. */
export type Known = ({ readonly in: readonly Const[] } | { readonly not: readonly Const[] }) & {
  /** Of a value that can be a state: paths that know different things of it are told apart. */
  readonly tells?: true;
};

export const undefinedConst: Const = { kind: 'const', value: UNDEFINED };

export function constant(value: Value, origin?: ts.Node): Const {
  return origin ? { kind: 'const', value, origin } : { kind: 'const', value };
}

export function sameConst(a: Const, b: Const): boolean {
  return a.value === b.value || (isUndefined(a) && isUndefined(b));
}

export function isUndefined(value: Abs): boolean {
  return value.kind === 'const' && typeof value.value === 'object' && value.value?.$type === 'undefined';
}

export function isNothing(value: Abs): boolean {
  return value.kind === 'const' && (value.value === null || isUndefined(value));
}

export function has(list: readonly Const[], item: Const): boolean {
  return list.some((other) => sameConst(other, item));
}

export function truthOf(value: Const): boolean {
  return isUndefined(value) ? false : Boolean(value.value);
}

/** A text that is equal for what is the same value. */
export function identityOf(value: Abs): string {
  switch (value.kind) {
    case 'const':
      return `c${typeof value.value}:${JSON.stringify(value.value)}`;
    case 'sym':
      return `s${value.id}`;
    case 'obj':
      return `o${value.id}`;
    case 'fn':
      return `f${value.node.pos}:${value.frame.id}`;
    case 'class':
      return `k${value.draft.key}`;
  }
}

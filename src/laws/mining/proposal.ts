// A law as it was found in data: proposed to a person, never in force before it is accepted.
import type { Micros, WrittenLaw } from '../../model/index.ts';

export type Template =
  | 'non-null'
  | 'value-set'
  | 'range'
  | 'unique'
  | 'foreign-key'
  | 'ordering'
  | 'linear'
  | 'sum-of-children'
  | 'monotone'
  | 'immutable'
  | 'transitions';

export interface Proposal {
  readonly law: WrittenLaw;
  readonly template: Template;
  /** Entities, or steps, that were looked at and fit. */
  readonly support: number;
  /** Those that do not. */
  readonly exceptions: number;
  /** Since when it has been seen to hold. */
  readonly since: Micros;
  /** One less the chance of seeing this without there being a law. */
  readonly confidence: number;
  /** Attributes it is about, to leave out what another one implies. */
  readonly about: readonly string[];
}

/** Where `n` of `n` fit although a share of `miss` would not by chance. */
export function againstChance(n: number, miss: number): number {
  return 1 - (1 - miss) ** n;
}

/** A name of an expression: attributes are read by index where CEL has no such name. */
export function read(root: string, name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name) ? `${root}.${name}` : `${root}[${JSON.stringify(name)}]`;
}

/** The reserved words of CEL, which cannot be selected. */
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

export function literal(value: string | number | boolean | null): string {
  return JSON.stringify(value);
}

// The query form as a tree. Every node knows where it stands in the text, so that an error can point there.
import type { Value } from '../../model/index.ts';

export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Where and why a text is no query, or has no answer here. */
export interface QueryProblem extends Span {
  readonly message: string;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | 'in';
export const AGGREGATES = ['count', 'sum', 'min', 'max', 'exists'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export type Expression = Span &
  (
    | { readonly kind: 'literal'; readonly value: Value | undefined }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'member'; readonly of: Expression; readonly name: string; readonly at: Span }
    /** `Order["1042"]`, `lines[0]`, `Order[status="paid"]`: what the brackets do depends on both sides. */
    | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
    | { readonly kind: 'call'; readonly name: Aggregate; readonly argument: Expression }
    | { readonly kind: 'not'; readonly of: Expression }
    | { readonly kind: 'both' | 'either'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'compare'; readonly by: Comparison; readonly left: Expression; readonly right: Expression }
  );

/** `@ 4711`: the place; `@ -1`: that many stops away from the cursor; `@ "10:30:12"`: a time. */
export type Moment = Span &
  (
    | { readonly kind: 'seq'; readonly seq: number }
    | { readonly kind: 'relative'; readonly stops: number }
    | { readonly kind: 'time'; readonly text: string }
  );

export interface Query {
  readonly expression: Expression;
  readonly moment?: Moment;
}

export type Parsed = { readonly query: Query } | { readonly problem: QueryProblem };

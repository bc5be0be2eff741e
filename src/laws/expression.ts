// Expressions of written laws in CEL, the Common Expression Language (github.com/google/cel-spec), by a kept library. Pure.
// Numbers of JavaScript are doubles: arithmetic with CEL's integers is allowed and is done in doubles, so `self.count / 2` is 2.5 for 5.
import { Environment, type ASTNode } from '@marcbachmann/cel-js';

export type Scope = { readonly [variable: string]: unknown };

export interface ExpressionFault {
  readonly what: string;
  /** Offset within the expression. */
  readonly start: number;
  readonly end: number;
}

export interface Expression {
  readonly text: string;
  /** undefined: it cannot be judged here: a value is not known, or is of another type than the expression needs. */
  evaluate(scope: Scope): { readonly value?: unknown; readonly fault?: ExpressionFault };
  /** Paths that begin with a variable, as written: `self.total`, `before.status`; without those below another one. */
  readonly paths: readonly (readonly string[])[];
  /** Variables of the scope that it reads. */
  readonly variables: ReadonlySet<string>;
}

const ARITHMETIC = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
} as const;

const environment = createEnvironment();

function createEnvironment(): Environment {
  const made = new Environment({ unlistedVariablesAreDyn: true });
  for (const [operator, of] of Object.entries(ARITHMETIC))
    for (const [left, right] of [
      ['double', 'int'],
      ['int', 'double'],
    ])
      made.registerOperator(`${left} ${operator} ${right}`, (a: unknown, b: unknown) => of(Number(a), Number(b)));
  made.registerFunction('sum(list): dyn', (list: readonly unknown[]) => numbers(list).reduce((a, b) => a + b, 0));
  made.registerFunction('min(list): dyn', (list: readonly unknown[]) => Math.min(...numbers(list)));
  made.registerFunction('max(list): dyn', (list: readonly unknown[]) => Math.max(...numbers(list)));
  made.registerFunction('count(list): int', (list: readonly unknown[]) => BigInt(list.length));
  made.registerFunction('abs(dyn): dyn', (value: unknown) => Math.abs(Number(value)));
  made.registerFunction('unique(list): bool', (list: readonly unknown[]) => new Set(list).size === list.length);
  return made;
}

function numbers(list: readonly unknown[]): number[] {
  return list.map((each) => {
    if (typeof each !== 'number' && typeof each !== 'bigint') throw new TypeError('only numbers can be added up');
    return Number(each);
  });
}

/** The expression, or where it is wrong. */
export function compileExpression(text: string): Expression | ExpressionFault {
  try {
    const parsed = environment.parse(text);
    const checked = parsed.check();
    if (!checked.valid) return faultOf(checked.error, text);
    if (checked.type !== 'bool' && checked.type !== 'dyn')
      return {
        what: `it gives ${checked.type ?? 'no truth'}, a law must be true or false`,
        start: 0,
        end: text.length,
      };
    const paths: string[][] = [];
    const variables = new Set<string>();
    collect(parsed.ast, new Set(), paths, variables);
    return {
      text,
      paths,
      variables,
      evaluate(scope) {
        try {
          return { value: parsed(scope) };
        } catch (error) {
          return { fault: faultOf(error, text) };
        }
      },
    };
  } catch (error) {
    return faultOf(error, text);
  }
}

export function isFault(made: Expression | ExpressionFault): made is ExpressionFault {
  return 'what' in made;
}

interface CelError {
  readonly summary?: string;
  readonly message?: string;
  readonly range?: { readonly start: number; readonly end: number };
}

function faultOf(error: unknown, text: string): ExpressionFault {
  const { summary, message, range } = error as CelError;
  const [first = 'it is no expression'] = (summary ?? message ?? '').split('\n');
  return { what: first, start: range?.start ?? 0, end: range?.end ?? text.length };
}

/** Variables of `exists`, `all`, `map` and the like stand for elements and are none of the scope's. */
const MACROS = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

function collect(node: ASTNode, bound: ReadonlySet<string>, paths: string[][], variables: Set<string>): void {
  const path = pathOf(node);
  if (path) {
    const [root = ''] = path;
    if (bound.has(root)) return;
    variables.add(root);
    if (path.length > 1) paths.push(path);
    return;
  }
  const inner = boundBy(node, bound);
  for (const child of nodesIn(node.args)) collect(child, inner, paths, variables);
}

function pathOf(node: ASTNode): string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.') return undefined;
  const [of, name] = node.args;
  const path = pathOf(of);
  return path && [...path, name];
}

function boundBy(node: ASTNode, bound: ReadonlySet<string>): ReadonlySet<string> {
  if (node.op !== 'rcall') return bound;
  const [name, , [variable]] = node.args;
  return MACROS.has(name) && variable?.op === 'id' ? new Set([...bound, variable.args]) : bound;
}

function nodesIn(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}

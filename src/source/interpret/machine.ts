// What the parts of the interpreter share. Each part is a file of functions over this; the machine ties them together.
import type ts from 'typescript';
import type { Flow } from '../flow.ts';
import type { FunctionNode } from '../functions.ts';
import type { Inference } from '../inference.ts';
import type { Models } from '../models.ts';
import type { Project } from '../program.ts';
import type { TypeTable } from '../typeTable.ts';
import type { Links } from './links.ts';
import type { State } from './state.ts';
import type { Subjects } from './subjects.ts';
import type { Within } from './trace.ts';
import type { Abs, Frame } from './values.ts';

export interface Result {
  readonly state: State;
  readonly value: Abs;
}

export interface Outcome {
  readonly yes: State[];
  readonly no: State[];
}

export interface Effect {
  readonly draftKey: string;
  readonly creates: boolean;
}

export interface Machine {
  readonly project: Project;
  readonly checker: ts.TypeChecker;
  readonly table: TypeTable;
  readonly flow: Flow;
  readonly inference: Inference;
  /** Functions in which something of interest happens, or which call such. */
  readonly relevant: ReadonlySet<FunctionNode>;
  /** Functions that were run on some path. */
  readonly visited: Set<FunctionNode>;
  /** Functions that apply an event to a state; run for each event by themselves and not where they are called. */
  readonly evolvers: ReadonlySet<FunctionNode>;
  /** What applying an event of this name does, as found by running the evolvers. */
  readonly applications: ReadonlyMap<string, readonly Application[]>;
  readonly models: Models;
  readonly links: Links;
  /** Types whose states tell paths apart. */
  readonly subjects: Subjects;
  /** The event that is applied just now. */
  applying: string | undefined;
  /** The function that is run just now. */
  within: Within | undefined;
  fresh(): number;
  /** False when this root has taken as many steps as it may. */
  step(): boolean;
  eval(node: ts.Expression, state: State, frame: Frame): Result[];
  test(node: ts.Expression, state: State, frame: Frame): Outcome;
  /** Runs a function's body; `caller` gives depth, `outer` the variables around the function. */
  invoke(call: Invocation): Result[];
  constructorOf: (draftKey: string) => FunctionNode | ts.ClassLikeDeclaration | undefined;
}

export interface Invocation {
  readonly fn: FunctionNode;
  readonly self: Abs | undefined;
  readonly args: readonly Abs[];
  readonly state: State;
  readonly caller: Frame;
  readonly outer?: Frame;
}

export interface Application {
  readonly draftKey: string;
  readonly field: string;
  readonly creates: boolean;
  readonly before: import('./trace.ts').Before;
  readonly after: readonly import('./values.ts').Const[] | undefined;
  readonly node: ts.Node;
}

/** Calls inside calls; business operations are less deep, recursion and frameworks are not. */
export const DEEPEST_CALL = 9;

/** Every result of one evaluation carried on by the next. */
export function then(results: readonly Result[], next: (state: State, value: Abs) => Result[]): Result[] {
  if (results.length === 1) {
    const only = results[0] as Result;
    return next(only.state, only.value);
  }
  return results.flatMap(({ state, value }) => next(state, value));
}

export function evalAll(
  m: Machine,
  nodes: readonly ts.Expression[],
  state: State,
  frame: Frame,
): { state: State; values: Abs[] }[] {
  let paths: { state: State; values: Abs[] }[] = [{ state, values: [] }];
  for (const node of nodes) {
    paths = paths.flatMap((path) =>
      m.eval(node, path.state, frame).map((r) => ({ state: r.state, values: [...path.values, r.value] })),
    );
  }
  return paths;
}

export function one(state: State, value: Abs): Result[] {
  return [{ state, value }];
}

// Runs the program's operations abstractly: every function that nobody calls is where an operation begins; what it calls runs in place.
import ts from 'typescript';
import type { Flow } from '../flow.ts';
import { messageOf } from '../../model/index.ts';
import { isFunctionNode, type FunctionNode } from '../functions.ts';
import type { Inference } from '../inference.ts';
import type { Models } from '../models.ts';
import type { Project } from '../program.ts';
import type { TypeTable } from '../typeTable.ts';
import { testCondition } from './conditions.ts';
import { evaluate } from './evaluate.ts';
import { findEvolvers, runEvolvers } from './evolvers.ts';
import { block, invokeFunction } from './execute.ts';
import { noLinks, type Links } from './links.ts';
import type { Machine } from './machine.ts';
import { findRelevant } from './relevance.ts';
import { selfFor } from './selves.ts';
import { State, type Trace } from './state.ts';
import type { Abs, Frame } from './values.ts';

/** Steps one operation may take, and all together: beyond, what is left is not followed. About 1 µs to 5 µs each. */
const STEPS_EACH = 6_000;
const STEPS_ALL = 250_000;

export interface Operation {
  readonly root: ts.Node;
  /** The event whose application this is. */
  readonly applies?: string;
  readonly traces: readonly Trace[];
}

export interface Run {
  readonly operations: readonly Operation[];
  /** Functions that some operation came through. */
  readonly entered: ReadonlySet<FunctionNode>;
  readonly links: Links;
}

export function runOperations(
  project: Project,
  table: TypeTable,
  flow: Flow,
  inference: Inference,
  models: Models,
): Run {
  let ids = 1;
  let left = STEPS_ALL;
  let leftHere = STEPS_EACH;
  const { followed: relevant, roots: worth, subjects } = findRelevant(project, table, flow, inference);
  const m: Machine = {
    project,
    checker: project.checker,
    table,
    flow,
    inference,
    models,
    relevant,
    subjects,
    visited: new Set(),
    evolvers: findEvolvers(project, table, flow),
    applications: new Map(),
    applying: undefined,
    within: undefined,
    links: noLinks(),
    fresh: () => (ids += 1),
    step() {
      leftHere -= 1;
      left -= 1;
      if ((left & 1023) === 0) project.host.checkCancelled();
      return leftHere > 0 && left > 0;
    },
    eval: (node, state, frame) => evaluate(m, node, state, frame),
    test: (node, state, frame) => testCondition(m, node, state, frame),
    invoke: (call) => invokeFunction(m, call),
    constructorOf: (key) => {
      const node = table.drafts.get(key)?.node;
      return node && (ts.isClassLike(node) || isFunctionNode(node)) ? node : undefined;
    },
  };
  const operations: Operation[] = [];
  const finished = new Set<FunctionNode>();
  const entered = new Set<FunctionNode>();
  /** Runs one operation; what was cut short does not count as seen. */
  const operate = (run: () => Operation): void => {
    leftHere = STEPS_EACH;
    m.visited.clear();
    try {
      operations.push(run());
    } catch (error) {
      // One operation that is odder than foreseen leaves the others as they are.
      project.host.checkCancelled();
      m.applying = undefined;
      m.within = undefined;
      project.problems.push({ code: 'operation-not-followed', message: messageOf(error) });
    }
    for (const fn of m.visited) {
      if (leftHere > 0) finished.add(fn);
      if (fn !== operations.at(-1)?.root) entered.add(fn);
    }
  };
  runEvolvers(m, operate);
  for (const file of project.files) {
    if (left <= 0) break;
    operate(() => runModule(m, file));
  }
  const roots = flow.functions.filter((fn) => worth.has(fn) && fn.body && !m.evolvers.has(fn));
  const isNested = (fn: FunctionNode): boolean => ts.findAncestor(fn.parent, isFunctionNode) !== undefined;
  // First what nobody calls, then what no path has reached: called only from where the calls could not be followed.
  for (const fn of roots) {
    if (isNested(fn) || flow.callsOf(fn).length > 0 || finished.has(fn) || ts.isConstructorDeclaration(fn)) continue;
    operate(() => runFunction(m, fn));
  }
  for (const fn of roots) {
    if (finished.has(fn) || ts.isConstructorDeclaration(fn) || isConstructorFunction(table, fn)) continue;
    operate(() => runFunction(m, fn));
  }
  if (left <= 0)
    project.problems.push({
      code: 'analysis-limit',
      message: 'The program is larger than its operations could be followed; some transitions are missing',
    });
  return { operations, entered, links: m.links };
}

function isConstructorFunction(table: TypeTable, fn: FunctionNode): boolean {
  const symbol = (fn as ts.Node & { readonly symbol?: ts.Symbol }).symbol;
  return table.bySymbol(symbol)?.node === fn;
}

function runModule(m: Machine, file: ts.SourceFile): Operation {
  const frame: Frame = { id: m.fresh(), node: file, depth: 0 };
  const ends = { returned: [], broke: [], continued: [] };
  const states = block(m, file.statements, [State.empty()], frame, ends);
  return { root: file, traces: states.map((s) => s.trace) };
}

export function runFunction(m: Machine, fn: FunctionNode, args: (state: State) => Abs[] = () => []): Operation {
  const state = State.empty();
  const frame: Frame = { id: m.fresh(), node: fn.getSourceFile(), depth: 0 };
  const self = selfFor(m, fn, state);
  const results = m.invoke({ fn, self, args: args(state), state, caller: frame });
  return { root: fn, traces: results.map((r) => r.state.trace) };
}

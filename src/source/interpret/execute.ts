// Statements: which paths go on, which return with what. A thrown path ends there.
import ts from 'typescript';
import { isUnknown } from '../domains.ts';
import { bare } from '../expressions.ts';
import type { FunctionNode } from '../functions.ts';
import { bind, bindParameter } from './binding.ts';
import { evaluateDelete } from './calls.ts';
import { testEqual } from './conditions.ts';
import { evaluate } from './evaluate.ts';
import type { Invocation, Machine, Result } from './machine.ts';
import { holding, symbolic } from './objects.ts';
import { store } from './operators.ts';
import { joinStates, settle } from './paths.ts';
import type { State } from './state.ts';
import { undefinedConst, type Abs, type Frame } from './values.ts';
import { variableKey } from './variables.ts';

interface Ends {
  readonly returned: Result[];
  readonly broke: State[];
  readonly continued: State[];
}

/** Ways to return that are told apart; beyond, they are joined. */
const MOST_RETURNS = 16;

export function invokeFunction(m: Machine, call: Invocation): Result[] {
  const { fn, self, args, state, caller } = call;
  // Also through callbacks: `items.map(render)` inside of render.
  if (isRunning(fn, caller)) return [{ state, value: { kind: 'sym', id: m.fresh() } }];
  const frame: Frame = {
    id: m.fresh(),
    node: fn,
    caller,
    args,
    depth: caller.depth + 1,
    ...(call.outer && { outer: call.outer }),
    ...(self && { self }),
  };
  fn.parameters.forEach((parameter, i) => bindParameter(m, parameter, args, i, state, frame));
  const { body } = fn;
  if (!body) return [{ state, value: undefinedConst }];
  const outer = m.within;
  m.within = { fn, outer, depth: (outer?.depth ?? 0) + 1, ...(self?.kind === 'obj' && { self: self.id }) };
  const results = limit(m, ts.isBlock(body) ? runBody(m, body, state, frame) : m.eval(body, state, frame));
  m.within = outer;
  // What no path came out of was not seen: whoever called it gave it something that it refuses.
  if (results.length > 0) m.visited.add(fn);
  return results;
}

function runBody(m: Machine, body: ts.Block, state: State, frame: Frame): Result[] {
  const ends: Ends = { returned: [], broke: [], continued: [] };
  const next = block(m, body.statements, [state], frame, ends);
  return [...ends.returned, ...next.map((s): Result => ({ state: s, value: undefinedConst }))];
}

/** Returns of the same value on paths that know the same are one. */
function limit(m: Machine, results: Result[]): Result[] {
  if (results.length < 2) return results;
  const byValue = new Map<string, { value: Abs; states: State[] }>();
  for (const { state, value } of results) {
    const key = returnedAs(value);
    const known = byValue.get(key);
    if (known) known.states.push(state);
    else byValue.set(key, { value, states: [state] });
  }
  const settled = [...byValue.values()].flatMap(({ value, states }) =>
    settle(states, m).map((state) => ({ state, value })),
  );
  while (settled.length > MOST_RETURNS) {
    const [last, other] = [settled.pop() as Result, settled.pop() as Result];
    const isSame = returnedAs(other.value) === returnedAs(last.value);
    const value: Abs = isSame ? other.value : { kind: 'sym', id: m.fresh() };
    settled.push({ state: joinStates(other.state, last.state, m), value });
  }
  return settled;
}

export function isRunning(fn: FunctionNode, frame: Frame): boolean {
  for (let current: Frame | undefined = frame; current; current = current.caller) if (current.node === fn) return true;
  return false;
}

/** Unknown values of which nothing is known are one for the caller: it goes on with either. */
function returnedAs(value: Abs): string {
  if (value.kind === 'const') return `c${JSON.stringify(value.value)}`;
  if (value.kind === 'sym') return value.domain || value.from ? `s${value.id}` : 's';
  return value.kind === 'obj' ? `o${value.id}` : value.kind;
}

export function block(
  m: Machine,
  statements: readonly ts.Statement[],
  start: State[],
  frame: Frame,
  ends: Ends,
): State[] {
  let states = start;
  for (const statement of statements) {
    if (states.length === 0) break;
    states = settle(
      states.flatMap((state) => execute(m, statement, state, frame, ends)),
      m,
    );
  }
  return states;
}

function execute(m: Machine, node: ts.Statement, state: State, frame: Frame, ends: Ends): State[] {
  if (!m.step()) return [state];
  if (ts.isExpressionStatement(node)) return effect(m, node.expression, state, frame);
  if (ts.isVariableStatement(node)) return declare(m, node.declarationList, state, frame);
  if (ts.isReturnStatement(node)) {
    if (!node.expression) ends.returned.push({ state, value: undefinedConst });
    else ends.returned.push(...m.eval(node.expression, state, frame));
    return [];
  }
  if (ts.isIfStatement(node)) {
    const { yes, no } = m.test(node.expression, state, frame);
    const then = yes.flatMap((s) => execute(m, node.thenStatement, s, frame, ends));
    const otherwise = node.elseStatement
      ? no.flatMap((s) => execute(m, node.elseStatement as ts.Statement, s, frame, ends))
      : no;
    return settle([...then, ...otherwise], m);
  }
  if (ts.isBlock(node)) return block(m, node.statements, [state], frame, ends);
  if (ts.isThrowStatement(node)) return [];
  if (ts.isSwitchStatement(node)) return switchOver(m, node, state, frame, ends);
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return forEach(m, node, state, frame, ends);
  if (ts.isForStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node))
    return loop(m, node, state, frame, ends);
  if (ts.isTryStatement(node)) {
    const before = state.fork();
    const after = block(m, node.tryBlock.statements, [state], frame, ends);
    const caught = node.catchClause ? block(m, node.catchClause.block.statements, [before], frame, ends) : [];
    const all = settle([...after, ...caught], m);
    return node.finallyBlock ? block(m, node.finallyBlock.statements, all, frame, ends) : all;
  }
  if (ts.isBreakStatement(node)) {
    ends.broke.push(state);
    return [];
  }
  if (ts.isContinueStatement(node)) {
    ends.continued.push(state);
    return [];
  }
  if (ts.isLabeledStatement(node)) return execute(m, node.statement, state, frame, ends);
  return [state];
}

/** An expression for what it does: its value does not tell paths apart. */
function effect(m: Machine, given: ts.Expression, state: State, frame: Frame): State[] {
  const node = bare(given);
  const results = ts.isDeleteExpression(node) ? evaluateDelete(m, node, state, frame) : evaluate(m, node, state, frame);
  return results.map((r) => r.state);
}

function declare(m: Machine, list: ts.VariableDeclarationList, state: State, frame: Frame): State[] {
  let states = [state];
  for (const declaration of list.declarations) {
    states = states.flatMap((s) => {
      if (!declaration.initializer) {
        if (ts.isIdentifier(declaration.name)) s.setVar(variableKey(frame, declaration), undefinedConst);
        return [s];
      }
      return m.eval(declaration.initializer, s, frame).map((r) => {
        if (ts.isIdentifier(declaration.name)) holding(m, r.state, r.value, declaration.name);
        bind(m, declaration.name, r.value, r.state, frame, declaration);
        return r.state;
      });
    });
  }
  return states;
}

function switchOver(m: Machine, node: ts.SwitchStatement, state: State, frame: Frame, ends: Ends): State[] {
  const inner: Ends = { returned: ends.returned, broke: [], continued: ends.continued };
  let falling: State[] = [];
  const entering = new Map<ts.CaseOrDefaultClause, State[]>();
  let open = m.eval(node.expression, state, frame);
  for (const clause of node.caseBlock.clauses) {
    if (!ts.isCaseClause(clause)) continue;
    const matched: State[] = [];
    const rest: Result[] = [];
    for (const path of open) {
      for (const wanted of m.eval(clause.expression, path.state, frame)) {
        const { yes, no } = testEqual(wanted.state, path.value, wanted.value);
        matched.push(...yes);
        rest.push(...no.map((s) => ({ state: s, value: path.value })));
      }
    }
    entering.set(clause, matched);
    open = rest;
  }
  const unmatched = open.map((r) => r.state);
  const fallback = node.caseBlock.clauses.find(ts.isDefaultClause);
  if (fallback) entering.set(fallback, unmatched);
  for (const clause of node.caseBlock.clauses) {
    const start = settle([...(entering.get(clause) ?? []), ...falling], m);
    falling = start.length > 0 ? block(m, clause.statements, start, frame, inner) : [];
  }
  return settle([...inner.broke, ...falling, ...(fallback ? [] : unmatched)], m);
}

/** A loop runs not at all or once: what happens in it happens to any one of what it goes over. */
function forEach(
  m: Machine,
  node: ts.ForOfStatement | ts.ForInStatement,
  state: State,
  frame: Frame,
  ends: Ends,
): State[] {
  const inner: Ends = { returned: ends.returned, broke: [], continued: [] };
  const out: State[] = [];
  for (const { state: start, value } of m.eval(node.expression, state, frame)) {
    const items = value.kind === 'obj' ? start.obj(value).items : undefined;
    if (items && items.length <= 16 && ts.isForOfStatement(node)) {
      let states: State[] = [start];
      for (const item of items) {
        states = states.flatMap((s) => once(m, node, item, s, frame, inner));
        states = settle(states, m);
      }
      out.push(...states);
      continue;
    }
    out.push(start.fork(), ...once(m, node, undefined, start, frame, inner));
  }
  return settle([...out, ...inner.broke, ...inner.continued], m);
}

function once(
  m: Machine,
  node: ts.ForOfStatement | ts.ForInStatement,
  item: Abs | undefined,
  state: State,
  frame: Frame,
  ends: Ends,
): State[] {
  if (ts.isVariableDeclarationList(node.initializer)) {
    const declaration = node.initializer.declarations[0];
    if (declaration) {
      const type = m.checker.getTypeAtLocation(declaration.name);
      const draft = isUnknown(type) || !m.table.of(type) ? m.inference.elementOf(node.expression) : undefined;
      bind(m, declaration.name, item ?? symbolic(m, state, type, draft), state, frame, declaration);
    }
  } else if (item) store(m, node.initializer, item, node, state, frame);
  return execute(m, node.statement, state, frame, ends);
}

function loop(
  m: Machine,
  node: ts.ForStatement | ts.WhileStatement | ts.DoStatement,
  state: State,
  frame: Frame,
  ends: Ends,
): State[] {
  const inner: Ends = { returned: ends.returned, broke: [], continued: [] };
  let starts = [state];
  if (ts.isForStatement(node) && node.initializer) {
    starts = ts.isVariableDeclarationList(node.initializer)
      ? declare(m, node.initializer, state, frame)
      : effect(m, node.initializer, state, frame);
  }
  const condition = ts.isForStatement(node) ? node.condition : node.expression;
  const skipped = ts.isDoStatement(node) ? [] : starts.map((s) => s.fork());
  const entered =
    condition && !ts.isDoStatement(node) ? starts.flatMap((s) => m.test(condition, s, frame).yes) : starts;
  const after = entered.flatMap((s) => execute(m, node.statement, s, frame, inner));
  return settle([...skipped, ...after, ...inner.broke, ...inner.continued], m);
}

// Variables: those of the running functions, and constants of modules.
import ts from 'typescript';
import { bare } from '../expressions.ts';
import { isFunctionNode } from '../functions.ts';
import { one, type Machine, type Result } from './machine.ts';
import { makeObject, readField, symbolicOf } from './objects.ts';
import type { State, VariableKey } from './state.ts';
import { constant, undefinedConst, type Abs, type Frame, type Ref } from './values.ts';

const numbers = new WeakMap<ts.Node, number>();
let numbered = 0;

/** A declaration within a run of its function. */
export function variableKey(frame: Frame, declaration: ts.Node): number {
  let number = numbers.get(declaration);
  if (number === undefined) {
    numbered += 1;
    number = numbered;
    numbers.set(declaration, number);
  }
  return frame.id * MOST_DECLARATIONS + number;
}

/** Whether a key is that of the declaration, in whichever run. */
export function isVariableOf(key: VariableKey, declaration: ts.Node): boolean {
  return typeof key === 'number' && key % MOST_DECLARATIONS === numbers.get(declaration);
}

const MOST_DECLARATIONS = 2 ** 24;

export function readVariable(m: Machine, node: ts.Identifier, state: State, frame: Frame): Result[] {
  if (node.text === 'undefined') return one(state, constant(undefinedConst.value, node));
  if (node.text === 'arguments' && frame.args) {
    const items = argumentsOf(frame);
    return one(state, makeObject(m, state, { fresh: true, ...(items && { items }) }));
  }
  const symbol = m.flow.symbolOf(node);
  const shorthand = ts.isShorthandPropertyAssignment(node.parent)
    ? m.checker.getShorthandAssignmentValueSymbol(node.parent)
    : undefined;
  const declaration = (shorthand ?? symbol)?.valueDeclaration;
  if (!declaration) return one(state, symbolicOf(m, state, node));
  const owner = keeperOfVariable(m, declaration, state, frame);
  if (owner) return readField(m, state, owner.self, owner.field, frame, node);
  for (let current: Frame | undefined = frame; current; current = current.outer) {
    const value = state.vars.get(variableKey(current, declaration));
    if (value) return one(state, value);
  }
  const draft = m.table.bySymbol(symbol);
  if (draft?.form === 'class' && (ts.isClassLike(declaration) || isFunctionNode(declaration)))
    return one(state, { kind: 'class', draft });
  const model = m.models.of(node);
  if (model && m.models.isRecord(model)) return one(state, { kind: 'class', draft: model });
  if (isFunctionNode(declaration) && declaration.body) return one(state, { kind: 'fn', node: declaration, frame });
  return readShared(m, node, declaration, state, frame);
}

/** The thing whose functions keep the variable, while one of them runs. */
export function keeperOfVariable(
  m: Machine,
  declaration: ts.Node,
  state: State,
  frame: Frame,
): { readonly self: Ref; readonly field: string } | undefined {
  const kept = m.table.variableField(declaration);
  if (!kept) return undefined;
  for (let current: Frame | undefined = frame; current; current = current.caller) {
    const { self } = current;
    if (self?.kind === 'obj' && state.obj(self).draft === kept.draft) return { self, field: kept.field };
  }
  return undefined;
}

/** Of the function that is no arrow function. */
function argumentsOf(frame: Frame): readonly Abs[] | undefined {
  let current: Frame | undefined = frame;
  while (current && ts.isArrowFunction(current.node)) current = current.outer;
  return current?.args;
}

/** A variable of a module, or of a function that was not run: a constant's value, else one for all readings on this path. */
function readShared(m: Machine, node: ts.Identifier, declaration: ts.Node, state: State, frame: Frame): Result[] {
  const key = variableKey(ROOT_FRAME, declaration);
  const known = state.vars.get(key);
  if (known) return one(state, known);
  const remember = (s: State, value: Abs): Result[] => {
    s.setVar(key, value);
    return one(s, value);
  };
  const initializer =
    ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name)
      ? declaration.initializer
      : initializerOf(declaration);
  const isConstant = initializer && m.flow.assigned(m.flow.symbolOf(node) as ts.Symbol).length === 0;
  if (isConstant && isLiteralLike(m, initializer, node)) {
    const moduleFrame: Frame = { id: 0, node: declaration.getSourceFile(), depth: frame.depth + 1 };
    const [first] = m.eval(initializer, state, moduleFrame);
    if (first)
      return remember(first.state, first.value.kind === 'const' ? constant(first.value.value, node) : first.value);
  }
  return remember(state, symbolicOf(m, state, node));
}

export const ROOT_FRAME = { id: 0 } as Frame;

/** Tables, constants and functions; containers that the program fills are not what their initialiser says. */
function isLiteralLike(m: Machine, given: ts.Expression, name: ts.Identifier): boolean {
  const node = bare(given);
  if (m.flow.puts(name).length > 0) return false;
  if (ts.isCallExpression(node)) {
    const callee = node.expression.getText();
    if (makesClosures(m, node)) return true;
    return /^Object\.freeze$|^Symbol$|(?:^|\.)(?:createMachine|setup|Machine)$/.test(callee);
  }
  if (ts.isNewExpression(node))
    return /^(?:Set|Map)$/.test(node.expression.getText()) && (node.arguments?.length ?? 0) > 0;
  if (ts.isArrayLiteralExpression(node)) return node.elements.length > 0;
  if (ts.isObjectLiteralExpression(node)) return node.properties.length > 0;
  return (
    ts.isLiteralExpression(node) || isFunctionNode(node) || ts.isPropertyAccessExpression(node) || ts.isIdentifier(node)
  );
}

/** `const flow = defineFlow('course', {...})`: functions that know what they were made with. */
function makesClosures(m: Machine, node: ts.CallExpression): boolean {
  const targets = m.flow.targetsOf(node);
  const [made] = targets;
  if (!made || targets.length > 1) return false;
  return m.flow.returnsOf(made).some((value) => {
    const given = bare(value);
    if (ts.isObjectLiteralExpression(given))
      return given.properties.some(
        (p) => ts.isMethodDeclaration(p) || (ts.isPropertyAssignment(p) && isFunctionNode(bare(p.initializer))),
      );
    if (isFunctionNode(given)) return true;
    // a function of its own that it names and gives back
    const named = ts.isIdentifier(given) ? m.flow.symbolOf(given)?.valueDeclaration : undefined;
    return (
      named !== undefined && isFunctionNode(named) && ts.findAncestor(named, (outer) => outer === made) !== undefined
    );
  });
}

/** `exports.FLOW = {...}` and properties of constant objects of a module. */
export function initializerOf(declaration: ts.Node): ts.Expression | undefined {
  const parent = declaration.parent as ts.Node | undefined;
  const right = parent && ts.isBinaryExpression(parent) && parent.left === declaration ? parent.right : undefined;
  const value = ts.isBinaryExpression(declaration) ? declaration.right : right;
  const own = value ?? (ts.isPropertyAssignment(declaration) ? declaration.initializer : undefined);
  if (!own) return undefined;
  const inner = bare(own);
  const isTable =
    ts.isObjectLiteralExpression(inner) || ts.isArrayLiteralExpression(inner) || ts.isLiteralExpression(inner);
  const isFrozen = ts.isCallExpression(inner) && /^Object\.freeze$/.test(inner.expression.getText());
  return isTable || isFrozen || (ts.isNewExpression(inner) && /^(?:Set|Map)$/.test(inner.expression.getText()))
    ? own
    : undefined;
}

// Expressions: every way each can come out, on which path. What is not understood gives a value of its type.
import ts from 'typescript';
import { bare } from '../expressions.ts';
import { isFunctionNode, plainName } from '../functions.ts';
import { evaluateCall, evaluateNew } from './calls.ts';
import { elementAt, listOf } from './collections.ts';
import { evaluateLiteral } from './literal.ts';
import { one, then, type Machine, type Result } from './machine.ts';
import { readField, symbolicOf } from './objects.ts';
import { evaluateBinary, evaluateTemplate, evaluateUnary } from './operators.ts';
import type { State } from './state.ts';
import { constant, isNothing, undefinedConst, type Abs, type Const, type Frame } from './values.ts';
import { initializerOf, readVariable } from './variables.ts';

export function evaluate(m: Machine, given: ts.Expression, state: State, frame: Frame): Result[] {
  const node = bare(given);
  if (!m.step()) return one(state, { kind: 'sym', id: m.fresh() });
  if (ts.isStringLiteralLike(node)) return one(state, constant(node.text, node));
  if (ts.isNumericLiteral(node)) return one(state, constant(Number(node.text), node));
  if (node.kind === ts.SyntaxKind.TrueKeyword) return one(state, constant(true, node));
  if (node.kind === ts.SyntaxKind.FalseKeyword) return one(state, constant(false, node));
  if (node.kind === ts.SyntaxKind.NullKeyword) return one(state, constant(null, node));
  if (node.kind === ts.SyntaxKind.ThisKeyword) return one(state, selfOf(frame) ?? symbolicOf(m, state, node));
  if (ts.isIdentifier(node)) return readVariable(m, node, state, frame);
  if (isFunctionNode(node)) return one(state, functionValue(node, frame));
  if (ts.isPropertyAccessExpression(node)) return readProperty(m, node, state, frame);
  if (ts.isElementAccessExpression(node)) {
    return then(m.eval(node.expression, state, frame), (a, object) =>
      then(m.eval(node.argumentExpression, a, frame), (b, key) => elementAt(m, b, object, key, node, frame)),
    );
  }
  if (ts.isCallExpression(node)) return evaluateCall(m, node, state, frame);
  if (ts.isNewExpression(node)) return evaluateNew(m, node, state, frame);
  if (ts.isObjectLiteralExpression(node)) return evaluateLiteral(m, node, state, frame);
  if (ts.isArrayLiteralExpression(node)) return listOf(m, node, state, frame);
  if (ts.isBinaryExpression(node)) return evaluateBinary(m, node, state, frame);
  if (ts.isConditionalExpression(node)) {
    const { yes, no } = m.test(node.condition, state, frame);
    return [
      ...yes.flatMap((s) => m.eval(node.whenTrue, s, frame)),
      ...no.flatMap((s) => m.eval(node.whenFalse, s, frame)),
    ];
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return evaluateUnary(m, node, state, frame);
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node) || ts.isSpreadElement(node))
    return node.expression ? m.eval(node.expression, state, frame) : one(state, undefinedConst);
  if (ts.isTypeOfExpression(node))
    return then(m.eval(node.expression, state, frame), (after, value) => one(after, kindOf(m, after, node, value)));
  if (ts.isVoidExpression(node)) return one(state, undefinedConst);
  if (ts.isTemplateExpression(node)) return evaluateTemplate(m, node, state, frame);
  if (ts.isDeleteExpression(node)) return m.eval(node.expression, state, frame);
  if (ts.isClassExpression(node)) {
    const draft = m.table.bySymbol((node as ts.Node & { readonly symbol?: ts.Symbol }).symbol);
    if (draft) return one(state, { kind: 'class', draft });
  }
  return one(state, symbolicOf(m, state, node));
}

/** What `typeof` says, where the value is known. */
function kindOf(m: Machine, state: State, node: ts.Expression, value: Abs): Abs {
  if (isNothing(value)) return constant(value.kind === 'const' && value.value === null ? 'object' : 'undefined', node);
  if (value.kind === 'const') return constant(typeof value.value, node);
  if (value.kind === 'fn' || value.kind === 'class') return constant('function', node);
  if (value.kind === 'obj' && state.obj(value).fresh) return constant('object', node);
  return symbolicOf(m, state, node);
}

function functionValue(node: ts.Node, frame: Frame): Abs {
  const self = ts.isArrowFunction(node) ? selfOf(frame) : undefined;
  return { kind: 'fn', node: node as ts.ArrowFunction, frame, ...(self && { self }) };
}

export function selfOf(frame: Frame): Abs | undefined {
  for (let current: Frame | undefined = frame; current; current = current.outer) {
    if (current.self) return current.self;
    if (!ts.isArrowFunction(current.node) && isFunctionNode(current.node)) return undefined;
  }
  return undefined;
}

function readProperty(m: Machine, node: ts.PropertyAccessExpression, state: State, frame: Frame): Result[] {
  const member = enumMember(m, node);
  if (member) return one(state, member);
  const name = node.name.text;
  return then(m.eval(node.expression, state, frame), (after, object) =>
    propertyOf(m, after, object, name, node, frame),
  );
}

export function propertyOf(
  m: Machine,
  state: State,
  object: Abs,
  name: string,
  node: ts.Expression,
  frame: Frame,
): Result[] {
  if (object.kind === 'obj') {
    const { draft, items, closed, fields } = state.obj(object);
    if (!draft && !items && !closed && !fields.has(name)) {
      const exported = exportedValue(m, state, node, frame);
      if (exported) return exported;
    }
    if (name === 'constructor' && draft) return one(state, { kind: 'class', draft });
    if (name === 'length' && items) return one(state, constant(items.length));
    return then(readField(m, state, object, name, frame, node), (after, value) =>
      // A constant of a table is written out where the table is read.
      one(after, value.kind === 'const' && after.obj(object).closed ? constant(value.value, node) : value),
    );
  }
  if (object.kind === 'class' && name === 'name') return one(state, constant(object.draft.name, node));
  if (isNothing(object))
    return ts.isPropertyAccessExpression(node) && node.questionDotToken ? one(state, undefinedConst) : [];
  // An exported table: `constants.STATUS` of a module object.
  const symbol = m.flow.symbolOf(ts.isPropertyAccessExpression(node) ? node.name : node);
  const written = symbol?.valueDeclaration && initializerOf(symbol.valueDeclaration);
  if (written && object.kind !== 'fn')
    return m.eval(written, state, { id: 0, node: written.getSourceFile(), depth: frame.depth + 1 });
  if (object.kind === 'class') return staticOf(m, state, object.draft.node ?? node, name, node, frame);
  if (object.kind === 'sym') {
    const key = `@${object.id}.${name}`;
    const known = state.vars.get(key);
    if (known) return one(state, known);
    const value = symbolicOf(m, state, node);
    state.setVar(key, value);
    return one(state, value);
  }
  return one(state, symbolicOf(m, state, node));
}

function staticOf(m: Machine, state: State, node: ts.Node, name: string, site: ts.Expression, frame: Frame): Result[] {
  if (ts.isClassLike(node)) {
    for (const member of node.members) {
      if (!member.name || plainName(member.name) !== name.replace(/^#/, '')) continue;
      if (ts.isMethodDeclaration(member) && member.body) return one(state, { kind: 'fn', node: member, frame });
      if (ts.isPropertyDeclaration(member) && member.initializer)
        return m.eval(member.initializer, state, { id: 0, node: member.getSourceFile(), depth: frame.depth + 1 });
    }
  }
  return one(state, symbolicOf(m, state, site));
}

/** A class, function or table of a module that is held as an object. */
function exportedValue(m: Machine, state: State, node: ts.Expression, frame: Frame): Result[] | undefined {
  const symbol = m.flow.symbolOf(ts.isPropertyAccessExpression(node) ? node.name : node);
  const declaration = symbol?.valueDeclaration;
  if (!declaration) return undefined;
  const draft = m.table.bySymbol(symbol);
  if (draft && ts.isClassLike(declaration)) return one(state, { kind: 'class', draft });
  const written = initializerOf(declaration);
  if (!written) return undefined;
  return m.eval(written, state, { id: 0, node: written.getSourceFile(), depth: frame.depth + 1 });
}

function enumMember(m: Machine, node: ts.PropertyAccessExpression): Const | undefined {
  const symbol = m.flow.symbolOf(node.name);
  if (!symbol || !(symbol.flags & ts.SymbolFlags.EnumMember) || !symbol.valueDeclaration) return undefined;
  const value = m.checker.getConstantValue(symbol.valueDeclaration as ts.EnumMember);
  return value === undefined ? undefined : constant(value, node);
}

// Expressions: every way each can come out, on which path. What is not understood gives a value of its type.
import ts from 'typescript';
import { bare } from '../expressions.ts';
import { isFunctionNode, plainName } from '../functions.ts';
import { evaluateCall, evaluateNew } from './calls.ts';
import { elementAt, listOf } from './collections.ts';
import { evaluateLiteral } from './literal.ts';
import { noteInto } from './links.ts';
import { one, then, type Machine, type Result } from './machine.ts';
import { readField, symbolicOf, writeField } from './objects.ts';
import type { State } from './state.ts';
import { constant, isNothing, undefinedConst, type Abs, type Const, type Frame } from './values.ts';

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
  if (ts.isVoidExpression(node)) return one(state, undefinedConst);
  if (ts.isTemplateExpression(node)) return evaluateTemplate(m, node, state, frame);
  if (ts.isDeleteExpression(node)) return m.eval(node.expression, state, frame);
  if (ts.isClassExpression(node)) {
    const draft = m.table.bySymbol((node as ts.Node & { readonly symbol?: ts.Symbol }).symbol);
    if (draft) return one(state, { kind: 'class', draft });
  }
  return one(state, symbolicOf(m, state, node));
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

export function variableKey(frame: Frame, declaration: ts.Node): string {
  return `${frame.id}:${declaration.getSourceFile().fileName}:${declaration.pos}`;
}

export function readVariable(m: Machine, node: ts.Identifier, state: State, frame: Frame): Result[] {
  if (node.text === 'undefined') return one(state, constant(undefinedConst.value, node));
  const symbol = m.flow.symbolOf(node);
  const shorthand = ts.isShorthandPropertyAssignment(node.parent)
    ? m.checker.getShorthandAssignmentValueSymbol(node.parent)
    : undefined;
  const declaration = (shorthand ?? symbol)?.valueDeclaration;
  if (!declaration) return one(state, symbolicOf(m, state, node));
  for (let current: Frame | undefined = frame; current; current = current.outer) {
    const value = state.vars.get(variableKey(current, declaration));
    if (value) return one(state, value);
  }
  const draft = m.table.bySymbol(symbol);
  if (draft?.form === 'class' && (ts.isClassLike(declaration) || isFunctionNode(declaration)))
    return one(state, { kind: 'class', draft });
  if (isFunctionNode(declaration) && declaration.body) return one(state, { kind: 'fn', node: declaration, frame });
  return readShared(m, node, declaration, state, frame);
}

/** A variable of a module, or of a function that was not run: a constant's value, else one for all readings on this path. */
function readShared(m: Machine, node: ts.Identifier, declaration: ts.Node, state: State, frame: Frame): Result[] {
  const key = variableKey(ROOT_FRAME, declaration);
  const known = state.vars.get(key);
  if (known) return one(state, known);
  const remember = (s: State, value: Abs): Result[] => {
    s.vars.set(key, value);
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

const ROOT_FRAME = { id: 0 } as Frame;

/** Tables, constants and functions; containers that the program fills are not what their initialiser says. */
function isLiteralLike(m: Machine, given: ts.Expression, name: ts.Identifier): boolean {
  const node = bare(given);
  if (m.flow.puts(name).length > 0) return false;
  if (ts.isCallExpression(node)) {
    const callee = node.expression.getText();
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
  if (object.kind === 'class') return staticOf(m, state, object.draft.node, name, node, frame);
  if (object.kind === 'sym') {
    const key = `@${object.id}.${name}`;
    const known = state.vars.get(key);
    if (known) return one(state, known);
    const value = symbolicOf(m, state, node);
    state.vars.set(key, value);
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

/** `exports.FLOW = {...}` and properties of constant objects of a module. */
function initializerOf(declaration: ts.Node): ts.Expression | undefined {
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

function enumMember(m: Machine, node: ts.PropertyAccessExpression): Const | undefined {
  const symbol = m.flow.symbolOf(node.name);
  if (!symbol || !(symbol.flags & ts.SymbolFlags.EnumMember) || !symbol.valueDeclaration) return undefined;
  const value = m.checker.getConstantValue(symbol.valueDeclaration as ts.EnumMember);
  return value === undefined ? undefined : constant(value, node);
}

function evaluateBinary(m: Machine, node: ts.BinaryExpression, state: State, frame: Frame): Result[] {
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.EqualsToken) return assign(m, node, state, frame);
  if (kind === ts.SyntaxKind.CommaToken)
    return then(m.eval(node.left, state, frame), (s) => m.eval(node.right, s, frame));
  if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) {
    return then(m.eval(node.left, state, frame), (after, value) => {
      if (isNothing(value)) return m.eval(node.right, after, frame);
      if (value.kind === 'const' || (value.kind === 'obj' && after.obj(value).fresh)) return one(after, value);
      const other = after.fork();
      const fallback = m.eval(node.right, other, frame).filter((r) => r.value.kind === 'const');
      return [{ state: after, value }, ...(value.kind === 'obj' ? [] : fallback)];
    });
  }
  const isTest =
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.InstanceOfKeyword ||
    (kind >= ts.SyntaxKind.EqualsEqualsToken && kind <= ts.SyntaxKind.ExclamationEqualsEqualsToken) ||
    (kind >= ts.SyntaxKind.LessThanToken && kind <= ts.SyntaxKind.GreaterThanEqualsToken);
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) {
    const { yes, no } = m.test(node.left, state, frame);
    return [
      ...yes.flatMap((s) => m.eval(node.right, s, frame)),
      ...no.map((s) => ({ state: s, value: constant(false) })),
    ];
  }
  if (isTest) {
    const { yes, no } = m.test(node, state, frame);
    return [
      ...yes.map((s): Result => ({ state: s, value: constant(true, node) })),
      ...no.map((s): Result => ({ state: s, value: constant(false, node) })),
    ];
  }
  if (kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment)
    return compound(m, node, state, frame);
  return then(m.eval(node.left, state, frame), (a, left) =>
    then(m.eval(node.right, a, frame), (b, right) => {
      if (kind === ts.SyntaxKind.PlusToken && left.kind === 'const' && right.kind === 'const' && !isNothing(left))
        return one(
          b,
          constant(
            typeof left.value === 'number' && typeof right.value === 'number'
              ? left.value + right.value
              : `${String(left.value)}${String(right.value)}`,
            node,
          ),
        );
      return one(b, { kind: 'sym', id: m.fresh(), type: m.checker.getTypeAtLocation(node) });
    }),
  );
}

/** `x ??= v`, `x += v`: only the first gives what is written. */
function compound(m: Machine, node: ts.BinaryExpression, state: State, frame: Frame): Result[] {
  return then(m.eval(node.right, state, frame), (after, value) => {
    const keeps = node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken;
    const result: Abs = keeps ? value : { kind: 'sym', id: m.fresh(), type: m.checker.getTypeAtLocation(node) };
    return store(m, node.left, result, node, after, frame);
  });
}

function assign(m: Machine, node: ts.BinaryExpression, state: State, frame: Frame): Result[] {
  return then(m.eval(node.right, state, frame), (after, value) => store(m, node.left, value, node, after, frame));
}

/** Puts a value where an expression says; gives the value. */
export function store(
  m: Machine,
  given: ts.Expression,
  value: Abs,
  node: ts.Node,
  state: State,
  frame: Frame,
): Result[] {
  const target = bare(given);
  if (ts.isIdentifier(target)) {
    const declaration = m.flow.symbolOf(target)?.valueDeclaration;
    if (declaration) state.vars.set(variableKey(ownerFrame(declaration, state, frame), declaration), value);
    return one(state, value);
  }
  if (ts.isPropertyAccessExpression(target)) {
    return then(m.eval(target.expression, state, frame), (after, object) => {
      if (object.kind === 'obj') writeField(m, after, object, target.name.text, value, node);
      return one(after, value);
    });
  }
  if (ts.isElementAccessExpression(target)) {
    return then(m.eval(target.expression, state, frame), (a, object) =>
      then(m.eval(target.argumentExpression, a, frame), (b, key) => {
        if (object.kind === 'obj') {
          noteInto(m, b, object, key);
          noteInto(m, b, object, value);
        }
        if (object.kind === 'obj' && key.kind === 'const' && typeof key.value === 'string')
          writeField(m, b, object, key.value, value, node);
        else if (object.kind === 'obj' && ts.isIdentifier(bare(target.argumentExpression)) && b.obj(object).draft)
          writeField(m, b, object, target.argumentExpression.getText(), value, node);
        return one(b, value);
      }),
    );
  }
  return one(state, value);
}

function ownerFrame(declaration: ts.Node, state: State, frame: Frame): Frame {
  for (let current: Frame | undefined = frame; current; current = current.outer) {
    if (state.vars.has(variableKey(current, declaration))) return current;
  }
  return ROOT_FRAME;
}

function evaluateUnary(
  m: Machine,
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  state: State,
  frame: Frame,
): Result[] {
  if (node.operator === ts.SyntaxKind.ExclamationToken) {
    const { yes, no } = m.test(node.operand, state, frame);
    return [
      ...no.map((s): Result => ({ state: s, value: constant(true, node) })),
      ...yes.map((s): Result => ({ state: s, value: constant(false, node) })),
    ];
  }
  return then(m.eval(node.operand, state, frame), (after, value) => {
    if (node.operator === ts.SyntaxKind.MinusToken && value.kind === 'const' && typeof value.value === 'number')
      return one(after, constant(-value.value, node));
    const isStep = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    const result: Abs = { kind: 'sym', id: m.fresh(), type: m.checker.getTypeAtLocation(node) };
    return isStep ? store(m, node.operand, result, node, after, frame) : one(after, result);
  });
}

function evaluateTemplate(m: Machine, node: ts.TemplateExpression, state: State, frame: Frame): Result[] {
  let paths: { state: State; text: string | undefined }[] = [{ state, text: node.head.text }];
  for (const span of node.templateSpans) {
    paths = paths.flatMap((path) =>
      m.eval(span.expression, path.state, frame).map(({ state: after, value }) => ({
        state: after,
        text:
          path.text !== undefined && value.kind === 'const'
            ? `${path.text}${String(value.value)}${span.literal.text}`
            : undefined,
      })),
    );
  }
  return paths.map(({ state: after, text }) => ({
    state: after,
    value:
      text === undefined
        ? { kind: 'sym', id: m.fresh(), type: m.checker.getTypeAtLocation(node) }
        : constant(text, node),
  }));
}

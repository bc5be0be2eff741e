// Operators: choices, tests, assignments, texts put together.
import ts from 'typescript';
import { bare } from '../expressions.ts';
import { noteInto } from './links.ts';
import { one, then, type Machine, type Result } from './machine.ts';
import { setterOf } from './members.ts';
import { writeField } from './objects.ts';
import { removeByLength } from './removal.ts';
import type { State } from './state.ts';
import { constant, isNothing, truthOf, type Abs, type Frame } from './values.ts';
import { keeperOfVariable, ROOT_FRAME, variableKey } from './variables.ts';

export function evaluateBinary(m: Machine, node: ts.BinaryExpression, state: State, frame: Frame): Result[] {
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.EqualsToken) return assign(m, node, state, frame);
  if (kind === ts.SyntaxKind.CommaToken)
    return then(m.eval(node.left, state, frame), (s) => m.eval(node.right, s, frame));
  if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) {
    return then(m.eval(node.left, state, frame), (after, value) => {
      const isEmpty = kind === ts.SyntaxKind.BarBarToken && value.kind === 'const' && !truthOf(value);
      if (isNothing(value) || isEmpty) return m.eval(node.right, after, frame);
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
    const keeper = declaration && keeperOfVariable(m, declaration, state, frame);
    if (keeper) writeField(m, state, keeper.self, keeper.field, value, node);
    else if (declaration) state.setVar(variableKey(ownerFrame(declaration, state, frame), declaration), value);
    return one(state, value);
  }
  if (ts.isPropertyAccessExpression(target)) {
    return then(m.eval(target.expression, state, frame), (after, object) => {
      if (object.kind !== 'obj') return one(after, value);
      if (target.name.text === 'length') removeByLength(m, after, target.expression, node);
      const setter = setterOf(m, after.obj(object), target.name.text);
      if (setter)
        return m
          .invoke({ fn: setter, self: object, args: [value], state: after, caller: frame })
          .map((r) => ({ state: r.state, value }));
      writeField(m, after, object, target.name.text, value, node);
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

export function evaluateUnary(
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

export function evaluateTemplate(m: Machine, node: ts.TemplateExpression, state: State, frame: Frame): Result[] {
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

// Forms of JavaScript as far as edits have to know them. Pure, knows syntax only.
import ts from 'typescript';

export type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;

export function assignsTo(node: ts.BinaryExpression): boolean {
  const { kind } = node.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** The property an access names; undefined where only the running program knows it. */
export function propertyOf(node: Access): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
}

/** Naming it twice is the same as naming it once. */
export function isPlainReceiver(node: ts.Expression): boolean {
  return ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword;
}

/** A key that may be a property's name: no number, no arithmetic. */
export function keyOf(key: ts.Expression): boolean {
  if (ts.isNumericLiteral(key) || ts.isPrefixUnaryExpression(key) || ts.isPostfixUnaryExpression(key)) return false;
  if (ts.isBinaryExpression(key)) return false;
  return !(ts.isIdentifier(key) && /^[ijkn]$/.test(key.text));
}

/** Whether the node is what a destructuring assignment or a loop assigns to, or a part of the pattern itself. */
export function isInPattern(node: ts.Node): boolean {
  let current = node;
  for (;;) {
    const parent: ts.Node = current.parent;
    if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === current;
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      if (parent.left !== current) return false;
      if (ts.isObjectLiteralExpression(current) || ts.isArrayLiteralExpression(current)) return true;
      // `[a.x = 1] = y`: a default within a pattern, else a plain assignment.
      if (!isElement(parent)) return false;
      current = parent;
    } else if (ts.isPropertyAssignment(parent)) {
      if (parent.initializer !== current) return false;
      current = parent.parent;
    } else if (isElement(current) || ts.isParenthesizedExpression(parent)) {
      current = parent;
    } else return false;
  }
}

function isElement(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isSpreadAssignment(parent) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node)
  );
}

export function isStrictAt(node: ts.Node): boolean {
  let current: ts.Node | undefined = node;
  while (current) {
    if (ts.isClassLike(current)) return true;
    if (ts.isSourceFile(current) && startsStrict(current.statements)) return true;
    const body = (current as { readonly body?: ts.Node }).body;
    if (body && ts.isBlock(body) && startsStrict(body.statements)) return true;
    current = current.parent as ts.Node | undefined;
  }
  return false;
}

function startsStrict(statements: readonly ts.Statement[]): boolean {
  for (const statement of statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) return false;
    if (statement.expression.text === 'use strict') return true;
  }
  return false;
}

export function enclosingClass(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  return ts.findAncestor(node, ts.isClassLike);
}

/** `const order = new Order(); order.status = ...`: what was made in the same function is still being made. */
export function isFreshLocal(receiver: ts.Expression): boolean {
  if (!ts.isIdentifier(receiver)) return false;
  const scope = ts.findAncestor(receiver, ts.isFunctionLike);
  const body = scope ?? receiver.getSourceFile();
  let found = false;
  const look = (node: ts.Node): void => {
    if (found || (node !== body && ts.isFunctionLike(node))) return;
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === receiver.text)
      found = node.initializer !== undefined && isMaking(node.initializer);
    else ts.forEachChild(node, look);
  };
  look(body);
  return found;
}

function isMaking(node: ts.Expression): boolean {
  return (
    ts.isNewExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    (ts.isCallExpression(node) && node.expression.getText() === 'Object.create')
  );
}

/** Inside of a function that can be called again; initialisers of class fields cannot be edited in every Node. */
export function runsAgain(node: ts.Node): boolean {
  return ts.findAncestor(node, (at) => ts.isFunctionLike(at) || ts.isClassStaticBlockDeclaration(at)) !== undefined;
}

export function nameNode(target: Access): ts.Node {
  return ts.isPropertyAccessExpression(target) ? target.name : target.argumentExpression;
}

/** The literal's parent beyond parentheses and conditions: a spread makes it a part of another literal. */
export function skipOut(node: ts.Node): ts.Node {
  let current = node.parent;
  while (ts.isParenthesizedExpression(current) || ts.isConditionalExpression(current) || ts.isBinaryExpression(current))
    current = current.parent;
  return current;
}

export function isOptional(node: ts.Node): boolean {
  return (node.flags & ts.NodeFlags.OptionalChain) !== 0;
}

/** The properties of a literal whose names are written out. */
export function namedProperties(
  node: ts.ObjectLiteralExpression,
): { readonly property: string; readonly each: ts.ObjectLiteralElementLike }[] {
  return node.properties.flatMap((each) => {
    if (!each.name || ts.isComputedPropertyName(each.name)) return [];
    return [{ property: each.name.getText().replace(/^(['"])(.*)\1$/, '$2'), each }];
  });
}

export function privateFields(node: ts.ClassLikeDeclaration): string[] {
  return node.members
    .filter(ts.isPropertyDeclaration)
    .map((member) => member.name.getText())
    .filter((name) => name.startsWith('#'));
}

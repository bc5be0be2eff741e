// Whether an object literal makes a new thing, is the next version of one that is there, or is but a part of the literal around it.
import ts from 'typescript';
import { bare } from './expressions.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';
import { identityRank } from './words.ts';

/** `{ ...rest, ...(reason ? { reason } : {}) }`: the inner literals are no things of their own. */
export function isPartOfLiteral(node: ts.ObjectLiteralExpression): boolean {
  let current: ts.Node = node.parent;
  while (ts.isParenthesizedExpression(current) || ts.isConditionalExpression(current) || ts.isBinaryExpression(current))
    current = current.parent;
  return ts.isSpreadAssignment(current);
}

/** True where the literal spreads a thing of its type, or takes over the identity that was read from one. */
export function isNextVersion(
  checker: ts.TypeChecker,
  table: TypeTable,
  node: ts.ObjectLiteralExpression,
  owner: TypeDraft,
  typeOf: (expression: ts.Expression) => TypeDraft | undefined,
): boolean {
  const isOwn = (expression: ts.Expression): boolean => {
    const draft = typeOf(expression);
    return draft !== undefined && table.unionOf(draft) === table.unionOf(owner);
  };
  return node.properties.some((property) => {
    if (ts.isSpreadAssignment(property)) {
      const spread = bare(property.expression);
      return !ts.isConditionalExpression(spread) && !ts.isObjectLiteralExpression(spread) && isOwn(spread);
    }
    const name = property.name?.getText() ?? '';
    return (identityRank(name, owner.name) ?? 99) <= 1 && isCopied(checker, property, isOwn);
  });
}

/** `kind: former.kind`, or `kind` out of `const { kind } = former`: taken over, not changed. */
export function isCopied(
  checker: ts.TypeChecker,
  property: ts.ObjectLiteralElementLike,
  isOwn: (expression: ts.Expression) => boolean,
): boolean {
  if (ts.isPropertyAssignment(property)) {
    const value = bare(property.initializer);
    return (
      ts.isPropertyAccessExpression(value) && value.name.text === property.name.getText() && isOwn(value.expression)
    );
  }
  const declaration = ts.isShorthandPropertyAssignment(property)
    ? checker.getShorthandAssignmentValueSymbol(property)?.valueDeclaration
    : undefined;
  if (!declaration || !ts.isBindingElement(declaration)) return false;
  const source = ts.findAncestor(declaration, ts.isVariableDeclaration)?.initializer;
  return source !== undefined && isOwn(source);
}

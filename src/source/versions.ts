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
    if ((identityRank(name, owner.name) ?? 99) > 1) return false;
    if (ts.isPropertyAssignment(property)) {
      const value = bare(property.initializer);
      return ts.isPropertyAccessExpression(value) && value.name.text === name && isOwn(value.expression);
    }
    const declaration = checker.getShorthandAssignmentValueSymbol(property)?.valueDeclaration;
    if (!declaration || !ts.isBindingElement(declaration)) return false;
    const source = ts.findAncestor(declaration, ts.isVariableDeclaration)?.initializer;
    return source !== undefined && isOwn(source);
  });
}

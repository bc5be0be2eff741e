// Edits near the end of an arrow function without braces. V8 finds by comparing texts where each function went, and text that is put
// before its last characters may be taken for them: the function then keeps its old code, or the edit is refused. Pure.
import ts from 'typescript';

/** The arrow function without braces that the node belongs to, if it belongs to one. */
export function tailOf(node: ts.Node): ts.ArrowFunction | undefined {
  const around = ts.findAncestor(node.parent, (at) => ts.isFunctionLike(at) || ts.isClassStaticBlockDeclaration(at));
  return around && ts.isArrowFunction(around) && !ts.isBlock(around.body) ? around : undefined;
}

/** Whether text put before `from` cannot be mistaken for what follows it up to the function's end. */
export function isDistinct(put: string, node: ts.ArrowFunction, from: number): boolean {
  const rest = node.getSourceFile().text.slice(from, node.end);
  const whole = put + rest;
  let at = -1;
  for (const each of rest) {
    at = whole.indexOf(each, at + 1);
    if (at < 0) return true;
  }
  return at === whole.length - 1;
}

/** Whether an assignment may stand in the node's place as it is. */
export function takesAssignment(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent) || ts.isArrayLiteralExpression(parent) || ts.isSpreadElement(parent))
    return true;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression !== node;
  if (ts.isConditionalExpression(parent)) return parent.condition !== node;
  if (ts.isBinaryExpression(parent))
    return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === node;
  return (
    ts.isReturnStatement(parent) ||
    ts.isVariableDeclaration(parent) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    (ts.isArrowFunction(parent) && !ts.isObjectLiteralExpression(node))
  );
}

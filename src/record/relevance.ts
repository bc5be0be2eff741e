// Which places of a program cannot concern any of its entities, whatever runs there. Each edited script makes the process stand still for
// up to a second, so what can only ever tell nothing is left as it is. Pure.
import ts from 'typescript';
import { assignsTo, propertyOf } from './forms.ts';
import type { Nomination } from './nominate.ts';
import { isSave } from './planSaves.ts';
import { isSend } from './planSends.ts';

/** A place of which only the running program knows the object, where the code already says that it is none that is looked for. */
export function isIdle(node: ts.Node, { hasPlain, hasStores }: Nomination): boolean {
  if (ts.isCallExpression(node) && (isSend(node) || isSave(node))) return false;
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    if (node.expression.getText() === 'Object.assign') return !hasPlain && isPlain(node);
    return !hasStores;
  }
  if (ts.isDeleteExpression(node)) return !hasStores;
  if (!ts.isBinaryExpression(node) || !assignsTo(node) || !ts.isElementAccessExpression(node.left)) return false;
  if (propertyOf(node.left) !== undefined) return false;
  return isInMaking(node.left.expression) || (!hasPlain && isPlain(node.left.expression));
}

/** `this[key] = value` in a constructor: what it assigns is read when it is done. */
function isInMaking(receiver: ts.Expression): boolean {
  if (receiver.kind !== ts.SyntaxKind.ThisKeyword) return false;
  const around = ts.findAncestor(receiver, (each) => ts.isFunctionLike(each) && !ts.isArrowFunction(each));
  return around !== undefined && ts.isConstructorDeclaration(around);
}

/** An object or array that was written out here: an instance of no class. */
function isPlain(given: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(given)) return isPlain(given.expression);
  if (ts.isObjectLiteralExpression(given) || ts.isArrayLiteralExpression(given)) return true;
  if (ts.isCallExpression(given)) {
    const [first] = given.arguments;
    return given.expression.getText() === 'Object.assign' && first !== undefined && isPlain(first);
  }
  return ts.isIdentifier(given) && isPlainLocal(given);
}

/** `const found = {}`: declared once in the function around, with a literal, and given nothing else. */
function isPlainLocal(name: ts.Identifier): boolean {
  const around = ts.findAncestor(name, ts.isFunctionLike);
  if (!around) return false;
  let [plain, other] = [0, 0];
  const look = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name.text) {
      if (node.initializer && !ts.isIdentifier(node.initializer) && isPlain(node.initializer)) plain++;
      else other++;
    } else if (ts.isParameter(node) && node.name.getText().includes(name.text)) other++;
    else if (ts.isBinaryExpression(node) && assignsTo(node) && node.left.getText() === name.text) other++;
    ts.forEachChild(node, look);
  };
  look(around);
  return plain === 1 && other === 0;
}

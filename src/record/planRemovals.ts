// Things that leave a collection: which places take them out of one that the model names, and what is edited there. Pure, knows syntax only.
import ts from 'typescript';
import { isOptional } from './forms.ts';
import { PROBE } from './plan.ts';
import type { Close, Planning } from './planning.ts';
import { tailOf } from './tails.ts';

const TAKING = /^(?:splice|pop|shift|clear|delete)$/;
const UNWATCHED = 'what leaves a collection there is seen by an edit only';

/** A collection in which things are kept that the program removes, by its name; naming it twice is the same as naming it once. */
export function isStore(p: Planning, node: ts.Expression): boolean {
  const { stores } = p.nomination;
  // Put text has no line breaks.
  if (stores.size === 0 || isOptional(node) || /[\r\n]/.test(node.getText())) return false;
  if (ts.isIdentifier(node)) return stores.has(node.text);
  if (!ts.isPropertyAccessExpression(node)) return false;
  let root = node.expression;
  while (ts.isPropertyAccessExpression(root)) root = root.expression;
  const isPlain = ts.isIdentifier(root) || root.kind === ts.SyntaxKind.ThisKeyword;
  return isPlain && stores.has(node.name.text.replace(/^#/, ''));
}

/** `list.splice(i, n)` becomes `probe.e(1, list, "splice", i, n)`. @returns whether it is such a place */
export function taking(p: Planning, node: ts.CallExpression, callee: ts.PropertyAccessExpression): boolean {
  if (!TAKING.test(callee.name.text) || !isStore(p, callee.expression) || isOptional(callee) || !p.isOwn(node))
    return false;
  const id = p.site('remove', node, [], 'change');
  p.watch({ site: id, ways: [], why: UNWATCHED });
  p.edits.open(node.getStart(), `${PROBE}.e(${id},`);
  const [first] = node.arguments;
  const name = `,${JSON.stringify(callee.name.text)}`;
  if (first) p.edits.replace(callee.expression.end, first.getStart(), `${name},`);
  else p.edits.replace(callee.expression.end, node.end - 1, name);
  return true;
}

/** `this.items = rest` becomes `this.items = probe.f(1, this.items, rest)`, and `list.length = 0` likewise. */
export function replacing(p: Planning, node: ts.BinaryExpression): Close {
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const { left, right } = node;
  const isLength = ts.isPropertyAccessExpression(left) && left.name.text === 'length' && isStore(p, left.expression);
  if (!(isLength || isStore(p, left)) || !p.isOwn(node)) return undefined;
  // A constructor has nothing there yet.
  if (
    ts.findAncestor(node, (each) => ts.isFunctionLike(each) && !ts.isArrowFunction(each))?.kind ===
    ts.SyntaxKind.Constructor
  )
    return undefined;
  const id = p.site('remove', node, [], 'change');
  p.watch({ site: id, ways: [], why: UNWATCHED });
  if (tailOf(node)) p.edits.isMuted = true;
  const store = isLength ? left.expression : left;
  p.edits.open(right.getStart(), `${PROBE}.f(${id},${store.getText()},`);
  return () => p.edits.close(right.end, ')');
}

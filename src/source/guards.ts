// What has to hold for a place to be reached: the conditions around it and those that leave its function before it. Syntax only;
// what its callers ask before is theirs. Conditions on the state itself are left out, since the state before is told anyway.
import ts from 'typescript';
import { bare } from './expressions.ts';

const LONGEST = 240;

/** As one condition in the program's own words; undefined: nothing else is asked. */
export function guardOf(node: ts.Node, attribute: string): string | undefined {
  const conditions: string[] = [];
  for (let inner = node, outer = node.parent; outer as ts.Node | undefined; inner = outer, outer = outer.parent) {
    if (ts.isIfStatement(outer) && inner !== outer.expression)
      conditions.unshift(...asked(outer.expression, inner === outer.thenStatement, attribute));
    else if (ts.isConditionalExpression(outer) && inner !== outer.condition)
      conditions.unshift(...asked(outer.condition, inner === outer.whenTrue, attribute));
    else if (ts.isBinaryExpression(outer) && inner === outer.right) conditions.unshift(...shortCut(outer, attribute));
    else if (ts.isBlock(outer) || ts.isSourceFile(outer) || ts.isCaseOrDefaultClause(outer))
      conditions.unshift(...leavingBefore(outer.statements, inner, attribute));
    if (isBorder(outer)) break;
  }
  const distinct = [...new Set(conditions)];
  while (distinct.length > 1 && distinct.join(' && ').length > LONGEST) distinct.shift();
  const text = distinct.map((each) => (distinct.length > 1 && /\|\||\?/.test(each) ? `(${each})` : each)).join(' && ');
  return text === '' || text.length > LONGEST ? undefined : text;
}

/** A function of its own; one that is handed to a call runs where it stands, as far as conditions go. */
function isBorder(node: ts.Node): boolean {
  if (!ts.isFunctionLike(node)) return false;
  return !((ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && ts.isCallExpression(node.parent));
}

function shortCut({ operatorToken, left }: ts.BinaryExpression, attribute: string): string[] {
  if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) return asked(left, true, attribute);
  return operatorToken.kind === ts.SyntaxKind.BarBarToken ? asked(left, false, attribute) : [];
}

/** `if (…) throw`, `if (…) return`: behind it the opposite holds. */
function leavingBefore(statements: readonly ts.Statement[], until: ts.Node, attribute: string): string[] {
  const found: string[] = [];
  for (const statement of statements) {
    if (statement === until) break;
    if (ts.isIfStatement(statement) && !statement.elseStatement && leaves(statement.thenStatement))
      found.push(...asked(statement.expression, false, attribute));
  }
  return found;
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return (
    last !== undefined &&
    (ts.isThrowStatement(last) ||
      ts.isReturnStatement(last) ||
      ts.isContinueStatement(last) ||
      ts.isBreakStatement(last))
  );
}

/** The parts of a condition that must be true together, when it is to be true or false. */
function asked(condition: ts.Expression, holds: boolean, attribute: string): string[] {
  const node = bare(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return asked(node.operand, !holds, attribute);
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const joins = holds ? ts.SyntaxKind.AmpersandAmpersandToken : ts.SyntaxKind.BarBarToken;
    if (kind === joins) return [...asked(node.left, holds, attribute), ...asked(node.right, holds, attribute)];
  }
  if (isOfState(node, attribute) || isPresence(node) || isOfMessage(node)) return [];
  return [holds ? textOf(node) : negated(node)];
}

const OPPOSITE: { readonly [operator: string]: string } = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

function negated(node: ts.Expression): string {
  if (ts.isBinaryExpression(node)) {
    const opposite = OPPOSITE[node.operatorToken.getText()];
    if (opposite !== undefined) return `${textOf(node.left)} ${opposite} ${textOf(node.right)}`;
    return `!(${textOf(node)})`;
  }
  return ts.isConditionalExpression(node) ? `!(${textOf(node)})` : `!${textOf(node)}`;
}

function textOf(node: ts.Node): string {
  return node.getText().replaceAll(/\s+/g, ' ');
}

/** It asks for nothing but the attribute whose change it guards, be it by a function: `canMove(next)`, `allowed.includes(this.status)`. */
function isOfState(node: ts.Expression, attribute: string): boolean {
  let reads = ts.isCallExpression(node) && node.arguments.length > 0 ? 1 : 0;
  let others = 0;
  const look = (at: ts.Node): void => {
    if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
      // The function's name is no attribute.
      look(at.expression.expression);
      at.arguments.forEach(look);
    } else if (ts.isPropertyAccessExpression(at)) {
      const name = at.name.text.replace(/^#/, '');
      if (name === attribute) reads++;
      // `Status.Paid`, `order.status`: names with a capital are constants of the program.
      else if (!/^[A-Z]/.test(textOf(at.expression))) others++;
    } else ts.forEachChild(at, look);
  };
  look(node);
  return reads > 0 && others === 0;
}

/** Which of several messages it is: that decides what happens, not whether it may. */
function isOfMessage(node: ts.Expression): boolean {
  if (!ts.isBinaryExpression(node) || !ts.isStringLiteralLike(node.right)) return false;
  return ts.isPropertyAccessExpression(node.left) && /^(type|kind|name|_?tag)$/.test(node.left.name.text);
}

/** That a thing was found at all is asked of every operation. */
function isPresence(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return true;
  if (!ts.isBinaryExpression(node)) return false;
  const isNothing = (each: ts.Expression): boolean =>
    each.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(each) && each.text === 'undefined');
  return (ts.isIdentifier(node.left) && isNothing(node.right)) || (ts.isIdentifier(node.right) && isNothing(node.left));
}

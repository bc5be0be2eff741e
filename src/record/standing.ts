// Where V8 may stand so that a place of the program is about to run, has just run, or is being called. Pure, knows syntax only.
import ts from 'typescript';
import { safeText } from './safeText.ts';
import type { Window } from './watchPoint.ts';

type Range = readonly [number, number];

/** A part of a statement that runs only on a condition. */
interface Branch {
  readonly node: ts.Expression;
  /** Says again whether it runs; undefined: asking would change something. */
  readonly guard: string | undefined;
}

/**
 * Before `node` runs, as near to it as can be.
 * @param limit the last offset that still is before it
 * @param isGuarded the condition may be evaluated only if the node runs
 */
export function before(node: ts.Node, limit: number, condition: string, isGuarded: boolean): Window[] {
  const { branches, start, whole } = segmentOf(node);
  const except = asideOf(whole, node);
  const windows: Window[] = [];
  let guarded = condition;
  for (const { node: branch, guard } of branches) {
    windows.push({ from: branch.getStart(), to: limit, pick: 'last', except, condition: guarded });
    if (!isGuarded) continue;
    if (guard === undefined) return windows;
    guarded = `${guard}&&${guarded}`;
  }
  windows.push({ from: start, to: limit, pick: 'last', except, condition: guarded });
  return windows;
}

/** While the value is evaluated that is written afterwards. */
export function within(value: ts.Node, condition: string): Window {
  return { from: value.getStart(), to: value.end, pick: 'first', except: asideOf(value, undefined), condition };
}

/** The next that runs after the statement or operand of which `node` is the whole value; undefined: that is not certain. */
export function after(node: ts.Node, condition: string): Window | undefined {
  let current = node;
  for (;;) {
    const { parent } = current;
    if (ts.isVariableDeclaration(parent) || ts.isParenthesizedExpression(parent)) current = parent;
    else if (isAssignment(parent) && parent.right === current) current = parent;
    else if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.CommaToken) {
      if (parent.left === current) return first(parent.right, parent.right.getStart(), parent.right.end, condition);
      current = parent;
    } else if (ts.isVariableDeclarationList(parent)) {
      const next = parent.declarations[parent.declarations.indexOf(current as ts.VariableDeclaration) + 1];
      if (next) return first(parent, next.getStart(), parent.end, condition);
      current = parent;
    } else if (ts.isVariableStatement(parent) || ts.isExpressionStatement(parent)) current = parent;
    else if (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent)) {
      const isBody = ts.isFunctionLike(parent.parent);
      return ts.isStatement(current) && (isBody || parent.statements.at(-1) !== current)
        ? first(parent, current.end, parent.end, condition)
        : undefined;
    } else return undefined;
  }
}

/** At the call whose argument the node is: everything given to it has been evaluated. */
export function atCall(node: ts.CallExpression | ts.NewExpression, condition: string): Window {
  const from = ts.isNewExpression(node) ? node.getStart() : node.expression.getStart();
  return { from, to: node.arguments?.pos ?? node.end, pick: 'call', except: [], condition };
}

/** As the function begins. */
export function atEntry(body: ts.ConciseBody, condition: string): Window {
  return first(body, body.getStart(), body.end, condition);
}

/** As the function is left by its end. */
export function atEnd(body: ts.Block, condition: string): Window {
  return { from: body.getStart(), to: body.end, pick: 'return', except: asideOf(body, undefined), condition };
}

/** The call of which the node is an argument as it stands. */
export function callOf(
  node: ts.Expression,
): { readonly call: ts.CallExpression | ts.NewExpression; readonly index: number } | undefined {
  let current: ts.Node = node;
  while (ts.isParenthesizedExpression(current.parent)) current = current.parent;
  const { parent } = current;
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return undefined;
  const index = parent.arguments?.indexOf(current as ts.Expression) ?? -1;
  return index < 0 || parent.arguments?.slice(0, index).some(ts.isSpreadElement) ? undefined : { call: parent, index };
}

/** The variable whose whole new value the node is. */
export function variableOf(node: ts.Expression): string | undefined {
  let current: ts.Node = node;
  while (ts.isParenthesizedExpression(current.parent)) current = current.parent;
  const { parent } = current;
  if (ts.isVariableDeclaration(parent) && parent.initializer === current && ts.isIdentifier(parent.name))
    return parent.name.text;
  return isAssignment(parent) && parent.right === current && ts.isIdentifier(parent.left)
    ? parent.left.text
    : undefined;
}

function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

function first(within: ts.Node, from: number, to: number, condition: string): Window {
  return { from, to, pick: 'first', except: functionsIn(within), condition };
}

/** The part of a statement that is evaluated in one go with the node, and on what its running depends in there. */
function segmentOf(node: ts.Node): {
  readonly branches: readonly Branch[];
  readonly start: number;
  readonly whole: ts.Node;
} {
  const branches: Branch[] = [];
  let current = node;
  for (;;) {
    const { parent } = current;
    if (ts.isConditionalExpression(parent) && parent.condition !== current) {
      const guard = safeText(parent.condition, 'before');
      branches.push({
        node: current as ts.Expression,
        guard: guard === undefined ? undefined : parent.whenTrue === current ? guard : `!${guard}`,
      });
    } else if (ts.isBinaryExpression(parent) && parent.right === current && isShort(parent.operatorToken.kind)) {
      const left = safeText(parent.left, 'before');
      const { kind } = parent.operatorToken;
      const guard =
        left === undefined || kind === ts.SyntaxKind.AmpersandAmpersandToken
          ? left
          : kind === ts.SyntaxKind.BarBarToken
            ? `!(${left})`
            : `(${left})==null`;
      branches.push({ node: current as ts.Expression, guard });
    }
    if (ts.isFunctionLike(parent) || ts.isForStatement(parent) || ts.isIterationStatement(parent, false))
      return { branches, start: current.getStart(), whole: current };
    if (ts.isStatement(parent) && !ts.isBlock(parent)) return { branches, start: parent.getStart(), whole: current };
    if (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isClassLike(parent))
      return { branches, start: current.getStart(), whole: current };
    current = parent;
  }
}

function isShort(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}

/** Stretches that need not run before the node: other branches, and functions within. */
function asideOf(whole: ts.Node, node: ts.Node | undefined): Range[] {
  const out: Range[] = [];
  const holds = (each: ts.Node): boolean => node !== undefined && each.pos <= node.pos && node.end <= each.end;
  const look = (each: ts.Node): void => {
    const { parent } = each;
    const isBranch =
      (ts.isConditionalExpression(parent) && parent.condition !== each) ||
      (ts.isBinaryExpression(parent) && parent.right === each && isShort(parent.operatorToken.kind));
    if (each !== whole && !holds(each) && (isBranch || ts.isFunctionLike(each))) out.push([each.getStart(), each.end]);
    else ts.forEachChild(each, look);
  };
  look(whole);
  return out;
}

function functionsIn(within: ts.Node): Range[] {
  const out: Range[] = [];
  const look = (each: ts.Node): void => {
    if (ts.isFunctionLike(each)) out.push([each.getStart(), each.end]);
    else ts.forEachChild(each, look);
  };
  ts.forEachChild(within, look);
  return out;
}

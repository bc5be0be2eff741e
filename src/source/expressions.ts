// Small readings of expressions that many analyzers need.
import ts from 'typescript';

/** Without parentheses, assertions and `!`. */
export function bare(node: ts.Expression): ts.Expression {
  let current = node;
  while (
    ts.isParenthesizedExpression(current) ||
    ts.isAsExpression(current) ||
    ts.isTypeAssertionExpression(current) ||
    ts.isNonNullExpression(current) ||
    ts.isSatisfiesExpression(current)
  )
    current = current.expression;
  return current;
}

/** Written without qualification: `a.b.c`; undefined for what is no chain of names. */
export function dottedName(node: ts.Expression): string | undefined {
  const inner = bare(node);
  if (ts.isIdentifier(inner)) return inner.text;
  if (inner.kind === ts.SyntaxKind.ThisKeyword) return 'this';
  if (!ts.isPropertyAccessExpression(inner)) return undefined;
  const owner = dottedName(inner.expression);
  return owner === undefined ? undefined : `${owner}.${inner.name.text}`;
}

/** Each file is gone through by one analyzer after another, and again at the next reading. */
const nodes = new WeakMap<ts.SourceFile, readonly ts.Node[]>();

/** All nodes of a file, each before those inside it. */
export function nodesOf(file: ts.SourceFile): readonly ts.Node[] {
  const known = nodes.get(file);
  if (known) return known;
  const all: ts.Node[] = [];
  const step = (node: ts.Node): void => {
    all.push(node);
    ts.forEachChild(node, step);
  };
  step(file);
  nodes.set(file, all);
  return all;
}

export function visitAll(file: ts.SourceFile, visit: (node: ts.Node) => void): void {
  for (const node of nodesOf(file)) visit(node);
}

/** Types declared outside the compiler's files have no node. */
export function isClass(node: ts.Node | undefined): node is ts.ClassLikeDeclaration {
  return node !== undefined && ts.isClassLike(node);
}

// Inheritance of constructor functions: by util.inherits, by a prototype made of another, by setting it.
import ts from 'typescript';
import { bare } from './expressions.ts';
import type { Project } from './program.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';

/** Heirs have the fields that their base's constructor gives them. */
export function joinPrototypes(project: Project, table: TypeTable): void {
  const pairs: [TypeDraft, TypeDraft][] = [];
  const named = (node: ts.Expression | undefined): TypeDraft | undefined => {
    const name = node && bare(node);
    const draft = name && ts.isIdentifier(name) ? table.bySymbol(project.checker.getSymbolAtLocation(name)) : undefined;
    return draft?.form === 'class' ? draft : undefined;
  };
  const visit = (node: ts.Node): void => {
    const [heir, base] = pairIn(node) ?? [];
    const [own, other] = [named(heir), named(base)];
    if (own && other && own !== other) pairs.push([own, other]);
    // At the top of a file or of a function: there is where they are written.
    if (ts.isSourceFile(node) || ts.isExpressionStatement(node) || ts.isBinaryExpression(node))
      ts.forEachChild(node, visit);
  };
  for (const file of project.files) if (/\.[cm]?jsx?$/.test(file.fileName)) visit(file);
  for (const [own, other] of pairs) {
    own.bases.add(other.key);
    for (const [name, field] of other.fields) if (!own.fields.has(name)) own.fields.set(name, { ...field });
  }
}

function pairIn(node: ts.Node): readonly [ts.Expression | undefined, ts.Expression | undefined] | undefined {
  if (ts.isCallExpression(node)) {
    const [first, second] = node.arguments;
    const callee = node.expression.getText();
    if (/(?:^|\.)inherits$/.test(callee)) return [first, second];
    if (/^(?:Object|Reflect)\.setPrototypeOf$/.test(callee)) return [prototypeOf(first), prototypeOf(second)];
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const made = bare(node.right);
  const heir = prototypeOf(node.left);
  if (!heir) return undefined;
  if (ts.isNewExpression(made)) return [heir, made.expression];
  return ts.isCallExpression(made) && /^Object\.create$/.test(made.expression.getText())
    ? [heir, prototypeOf(made.arguments[0])]
    : undefined;
}

function prototypeOf(node: ts.Expression | undefined): ts.Expression | undefined {
  return node && ts.isPropertyAccessExpression(node) && node.name.text === 'prototype' ? node.expression : undefined;
}

// Classes before there were classes: functions that are called with `new`, by what they fill, by their prototype; and what a class is called
// that is only given to a name.
import ts from 'typescript';
import type { ClassNode } from './constructorPosition.ts';

/** Untyped code's classes: a function that fills `this` and is named like one, or has methods on its prototype. */
export function isConstructorFunction(node: ts.Node): node is ClassNode & ts.FunctionLikeDeclaration {
  if (!(ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) || !node.body) return false;
  if (!/\.[cm]?jsx?$/.test(node.getSourceFile().fileName)) return false;
  const name = className(node);
  if (name === undefined || !/^_?[A-Z]/.test(name)) return false;
  // a method is given to a prototype, not to a name
  if (
    ts.isFunctionExpression(node) &&
    ts.isBinaryExpression(node.parent) &&
    /\.prototype\./.test(node.parent.left.getText())
  )
    return false;
  return (
    node.body.statements.some((statement) => /(^|[^\w.])this\s*\./.test(statement.getText())) ||
    hasPrototype(node.getSourceFile(), name)
  );
}

/** `Boat.prototype = {...}`, `Boat.prototype.sail = ...`: it is called to make things, whatever it does with them. */
function hasPrototype(file: ts.SourceFile, name: string): boolean {
  return new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}\\.prototype(?:\\.\\w+)?\\s*=(?!=)`).test(file.text);
}

/** Its own name, else that of the variable, property or mixin function it is given to. */
export function className(node: ts.Node): string | undefined {
  const own = (node as ts.NamedDeclaration).name;
  if (own && ts.isIdentifier(own)) return own.text;
  let parent = node.parent as ts.Node | undefined;
  while (parent && (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent))) parent = parent.parent;
  if (!parent) return undefined;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if (ts.isPropertyAssignment(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if (ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left)) {
    const name = parent.left.name.text;
    return name === 'exports' ? fileStem(node) : name;
  }
  if (ts.isReturnStatement(parent) || ts.isArrowFunction(parent)) {
    const maker = ts.findAncestor(parent, (n) => ts.isFunctionLike(n) && n !== node);
    return maker ? className(maker) : undefined;
  }
  return ts.isExportAssignment(parent) || ts.isClassDeclaration(node) ? fileStem(node) : undefined;
}

function fileStem(node: ts.Node): string {
  const base = node.getSourceFile().fileName.split('/').at(-1) ?? 'default';
  return base.replace(/\.[^.]+$/, '');
}

// Whose method a function is: the instance it works on when nobody says which.
import ts from 'typescript';
import type { FunctionNode } from '../functions.ts';
import type { Machine } from './machine.ts';
import { makeObject, symbolicOf } from './objects.ts';
import type { State } from './state.ts';
import type { Abs } from './values.ts';

/** `this` of a method that is run by itself: any instance of its class. */
export function selfFor(m: Machine, fn: FunctionNode, state: State): Abs | undefined {
  const owner = ts.findAncestor(fn, ts.isClassLike);
  const draft = owner && m.table.bySymbol((owner as ts.Node & { readonly symbol?: ts.Symbol }).symbol);
  const isStatic = ts.canHaveModifiers(fn) && ts.getModifiers(fn)?.some((x) => x.kind === ts.SyntaxKind.StaticKeyword);
  if (draft && isStatic) return { kind: 'class', draft };
  if (draft && owner) {
    const type = m.checker.getTypeAtLocation(owner.name ?? owner);
    return makeObject(m, state, { fresh: false, draft, type });
  }
  const owned = m.models.ownerOf(fn);
  if (owned)
    return owned.isStatic
      ? { kind: 'class', draft: owned.draft }
      : makeObject(m, state, { fresh: false, draft: owned.draft });
  const literal = ts.isMethodDeclaration(fn) && ts.isObjectLiteralExpression(fn.parent) ? fn.parent : undefined;
  return literal ? symbolicOf(m, state, literal) : undefined;
}

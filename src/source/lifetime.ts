// How long a variable lives: for one call of its function, or as long as functions that outlive the call refer to it.
import ts from 'typescript';
import type { Flow } from './flow.ts';
import { isFunctionNode } from './functions.ts';

/** Calls that are done with the function they are given when they return. */
const AT_ONCE = new Set(
  `forEach map filter find findIndex findLast findLastIndex some every reduce reduceRight flatMap sort toSorted replace replaceAll
  from fromEntries apply call then catch finally walk visit traverse`.split(/\s+/),
);

/** A variable of a function to which nothing that outlives the call refers: a result under construction, no store. */
export function livesForOneCall(flow: Flow, target: ts.Expression): boolean {
  const symbol = ts.isIdentifier(target) ? flow.symbolOf(target) : undefined;
  const declaration = symbol?.valueDeclaration;
  if (!symbol || !declaration || !ts.isVariableDeclaration(declaration)) return false;
  const owner = ts.findAncestor(declaration.parent, ts.isFunctionLike);
  return owner !== undefined && !isSharedBy(flow, symbol, owner, new Set());
}

/** Whether a function within `owner` that outlives it refers to the symbol, itself or through its helpers. */
function isSharedBy(flow: Flow, symbol: ts.Symbol, owner: ts.Node, asked: Set<ts.Symbol>): boolean {
  if (asked.has(symbol)) return false;
  asked.add(symbol);
  let shared = false;
  const look = (node: ts.Node): void => {
    if (shared) return;
    if (ts.isIdentifier(node) && node.text === symbol.name && flow.symbolOf(node) === symbol)
      shared = isKeptWithin(flow, node, owner, asked);
    else ts.forEachChild(node, look);
  };
  ts.forEachChild(owner, look);
  return shared;
}

function isKeptWithin(flow: Flow, use: ts.Node, owner: ts.Node, asked: Set<ts.Symbol>): boolean {
  for (let at = use.parent; at !== owner && !ts.isSourceFile(at); at = at.parent) {
    if (isFunctionNode(at) && outlives(flow, at, owner, asked)) return true;
  }
  return false;
}

function outlives(flow: Flow, inner: ts.Node, owner: ts.Node, asked: Set<ts.Symbol>): boolean {
  const holder = inner.parent;
  const named = ts.isFunctionDeclaration(inner) ? inner : ts.isVariableDeclaration(holder) ? holder : undefined;
  if (named) return isPassedOn(flow, named, owner, asked);
  if (ts.isCallExpression(holder) && holder.expression !== inner) {
    const callee = holder.expression;
    return !(ts.isPropertyAccessExpression(callee) && AT_ONCE.has(callee.name.text));
  }
  // A method of a class or of a literal, a value returned or assigned; a function called where it stands is gone at once.
  return !ts.isParenthesizedExpression(holder);
}

/** A helper with a name: given away, or called by what outlives. */
function isPassedOn(
  flow: Flow,
  named: ts.FunctionDeclaration | ts.VariableDeclaration,
  owner: ts.Node,
  asked: Set<ts.Symbol>,
): boolean {
  const symbol = named.name && ts.isIdentifier(named.name) ? flow.symbolOf(named.name) : undefined;
  if (!symbol || asked.has(symbol)) return false;
  let given = false;
  const look = (node: ts.Node): void => {
    if (given) return;
    if (ts.isIdentifier(node) && node !== named.name && node.text === symbol.name && flow.symbolOf(node) === symbol) {
      const called = ts.isCallExpression(node.parent) && node.parent.expression === node;
      given = !called && !isAtOnce(node);
    } else ts.forEachChild(node, look);
  };
  ts.forEachChild(owner, look);
  return given || isSharedBy(flow, symbol, owner, asked);
}

function isAtOnce(node: ts.Node): boolean {
  const call = node.parent;
  return (
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    AT_ONCE.has(call.expression.name.text)
  );
}

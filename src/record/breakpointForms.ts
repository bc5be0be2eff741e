// What a breakpoint at a place evaluates in the frame, and where it stands, in the order of how much it can tell. Pure.
//
// Exact: a write to a plain receiver (the value before is read as it is about to run, the value after once the statement is over, so
// the value itself is never evaluated twice); an object that gets into a variable, into a function of the same script, or that a
// constructor of the same script makes (the object itself is told); Object.assign, removals and private members of a plain receiver.
// Not exact: an object literal that goes nowhere one can look is told as one made again from its own text, as far as that changes
// nothing: other attributes of it (a time, a random value) are left out. Several writes of one property within one statement are
// told as one. A getter that counts its reads is read once more. What needs a value twice that cannot be had twice is not recorded.
import ts from 'typescript';
import { propertyOf, type Access } from './forms.ts';
import { PROBE } from './plan.ts';
import { literalText, safeText } from './safeText.ts';
import { after, atCall, atEnd, atEntry, before, callOf, variableOf, within } from './standing.ts';
import type { WatchPoint, Way, Window } from './watchPoint.ts';

export function watchWrite(site: number, node: ts.Node, target: Access): WatchPoint {
  const receiver = safeText(target.expression, 'before');
  const property = propertyOf(target);
  const key =
    property === undefined ? safeText((target as ts.ElementAccessExpression).argumentExpression, 'before') : '';
  if (receiver === undefined || key === undefined)
    return { site, ways: [], why: 'what it writes to can be evaluated only once' };
  const isPrivate = property?.startsWith('#') === true;
  const value = ts.isBinaryExpression(node) ? node.right : undefined;
  const limit = value ? value.getStart() : node.end;
  const rest = isPrivate ? `,void 0,(o)=>o.${property}` : property === undefined ? `,${key}` : '';
  const standing = (condition: string): Window[] => [
    ...before(node, limit, condition, false),
    ...(value ? [within(value, condition)] : []),
  ];
  if (!value || !isInterrupted(value))
    return { site, ways: [{ steps: [standing(`${PROBE}.k(${site},${receiver}${rest})`)] }], why: '' };
  const then = after(node, `${PROBE}.o(${site},${receiver})`);
  if (!then) return { site, ways: [], why: 'it waits for its value, and no one place comes next' };
  const wait = `${PROBE}.k(${site},${receiver}${rest === '' ? ',void 0' : rest}${isPrivate ? '' : ',void 0'},true)`;
  return { site, ways: [{ steps: [standing(wait), [then]] }], why: '' };
}

/** @param needed properties that a literal made again must have */
export function watchValue(
  site: number,
  node: ts.ObjectLiteralExpression | ts.NewExpression,
  former: string | undefined,
  needed: ReadonlySet<string>,
): WatchPoint {
  const ways: Way[] = [];
  const rest = former === undefined ? '' : `,${former}`;
  // What it was before is asked before it is made, where that has a name: later the name may stand for another thing.
  const expect = `${PROBE}.i(${site}${rest})`;
  const name = variableOf(node);
  if (name !== undefined && name !== former) {
    const then = after(node, `${PROBE}.h(${site},${name}${rest})`);
    if (then) ways.push({ steps: [[then]] });
  } else if (name !== undefined) {
    const then = after(node, `${PROBE}.m(${site},${name})`);
    if (then) ways.push({ steps: [before(node, node.getStart() + 1, expect, true), [then]] });
  }
  const made = ts.isNewExpression(node) ? constructorOf(node) : undefined;
  if (ts.isNewExpression(node) && made?.body)
    ways.push({ steps: [[atCall(node, expect)], [atEnd(made.body, `${PROBE}.m(${site},this)`)]] });
  const call = callOf(node);
  const entry = call && entryOf(call.call, call.index);
  if (call && entry)
    ways.push({ steps: [[atCall(call.call, expect)], [atEntry(entry.body, `${PROBE}.m(${site},${entry.name})`)]] });
  if (ts.isObjectLiteralExpression(node)) {
    const late = call && literalText(node, 'after', needed);
    if (call && late !== undefined) ways.push({ steps: [[atCall(call.call, `${PROBE}.h(${site},${late}${rest})`)]] });
    const early = literalText(node, 'before', needed);
    if (early !== undefined)
      ways.push({ steps: [before(node, node.getStart() + 1, `${PROBE}.h(${site},${early}${rest})`, true)] });
  }
  return { site, ways, why: 'the object it makes goes where it cannot be seen' };
}

export function watchAssign(site: number, node: ts.CallExpression): WatchPoint {
  const target =
    node.arguments[0] && !ts.isObjectLiteralExpression(node.arguments[0])
      ? safeText(node.arguments[0], 'after')
      : undefined;
  if (target === undefined) return { site, ways: [], why: 'what it assigns to can be evaluated only once' };
  return { site, ways: [{ steps: [[atCall(node, `${PROBE}.j(${site},${target})`)]] }], why: '' };
}

export function watchRemoval(site: number, node: ts.Node, store: ts.Expression, key: ts.Expression): WatchPoint {
  const [of, name] = [safeText(store, 'before'), safeText(key, 'before')];
  if (of === undefined || name === undefined)
    return { site, ways: [], why: 'what it removes from can be evaluated only once' };
  return { site, ways: [{ steps: [before(node, node.end, `${PROBE}.l(${site},${of},${name})`, false)] }], why: '' };
}

/** What is private is read as the constructor is left. */
export function watchMade(site: number, body: ts.Block, pairs: string): WatchPoint {
  return { site, ways: [{ steps: [[atEnd(body, `${PROBE}.c(${site},this,${pairs})`)]] }], why: '' };
}

/** Whether others run before the value is there. */
function isInterrupted(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, isInterrupted) ?? false;
}

function constructorOf(node: ts.NewExpression): ts.ConstructorDeclaration | undefined {
  if (!ts.isIdentifier(node.expression)) return undefined;
  const found = declarationOf(node.expression);
  return found && ts.isClassLike(found) ? found.members.find(ts.isConstructorDeclaration) : undefined;
}

/** The function of the script that is called, and what it calls the argument. */
function entryOf(
  call: ts.CallExpression | ts.NewExpression,
  index: number,
): { readonly body: ts.ConciseBody; readonly name: string } | undefined {
  if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) return undefined;
  const found = declarationOf(call.expression);
  if (!found || ts.isClassLike(found) || found.asteriskToken) return undefined;
  const parameter = found.parameters[index];
  if (!found.body || !parameter || parameter.dotDotDotToken || !ts.isIdentifier(parameter.name)) return undefined;
  return { body: found.body, name: parameter.name.text };
}

type Declared = ts.ClassLikeDeclaration | ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** What a name stands for at its place: the nearest scope that declares it decides. */
function declarationOf(name: ts.Identifier): Declared | undefined {
  for (let scope: ts.Node | undefined = name; scope; scope = scope.parent as ts.Node | undefined) {
    if (!ts.isFunctionLike(scope) && !ts.isSourceFile(scope)) continue;
    if (ts.isFunctionLike(scope) && scope.parameters.some((each) => each.name.getText().includes(name.text)))
      return undefined;
    const found = declaredIn(scope, name.text);
    if (found) return found === 'other' ? undefined : found;
  }
  return undefined;
}

function declaredIn(scope: ts.Node, name: string): Declared | 'other' | undefined {
  let found: Declared | 'other' | undefined;
  const take = (each: Declared | 'other'): void => {
    found = found === undefined ? each : 'other';
  };
  const look = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name) {
      const value = node.initializer;
      take(
        value && (ts.isFunctionExpression(value) || ts.isArrowFunction(value) || ts.isClassExpression(value))
          ? value
          : 'other',
      );
    }
    if ((ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name?.text === name) take(node);
    if (node === scope || (!ts.isFunctionLike(node) && !ts.isClassLike(node))) ts.forEachChild(node, look);
  };
  look(scope);
  return found;
}

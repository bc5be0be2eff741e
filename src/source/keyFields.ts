// By which of its fields a thing is kept: `bins.set(bin.code, bin)`, `bins.set(code, { code, ... })`, `bins.set(code, new Bin(code))`,
// `rows.set(row.key(), row)`; also where a function keeps what its callers give it.
import ts from 'typescript';
import { bare } from './expressions.ts';
import { givenTo, type Flow } from './flow.ts';
import { isFunctionNode, plainName, type FunctionNode } from './functions.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';

/** Steps from a variable back to what it holds. */
const DEEPEST = 4;

/** A value that is kept under a key, as far as both could be followed towards the callers. */
export interface Kept {
  readonly key: ts.Expression;
  readonly value: ts.Expression;
  /** The calls through which it was given, the innermost first. */
  readonly calls: readonly (ts.CallExpression | ts.NewExpression)[];
}

/** The pair itself, or what each caller gives for it where the value is a parameter. */
export function givenPairs(flow: Flow, key: ts.Expression, kept: ts.Expression, depth = 0): Kept[] {
  const value = copiedFrom(kept, key) ?? kept;
  const given = parameterOf(flow, value);
  if (!given || depth > DEEPEST) return [{ key, value, calls: [] }];
  const keyed = parameterOf(flow, key);
  return flow.callsOf(given.owner).flatMap((call) => {
    const passed = call.arguments?.[given.index];
    const under = keyed?.owner === given.owner ? call.arguments?.[keyed.index] : key;
    if (!passed || !under) return [];
    return givenPairs(flow, under, passed, depth + 1).map((pair) => ({ ...pair, calls: [call, ...pair.calls] }));
  });
}

/** `rows.set(row.id, clone(row))`, `rows.set(row.id, { ...row })`: a copy is kept of what the key was read from. */
function copiedFrom(value: ts.Expression, key: ts.Expression): ts.Expression | undefined {
  let receiver = bare(key);
  while (ts.isPropertyAccessExpression(receiver) || ts.isCallExpression(receiver)) receiver = bare(receiver.expression);
  const made = bare(value);
  const parts = ts.isCallExpression(made)
    ? made.arguments
    : ts.isObjectLiteralExpression(made)
      ? made.properties.flatMap((property) => (ts.isSpreadAssignment(property) ? property.expression : []))
      : [];
  return ts.isIdentifier(receiver) ? parts.find((part) => isSame(part, receiver)) : undefined;
}

interface Parameter {
  readonly owner: FunctionNode;
  readonly index: number;
}

function parameterOf(flow: Flow, node: ts.Expression): Parameter | undefined {
  const name = bare(node);
  const declaration = ts.isIdentifier(name) ? flow.symbolOf(name)?.valueDeclaration : undefined;
  if (!declaration || !ts.isParameter(declaration) || !isFunctionNode(declaration.parent)) return undefined;
  return { owner: declaration.parent, index: declaration.parent.parameters.indexOf(declaration) };
}

/** The field of `element` that holds the key; undefined where nothing says so. */
export function keyFieldOf(
  flow: Flow,
  table: TypeTable,
  key: ts.Expression,
  value: ts.Expression,
  element: TypeDraft | undefined,
): string | undefined {
  const keyed = bare(key);
  if (ts.isPropertyAccessExpression(keyed) && isSame(keyed.expression, value)) return keyed.name.text;
  if (ts.isCallExpression(keyed) && ts.isPropertyAccessExpression(keyed.expression)) {
    const named = keyed.expression;
    // `row.key()` of a method that each sort of row has its own of; `String(row.id)` and alike are found by what they are given.
    return (
      (element && methodField(flow, table, element, named.name.text, 0)) ??
      (isText(named.name.text) ? keyFieldOf(flow, table, named.expression, value, element) : undefined)
    );
  }
  if (ts.isCallExpression(keyed) && /^(?:String|Number)$/.test(keyed.expression.getText()) && keyed.arguments[0])
    return keyFieldOf(flow, table, keyed.arguments[0], value, element);
  return fieldGiven(flow, keyed, value, 0);
}

function isText(name: string): boolean {
  return name === 'toString' || name === 'valueOf';
}

function isSame(a: ts.Expression, b: ts.Expression): boolean {
  return bare(a).getText() === bare(b).getText();
}

/** The field that a value was given the key for where it was made. */
function fieldGiven(flow: Flow, key: ts.Expression, value: ts.Expression, depth: number): string | undefined {
  const made = bare(value);
  if (depth > DEEPEST) return undefined;
  const isKey = (given: ts.Expression): boolean => isSameValue(flow, bare(given), key);
  if (ts.isObjectLiteralExpression(made)) {
    for (const property of made.properties) {
      const name = property.name && plainName(property.name);
      if (name === undefined) continue;
      if (ts.isPropertyAssignment(property) && isKey(property.initializer)) return name;
      if (ts.isShorthandPropertyAssignment(property) && ts.isIdentifier(key) && key.text === name) return name;
    }
    return undefined;
  }
  if (ts.isNewExpression(made)) {
    const index = made.arguments?.findIndex(isKey) ?? -1;
    const owner = index < 0 ? undefined : flow.targetsOf(made)[0];
    const parameter = owner?.parameters[index];
    return owner && parameter && fieldOfParameter(owner, parameter);
  }
  if (ts.isIdentifier(made)) {
    const declaration = flow.symbolOf(made)?.valueDeclaration;
    const given = declaration && ts.isVariableDeclaration(declaration) ? givenTo(declaration) : undefined;
    return given && fieldGiven(flow, key, given, depth + 1);
  }
  return undefined;
}

/** Two names of one variable, or the same chain of names. */
function isSameValue(flow: Flow, a: ts.Expression, b: ts.Expression): boolean {
  if (ts.isIdentifier(a) && ts.isIdentifier(b)) return a.text === b.text && flow.symbolOf(a) === flow.symbolOf(b);
  return ts.isPropertyAccessExpression(a) && ts.isPropertyAccessExpression(b) && a.getText() === b.getText();
}

/** `constructor(readonly id)`, `this.#id = id` */
function fieldOfParameter(owner: FunctionNode, parameter: ts.ParameterDeclaration): string | undefined {
  if (!ts.isIdentifier(parameter.name)) return undefined;
  const { text } = parameter.name;
  if (ts.isParameterPropertyDeclaration(parameter, owner)) return text;
  let found: string | undefined;
  const look = (node: ts.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left) &&
      node.left.expression.kind === ts.SyntaxKind.ThisKeyword &&
      ts.isIdentifier(node.right) &&
      node.right.text === text
    )
      found ??= node.left.name.text;
    if (!isFunctionNode(node)) ts.forEachChild(node, look);
  };
  if (owner.body) look(owner.body);
  return found;
}

/** `key() { return this.code; }`, or a getter, of the class or of one it extends. */
function methodField(
  flow: Flow,
  table: TypeTable,
  element: TypeDraft,
  name: string,
  depth: number,
): string | undefined {
  const node = element.node;
  if (!node || !ts.isClassLike(node) || depth > DEEPEST) return undefined;
  const method = node.members.find(
    (member): member is ts.MethodDeclaration =>
      ts.isMethodDeclaration(member) && member.body !== undefined && plainName(member.name) === name,
  );
  for (const value of method ? flow.returnsOf(method) : []) {
    const field = bare(value);
    if (ts.isPropertyAccessExpression(field) && field.expression.kind === ts.SyntaxKind.ThisKeyword)
      return field.name.text;
  }
  for (const base of element.bases) {
    const draft = table.drafts.get(base);
    const found = draft && methodField(flow, table, draft, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

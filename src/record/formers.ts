// Which object a literal takes the place of: what it is spread from, or what its identity is read from. Pure, knows syntax only.
import ts from 'typescript';

/** @returns text that can be evaluated without doing anything; the running program then says whether it is the same thing */
export function formerOf(
  node: ts.ObjectLiteralExpression,
  identity: ReadonlySet<string>,
  states: ReadonlySet<string>,
): string | undefined {
  for (const each of node.properties) {
    if (!ts.isSpreadAssignment(each)) continue;
    const source = bare(each.expression);
    if (source.kind === ts.SyntaxKind.ThisKeyword) return 'this';
    if (ts.isIdentifier(source)) return rootOf(source);
    // `...common(order)`: what it is made of.
    if (ts.isCallExpression(source)) {
      const given = source.arguments.map(bare).find(ts.isIdentifier);
      if (given) return rootOf(given);
    }
  }
  return fromIdentity(node, identity, states);
}

/** `{ id: order.id, status: 'paid' }`, but not `{ id: row.id, status: row.status }`. */
function fromIdentity(
  node: ts.ObjectLiteralExpression,
  identity: ReadonlySet<string>,
  states: ReadonlySet<string>,
): string | undefined {
  let former: string | undefined;
  for (const each of node.properties) {
    if (!ts.isPropertyAssignment(each) || !ts.isIdentifier(each.name)) continue;
    const value = bare(each.initializer);
    if (!ts.isPropertyAccessExpression(value) || !ts.isIdentifier(value.expression)) continue;
    const isSame = value.name.text === each.name.text;
    if (states.has(each.name.text) && isSame) return undefined;
    if (identity.has(each.name.text) && isSame) former = value.expression.text;
  }
  return former;
}

/** `const { note, ...rest } = order`: for `rest` it is `order`. */
function rootOf(name: ts.Identifier): string {
  const scope = ts.findAncestor(name, ts.isFunctionLike);
  let found = name.text;
  const look = (node: ts.Node): void => {
    if (node !== scope && ts.isFunctionLike(node)) return;
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && node.initializer) {
      const isRest = node.name.elements.some((e) => e.dotDotDotToken && e.name.getText() === name.text);
      const from = bare(node.initializer);
      if (isRest && ts.isIdentifier(from)) found = from.text;
    }
    ts.forEachChild(node, look);
  };
  if (scope) look(scope);
  return found;
}

function bare(node: ts.Expression): ts.Expression {
  let current = node;
  while (ts.isParenthesizedExpression(current) || ts.isAsExpression(current) || ts.isNonNullExpression(current))
    current = current.expression;
  return current;
}

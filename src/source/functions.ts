// Functions and their names: which named function a piece of code stands in, and what its name says it does.
import ts from 'typescript';

export type FunctionNode = ts.FunctionLikeDeclaration;

export function isFunctionNode(node: ts.Node): node is FunctionNode {
  switch (node.kind) {
    case ts.SyntaxKind.FunctionDeclaration:
    case ts.SyntaxKind.FunctionExpression:
    case ts.SyntaxKind.ArrowFunction:
    case ts.SyntaxKind.MethodDeclaration:
    case ts.SyntaxKind.Constructor:
    case ts.SyntaxKind.GetAccessor:
    case ts.SyntaxKind.SetAccessor:
      return true;
    default:
      return false;
  }
}

export function functionAround(node: ts.Node): FunctionNode | undefined {
  return ts.findAncestor(node.parent, isFunctionNode) as FunctionNode | undefined;
}

/** The name a function has of its own or by what it is given to; undefined for a callback. */
export function nameOfFunction(node: FunctionNode): string | undefined {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name) return plainName(node.name);
  let parent: ts.Node = node.parent;
  while (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent))
    parent = parent.parent;
  // `const place = withLogging(function () {...})`
  if (ts.isCallExpression(parent) && ts.isVariableDeclaration(parent.parent) && ts.isIdentifier(parent.parent.name))
    return isWrapper(parent) ? parent.parent.name.text : undefined;
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) && parent.name)
    return plainName(parent.name);
  if (ts.isPropertyAssignment(parent)) return plainName(parent.name);
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    if (ts.isPropertyAccessExpression(parent.left)) return plainName(parent.left.name);
    if (ts.isIdentifier(parent.left)) return parent.left.text;
  }
  return undefined;
}

function isWrapper(call: ts.CallExpression): boolean {
  const callee = call.expression.getText();
  return /(?:wrap|with|async|handler|action|use|memo|guard|catch)/i.test(callee);
}

/** `#x` without its sign; computed names only where they are plain text. */
export function plainName(name: ts.Node): string | undefined {
  if (ts.isPrivateIdentifier(name)) return name.text.slice(1);
  if (ts.isIdentifier(name)) return name.text;
  if (ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  return undefined;
}

/** Innermost named function around a node, callbacks passed over; a constructor is named after what it belongs to: `constructor`. */
export function namedFunctionAround(node: ts.Node): string | undefined {
  let current = isFunctionNode(node) ? node : functionAround(node);
  while (current) {
    const name = nameOfFunction(current);
    if (name !== undefined && isIdentifierLike(name)) return name;
    current = functionAround(current);
  }
  return undefined;
}

function isIdentifierLike(name: string): boolean {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name);
}

const HYDRATING =
  /^_?(?:to(?:Domain|Entity|Model|Aggregate)|from(?:Row|Record|Db|DB|Json|JSON|Snapshot|Persistence|Document|Doc|Storage|History|Events|Primitives|Plain|Raw|Data|State|Object|Dto|DTO|Entity)|re?hydrate|hydrate|restore|reconstitute|reconstruct|rebuild|revive|deserialize|deserialise|unserialize|unmarshal|parseRow|mapRow|map(?:From|To)\w+|rowTo\w+|docTo\w+|recordTo\w+|load(?:From\w*)?|loadAll|decode|replay|rowMapper|materiali[sz]e|fromStored)$/;
const HYDRATING_TAIL =
  /(?:FromRow|FromRecord|FromDb|FromJson|FromJSON|FromSnapshot|FromDocument|FromStorage|ToDomain|ToEntity|ToModel)$/;

/** Functions that build things from what was stored: writes in them are no changes. */
export function isHydrating(name: string | undefined): boolean {
  return name !== undefined && (HYDRATING.test(name) || HYDRATING_TAIL.test(name));
}

export function isInHydration(node: ts.Node): boolean {
  let current = isFunctionNode(node) ? node : functionAround(node);
  while (current) {
    if (isHydrating(nameOfFunction(current))) return true;
    current = functionAround(current);
  }
  return false;
}

/**
 * `boat.sail = ...` in the function that has made the boat just before: `const boat = new Boat()`. Gives what makes it. What such a
 * field is given first is what the thing begins with.
 */
export function madeBeside(write: ts.Node): ts.NewExpression | undefined {
  if (!ts.isBinaryExpression(write) || !ts.isPropertyAccessExpression(write.left)) return undefined;
  const receiver = write.left.expression;
  const around = functionAround(write);
  if (!ts.isIdentifier(receiver) || !around?.body || !ts.isBlock(around.body)) return undefined;
  for (const statement of around.body.statements) {
    if (statement.pos >= write.pos || !ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(name) && name.text === receiver.text && initializer && ts.isNewExpression(initializer))
        return initializer;
  }
  return undefined;
}

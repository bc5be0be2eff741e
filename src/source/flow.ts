// Where values go, read once over the whole program: what is assigned, passed, returned, put into containers. The ground for
// what types do not say, in untyped code above all.
import ts from 'typescript';
import { bare, visitAll } from './expressions.ts';
import { functionAround, isFunctionNode, nameOfFunction, plainName, type FunctionNode } from './functions.ts';
import type { Project } from './program.ts';

export interface Put {
  readonly container: ts.Expression;
  readonly value: ts.Expression;
  readonly key?: ts.Expression;
  readonly node: ts.Node;
}

export interface PropertyWrite {
  readonly name: ts.MemberName;
  readonly receiver: ts.Expression;
  readonly value: ts.Expression;
}

export interface Flow {
  /** Values a variable or parameter is given by assignment. */
  assigned(symbol: ts.Symbol): readonly ts.Expression[];
  /** Values written to properties of a name, whatever the receiver. */
  propertyWrites(name: string): readonly PropertyWrite[];
  /** Everything put into a container held by this variable or property. */
  puts(container: ts.Expression): readonly Put[];
  readonly allPuts: readonly Put[];
  callsOf(node: FunctionNode): readonly (ts.CallExpression | ts.NewExpression)[];
  /** Functions a call may run: as the compiler says, else by the method's name where few have it. */
  targetsOf(call: ts.CallExpression | ts.NewExpression): readonly FunctionNode[];
  returnsOf(node: FunctionNode): readonly ts.Expression[];
  symbolOf(node: ts.Node): ts.Symbol | undefined;
  readonly functions: readonly FunctionNode[];
  methodsNamed(name: string): readonly FunctionNode[];
}

/** A method's name that more classes share tells nothing about which one is meant. */
const MOST_BY_NAME = 3;
const PUT_LAST = new Set(['push', 'unshift', 'add', 'set', 'enqueue']);

export function readFlow(project: Project): Flow {
  const { checker } = project;
  const assigned = new Map<ts.Symbol, ts.Expression[]>();
  const writes = new Map<string, PropertyWrite[]>();
  const puts = new Map<ts.Symbol | string, Put[]>();
  const allPuts: Put[] = [];
  const calls: (ts.CallExpression | ts.NewExpression)[] = [];
  const callsBy = new Map<FunctionNode, (ts.CallExpression | ts.NewExpression)[]>();
  const functions: FunctionNode[] = [];
  const byName = new Map<string, FunctionNode[]>();
  /** Properties that are given what another name stands for, maybe a function. */
  const otherNames = new Set<string>();
  const targets = new Map<ts.Node, readonly FunctionNode[]>();
  const returns = new Map<FunctionNode, ts.Expression[]>();

  const symbolOf = (node: ts.Node): ts.Symbol | undefined => {
    const symbol = checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  };
  const put = (
    container: ts.Expression,
    value: ts.Expression | undefined,
    node: ts.Node,
    key?: ts.Expression,
  ): void => {
    if (!value) return;
    const entry: Put = { container, value, node, ...(key && { key }) };
    allPuts.push(entry);
    const ids = containerIds(container, symbolOf);
    const held = bare(container);
    // Also under the property's name alone, for those who see it through an untyped receiver.
    if (ts.isPropertyAccessExpression(held)) ids.push(`.${held.name.text}`);
    for (const id of new Set(ids)) append(puts, id, entry);
  };

  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node)) {
      functions.push(node);
      const name = nameOfFunction(node);
      if (name !== undefined) append(byName, name, node);
      if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) returns.set(node, [node.body]);
    } else if (ts.isReturnStatement(node) && node.expression) {
      const owner = functionAround(node);
      if (owner) append(returns, owner, node.expression);
    } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const { left, right } = node;
      if (ts.isPropertyAccessExpression(left)) {
        if (isName(right)) otherNames.add(left.name.text);
        append(writes, left.name.text, { name: left.name, receiver: left.expression, value: right });
      } else if (ts.isElementAccessExpression(left)) {
        put(left.expression, right, node, left.argumentExpression);
      } else if (ts.isIdentifier(left)) {
        const symbol = symbolOf(left);
        if (symbol) append(assigned, symbol, right);
      }
    } else if (ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) {
      if (node.initializer && isName(node.initializer)) otherNames.add(node.name.getText());
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      calls.push(node);
      const callee = node.expression;
      if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(callee) && PUT_LAST.has(callee.name.text)) {
        const keyed = callee.name.text === 'set';
        if (!keyed || node.arguments.length >= 2)
          put(callee.expression, node.arguments.at(keyed ? 1 : -1), node, keyed ? node.arguments[0] : undefined);
      }
    }
  };
  for (const file of project.files) visitAll(file, visit);

  const targetsOf = (call: ts.CallExpression | ts.NewExpression): readonly FunctionNode[] => {
    const known = targets.get(call);
    if (known) return known;
    const callee = bare(call.expression);
    const name =
      ts.isPropertyAccessExpression(callee) && ts.isCallExpression(call) ? plainName(callee.name) : undefined;
    // Nothing of the program has that name: the compiler need not be asked.
    const isForeign = name !== undefined && !byName.has(name) && !otherNames.has(name);
    const found = isForeign ? [] : resolveTargets(checker, call, byName, symbolOf);
    targets.set(call, found);
    return found;
  };
  for (const call of calls) {
    for (const target of targetsOf(call)) append(callsBy, target, call);
  }
  return {
    functions,
    allPuts,
    symbolOf,
    targetsOf,
    assigned: (symbol) => assigned.get(symbol) ?? [],
    propertyWrites: (name) => writes.get(name) ?? [],
    puts: (container) => containerIds(container, symbolOf).flatMap((id) => puts.get(id) ?? []),
    callsOf: (node) => callsBy.get(node) ?? [],
    returnsOf: (node) => returns.get(node) ?? [],
    methodsNamed: (name) => byName.get(name) ?? [],
  };
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function isName(given: ts.Expression): boolean {
  const node = bare(given);
  return ts.isPropertyAccessExpression(node) || ts.isIdentifier(node) || ts.isCallExpression(node);
}

/** A container is known by its variable or property; one of an untyped receiver by the property's name. */
function containerIds(
  container: ts.Expression,
  symbolOf: (node: ts.Node) => ts.Symbol | undefined,
): (ts.Symbol | string)[] {
  const held = bare(container);
  if (ts.isPropertyAccessExpression(held)) {
    const symbol = symbolOf(held.name);
    return symbol ? [symbol] : [`.${held.name.text}`];
  }
  if (!ts.isIdentifier(held)) return [];
  const symbol = symbolOf(held);
  return symbol ? [symbol] : [];
}

function resolveTargets(
  checker: ts.TypeChecker,
  call: ts.CallExpression | ts.NewExpression,
  byName: ReadonlyMap<string, FunctionNode[]>,
  symbolOf: (node: ts.Node) => ts.Symbol | undefined,
): readonly FunctionNode[] {
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const symbol = symbolOf(name);
  const value = symbol?.valueDeclaration;
  // What a name stands for is known without choosing among overloads, which costs the compiler a check of every argument.
  const written = symbol && bodyOf(symbol, ts.isNewExpression(call), symbolOf);
  if (written) return [written];
  const isForeign = value?.getSourceFile().isDeclarationFile === true;
  const declared = value && isMemberSignature(value) ? value : isForeign ? undefined : signatureOf(checker, call);
  if (declared && isFunctionNode(declared) && declared.body) return [declared];
  if (!ts.isPropertyAccessExpression(callee)) return [];
  const receiver = checker.getTypeAtLocation(callee.expression);
  const isOpen = (receiver.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
  const isAbstract = declared !== undefined && declared.getSourceFile().isDeclarationFile === false;
  if (!isOpen && !isAbstract) return [];
  const named = (byName.get(callee.name.text) ?? []).filter(
    (fn) => isMember(fn) && (isAbstract ? isOfHeir(fn, declared.parent) : !BUILT_IN_NAMES.has(callee.name.text)),
  );
  return named.length <= MOST_BY_NAME || isAbstract ? named.slice(0, 12) : [];
}

/** Names that every collection has: the receiver of an untyped call is far more likely one of those. */
const BUILT_IN_NAMES = new Set(
  (
    'get set has add delete push pop shift map filter find forEach reduce some every keys values entries concat slice splice join includes indexOf ' +
    'then catch on emit once toString call apply bind send end json write test exec match replace split trim'
  ).split(' '),
);

/** A method of a class that extends or implements something, where what is called is declared by a base. */
function isOfHeir(node: FunctionNode, declaring: ts.Node): boolean {
  const owner = node.parent;
  if (ts.isClassLike(declaring) || ts.isInterfaceDeclaration(declaring))
    return ts.isClassLike(owner) ? (owner.heritageClauses?.length ?? 0) > 0 : ts.isObjectLiteralExpression(owner);
  return !ts.isClassLike(owner) || (owner.heritageClauses?.length ?? 0) > 0;
}

/** The function that a symbol names, or the constructor of the class it names: of overloads the one that is written out. */
function bodyOf(
  symbol: ts.Symbol,
  constructs: boolean,
  symbolOf: (node: ts.Node) => ts.Symbol | undefined,
): FunctionNode | undefined {
  for (const declaration of symbol.declarations ?? []) {
    if (isFunctionNode(declaration) && declaration.body) return declaration;
    if (constructs && ts.isClassLike(declaration)) {
      const own = declaration.members.find(
        (x): x is ts.ConstructorDeclaration => ts.isConstructorDeclaration(x) && !!x.body,
      );
      if (own) return own;
    }
  }
  return symbol.valueDeclaration && (functionAt(symbol.valueDeclaration) ?? aliased(symbol.valueDeclaration, symbolOf));
}

/** `exports.need = students.need` */
function aliased(declaration: ts.Node, symbolOf: (node: ts.Node) => ts.Symbol | undefined): FunctionNode | undefined {
  const value = givenTo(declaration);
  if (!value || !ts.isPropertyAccessExpression(value)) return undefined;
  const named = symbolOf(value.name)?.valueDeclaration;
  return named && functionAt(named);
}

function signatureOf(checker: ts.TypeChecker, call: ts.CallExpression | ts.NewExpression): ts.Node | undefined {
  return checker.getResolvedSignature(call)?.declaration;
}

function isMemberSignature(node: ts.Node): boolean {
  return ts.isMethodSignature(node) || (ts.isMethodDeclaration(node) && !node.body);
}

function isMember(node: FunctionNode): boolean {
  if (ts.isMethodDeclaration(node)) return true;
  const parent = node.parent;
  return ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent) || ts.isBinaryExpression(parent);
}

function functionAt(declaration: ts.Node): FunctionNode | undefined {
  if (isFunctionNode(declaration)) return declaration.body ? declaration : undefined;
  const value = givenTo(declaration);
  return value && isFunctionNode(value) ? value : undefined;
}

/** What a variable or property is given where it is declared. */
export function givenTo(declaration: ts.Node): ts.Expression | undefined {
  const initializer =
    (declaration as Partial<ts.VariableDeclaration>).initializer ??
    ((declaration.parent as ts.Node | undefined) !== undefined &&
    ts.isBinaryExpression(declaration.parent) &&
    declaration.parent.left === declaration
      ? declaration.parent.right
      : ts.isBinaryExpression(declaration)
        ? declaration.right
        : undefined);
  return initializer && bare(initializer);
}

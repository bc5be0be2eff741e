// Types that nobody declared: object literals grouped by where they flow: into one store, out of one factory. And inline type literals.
import ts from 'typescript';
import { bare } from './expressions.ts';
import { fieldTypeOf } from './fieldTypes.ts';
import { givenTo, type Flow } from './flow.ts';
import { functionAround, isFunctionNode, nameOfFunction, type FunctionNode } from './functions.ts';
import { typeOfLiteral } from './literals.ts';
import type { Project } from './program.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';
import { singular } from './words.ts';
import { accessedName, accessedPropertyName } from './writes.ts';

const FEWEST_FIELDS = 2;
const DEEPEST = 6;
const FACTORY = /^_?(?:make|create|new|build|init|open|start|register|add|draft)_?([A-Z]\w*)$/;
const SAYS_NOTHING =
  /^(?:result|res|obj|object|data|item|row|record|entry|it|x|doc|out|next|value|self|that|me|instance|entity|model|thing|copy|updated|created|payload|input|body|options|opts|config|args|params|event|message|msg|rec|o|e|v)$/i;

type Literal = ts.ObjectLiteralExpression;

export function collectShapes(project: Project, table: TypeTable, flow: Flow): void {
  const { checker } = project;
  const groups = new Map<string, { name: string; literals: Set<Literal> }>();
  const group = (key: string, name: string, literals: readonly Literal[]): void => {
    const fresh = literals.filter((literal) => isUntyped(checker, table, literal));
    if (fresh.length === 0) return;
    const known = groups.get(key) ?? { name, literals: new Set<Literal>() };
    for (const literal of fresh) known.literals.add(literal);
    groups.set(key, known);
  };

  for (const { container, value } of flow.allPuts) {
    const store = accessedName(container) ?? (ts.isIdentifier(container) ? container.text : undefined);
    const symbol = flow.symbolOf(ts.isPropertyAccessExpression(container) ? container.name : container);
    if (store === undefined) continue;
    const literals = origins(flow, value, 0);
    // What a keeper for everything is given by its callers is told apart by who makes it.
    const kinds = isGiven(flow, value) ? byMaker(literals) : [literals];
    for (const kind of kinds) {
      const name = nameFor(kind[0], value, store);
      group(`store ${symbol?.valueDeclaration?.pos ?? ''} ${store}${kinds.length > 1 ? ` ${name}` : ''}`, name, kind);
    }
  }
  for (const fn of flow.functions) {
    const name = FACTORY.exec(nameOfFunction(fn) ?? '')?.[1];
    if (name === undefined) continue;
    const literals = flow.returnsOf(fn).flatMap((value) => origins(flow, value, 0));
    group(`factory ${name}`, name.charAt(0).toLowerCase() + name.slice(1), literals);
  }

  for (const { name, literals: all } of merged(groups)) {
    // What a method of the thing gives is a view of it.
    const literals = new Set(
      [...all].filter((one) => ![...all].some((other) => other !== one && isInside(one, other))),
    );
    if (![...literals].some((literal) => holdsScalars(checker, literal))) continue;
    const first = [...literals][0] as Literal;
    const draft = table.add(undefined, first, name, 'shape');
    for (const literal of literals) {
      const symbol = (literal as ts.Node & { readonly symbol?: ts.Symbol }).symbol;
      if (symbol) table.bind(symbol, draft);
    }
    for (const literal of literals) {
      addFields(project, table, draft, literal, literals.size > 1 ? literals : undefined);
      addVariables(project, table, flow, draft, literal);
    }
  }
}

function isInside(inner: ts.Node, outer: ts.Node): boolean {
  return ts.findAncestor(inner, (node) => node === outer) !== undefined;
}

function isGiven(flow: Flow, value: ts.Expression): boolean {
  const declaration = ts.isIdentifier(value) ? flow.symbolOf(value)?.valueDeclaration : undefined;
  return declaration !== undefined && ts.isParameter(declaration);
}

function byMaker(literals: readonly Literal[]): Literal[][] {
  const makers = new Map<ts.Node | undefined, Literal[]>();
  for (const literal of literals) {
    const maker = functionAround(literal);
    makers.set(maker, [...(makers.get(maker) ?? []), literal]);
  }
  const kinds = [...makers.values()];
  // Of the same fields, several makers make the same thing.
  const fields = new Set(kinds.map((kind) => fieldNames(kind[0]).join()));
  return fields.size === kinds.length ? kinds : [[...literals]];
}

function fieldNames(literal: Literal | undefined): string[] {
  return (literal?.properties ?? []).map((p) => p.name?.getText() ?? '').sort();
}

/** Groups that share a literal are one, under the name of the first. */
function merged(
  groups: ReadonlyMap<string, { name: string; literals: Set<Literal> }>,
): { name: string; literals: Set<Literal> }[] {
  const out: { name: string; literals: Set<Literal> }[] = [];
  for (const { name, literals } of groups.values()) {
    const same = out.find(
      (other) => other.name.toLowerCase() === name.toLowerCase() || [...literals].some((l) => other.literals.has(l)),
    );
    if (same) for (const literal of literals) same.literals.add(literal);
    else out.push({ name, literals: new Set(literals) });
  }
  return out;
}

/** The literals an expression can be. */
function origins(flow: Flow, given: ts.Expression, depth: number): Literal[] {
  const node = bare(given);
  if (depth > DEEPEST) return [];
  if (ts.isObjectLiteralExpression(node)) return [node];
  if (ts.isConditionalExpression(node))
    return [...origins(flow, node.whenTrue, depth + 1), ...origins(flow, node.whenFalse, depth + 1)];
  if (ts.isAwaitExpression(node)) return origins(flow, node.expression, depth + 1);
  if (ts.isCallExpression(node)) {
    if (/^Object\.(?:freeze|seal|assign)$/.test(node.expression.getText()))
      return node.arguments.slice(0, 1).flatMap((argument) => origins(flow, argument, depth + 1));
    return flow.targetsOf(node).flatMap((fn) => flow.returnsOf(fn).flatMap((value) => origins(flow, value, depth + 1)));
  }
  if (!ts.isIdentifier(node)) return [];
  const symbol = flow.symbolOf(node);
  const declaration = symbol?.valueDeclaration;
  if (!symbol || !declaration) return [];
  if (ts.isParameter(declaration) && isFunctionNode(declaration.parent)) {
    const owner = declaration.parent;
    const index = owner.parameters.indexOf(declaration);
    return flow.callsOf(owner).flatMap((call) => {
      const argument = call.arguments?.[index];
      return argument ? origins(flow, argument, depth + 1) : [];
    });
  }
  const initializer = (declaration as Partial<ts.VariableDeclaration>).initializer;
  return [...(initializer ? [initializer] : []), ...flow.assigned(symbol)].flatMap((value) =>
    origins(flow, value, depth + 1),
  );
}

function isUntyped(checker: ts.TypeChecker, table: TypeTable, literal: Literal): boolean {
  const named = literal.properties.filter((p) => p.name && accessedPropertyName(p.name) !== undefined);
  if (named.length < FEWEST_FIELDS) return false;
  return !typeOfLiteral(checker, table, literal);
}

function nameFor(literal: Literal | undefined, value: ts.Expression, store: string): string {
  const parent = literal?.parent;
  const variable =
    parent && ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
      ? parent.name.text
      : ts.isIdentifier(value)
        ? value.text
        : undefined;
  if (variable !== undefined && !SAYS_NOTHING.test(variable)) return variable;
  const maker = literal && functionAround(literal);
  const made = maker && FACTORY.exec(nameOfFunction(maker) ?? '')?.[1];
  if (made !== undefined) return made.charAt(0).toLowerCase() + made.slice(1);
  return singular(store.replace(/^[_#]+/, '').replace(/(?:ById|Map|Store|Table|List|Db|DB|Repository|Repo)$/, ''));
}

function addFields(
  project: Project,
  table: TypeTable,
  draft: TypeDraft,
  literal: Literal,
  all: ReadonlySet<Literal> | undefined,
): void {
  const { checker } = project;
  for (const property of literal.properties) {
    const name = property.name && accessedPropertyName(property.name);
    if (name === undefined || draft.fields.has(name) || ts.isMethodDeclaration(property)) continue;
    const value = ts.isPropertyAssignment(property) ? property.initializer : property;
    if ((isFunctionNode(value) && !ts.isGetAccessor(value)) || memberFunction(checker, property)) continue;
    const type = checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(value));
    const everywhere = ![...(all ?? [])].some((other) => !hasProperty(other, name));
    const fieldType = fieldTypeOf(checker, table, type, property);
    draft.fields.set(name, {
      name,
      source: project.at(property),
      type: fieldType,
      optional: !everywhere || fieldType.nullable,
      readonly: false,
      derived: ts.isGetAccessor(property),
      writes: [],
      declaration: property,
    });
  }
}

/** The function that a property of a literal is, written there or named. */
export function memberFunction(
  checker: ts.TypeChecker,
  property: ts.ObjectLiteralElementLike,
): FunctionNode | undefined {
  if (ts.isMethodDeclaration(property)) return property;
  const value = ts.isPropertyAssignment(property) ? bare(property.initializer) : undefined;
  if (value && isFunctionNode(value)) return value;
  const symbol = ts.isShorthandPropertyAssignment(property)
    ? checker.getShorthandAssignmentValueSymbol(property)
    : value && ts.isIdentifier(value)
      ? checker.getSymbolAtLocation(value)
      : undefined;
  const named = symbol?.valueDeclaration;
  const given = named && isFunctionNode(named) ? named : named && givenTo(named);
  return given && isFunctionNode(given) ? given : undefined;
}

/** `let sealed = false` beside the functions of the thing that a factory gives: kept by them, it is a field of the thing. */
function addVariables(project: Project, table: TypeTable, flow: Flow, draft: TypeDraft, literal: Literal): void {
  const factory = functionAround(literal);
  const body = factory?.body;
  if (!body || !ts.isBlock(body) || !literal.properties.some((p) => memberFunction(project.checker, p))) return;
  for (const statement of body.statements) {
    if (!ts.isVariableStatement(statement) || statement.declarationList.flags & ts.NodeFlags.Const) continue;
    for (const declaration of statement.declarationList.declarations) {
      const symbol = ts.isIdentifier(declaration.name) ? flow.symbolOf(declaration.name) : undefined;
      if (!symbol || !ts.isIdentifier(declaration.name)) continue;
      const isKept = flow.assigned(symbol).some((value) => functionAround(value) !== factory);
      const name = declaration.name.text;
      if (!isKept || draft.fields.has(name)) continue;
      const type = project.checker.getBaseTypeOfLiteralType(project.checker.getTypeAtLocation(declaration.name));
      const fieldType = fieldTypeOf(project.checker, table, type, declaration);
      draft.fields.set(name, {
        name,
        source: project.at(declaration),
        type: fieldType,
        optional: fieldType.nullable,
        readonly: false,
        derived: false,
        writes: [],
        declaration,
      });
      table.bindVariable(declaration, draft, name);
    }
  }
}

function hasProperty(literal: Literal, name: string): boolean {
  return literal.properties.some((p) => ts.isSpreadAssignment(p) || (p.name && accessedPropertyName(p.name) === name));
}

/** Records hold values; literals of objects and functions only are results, modules, dependencies. */
function holdsScalars(checker: ts.TypeChecker, literal: Literal): boolean {
  return literal.properties.some((property) => {
    if (!ts.isPropertyAssignment(property) && !ts.isShorthandPropertyAssignment(property)) return false;
    const type = checker.getTypeAtLocation(ts.isPropertyAssignment(property) ? property.initializer : property.name);
    return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Never)) === 0;
  });
}

// What an expression is an instance of where the compiler answers `any`: followed through variables, parameters, returns, containers.
import ts from 'typescript';
import { annotationOf, writtenType } from './annotations.ts';
import { isUnknown } from './domains.ts';
import { bare } from './expressions.ts';
import { givenTo, type Flow } from './flow.ts';
import { functionAround, isFunctionNode } from './functions.ts';
import { typeOfLiteral } from './literals.ts';
import { oneGiven, type Models } from './models.ts';
import { keeperOf } from './keepers.ts';
import type { Project } from './program.ts';
import { typeArguments, type TypeDraft, type TypeTable } from './typeTable.ts';

export interface Inference {
  typeOf(expression: ts.Expression): TypeDraft | undefined;
  /** What a container holds: elements of an array, values of a Map or dictionary. */
  elementOf(container: ts.Expression): TypeDraft | undefined;
  elementOfType(type: ts.Type): TypeDraft | undefined;
  /** Of `{ course }`. */
  shorthand(property: ts.ShorthandPropertyAssignment): TypeDraft | undefined;
}

/** Steps of one chase; longer ones say more about the rule than about the program. */
const DEEPEST = 12;
const SAME_ELEMENTS = new Set([
  'filter',
  'slice',
  'sort',
  'reverse',
  'concat',
  'values',
  'toSorted',
  'toReversed',
  'splice',
]);
const ONE_ELEMENT = new Set(['get', 'find', 'pop', 'shift', 'at', 'findLast']);

export function createInference(project: Project, table: TypeTable, flow: Flow, models: Models): Inference {
  const { checker } = project;
  const known = new Map<ts.Node, TypeDraft | undefined>();
  const elements = new Map<ts.Node, TypeDraft | undefined>();
  const busy = new Set<ts.Node>();
  /** Parameters of the functions looked through just now, as this very call gives them. */
  const bound = new Map<ts.Node, ts.Expression>();
  /** The keepers whose methods are looked through just now: what another keeper of the same make was given is not in them. */
  const keepers: ts.Symbol[] = [];

  const memo = (
    cache: Map<ts.Node, TypeDraft | undefined>,
    node: ts.Expression,
    depth: number,
    find: () => TypeDraft | undefined,
  ): TypeDraft | undefined => {
    const isPlain = bound.size === 0 && keepers.length === 0;
    if (isPlain && cache.has(node)) return cache.get(node);
    if (depth > DEEPEST || busy.has(node)) return undefined;
    busy.add(node);
    const found = find();
    busy.delete(node);
    // An answer cut short by depth is not kept: a nearer question may get further.
    if (isPlain && (found || depth === 0)) cache.set(node, found);
    return found;
  };

  const first = <T>(items: Iterable<T>, find: (item: T) => TypeDraft | undefined): TypeDraft | undefined => {
    for (const item of items) {
      const found = find(item);
      if (found) return found;
    }
    return undefined;
  };

  const typeOf = (given: ts.Expression, depth: number): TypeDraft | undefined => {
    const node = bare(given);
    return memo(known, node, depth, () => {
      if (ts.isObjectLiteralExpression(node)) return typeOfLiteral(checker, table, node);
      if (node.kind === ts.SyntaxKind.ThisKeyword) {
        const owner = modelAround(node);
        if (owner) return owner;
      }
      const record = recordOf(node);
      if (record) return record;
      const type = checker.getTypeAtLocation(node);
      const own = table.of(type);
      if (own) return own;
      // What the compiler knows to be text, number or collection is no instance of anything.
      if (!isUnknown(type) && !isLoose(checker, type)) return undefined;
      return chase(node, depth + 1);
    });
  };

  /** `this` of a method that was put on a model. */
  const modelAround = (node: ts.Node): TypeDraft | undefined => {
    let fn = functionAround(node);
    while (fn && ts.isArrowFunction(fn)) fn = functionAround(fn);
    const owner = fn && models.ownerOf(fn);
    if (owner) return owner.isStatic ? undefined : owner.draft;
    const own = fn && table.bySymbol((fn as ts.Node & { readonly symbol?: ts.Symbol }).symbol);
    return own?.node === fn ? own : undefined;
  };

  /** What a constructor function makes: the compiler may answer with its prototype. */
  const madeBy = (node: ts.NewExpression): TypeDraft | undefined => {
    const draft = table.bySymbol(flow.symbolOf(node.expression));
    return draft?.node && isFunctionNode(draft.node) ? draft : undefined;
  };

  /** `new Order({...})` of a model, `Order.findByPk(id)`. */
  const recordOf = (node: ts.Expression): TypeDraft | undefined => {
    if (ts.isNewExpression(node)) return models.of(node.expression) ?? madeBy(node);
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
    const { name, expression } = node.expression;
    return oneGiven(name.text) ? models.of(expression) : undefined;
  };

  const chase = (node: ts.Expression, depth: number): TypeDraft | undefined => {
    if (ts.isIdentifier(node)) return variable(node, depth, typeOf);
    if (ts.isAwaitExpression(node)) return typeOf(node.expression, depth);
    if (ts.isConditionalExpression(node)) return typeOf(node.whenTrue, depth) ?? typeOf(node.whenFalse, depth);
    if (ts.isBinaryExpression(node)) return typeOf(node.left, depth) ?? typeOf(node.right, depth);
    if (ts.isNewExpression(node)) return table.bySymbol(flow.symbolOf(node.expression));
    if (ts.isElementAccessExpression(node)) return elementOf(node.expression, depth);
    if (ts.isPropertyAccessExpression(node)) return property(node, depth, typeOf);
    if (ts.isCallExpression(node)) {
      const callee = node.expression;
      if (ts.isPropertyAccessExpression(callee)) {
        if (ONE_ELEMENT.has(callee.name.text)) {
          const held = elementOf(callee.expression, depth);
          if (held) return held;
        }
        if (/^Object\.(?:assign|freeze|seal|create)$/.test(callee.getText()))
          return first(node.arguments, (argument) => typeOf(argument, depth));
      }
      return throughCall(node, (value) => typeOf(value, depth));
    }
    return undefined;
  };

  /** What a call's functions return, with their parameters standing for what this call passes. */
  const throughCall = (
    call: ts.CallExpression,
    find: (value: ts.Expression) => TypeDraft | undefined,
  ): TypeDraft | undefined =>
    first(flow.targetsOf(call), (target) => {
      const mine = target.parameters.filter((parameter, i) => !bound.has(parameter) && call.arguments[i] !== undefined);
      for (const parameter of mine)
        bound.set(parameter, call.arguments[target.parameters.indexOf(parameter)] as ts.Expression);
      const keeper = keeperOf(flow, call);
      if (keeper) keepers.push(keeper);
      const found = first(flow.returnsOf(target), find);
      if (keeper) keepers.pop();
      for (const parameter of mine) bound.delete(parameter);
      return found;
    });

  const variable = (
    node: ts.Identifier,
    depth: number,
    of: (value: ts.Expression, depth: number) => TypeDraft | undefined,
  ): TypeDraft | undefined => {
    const symbol = flow.symbolOf(node);
    const declaration = symbol?.valueDeclaration;
    if (!symbol || !declaration) return undefined;
    const written = annotationOf(checker, table, writtenType(declaration));
    if (written && written.is !== 'keeper')
      return (of === typeOf) === (written.is === 'one') ? written.draft : undefined;
    if (ts.isParameter(declaration)) return parameter(declaration, depth, of);
    const initializer = (declaration as Partial<ts.VariableDeclaration>).initializer;
    const looped = ts.isVariableDeclaration(declaration) && declaration.parent.parent;
    if (looped && ts.isForOfStatement(looped)) return of === typeOf ? elementOf(looped.expression, depth) : undefined;
    return (initializer && of(initializer, depth)) ?? first(flow.assigned(symbol), (value) => of(value, depth));
  };

  const parameter = (
    declaration: ts.ParameterDeclaration,
    depth: number,
    of: (value: ts.Expression, depth: number) => TypeDraft | undefined,
  ): TypeDraft | undefined => {
    const owner = declaration.parent;
    if (!isFunctionNode(owner)) return undefined;
    const index = owner.parameters.indexOf(declaration);
    const given = bound.get(declaration);
    if (given) {
      // What is passed is looked at as the caller sees it.
      bound.delete(declaration);
      const found = of(given, depth);
      bound.set(declaration, given);
      return found;
    }
    const calls = flow.callsOf(owner);
    const keeper = keepers.at(-1);
    // What a keeper for everything holds is not told by its own code.
    if (
      !keeper &&
      new Set(calls.map((call) => keeperOf(flow, call))).size > 1 &&
      !calls.some((call) => !keeperOf(flow, call))
    )
      return undefined;
    const own = keeper ? calls.filter((call) => keeperOf(flow, call) === keeper) : [];
    const passed = first(own.length > 0 ? own : calls, (call) => {
      const argument = call.arguments?.[index];
      return argument && of(argument, depth);
    });
    if (passed) return passed;
    // callback of a collection's own method: `orders.forEach(function (order) {...})`
    const call = owner.parent;
    if (index === 0 && of === typeOf && ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression))
      return elementOf(call.expression.expression, depth);
    return undefined;
  };

  const property = (
    node: ts.PropertyAccessExpression,
    depth: number,
    of: (value: ts.Expression, depth: number) => TypeDraft | undefined,
  ): TypeDraft | undefined => {
    const owner = typeOf(node.expression, depth);
    const field = owner?.fields.get(node.name.text);
    const target = of === typeOf ? field?.type.target : undefined;
    if (target !== undefined && field?.type.kind === 'reference') return table.drafts.get(target);
    // Of who knows what (a request's body), a property's name says nothing about an instance.
    if (!owner && (of === typeOf || isParameterName(node.expression))) return undefined;
    const writes = flow.propertyWrites(node.name.text);
    return first(writes.slice(0, 40), (write) =>
      owner === undefined || typeOf(write.receiver, depth) === owner ? of(write.value, depth) : undefined,
    );
  };

  const isParameterName = (node: ts.Expression): boolean => {
    const declaration = ts.isIdentifier(node) ? flow.symbolOf(node)?.valueDeclaration : undefined;
    return declaration !== undefined && ts.isParameter(declaration);
  };

  const heldType = (type: ts.Type): ts.Type | undefined => {
    const solid = checker.getNonNullableType(type);
    const name = solid.symbol?.name ?? '';
    const parts = typeArguments(checker, solid);
    const element = /^(?:Readonly)?(?:Weak)?Map$/.test(name)
      ? parts[1]
      : (parts[0] ?? checker.getIndexInfosOfType(solid)[0]?.type);
    return element;
  };
  const elementOfType = (type: ts.Type): TypeDraft | undefined => table.of(heldType(type));

  const elementOf = (given: ts.Expression, depth: number): TypeDraft | undefined => {
    const node = bare(given);
    return memo(elements, node, depth, () => {
      const type = checker.getTypeAtLocation(node);
      const held = heldType(type);
      const own = table.of(held);
      // Of a type parameter there are as many answers as there are uses.
      if (own || (held && held.flags & ts.TypeFlags.TypeParameter)) return own;
      const put = first(flow.puts(node).slice(0, 20), (entry) => typeOf(entry.value, depth + 1));
      if (put) return put;
      if (ts.isArrayLiteralExpression(node))
        return first(node.elements.slice(0, 4), (item) =>
          ts.isSpreadElement(item) ? elementOf(item.expression, depth + 1) : typeOf(item, depth + 1),
        );
      if (ts.isIdentifier(node)) return variable(node, depth + 1, elementOf);
      if (ts.isPropertyAccessExpression(node)) return property(node, depth + 1, elementOf);
      if (ts.isBinaryExpression(node)) return elementOf(node.left, depth + 1) ?? elementOf(node.right, depth + 1);
      if (ts.isCallExpression(node)) {
        const callee = node.expression;
        if (ts.isPropertyAccessExpression(callee)) {
          if (SAME_ELEMENTS.has(callee.name.text)) return elementOf(callee.expression, depth + 1);
          const argument = node.arguments[0];
          const make = argument && bare(argument);
          if (callee.name.text === 'map' && make && isFunctionNode(make))
            return first(flow.returnsOf(make), (value) => typeOf(value, depth + 1));
          if (argument && /^(?:Object\.(?:values|freeze)|Array\.from)$/.test(callee.getText()))
            return elementOf(argument, depth + 1);
        }
        return throughCall(node, (value) => elementOf(value, depth + 1));
      }
      return undefined;
    });
  };

  const shorthand = (property: ts.ShorthandPropertyAssignment): TypeDraft | undefined => {
    const declaration = checker.getShorthandAssignmentValueSymbol(property)?.valueDeclaration;
    if (declaration && ts.isParameter(declaration)) return parameter(declaration, 1, typeOf);
    const value = declaration && givenTo(declaration);
    return value && typeOf(value, 1);
  };
  return { typeOf: (node) => typeOf(node, 0), elementOf: (node) => elementOf(node, 0), elementOfType, shorthand };
}

/** `{}` and unions with any-like parts: a type that says nothing. */
function isLoose(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every((part) => isUnknown(part) || isLoose(checker, part));
  if (type.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) return true;
  return (type.flags & ts.TypeFlags.Object) !== 0 && checker.getPropertiesOfType(type).length === 0;
}

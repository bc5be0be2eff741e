// Stores: variables and fields that keep instances (Map, array, dictionary, typed repository), with the field they are keyed by.
import ts from 'typescript';
import { bare, visitAll } from './expressions.ts';
import { givenTo, type Flow, type Put } from './flow.ts';
import { isFunctionNode, plainName } from './functions.ts';
import type { Inference } from './inference.ts';
import { givenPairs, keyFieldOf } from './keyFields.ts';
import { keeperOf } from './keepers.ts';
import { livesForOneCall } from './lifetime.ts';
import type { Project } from './program.ts';
import { typeArguments, type TypeDraft, type TypeTable } from './typeTable.ts';
import { identityRank } from './words.ts';

const KEEPING =
  /(?:Repository|Repo|Store|Storage|Dao|DAO|Collection|Registry|Table|Cache|Gateway|Map|InMemory\w*|Model)$/;
const KEEPERS = /^(?:Map|ReadonlyMap|Array|ReadonlyArray|Set|Record|WeakMap)$/;

type Holder =
  | ts.VariableDeclaration
  | ts.PropertyDeclaration
  | ts.ParameterDeclaration
  | ts.PropertyAssignment
  | ts.BinaryExpression;

export function collectStores(project: Project, table: TypeTable, flow: Flow, inference: Inference): void {
  const { checker } = project;

  const add = (element: TypeDraft | undefined, holder: ts.Node, name: string, keyField: string | undefined): void => {
    if (!element || (element.form === 'interface' && element.fields.size === 0)) return;
    for (const draft of new Set([element, table.unionOf(element)])) {
      const known = draft.stores.find((s) => s.name === name);
      if (known && keyField !== undefined && known.keyField === undefined) known.keyField = keyField;
      if (!known) draft.stores.push({ source: project.at(holder), name, ...(keyField !== undefined && { keyField }) });
    }
  };

  const visit = (node: ts.Node): void => {
    const keyed = keySelector(node);
    if (keyed) add(inference.typeOf(keyed.parameter), node, keyed.holder, keyed.field);
    const holder = asHolder(node);
    if (holder && !isOfEntity(table, holder.node) && !isMomentary(flow, holder)) {
      const type = checker.getTypeAtLocation(holder.name);
      const selector = keySelectorOf(holder.initializer);
      // A keeper of the program's own is known by what tells it the key.
      const kept = keptBy(checker, table, type) ?? (selector && inference.typeOf(selector.receiver));
      if (kept) add(kept, holder.node, holder.text, selector?.field);
    }
  };
  for (const file of project.files) visitAll(file, visit);

  for (const put of flow.allPuts) {
    for (const { element, holder, name, keyField } of keptThroughCalls(flow, table, inference, put))
      add(element, holder, name, keyField);
  }
  for (const { container, value, key, node } of flow.allPuts) {
    const target = bare(container);
    const name = ts.isPropertyAccessExpression(target) ? target.name : target;
    const text = plainName(name);
    if (text === undefined || (!key && isLocal(flow, target)) || livesForOneCall(flow, target)) continue;
    const owner = ts.isPropertyAccessExpression(target) ? inference.typeOf(target.expression) : undefined;
    if (owner && hasIdentity(owner)) continue;
    if (addGiven(flow, inference, value, key, node, add)) continue;
    const element = inference.typeOf(value);
    const keyField = key && keyFieldOf(flow, table, key, value, element);
    if (element && (key || keyField !== undefined || !owner || !hasIdentity(owner))) add(element, node, text, keyField);
  }
  leaveToBases(table);
}

interface KeptThing {
  readonly element: TypeDraft;
  readonly holder: ts.Node;
  readonly name: string;
  readonly keyField: string;
}

/** What the callers of a function give it to be kept under one of its fields: `put(world.bins, code, { code, ... })`. */
function keptThroughCalls(flow: Flow, table: TypeTable, inference: Inference, put: Put): KeptThing[] {
  if (!put.key) return [];
  const found: KeptThing[] = [];
  for (const { key, value, calls } of givenPairs(flow, put.key, put.value)) {
    if (calls.length === 0) continue;
    const element = inference.typeOf(value);
    const keyField = element && keyFieldOf(flow, table, key, value, element);
    const held = heldAs(flow, put.container, calls);
    if (element && keyField !== undefined && held)
      found.push({ element, holder: held, name: plainName(nameIn(held)) ?? '', keyField });
  }
  return found.filter(({ name }) => name !== '');
}

/** The collection as the caller knows it: what it passes, or whose method it calls; undefined where it lives for one call. */
function heldAs(
  flow: Flow,
  given: ts.Expression,
  calls: readonly (ts.CallExpression | ts.NewExpression)[],
): ts.Expression | undefined {
  let container = bare(given);
  let isNamed = false;
  for (const call of calls) {
    // `new Map(bins).set(...)`: the next one takes the place of the one before.
    const copied = ts.isNewExpression(container) && container.arguments?.[0];
    if (copied) container = bare(copied);
    const declaration = ts.isIdentifier(container) ? flow.symbolOf(container)?.valueDeclaration : undefined;
    if (declaration && ts.isParameter(declaration)) {
      const passed = call.arguments?.[declaration.parent.parameters.indexOf(declaration)];
      if (passed) container = bare(passed);
    } else if (!isNamed && isOwnField(container) && ts.isPropertyAccessExpression(call.expression)) {
      const receiver = bare(call.expression.expression);
      if (receiver.kind === ts.SyntaxKind.ThisKeyword) continue;
      container = receiver;
      isNamed = true;
    }
  }
  if (isLocal(flow, container) || livesForOneCall(flow, container)) return undefined;
  return ts.isIdentifier(container) || ts.isPropertyAccessExpression(container) ? container : undefined;
}

function isOwnField(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}

function nameIn(node: ts.Expression): ts.Node {
  return ts.isPropertyAccessExpression(node) ? node.name : node;
}

/** What is kept among its kind is the kind's, not the sort's: `cards` of a Card that keep CheckCards too. */
function leaveToBases(table: TypeTable): void {
  const isKeptAs = (draft: TypeDraft, name: string, depth: number): boolean =>
    depth < 8 &&
    [...draft.bases].some((key) => {
      const base = table.drafts.get(key);
      return base !== undefined && (base.stores.some((s) => s.name === name) || isKeptAs(base, name, depth + 1));
    });
  for (const draft of table.drafts.values()) {
    const own = draft.stores.filter(({ name }) => !isKeptAs(draft, name, 0));
    if (own.length < draft.stores.length) draft.stores.splice(0, draft.stores.length, ...own);
  }
}

/** A keeper for everything keeps what its callers give it, each under its own name: `students.insert(student)`. */
function addGiven(
  flow: Flow,
  inference: Inference,
  value: ts.Expression,
  key: ts.Expression | undefined,
  node: ts.Node,
  add: (element: TypeDraft | undefined, holder: ts.Node, name: string, keyField: string | undefined) => void,
): boolean {
  const declaration = ts.isIdentifier(value) ? flow.symbolOf(value)?.valueDeclaration : undefined;
  if (!declaration || !ts.isParameter(declaration) || !isFunctionNode(declaration.parent)) return false;
  const owner = declaration.parent;
  const index = owner.parameters.indexOf(declaration);
  let found = false;
  for (const call of flow.callsOf(owner)) {
    const keeper = keeperOf(flow, call);
    const argument = call.arguments?.[index];
    const element = keeper && argument && inference.typeOf(argument);
    if (!element) continue;
    add(element, node, keeper.name, keyGiven(flow, keeper, value, key));
    found = true;
  }
  return found;
}

/** `record[key]` with the key's name given where the keeper was made: `createCollection('course', 'code')`. */
function keyGiven(
  flow: Flow,
  keeper: ts.Symbol,
  value: ts.Expression,
  key: ts.Expression | undefined,
): string | undefined {
  const keyed = key && bare(key);
  if (!keyed) return undefined;
  if (ts.isPropertyAccessExpression(keyed) && sameReceiver(keyed.expression, value)) return keyed.name.text;
  if (!ts.isElementAccessExpression(keyed) || !sameReceiver(keyed.expression, value)) return undefined;
  const named = flow.symbolOf(keyed.argumentExpression)?.valueDeclaration;
  const made = keeper.valueDeclaration && givenTo(keeper.valueDeclaration);
  if (!named || !ts.isParameter(named) || !made || !ts.isCallExpression(made)) return undefined;
  const argument = made.arguments[named.parent.parameters.indexOf(named)];
  return argument && ts.isStringLiteralLike(argument) ? argument.text : undefined;
}

function asHolder(
  node: ts.Node,
): { node: Holder; name: ts.Node; text: string; initializer?: ts.Expression } | undefined {
  const named =
    ts.isVariableDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    (ts.isPropertyAssignment(node) && !ts.findAncestor(node, ts.isFunctionLike));
  if (named) {
    const text = plainName(node.name);
    if (text === undefined || (ts.isVariableDeclaration(node) && isInsideFunction(node))) return undefined;
    return { node, name: node.name, text, ...(node.initializer && { initializer: node.initializer }) };
  }
  if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) {
    const text = plainName(node.name);
    return text === undefined ? undefined : { node, name: node.name, text };
  }
  return undefined;
}

/** A result under construction, though its function gives back an object literal. */
function isMomentary(flow: Flow, { node, name }: { node: ts.Node; name: ts.Node }): boolean {
  return ts.isVariableDeclaration(node) && ts.isIdentifier(name) && livesForOneCall(flow, name);
}

/** A variable of a function is no store, but one that a factory's closures share is. */
function isInsideFunction(node: ts.VariableDeclaration): boolean {
  const owner = ts.findAncestor(node.parent, ts.isFunctionLike);
  return owner !== undefined && !givesLiteral(owner);
}

/** A function has many variables. */
const giving = new WeakMap<ts.Node, boolean>();

function givesLiteral(owner: ts.Node): boolean {
  const known = giving.get(owner);
  if (known !== undefined) return known;
  let given = false;
  const look = (inner: ts.Node): void => {
    if (ts.isReturnStatement(inner) && inner.expression && ts.isObjectLiteralExpression(bare(inner.expression)))
      given = true;
    if (!given && !ts.isFunctionLike(inner)) ts.forEachChild(inner, look);
  };
  ts.forEachChild(owner, look);
  giving.set(owner, given);
  return given;
}

function isLocal(flow: Flow, target: ts.Expression): boolean {
  const declaration = ts.isIdentifier(target) ? flow.symbolOf(target)?.valueDeclaration : undefined;
  return (
    declaration !== undefined &&
    (ts.isParameter(declaration) || (ts.isVariableDeclaration(declaration) && isInsideFunction(declaration)))
  );
}

/** What a keeper's type says it keeps: `Map<string, Order>`, `Order[]`, `Repository<Order>`. */
function keptBy(checker: ts.TypeChecker, table: TypeTable, type: ts.Type): TypeDraft | undefined {
  const solid = checker.getNonNullableType(type);
  const name = solid.symbol?.name ?? '';
  const parts = typeArguments(checker, solid);
  if (KEEPERS.test(name)) return parts.map((part) => table.of(part)).findLast((draft) => draft !== undefined);
  const named = solid.aliasSymbol?.name ?? name;
  const all = parts.length > 0 ? parts : (solid.aliasTypeArguments ?? []);
  if (all.length > 0 && KEEPING.test(named))
    return all.map((part) => table.of(part)).find((draft) => draft !== undefined);
  const index = checker.getIndexInfosOfType(solid)[0];
  return index && checker.getPropertiesOfType(solid).length === 0 ? table.of(index.type) : undefined;
}

/** `keyOf: (bin) => bin.code` in a mapper or a store's options: the field by which instances are told apart. */
function keySelector(node: ts.Node): { parameter: ts.Identifier; field: string; holder: string } | undefined {
  if (!ts.isArrowFunction(node) || node.parameters.length !== 1 || ts.isBlock(node.body)) return undefined;
  const owner = node.parent;
  if (
    !ts.isPropertyAssignment(owner) ||
    !/^(?:key|id)(?:Of|For|Selector|By)?$|^(?:select|get)(?:Id|Key)$/.test(owner.name.getText())
  )
    return undefined;
  const body = bare(node.body);
  const parameter = node.parameters[0]?.name;
  if (!parameter || !ts.isIdentifier(parameter) || !ts.isPropertyAccessExpression(body)) return undefined;
  if (body.expression.getText() !== parameter.text || !ts.isIdentifier(body.expression)) return undefined;
  const variable = ts.findAncestor(owner, ts.isVariableDeclaration);
  const holder = variable && ts.isIdentifier(variable.name) ? variable.name.text : owner.name.getText();
  return { parameter: body.expression, field: body.name.text, holder };
}

/** `new Repository<Product>('product', (p) => p.sku)` */
function keySelectorOf(initializer: ts.Expression | undefined): { field: string; receiver: ts.Expression } | undefined {
  const made = initializer && bare(initializer);
  if (!made || !(ts.isNewExpression(made) || ts.isCallExpression(made))) return undefined;
  for (const argument of made.arguments ?? []) {
    if (!ts.isArrowFunction(argument) || argument.parameters.length !== 1 || ts.isBlock(argument.body)) continue;
    const body = bare(argument.body);
    if (ts.isPropertyAccessExpression(body) && ts.isIdentifier(body.expression))
      return { field: body.name.text, receiver: body.expression };
  }
  return undefined;
}

function sameReceiver(receiver: ts.Expression, value: ts.Expression): boolean {
  return bare(receiver).getText() === bare(value).getText();
}

/** Collections inside a thing with an identity are relations of it, not stores. */
function isOfEntity(table: TypeTable, node: ts.Node): boolean {
  const owner = ts.findAncestor(node, ts.isClassLike);
  const draft = owner && table.bySymbol((owner as ts.Node & { readonly symbol?: ts.Symbol }).symbol);
  return draft !== undefined && hasIdentity(draft);
}

export function hasIdentity(draft: TypeDraft): boolean {
  return [...draft.fields.values()].some((f) => !f.derived && (identityRank(f.name, draft.name) ?? 99) <= 1);
}

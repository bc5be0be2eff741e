// What a record library's program works with: models, typed repositories, a client's delegates. Which type's records an expression is about,
// and whose methods a function is that was put on a model or a schema.
import ts from 'typescript';
import { annotationOf, writtenType } from './annotations.ts';
import { bare } from './expressions.ts';
import { givenTo, type Flow } from './flow.ts';
import type { FunctionNode } from './functions.ts';
import type { Project } from './program.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';

/** What was declared to libraries. */
export interface DeclaredModels {
  /** Variables and properties that hold a model or a schema, and the calls that make them. */
  readonly held: Map<ts.Symbol | ts.Node, TypeDraft>;
  /** Types whose instances a library keeps. */
  readonly records: Set<TypeDraft>;
  /** Types of a client that has a delegate for each of them. */
  readonly delegates: ReadonlyMap<string, TypeDraft>;
}

export interface Models {
  /** The type whose records the expression makes, finds and changes. */
  of(expression: ts.Expression): TypeDraft | undefined;
  /** Whether the expression is what instances are only checked against. */
  isSchema(expression: ts.Expression): boolean;
  isRecord(draft: TypeDraft | undefined): boolean;
  /** The model or constructor function whose method a function is, static or of its instances. */
  ownerOf(fn: FunctionNode): { readonly draft: TypeDraft; readonly isStatic: boolean } | undefined;
}

/** Whether a method of a model, called so, gives one record: what is told apart is how it looks one up, makes one or changes one. */
export function oneGiven(method: string): boolean {
  return (
    (/^(?:find|get|fetch|load|require)(?:One|First|ById|ByPk|ByKey|Unique|OrFail|By[A-Z]\w*|OrCreate|OrThrow|AndUpdate|AndDelete|AndRemove|Single)?\w*(?:OrFail|OrThrow)?$/.test(
      method,
    ) &&
      !/(?:All|Many|Count|AndCount|^find$|List)$/.test(method)) ||
    /^(?:create|build|save|insert|put|preload|update|upsert|delete|remove|hydrate)$/.test(method)
  );
}

export const NO_MODELS: Models = {
  of: () => undefined,
  isSchema: () => false,
  isRecord: () => false,
  ownerOf: () => undefined,
};

const DEEPEST = 8;
/** `dataSource.getRepository(Order)`, `mongoose.model('Order')` */
const GIVES_MODEL =
  /^(?:getRepository|getMongoRepository|getTreeRepository|getCustomRepository|getModel|model|forEntity|repositoryFor|repository|repo)$/;

export function createModels(project: Project, table: TypeTable, flow: Flow, declared: DeclaredModels): Models {
  const { checker } = project;
  const known = new Map<ts.Node, TypeDraft | undefined>();

  const recordClass = (symbol: ts.Symbol | undefined): TypeDraft | undefined => {
    const draft = table.bySymbol(symbol);
    return draft && declared.records.has(draft) && draft.form === 'class' && isNamed(symbol) ? draft : undefined;
  };

  const find = (given: ts.Expression, depth: number): TypeDraft | undefined => {
    const node = bare(given);
    if (depth > DEEPEST) return undefined;
    if (ts.isAwaitExpression(node)) return find(node.expression, depth + 1);
    if (ts.isCallExpression(node)) return declared.held.get(node) ?? givenBy(node, depth);
    if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return undefined;
    const symbol = flow.symbolOf(ts.isPropertyAccessExpression(node) ? node.name : node);
    const own = symbol && (declared.held.get(symbol) ?? recordClass(symbol));
    if (own) return own;
    const declaration = symbol?.valueDeclaration;
    const written = annotationOf(checker, table, writtenType(declaration));
    if (written) return written.is === 'keeper' ? written.draft : undefined;
    if (ts.isPropertyAccessExpression(node)) {
      const delegate = declared.delegates.get(node.name.text.toLowerCase());
      if (delegate && !declaration) return delegate;
    }
    const value = declaration && valueOf(declaration);
    if (value && value !== node) {
      const found = find(value, depth + 1);
      if (found) return found;
    }
    if (!ts.isPropertyAccessExpression(node) || !declaration) return undefined;
    for (const write of flow.propertyWrites(node.name.text).slice(0, 6)) {
      const found = flow.symbolOf(write.name) === symbol && find(write.value, depth + 1);
      if (found) return found;
    }
    return undefined;
  };

  const valueOf = (declaration: ts.Node): ts.Expression | undefined => {
    if (ts.isShorthandPropertyAssignment(declaration)) {
      const named = checker.getShorthandAssignmentValueSymbol(declaration)?.valueDeclaration;
      return named && givenTo(named);
    }
    return givenTo(declaration);
  };

  /** What a call gives: the repository of a type, or a step of a chain that names a model. */
  const givenBy = (node: ts.CallExpression, depth: number): TypeDraft | undefined => {
    const callee = bare(node.expression);
    const [first] = node.arguments;
    const method = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
    if (first && GIVES_MODEL.test(method)) {
      if (ts.isStringLiteralLike(first)) return table.byName(first.text).find((draft) => declared.records.has(draft));
      const named = table.bySymbol(flow.symbolOf(ts.isPropertyAccessExpression(first) ? first.name : first));
      return named?.form === 'class' ? named : find(first, depth + 1);
    }
    // `db.update(orders).set({...})`, `knex('orders').where({...})`
    for (const argument of node.arguments) {
      const text = ts.isStringLiteralLike(argument) ? declared.delegates.get(argument.text.toLowerCase()) : undefined;
      if (text && !ts.isPropertyAccessExpression(callee)) return text;
      const symbol = ts.isIdentifier(argument) ? flow.symbolOf(argument) : undefined;
      const named = symbol && declared.held.get(symbol);
      if (named) return named;
    }
    if (ts.isPropertyAccessExpression(callee) && ts.isCallExpression(bare(callee.expression)))
      return find(callee.expression, depth + 1);
    return undefined;
  };

  const of = (given: ts.Expression): TypeDraft | undefined => {
    const node = bare(given);
    if (declared.records.size + declared.held.size === 0 && !couldKeep(node)) return undefined;
    if (known.has(node)) return known.get(node);
    known.set(node, undefined);
    const found = find(node, 0);
    known.set(node, found);
    return found;
  };

  return {
    of,
    isSchema: (expression) => {
      const node = bare(expression);
      const symbol = flow.symbolOf(ts.isPropertyAccessExpression(node) ? node.name : node);
      return symbol !== undefined && declared.held.has(symbol);
    },
    isRecord: (draft) =>
      draft !== undefined && (declared.records.has(draft) || declared.records.has(table.unionOf(draft))),
    ownerOf(fn) {
      const place = placeOf(fn);
      if (!place) return undefined;
      const { model, isStatic } = place;
      const name = ts.isPropertyAccessExpression(model) ? model.name : model;
      const draft = of(model) ?? (isStatic ? undefined : table.bySymbol(flow.symbolOf(name)));
      return draft && { draft, isStatic };
    },
  };
}

function isNamed(symbol: ts.Symbol | undefined): boolean {
  const declaration = symbol?.valueDeclaration;
  return declaration !== undefined && (ts.isClassLike(declaration) || ts.isVariableDeclaration(declaration));
}

/** Nothing was declared to a library: only what is called a repository can be one. */
function couldKeep(node: ts.Expression): boolean {
  return /repo|model|dao|store|collection|manager|getRepository/i.test(node.getText().slice(0, 80));
}

/** `Order.prototype.pay = fn`, `orderSchema.methods.pay = fn`, `orderSchema.statics = { find: fn }`, `Order.findOpen = fn` */
function placeOf(fn: FunctionNode): { model: ts.Expression; isStatic: boolean } | undefined {
  let holder: ts.Node = fn;
  if (ts.isMethodDeclaration(fn) || ts.isPropertyAssignment(fn.parent)) {
    const literal = ts.isMethodDeclaration(fn) ? fn.parent : fn.parent.parent;
    if (!ts.isObjectLiteralExpression(literal)) return undefined;
    holder = literal;
    // Object.assign(Order.prototype, {...}), schema.method({...})
    const call = literal.parent;
    if (ts.isCallExpression(call)) {
      const [first] = call.arguments;
      const callee = call.expression;
      if (/^Object\.assign$/.test(callee.getText()) && first && first !== literal) return methodsPlace(first);
      if (ts.isPropertyAccessExpression(callee) && /^(?:method|static)s?$/.test(callee.name.text))
        return { model: callee.expression, isStatic: /^static/.test(callee.name.text) };
    }
    // new Schema({...}, { methods: {...} })
    if (
      ts.isPropertyAssignment(call) &&
      /^(?:methods|statics|instanceMethods|classMethods)$/.test(call.name.getText())
    ) {
      const made = ts.findAncestor(call, (n) => ts.isNewExpression(n) || ts.isCallExpression(n));
      const variable = made && ts.findAncestor(made, ts.isVariableDeclaration);
      if (variable && ts.isIdentifier(variable.name))
        return { model: variable.name, isStatic: /^(?:statics|classMethods)$/.test(call.name.getText()) };
    }
  }
  const call = fn.parent;
  if (ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression)) {
    const method = call.expression.name.text;
    // schema.method('pay', function () {...}), schema.pre('save', function () {...})
    if (/^(?:method|static)$/.test(method)) return { model: call.expression.expression, isStatic: method === 'static' };
    return undefined;
  }
  const written = holder.parent as ts.Node | undefined;
  if (!written || !ts.isBinaryExpression(written) || written.right !== holder) return undefined;
  const { left } = written;
  if (!ts.isPropertyAccessExpression(left)) return undefined;
  if (holder !== fn) return methodsPlace(left);
  return methodsPlace(left.expression) ?? { model: left.expression, isStatic: true };
}

/** `Order.prototype`, `schema.methods`, `schema.statics` */
function methodsPlace(node: ts.Expression): { model: ts.Expression; isStatic: boolean } | undefined {
  const place = bare(node);
  if (!ts.isPropertyAccessExpression(place)) return undefined;
  const name = place.name.text;
  if (name === 'prototype' || name === 'methods') return { model: place.expression, isStatic: false };
  return name === 'statics' ? { model: place.expression, isStatic: true } : undefined;
}

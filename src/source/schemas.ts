// Things declared to a library as objects: Mongoose, Sequelize, MikroORM, TypeORM, Drizzle, Knex schemas, Zod objects, JSON schemas, decorated
// classes. Read from how they are written, since the libraries' own types are not there.
import ts from 'typescript';
import { associate } from './associations.ts';
import { listedValues } from './constants.ts';
import { visitAll } from './expressions.ts';
import { givenTo, type Flow } from './flow.ts';
import { plainName } from './functions.ts';
import { createModels, type DeclaredModels, type Models } from './models.ts';
import { readPrisma } from './prisma.ts';
import type { Project } from './program.ts';
import { declarationIn, type Declared } from './schemaDeclarations.ts';
import { initialIn, type Lookup } from './schemaTypes.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';

/** Decorators by which a library is told that it keeps instances of a class. */
const KEPT = /^(?:Entity|Schema|Table|ViewEntity|ChildEntity|modelOptions|ObjectType|Document|Collection|Index)$/;
/** Classes of libraries whose heirs are records. */
const RECORD_BASES = /^(?:Model|BaseEntity|ActiveRecord|Document|BaseModel|Typegoose|TimeStamps)$/;
const KEYS = /^(?:PrimaryKey|PrimaryColumn|PrimaryGeneratedColumn|ObjectIdColumn|SerializedPrimaryKey)$/;

export function collectSchemas(project: Project, table: TypeTable, flow: Flow): Models {
  const delegates = new Map<string, TypeDraft>();
  const declared: DeclaredModels & { records: Set<TypeDraft> } = { held: new Map(), records: new Set(), delegates };
  for (const file of project.schemas) {
    for (const draft of readPrisma(table, file)) {
      delegates.set(draft.name.toLowerCase(), draft);
      declared.records.add(draft);
    }
  }
  const entries: Declared[] = [];
  const calls: ts.CallExpression[] = [];
  for (const file of project.files) {
    visitAll(file, (node) => {
      const found = declarationIn(flow, node);
      if (found) entries.push(found);
      if (ts.isClassLike(node)) readClass(table, node, declared.records);
      if (ts.isCallExpression(node)) calls.push(node);
    });
  }
  const drafts = new Map<Declared, TypeDraft>();
  for (const entry of entries) {
    const derived = derivedAlias(project, table, flow, entry.node);
    const draft = derived ?? table.byName(entry.name)[0] ?? table.add(undefined, entry.node, entry.name, 'schema');
    drafts.set(entry, draft);
    hold(flow, declared, entry, draft);
    if (entry.form === 'record') declared.records.add(draft);
    if (ts.isCallExpression(entry.node)) {
      const [first] = entry.node.arguments;
      if (first && ts.isStringLiteralLike(first)) delegates.set(first.text.toLowerCase(), draft);
    }
  }
  bindDerived(project, table, drafts);
  const lookup: Lookup = {
    keyOf: (name) => table.byName(name)[0]?.key,
    valuesOf: (list) => listedValues(flow, list),
    callOf(name) {
      const declaration = flow.symbolOf(name)?.valueDeclaration;
      const made = declaration && givenTo(declaration);
      return made && ts.isCallExpression(made) ? made : undefined;
    },
  };
  for (const [entry, draft] of drafts) addColumns(project, lookup, entry, draft);
  const models = createModels(project, table, flow, declared);
  for (const call of calls) associate(project, table, models, call);
  return models;
}

function addColumns(project: Project, lookup: Lookup, entry: Declared, draft: TypeDraft): void {
  const columns = entry.columns(lookup);
  let key = columns.find((column) => column.isKey)?.name;
  if (key === undefined && entry.adds?.identity) {
    key = 'id';
    if (!draft.fields.has(key)) addField(project, draft, key, 'number', entry.node);
  }
  for (const { name, type, node, initial } of columns) {
    const field = draft.fields.get(name);
    if (field && initial) field.initial ??= initial;
    if (field && field.type.kind !== 'unknown' && (field.type.domain || !type.domain)) continue;
    draft.fields.set(name, {
      name,
      source: project.at(node),
      type,
      optional: type.nullable,
      readonly: false,
      derived: false,
      writes: field?.writes ?? [],
      declaration: node,
      ...(initial && { initial }),
    });
  }
  if (entry.adds?.times)
    for (const name of ['createdAt', 'updatedAt'])
      if (!draft.fields.has(name)) addField(project, draft, name, 'date', entry.node);
  if (entry.form === 'record' && draft.stores.length === 0)
    draft.stores.push({
      source: project.at(entry.node),
      name: draft.name,
      ...(key !== undefined && { keyField: key }),
    });
}

function addField(project: Project, draft: TypeDraft, name: string, kind: 'number' | 'date', node: ts.Node): void {
  const type = { kind, nullable: false, text: 'added by the library' } as const;
  const source = project.at(node);
  draft.fields.set(name, { name, source, type, optional: false, readonly: false, derived: false, writes: [] });
}

/** The variable, property or export that a declaration is given to, and that of its schema. */
function hold(flow: Flow, declared: DeclaredModels, entry: Declared, draft: TypeDraft): void {
  declared.held.set(entry.node, draft);
  let holder: ts.Node = entry.node.parent;
  while (ts.isAsExpression(holder) || ts.isSatisfiesExpression(holder) || ts.isParenthesizedExpression(holder))
    holder = holder.parent;
  // `mongoose.models.Order || mongoose.model('Order', schema)`
  while (ts.isBinaryExpression(holder) && holder.operatorToken.kind !== ts.SyntaxKind.EqualsToken)
    holder = holder.parent;
  const name =
    ts.isVariableDeclaration(holder) || ts.isPropertyAssignment(holder) || ts.isPropertyDeclaration(holder)
      ? holder.name
      : ts.isBinaryExpression(holder) && ts.isPropertyAccessExpression(holder.left)
        ? holder.left.name
        : undefined;
  const symbol = name && flow.symbolOf(name);
  if (symbol) declared.held.set(symbol, draft);
  const schema = entry.schema && flow.symbolOf(entry.schema);
  if (schema) declared.held.set(schema, draft);
}

/** `type Order = z.infer<typeof OrderSchema>`: the type that the program derives from a declaration, where the compiler could follow it. */
function derivedAlias(project: Project, table: TypeTable, flow: Flow, node: ts.Node): TypeDraft | undefined {
  const holder = node.parent;
  const symbol = ts.isVariableDeclaration(holder) ? flow.symbolOf(holder.name) : undefined;
  if (!symbol) return undefined;
  const alias = derivedFrom(project).get(symbol);
  return alias && table.bySymbol(project.checker.getSymbolAtLocation(alias.name));
}

/** Where it could not, the name stands for what was read here. */
function bindDerived(project: Project, table: TypeTable, drafts: ReadonlyMap<Declared, TypeDraft>): void {
  for (const [entry, draft] of drafts) {
    const holder = entry.node.parent;
    const symbol = ts.isVariableDeclaration(holder) ? project.checker.getSymbolAtLocation(holder.name) : undefined;
    const alias = symbol && derivedFrom(project).get(symbol);
    const named = alias && project.checker.getSymbolAtLocation(alias.name);
    if (!alias || !named || table.bySymbol(named)) continue;
    table.bind(named, draft);
    draft.name = alias.name.text;
  }
}

const derivations = new WeakMap<Project, Map<ts.Symbol, ts.TypeAliasDeclaration>>();

/** Variables by whose type an alias or interface is stated: `z.infer<typeof x>`, `typeof x.$inferSelect`, `InferSchemaType<typeof x>`. */
function derivedFrom(project: Project): Map<ts.Symbol, ts.TypeAliasDeclaration> {
  const known = derivations.get(project);
  if (known) return known;
  const found = new Map<ts.Symbol, ts.TypeAliasDeclaration>();
  for (const file of project.files) {
    visitAll(file, (node) => {
      if (!ts.isTypeQueryNode(node)) return;
      const alias = ts.findAncestor(node, ts.isTypeAliasDeclaration);
      const isDerived =
        alias && /\b(?:\w*[iI]nfer\w*|Static|FromSchema|\$inferSelect|output)\b/.test(alias.type.getText());
      if (!alias || !isDerived || /\$inferInsert|InferInsert|input\b/.test(alias.type.getText())) return;
      const name = ts.isQualifiedName(node.exprName) ? node.exprName.left : node.exprName;
      const symbol = project.checker.getSymbolAtLocation(name);
      const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? project.checker.getAliasedSymbol(symbol) : symbol;
      if (target && !found.has(target)) found.set(target, alias);
    });
  }
  derivations.set(project, found);
  return found;
}

/** `@Entity() class Order { @Column({ default: 'new' }) status }`, `class Order extends Model` */
function readClass(table: TypeTable, node: ts.ClassLikeDeclaration, records: Set<TypeDraft>): void {
  const draft = table.bySymbol((node as ts.Node & { readonly symbol?: ts.Symbol }).symbol);
  if (!draft) return;
  const base = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const isHeir =
    base !== undefined &&
    draft.bases.size === 0 &&
    RECORD_BASES.test(base.expression.getText().split('.').at(-1) ?? '');
  if (isHeir || decoratorsOf(node).some(({ name }) => KEPT.test(name))) records.add(draft);
  for (const member of node.members) {
    if (!ts.isPropertyDeclaration(member)) continue;
    const name = plainName(member.name);
    const field = name === undefined ? undefined : draft.fields.get(name);
    if (!field) continue;
    for (const { name: decorator, call } of decoratorsOf(member)) {
      const [first, second] = call?.arguments ?? [];
      const options = [first, second].find((argument) => argument && ts.isObjectLiteralExpression(argument));
      const initial = decorator === 'Default' ? first : options && initialIn(options);
      if (initial) field.initial = initial;
      if (KEYS.test(decorator) && draft.stores.length === 0)
        draft.stores.push({ source: field.source, name: draft.name, keyField: field.name });
    }
  }
}

function decoratorsOf(node: ts.HasDecorators): { name: string; call?: ts.CallExpression }[] {
  return (ts.getDecorators(node) ?? []).map(({ expression }) => {
    const call = ts.isCallExpression(expression) ? expression : undefined;
    return { name: (call?.expression ?? expression).getText().split('.').at(-1) ?? '', ...(call && { call }) };
  });
}

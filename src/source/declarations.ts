// Declared types of the program: classes, constructor functions, interfaces, type aliases, unions; their fields as the compiler sees them.
import ts from 'typescript';
import { compiledFrom } from './compiled.ts';
import { className, isConstructorFunction } from './constructorFunctions.ts';
import { joinPrototypes } from './prototypes.ts';
import { idNamed, writtenType } from './annotations.ts';
import { constructorOffset } from './constructorPosition.ts';
import { domainOf, isMapped, tagOf } from './domains.ts';
import { visitAll } from './expressions.ts';
import { fieldTypeOf } from './fieldTypes.ts';
import type { Project } from './program.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';

/** Types with more fields are namespaces or generated; their fields beyond are left out. */
const MOST_FIELDS = 200;

export function collectDeclarations(project: Project, table: TypeTable): void {
  const { checker } = project;
  const found: { node: ts.Node; symbol: ts.Symbol; draft: TypeDraft; type: () => ts.Type | undefined }[] = [];
  const aliases: { node: ts.TypeAliasDeclaration | ts.JSDocTypedefTag; symbol: ts.Symbol }[] = [];

  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) {
      const symbol = symbolOf(checker, node);
      const name = className(node);
      const compiled = name === undefined ? undefined : compiledFrom(project, table, node, name);
      if (symbol && compiled) {
        table.bind(symbol, compiled);
        found.unshift({ node, symbol, draft: compiled, type: () => checker.getDeclaredTypeOfSymbol(symbol) });
      } else if (symbol && name) {
        const draft = table.add(symbol, node, name, 'class', positionOf(project, node, constructorOffset(node)));
        found.push({ node, symbol, draft, type: () => checker.getDeclaredTypeOfSymbol(symbol) });
        bindMixin(checker, table, node, draft);
      }
    } else if (ts.isInterfaceDeclaration(node)) {
      const symbol = checker.getSymbolAtLocation(node.name);
      const known = table.bySymbol(symbol);
      if (symbol && !known) {
        const draft = table.add(symbol, node, node.name.text, 'interface');
        found.push({ node, symbol, draft, type: () => checker.getDeclaredTypeOfSymbol(symbol) });
      }
    } else if (ts.isTypeAliasDeclaration(node)) {
      const symbol = checker.getSymbolAtLocation(node.name);
      if (symbol) aliases.push({ node, symbol });
    } else if (isConstructorFunction(node)) {
      const symbol = symbolOf(checker, node);
      const name = className(node);
      if (symbol && name) {
        const draft = table.add(symbol, node, name, 'class', positionOf(project, node, constructorOffset(node)));
        found.push({ node, symbol, draft, type: () => undefined });
      }
    }
    for (const tag of jsdocTypedefs(node)) {
      const symbol = tag.name && checker.getSymbolAtLocation(tag.name);
      if (symbol) aliases.push({ node: tag, symbol });
    }
  };
  for (const file of [...project.files, ...project.declarations]) visitAll(file, visit);

  // Aliases come after, so that `type Order = OrderClass` does not hide the class.
  for (const { node, symbol } of aliases) {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const form = aliasForm(checker, type);
    if (!form || table.bySymbol(symbol)) continue;
    if (table.bySymbol(type.symbol) && type.aliasSymbol !== symbol && !isMapped(type)) {
      table.bind(symbol, table.bySymbol(type.symbol) as TypeDraft);
      continue;
    }
    const draft = table.add(symbol, node, symbol.name, form);
    if (isMapped(type)) table.bindType(type, draft);
    else if (type.symbol && type.symbol.name === '__type' && !table.bySymbol(type.symbol))
      table.bind(type.symbol, draft);
    found.push({ node, symbol, draft, type: () => type });
  }
  joinUnions(checker, table, found);
  for (const { symbol, draft, type } of found) {
    addBases(checker, table, draft, type());
    addFields(project, table, draft, symbol, type());
  }
  joinPrototypes(project, table);
}

function positionOf(project: Project, node: ts.Node, offset: number): ReturnType<Project['at']> {
  const { line, character } = node.getSourceFile().getLineAndCharacterOfPosition(offset);
  return { file: project.at(node).file, line: line + 1, column: character + 1 };
}

function symbolOf(checker: ts.TypeChecker, node: ts.Node): ts.Symbol | undefined {
  const name = (node as ts.NamedDeclaration).name;
  const own = name && checker.getSymbolAtLocation(name);
  if (own) return own;
  return (node as ts.Node & { readonly symbol?: ts.Symbol }).symbol;
}

/** A class returned by a function (`const Timed = (Base) => class extends Base {}`): variables given its result have its fields. */
function bindMixin(checker: ts.TypeChecker, table: TypeTable, node: ts.ClassLikeDeclaration, draft: TypeDraft): void {
  const type = checker.getDeclaredTypeOfSymbol(symbolOf(checker, node) as ts.Symbol);
  if (type.symbol) table.bind(type.symbol, draft);
}

function jsdocTypedefs(node: ts.Node): ts.JSDocTypedefTag[] {
  const docs = (node as ts.Node & { readonly jsDoc?: readonly ts.JSDoc[] }).jsDoc;
  if (!docs || !/\.[cm]?jsx?$/.test(node.getSourceFile().fileName)) return [];
  return docs.flatMap((doc) => [...(doc.tags ?? [])]).filter(ts.isJSDocTypedefTag);
}

function aliasForm(checker: ts.TypeChecker, type: ts.Type): 'alias' | 'union' | undefined {
  if (domainOf(type) || type.getCallSignatures().length > 0) return undefined;
  if (type.isUnion()) {
    const objects = type.types.every((part) => part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection));
    return objects && type.types.every((part) => !isBuiltIn(part)) ? 'union' : undefined;
  }
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || isBuiltIn(type)) return undefined;
  if (type.isIntersection() && type.types.some((part) => !(part.flags & ts.TypeFlags.Object))) return undefined;
  return checker.getPropertiesOfType(type).some((p) => !isMethod(checker, p)) ? 'alias' : undefined;
}

const BUILT_IN =
  /^(?:Array|ReadonlyArray|Map|ReadonlyMap|Set|ReadonlySet|Promise|Date|RegExp|Error|Function|WeakMap|WeakSet|Uint8Array)$/;
function isBuiltIn(type: ts.Type): boolean {
  return BUILT_IN.test(type.symbol?.name ?? '') || ((type.flags & ts.TypeFlags.Object) === 0 && !type.isIntersection());
}

function joinUnions(
  checker: ts.TypeChecker,
  table: TypeTable,
  found: readonly { draft: TypeDraft; type: () => ts.Type | undefined }[],
): void {
  const unions = found.filter((f) => f.draft.form === 'union' && f.type()?.isUnion());
  // A union of few members first: `Open | Closed` is a part of the union of all.
  unions.sort((a, b) => (b.type() as ts.UnionType).types.length - (a.type() as ts.UnionType).types.length);
  for (const { draft, type } of unions) {
    const union = type() as ts.UnionType;
    if (!tagOf(checker, union)) continue;
    for (const part of union.types) {
      const member = table.bySymbol(part.aliasSymbol) ?? table.bySymbol(part.symbol);
      if (member && member !== draft && table.unionOf(member) === member) table.join(draft, member);
      else if (!member && part.symbol && part.symbol.name === '__type') table.bind(part.symbol, draft);
    }
  }
}

function addBases(checker: ts.TypeChecker, table: TypeTable, draft: TypeDraft, type: ts.Type | undefined): void {
  const bases = type && type.isClassOrInterface() ? (checker.getBaseTypes(type) ?? []) : [];
  for (const base of bases) {
    const known = table.of(base);
    if (known && known !== draft) draft.bases.add(known.key);
  }
  const heritage = (draft.node as Partial<ts.ClassLikeDeclaration>).heritageClauses ?? [];
  for (const clause of heritage) {
    for (const part of clause.types) {
      const known = table.of(checker.getTypeAtLocation(part)) ?? mixedIn(checker, table, part.expression);
      if (known && known !== draft) draft.bases.add(known.key);
    }
  }
  if (type?.isIntersection()) {
    for (const part of type.types) {
      const known = table.bySymbol(part.aliasSymbol) ?? table.bySymbol(part.symbol);
      if (known && known !== draft) draft.bases.add(known.key);
    }
  }
}

/** `extends Timed(Base)`: the class that the function makes. */
function mixedIn(checker: ts.TypeChecker, table: TypeTable, expression: ts.Expression): TypeDraft | undefined {
  const type = checker.getTypeAtLocation(expression);
  const made = type.getConstructSignatures()[0]?.getReturnType();
  return table.of(made);
}

function addFields(
  project: Project,
  table: TypeTable,
  draft: TypeDraft,
  symbol: ts.Symbol,
  type: ts.Type | undefined,
): void {
  const { checker } = project;
  const parts = type?.isUnion() ? type.types : [type];
  for (const part of parts) {
    const properties = new Set<ts.Symbol>(symbol.members ? [...symbol.members.values()] : []);
    if (part) for (const property of checker.getPropertiesOfType(part)) properties.add(property);
    for (const property of properties) {
      if (draft.fields.size >= MOST_FIELDS) break;
      addField(project, table, draft, property, parts.length > 1 && !everyHas(checker, parts, property.name));
    }
  }
}

function everyHas(checker: ts.TypeChecker, parts: readonly (ts.Type | undefined)[], name: string): boolean {
  return parts.every((part) => part && checker.getPropertyOfType(part, name) !== undefined);
}

function isMethod(checker: ts.TypeChecker, property: ts.Symbol): boolean {
  if (property.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Function)) return true;
  const declaration = property.valueDeclaration;
  if (declaration && ts.isBinaryExpression(declaration.parent ?? declaration)) {
    const right = (declaration.parent as ts.BinaryExpression).right;
    if (ts.isFunctionExpression(right) || ts.isArrowFunction(right)) return true;
  }
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(property));
  return type.getCallSignatures().length > 0 && checker.getPropertiesOfType(type).length === 0;
}

function addField(project: Project, table: TypeTable, draft: TypeDraft, property: ts.Symbol, partial: boolean): void {
  const { checker } = project;
  const fieldFlags = ts.SymbolFlags.Property | ts.SymbolFlags.Accessor;
  if (!(property.flags & fieldFlags)) return;
  const declaration = property.valueDeclaration ?? property.declarations?.[0];
  if (!declaration || !project.isOwn(declaration.getSourceFile()) || isMethod(checker, property)) return;
  const name = fieldName(property, declaration);
  if (name === undefined) return;
  const getter = (property.flags & ts.SymbolFlags.Accessor) !== 0 && ts.isAccessor(declaration);
  const declared = declaredType(checker, property, declaration);
  const seen = fieldTypeOf(checker, table, declared, declaration);
  const named = seen.target === undefined && !seen.domain ? idNamed(table, writtenType(declaration)) : undefined;
  const type = named ? { ...seen, target: named.key, byId: true } : seen;
  const known = draft.fields.get(name);
  if (known) {
    widen(known, type);
    return;
  }
  draft.fields.set(name, {
    name,
    source: project.at(ts.getNameOfDeclaration(declaration as ts.Declaration) ?? declaration),
    type,
    optional: partial || (property.flags & ts.SymbolFlags.Optional) !== 0 || type.nullable,
    readonly: (ts.getCombinedModifierFlags(declaration as ts.Declaration) & ts.ModifierFlags.Readonly) !== 0,
    derived: getter,
    writes: [],
    declaration,
  });
}

/** In untyped code the first value given is taken for the type: it says text or number, not that there is no other. */
function declaredType(checker: ts.TypeChecker, property: ts.Symbol, declaration: ts.Node): ts.Type {
  const type = checker.getTypeOfSymbol(property);
  const isUntyped = /\.[cm]?jsx?$/.test(declaration.getSourceFile().fileName) && !ts.getJSDocType(declaration);
  return isUntyped ? checker.getBaseTypeOfLiteralType(type) : type;
}

/** Another member of a union declares the field too: its values come to those known. */
function widen(known: { type: import('./codeModel.ts').FieldType }, other: import('./codeModel.ts').FieldType): void {
  const values = [...(known.type.domain ?? []), ...(other.domain ?? [])];
  const distinct = values.filter((v, i) => values.findIndex((w) => w.value === v.value) === i);
  const nullable = known.type.nullable || other.nullable;
  if (known.type.domain && other.domain) known.type = { ...known.type, domain: distinct, nullable };
  else if (known.type.nullable !== nullable) known.type = { ...known.type, nullable };
}

function fieldName(property: ts.Symbol, declaration: ts.Node): string | undefined {
  const name = ts.getNameOfDeclaration(declaration as ts.Declaration);
  if (name && ts.isPrivateIdentifier(name)) return name.text;
  if (name && ts.isComputedPropertyName(name)) {
    // a field keyed by a symbol is named after the variable that holds the symbol
    return ts.isIdentifier(name.expression) ? name.expression.text : undefined;
  }
  const text = property.name;
  return text.startsWith('__@') ? (text.slice(3).split('@')[0] ?? text) : text.replace(/^__#\d+@/, '');
}

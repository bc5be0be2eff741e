// The types found so far, open for additions, and the way from the compiler's types to them. At the end it gives the seam's form.
import ts from 'typescript';
import type { SourcePosition, Value } from '../model/index.ts';
import type { CodeField, CodeType, FieldType, TypeForm, TypeKey, TypeRole, WriteSite } from './codeModel.ts';
import type { Project } from './program.ts';

export interface FieldDraft {
  readonly name: string;
  readonly source: SourcePosition;
  type: FieldType;
  optional: boolean;
  readonly: boolean;
  readonly derived: boolean;
  readonly writes: WriteSite[];
  /** The declaration, for whoever needs to look closer. */
  readonly declaration?: ts.Node;
  /** Given to things after they were made, where no constructor does. */
  readonly given?: true;
  /** What a library gives it where nothing is given: written in the program, or in a schema of another form. */
  initial?: ts.Expression | { readonly value: Value };
}

export interface TypeDraft {
  readonly key: TypeKey;
  name: string;
  readonly form: TypeForm;
  readonly source: SourcePosition;
  readonly constructorAt?: SourcePosition;
  /** Absent for what is declared outside the compiler's files. */
  readonly node?: ts.Node;
  readonly bases: Set<TypeKey>;
  readonly members: Set<TypeKey>;
  readonly fields: Map<string, FieldDraft>;
  readonly roles: Map<TypeRole, string>;
  readonly stores: { source: SourcePosition; name: string; keyField?: string }[];
  readonly constructions: SourcePosition[];
}

export interface TypeTable {
  readonly drafts: ReadonlyMap<TypeKey, TypeDraft>;
  add(
    symbol: ts.Symbol | undefined,
    node: ts.Node,
    name: string,
    form: TypeForm,
    constructorAt?: SourcePosition,
  ): TypeDraft;
  /** A type that is written in no file of the compiler. */
  declare(name: string, form: TypeForm, source: SourcePosition): TypeDraft;
  /** Makes the compiler's symbol stand for a draft. */
  bind(symbol: ts.Symbol, draft: TypeDraft): void;
  /** The same for one type among those that share a symbol: instances of a mapped type. */
  bindType(type: ts.Type, draft: TypeDraft): void;
  bySymbol(symbol: ts.Symbol | undefined): TypeDraft | undefined;
  byName(name: string): readonly TypeDraft[];
  /** The program's type that a compiler type is of: null, Promise, Readonly and the like taken away, a member of a union as the union. */
  of(type: ts.Type | undefined): TypeDraft | undefined;
  unionOf(draft: TypeDraft): TypeDraft;
  /** Makes a variable around the functions of a thing a field of it. */
  bindVariable(declaration: ts.Node, draft: TypeDraft, field: string): void;
  variableField(declaration: ts.Node): { readonly draft: TypeDraft; readonly field: string } | undefined;
  /** Makes `member` one form of `union`. */
  join(union: TypeDraft, member: TypeDraft): void;
}

/** Type operators that leave what a value is about as it is. */
const TRANSPARENT = new Set([
  'Promise',
  'PromiseLike',
  'Awaited',
  'Readonly',
  'Partial',
  'Required',
  'Pick',
  'Omit',
  'NonNullable',
  'DeepReadonly',
  'Immutable',
  'Ref',
  'Loaded',
  'HydratedDocument',
  'Draft',
  'WithId',
  'Relation',
  'WeakRef',
]);

export function createTypeTable(project: Project): TypeTable {
  const { checker } = project;
  const drafts = new Map<TypeKey, TypeDraft>();
  const symbols = new Map<ts.Symbol, TypeDraft>();
  const types = new Map<ts.Type, TypeDraft>();
  const nodes = new Map<ts.Node, TypeDraft>();
  const variables = new Map<ts.Node, { draft: TypeDraft; field: string }>();
  const names = new Map<string, TypeDraft[]>();
  const unions = new Map<TypeDraft, TypeDraft>();

  const bySymbol = (symbol: ts.Symbol | undefined): TypeDraft | undefined => {
    if (!symbol) return undefined;
    const direct = symbols.get(symbol);
    if (direct) return direct;
    const named = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    // A function with properties of its own has two symbols: one before and one after the compiler has seen them.
    return symbols.get(named) ?? (named.valueDeclaration && nodes.get(named.valueDeclaration));
  };

  const unionOf = (draft: TypeDraft): TypeDraft => {
    let top = draft;
    for (let i = 0; i < 5; i += 1) {
      const union = unions.get(top);
      if (!union || union === top) break;
      top = union;
    }
    return top;
  };

  const of = (type: ts.Type | undefined, depth = 0): TypeDraft | undefined => {
    if (!type || depth > 6) return undefined;
    const alias = types.get(type) ?? bySymbol(type.aliasSymbol);
    if (alias) return alias;
    if (type.aliasSymbol && TRANSPARENT.has(type.aliasSymbol.name) && type.aliasTypeArguments)
      return of(type.aliasTypeArguments[0], depth + 1);
    const own = bySymbol(type.symbol);
    if (own) return own;
    if (type.isUnion()) {
      const found = new Set<TypeDraft>();
      for (const part of type.types) {
        if (part.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.BooleanLiteral))
          continue;
        const draft = of(part, depth + 1);
        if (draft) found.add(unionOf(draft));
        else return undefined;
      }
      return found.size === 1 ? [...found][0] : undefined;
    }
    if (type.isIntersection()) {
      for (const part of type.types) {
        const draft = of(part, depth + 1);
        if (draft) return draft;
      }
      return undefined;
    }
    if (type.flags & ts.TypeFlags.TypeParameter) return of(checker.getBaseConstraintOfType(type), depth + 1);
    if (type.flags & ts.TypeFlags.Object && TRANSPARENT.has(type.symbol?.name ?? '')) {
      return of(typeArguments(checker, type)[0], depth + 1);
    }
    return undefined;
  };

  const enter = (given: Pick<TypeDraft, 'name' | 'form' | 'source' | 'constructorAt' | 'node'>): TypeDraft => {
    const { name, source } = given;
    let key = `${source.file}#${name}`;
    if (drafts.has(key)) key = `${key}@${source.line}`;
    if (drafts.has(key)) key = `${key}:${source.column ?? 1}`;
    const draft: TypeDraft = {
      ...given,
      key,
      bases: new Set(),
      members: new Set(),
      fields: new Map(),
      roles: new Map(),
      stores: [],
      constructions: [],
    };
    if (draft.node && draft.form === 'class') nodes.set(draft.node, draft);
    drafts.set(key, draft);
    names.set(name, [...(names.get(name) ?? []), draft]);
    return draft;
  };

  return {
    drafts,
    bySymbol,
    unionOf,
    of: (type) => of(type),
    byName: (name) => names.get(name) ?? [],
    bind: (symbol, draft) => void symbols.set(symbol, draft),
    bindVariable: (declaration, draft, field) => void variables.set(declaration, { draft, field }),
    variableField: (declaration) => variables.get(declaration),
    bindType: (type, draft) => void types.set(type, draft),
    join(union, member) {
      if (union === member || unionOf(union) === member) return;
      union.members.add(member.key);
      unions.set(member, union);
    },
    declare: (name, form, source) => enter({ name, form, source }),
    add(symbol, node, name, form, constructorAt) {
      const source = project.at(ts.getNameOfDeclaration(node as ts.Declaration) ?? node);
      const draft = enter({ name, form, source, node, ...(constructorAt && { constructorAt }) });
      if (symbol) symbols.set(symbol, draft);
      return draft;
    },
  };
}

export function typeArguments(checker: ts.TypeChecker, type: ts.Type): readonly ts.Type[] {
  const isReference = (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  return isReference ? checker.getTypeArguments(type as ts.TypeReference) : [];
}

export function closeTypes(table: TypeTable): CodeType[] {
  return [...table.drafts.values()].map((draft) => ({
    key: draft.key,
    name: draft.name,
    form: draft.form,
    source: draft.source,
    ...(draft.constructorAt && { constructorAt: draft.constructorAt }),
    bases: [...draft.bases],
    ...(draft.members.size > 0 && { members: [...draft.members] }),
    fields: [...draft.fields.values()].map(closeField),
    roles: [...draft.roles].map(([role, reason]) => ({ role, reason })),
    stores: draft.stores,
    constructions: draft.constructions,
  }));
}

function closeField(field: FieldDraft): CodeField {
  const { name, source, type, optional, readonly, derived, writes } = field;
  return { name, source, type, optional, readonly, derived, writes };
}

/** Values in a stable order, each once. */
export function distinctValues(values: Iterable<Value>): Value[] {
  const seen = new Map<string, Value>();
  for (const value of values) seen.set(`${typeof value}:${JSON.stringify(value)}`, value);
  return [...seen.values()];
}

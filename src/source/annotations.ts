// Types as they are written, where the compiler answers `any`: those of libraries that are not read, and what is derived from a schema.
import ts from 'typescript';
import type { TypeDraft, TypeTable } from './typeTable.ts';

/** Names around a thing that leave what it is about as it is. */
const AROUND =
  /^(?:Promise|Awaited|Readonly|Partial|Required|NonNullable|Ref|Rel|Reference|Relation|Loaded|IdentifiedReference|HydratedDocument|WithId|Draft|ScalarRef|LoadedReference|Omit|Pick|EntityDTO)$/;
const MANY =
  /^(?:Array|ReadonlyArray|Set|ReadonlySet|Collection|Iterable|HasMany|OneToMany|ManyToMany|DocumentArray|Types\.DocumentArray)$/;
const KEEPING =
  /(?:Repository|Repo|Model|Collection|Store|Table|Dao|DAO|Delegate|Registry|ModelStatic|ModelCtor|Map|Cache)$/;

export interface Annotation {
  readonly is: 'one' | 'many' | 'keeper';
  readonly draft: TypeDraft;
  readonly nullable: boolean;
}

/** What a written type is about; undefined where none of its names is one of the program's types. */
export function annotationOf(
  checker: ts.TypeChecker,
  table: TypeTable,
  given: ts.TypeNode | undefined,
): Annotation | undefined {
  if (!given) return undefined;
  const node = ts.isParenthesizedTypeNode(given) ? given.type : given;
  if (ts.isUnionTypeNode(node)) {
    const solid = node.types.filter((part) => !isEmptyNode(part));
    const found = solid.length === 1 ? annotationOf(checker, table, solid[0]) : undefined;
    return found && { ...found, nullable: found.nullable || solid.length < node.types.length };
  }
  if (ts.isArrayTypeNode(node)) return as('many', annotationOf(checker, table, node.elementType));
  if (ts.isTypeOperatorNode(node)) return annotationOf(checker, table, node.type);
  if (!ts.isTypeReferenceNode(node)) return undefined;
  const own = table.bySymbol(checker.getSymbolAtLocation(node.typeName));
  const name = node.typeName.getText();
  const [first, second] = node.typeArguments ?? [];
  if (own && !(first && KEEPING.test(name))) return { is: 'one', draft: own, nullable: false };
  if (!first) return undefined;
  if (AROUND.test(name)) return annotationOf(checker, table, first);
  if (MANY.test(name)) return as('many', annotationOf(checker, table, first));
  if (/^(?:Map|ReadonlyMap|Record|WeakMap)$/.test(name)) return as('many', annotationOf(checker, table, second));
  return KEEPING.test(name) ? as('keeper', annotationOf(checker, table, first)) : undefined;
}

function as(is: Annotation['is'], found: Annotation | undefined): Annotation | undefined {
  return found && { is, draft: found.draft, nullable: false };
}

function isEmptyNode(node: ts.TypeNode): boolean {
  return (
    node.kind === ts.SyntaxKind.UndefinedKeyword ||
    (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword)
  );
}

/** The type written at a declaration: of a variable, parameter or property, or what a function gives. */
export function writtenType(declaration: ts.Node | undefined): ts.TypeNode | undefined {
  return declaration && (declaration as Partial<ts.VariableDeclaration>).type;
}

/** `manager?: EmployeeId`: whose id it is, by the name of its type. */
export function idNamed(table: TypeTable, given: ts.TypeNode | undefined): TypeDraft | undefined {
  if (!given) return undefined;
  const parts = ts.isUnionTypeNode(given) ? given.types.filter((part) => !isEmptyNode(part)) : [given];
  const [only] = parts;
  if (!only || parts.length > 1 || !ts.isTypeReferenceNode(only) || only.typeArguments) return undefined;
  const [, owner] = /^(\w+?)(?:Id|ID|Key|Ref|Number|No|Code)$/.exec(only.typeName.getText()) ?? [];
  return owner === undefined ? undefined : table.byName(owner)[0];
}

// What a field holds, from the compiler's type of it: kind, finite domain, target, whether it may be empty.
import ts from 'typescript';
import type { FieldType, TypeKey } from './codeModel.ts';
import { domainOf, isEmpty, isUnknown, tagOf } from './domains.ts';
import { typeArguments, type TypeTable } from './typeTable.ts';

const LISTS = new Set(['Array', 'ReadonlyArray', 'Collection', 'List', 'OneToMany', 'ManyToMany']);
const SETS = new Set(['Set', 'ReadonlySet', 'WeakSet']);
const MAPS = new Set(['Map', 'ReadonlyMap', 'WeakMap', 'Record']);
const BYTES = new Set(['Buffer', 'Uint8Array', 'ArrayBuffer', 'Uint16Array', 'Uint32Array', 'Float64Array']);
const LONGEST_TEXT = 160;

export function fieldTypeOf(checker: ts.TypeChecker, table: TypeTable, type: ts.Type, node: ts.Node): FieldType {
  const parts = type.isUnion() ? type.types : [type];
  const nullable = parts.some(isEmpty);
  const solid = nullable ? checker.getNonNullableType(type) : type;
  const text = checker.typeToString(type, node, ts.TypeFormatFlags.NoTruncation).slice(0, LONGEST_TEXT);
  return { ...kindOf(checker, table, solid, 0), nullable, text };
}

type Kind = Omit<FieldType, 'nullable' | 'text'>;

function kindOf(checker: ts.TypeChecker, table: TypeTable, type: ts.Type, depth: number): Kind {
  if (isUnknown(type) || isEmpty(type) || type.flags & ts.TypeFlags.Never) return { kind: 'unknown' };
  const domain = domainOf(type);
  if (domain) {
    const kind = domain.every((v) => typeof v.value === 'boolean') ? 'boolean' : 'enum';
    return { kind, domain: kind === 'boolean' ? [{ value: false }, { value: true }] : domain };
  }
  if (type.flags & ts.TypeFlags.StringLike) return { kind: 'string' };
  if (type.flags & ts.TypeFlags.NumberLike) return { kind: 'number' };
  if (type.flags & ts.TypeFlags.BigIntLike) return { kind: 'bigint' };
  const name = type.symbol?.name ?? '';
  if (type.flags & ts.TypeFlags.Object && (name === 'Promise' || name === 'Ref' || name === 'Reference') && depth < 4) {
    const inner = typeArguments(checker, type)[0];
    if (inner) return kindOf(checker, table, inner, depth + 1);
  }
  const target = table.of(type);
  if (target) {
    const tagged = tagOf(checker, type);
    return { kind: 'reference', target: target.key, ...(tagged && { tag: tagged.tag, domain: tagged.domain }) };
  }
  if (type.isIntersection()) {
    // a branded string or number
    const base = type.types.find((part) => part.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike));
    if (base) return { kind: base.flags & ts.TypeFlags.StringLike ? 'string' : 'number' };
  }
  if (type.isUnion()) return unionKind(checker, table, type, depth);
  if (name === 'Date') return { kind: 'date' };
  if (BYTES.has(name)) return { kind: 'bytes' };
  const collection = collectionKind(checker, table, type, name, depth);
  return collection ?? { kind: type.getCallSignatures().length > 0 ? 'unknown' : 'object' };
}

function collectionKind(
  checker: ts.TypeChecker,
  table: TypeTable,
  type: ts.Type,
  name: string,
  depth: number,
): Kind | undefined {
  if (depth > 4) return undefined;
  const elements = typeArguments(checker, type);
  if (checker.isArrayType(type) || LISTS.has(name)) return { kind: 'list', ...targetOf(checker, table, elements[0]) };
  if (checker.isTupleType(type)) return { kind: 'list', ...targetOf(checker, table, elements[0]) };
  if (SETS.has(name)) return { kind: 'set', ...targetOf(checker, table, elements[0]) };
  if (MAPS.has(name)) return { kind: 'map', ...targetOf(checker, table, elements[1]) };
  const index = checker.getIndexInfosOfType(type)[0];
  if (index && checker.getPropertiesOfType(type).length === 0)
    return { kind: 'map', ...targetOf(checker, table, index.type) };
  return undefined;
}

function targetOf(checker: ts.TypeChecker, table: TypeTable, element: ts.Type | undefined): { target?: TypeKey } {
  if (!element) return {};
  const direct = table.of(checker.getNonNullableType(element));
  if (direct) return { target: direct.key };
  const inner = typeArguments(checker, element)[0];
  const nested = inner && checker.isArrayType(element) ? table.of(inner) : undefined;
  return nested ? { target: nested.key } : {};
}

/** Unions that are no finite domain: of one kind where all parts are. */
function unionKind(checker: ts.TypeChecker, table: TypeTable, type: ts.UnionType, depth: number): Kind {
  const tagged = tagOf(checker, type);
  if (tagged) return { kind: 'enum', domain: tagged.domain, tag: tagged.tag };
  if (depth > 4) return { kind: 'unknown' };
  const kinds = type.types.filter((part) => !isEmpty(part)).map((part) => kindOf(checker, table, part, depth + 1));
  const target = kinds.find((kind) => kind.target !== undefined);
  // `Customer | string`: an object or its id
  if (target && kinds.every((kind) => kind === target || kind.kind === 'string' || kind.kind === 'number'))
    return target;
  const names = new Set(
    kinds.map((kind) => (kind.kind === 'enum' && !kind.tag ? typeof kind.domain?.[0]?.value : kind.kind)),
  );
  if (names.size === 1) return { kind: [...names][0] as Kind['kind'] };
  return { kind: [...names].every((n) => n === 'object' || n === 'reference') ? 'object' : 'unknown' };
}

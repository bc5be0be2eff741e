// What a column or property of a schema holds, from how it is written: constructors, option objects, builder chains.
import ts from 'typescript';
import type { FieldType, TypeKey } from './codeModel.ts';
import { bare } from './expressions.ts';
import { plainName } from './functions.ts';

type KeyOf = (name: string) => TypeKey | undefined;

const BY_WORD: readonly (readonly [RegExp, FieldType['kind']])[] = [
  [/^(?:String|STRING|TEXT|CHAR|UUID|UUIDV4|CITEXT|varchar|text|string|uuid|email|ObjectId|url|cuid)$/, 'string'],
  [
    /^(?:Number|INTEGER|FLOAT|DOUBLE|DECIMAL|REAL|SMALLINT|int|integer|number|float|decimal|numeric|Decimal128|coerce)$/,
    'number',
  ],
  [/^(?:Boolean|BOOLEAN|bool|boolean)$/, 'boolean'],
  [/^(?:BIGINT|bigint|BigInt)$/, 'bigint'],
  [/^(?:Date|DATE|DATEONLY|datetime|timestamp|timestamptz|date)$/, 'date'],
  [/^(?:Map|HSTORE|record|map)$/, 'map'],
  [/^(?:Mixed|JSON|JSONB|json|jsonb|object)$/, 'object'],
  [/^(?:ARRAY|array)$/, 'list'],
  [/^(?:Buffer|BLOB|blob|bytea)$/, 'bytes'],
];

export function columnType(given: ts.Expression, keyOf: KeyOf): FieldType | undefined {
  const node = bare(given);
  const text = node.getText().slice(0, 160);
  const done = (type: Partial<FieldType> & { kind: FieldType['kind'] }, nullable = false): FieldType => ({
    nullable,
    text,
    ...type,
    ...(type.kind === 'boolean' && { domain: [{ value: false }, { value: true }] }),
  });
  if (ts.isArrayLiteralExpression(node)) {
    const [element] = node.elements;
    const inner = element && columnType(element, keyOf);
    return done({
      kind: 'list',
      ...(inner?.target !== undefined && { target: inner.target, byId: inner.byId ?? false }),
    });
  }
  if (ts.isObjectLiteralExpression(node)) return fromOptions(node, keyOf, done);
  const words = wordsIn(node);
  const values = enumValues(node);
  const nullable = words.some((word) => word === 'optional' || word === 'nullable' || word === 'nullish');
  if (values) return done({ kind: 'enum', domain: values.map((value) => ({ value })) }, nullable);
  for (const word of words) {
    const kind = BY_WORD.find(([pattern]) => pattern.test(word))?.[1];
    if (kind) return done({ kind }, nullable);
  }
  return words.length > 0 ? done({ kind: 'unknown' }, nullable) : undefined;
}

/** `{ type: String, enum: [...], ref: 'Customer', required: true }` */
function fromOptions(
  node: ts.ObjectLiteralExpression,
  keyOf: KeyOf,
  done: (type: Partial<FieldType> & { kind: FieldType['kind'] }, nullable?: boolean) => FieldType,
): FieldType | undefined {
  const options = new Map<string, ts.Expression>();
  for (const property of node.properties) {
    const name = property.name && plainName(property.name);
    if (name !== undefined && ts.isPropertyAssignment(property)) options.set(name, property.initializer);
  }
  const type = options.get('type');
  if (!type) return done({ kind: 'object' });
  const nullable =
    options.get('allowNull')?.kind === ts.SyntaxKind.TrueKeyword ||
    options.get('nullable')?.kind === ts.SyntaxKind.TrueKeyword ||
    options.get('default')?.kind === ts.SyntaxKind.NullKeyword;
  const listed = options.get('enum') ?? options.get('values') ?? options.get('items');
  const values =
    listed && ts.isArrayLiteralExpression(bare(listed)) ? texts(bare(listed) as ts.ArrayLiteralExpression) : undefined;
  if (values && values.length > 0) return done({ kind: 'enum', domain: values.map((value) => ({ value })) }, nullable);
  const ref = options.get('ref') ?? options.get('references');
  const target = ref && keyOf(ts.isStringLiteralLike(ref) ? ref.text : ref.getText());
  const inner = columnType(type, keyOf) ?? done({ kind: ts.isStringLiteralLike(bare(type)) ? 'string' : 'unknown' });
  return { ...inner, nullable, ...(target !== undefined && { target, byId: true }) };
}

/** `DataTypes.ENUM('a', 'b')`, `z.enum(['a', 'b'])` */
function enumValues(node: ts.Expression): string[] | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
  if (/^(?:ENUM|enum|picklist|oneOf)$/.test(name)) {
    const [first] = node.arguments;
    const list =
      first && ts.isArrayLiteralExpression(first)
        ? texts(first)
        : node.arguments.filter(ts.isStringLiteralLike).map((a) => a.text);
    return list.length > 0 ? list : undefined;
  }
  return ts.isPropertyAccessExpression(callee) ? enumValues(callee.expression) : undefined;
}

function texts(list: ts.ArrayLiteralExpression): string[] {
  return list.elements.filter(ts.isStringLiteralLike).map((element) => element.text);
}

/** Names along a builder chain, the type first: `z.string().optional()` -> z, string, optional. */
function wordsIn(node: ts.Expression): string[] {
  if (ts.isCallExpression(node)) return wordsIn(node.expression);
  if (ts.isPropertyAccessExpression(node)) return [...wordsIn(node.expression), node.name.text];
  if (ts.isIdentifier(node)) return [node.text];
  return ts.isStringLiteralLike(node) ? [node.text] : [];
}

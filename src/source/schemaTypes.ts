// What a column or property of a schema holds, from how it is written: constructors, option objects, builder chains.
import ts from 'typescript';
import type { FieldType, TypeKey } from './codeModel.ts';
import type { DomainValue } from './domains.ts';
import { bare } from './expressions.ts';
import { plainName } from './functions.ts';

/** What names in a schema stand for. */
export interface Lookup {
  keyOf(name: string): TypeKey | undefined;
  /** The values of a list, enum or table of constants. */
  valuesOf(list: ts.Expression): readonly DomainValue[] | undefined;
  /** The call that a name was given: `const mood = pgEnum('mood', [...])`. */
  callOf(name: ts.Expression): ts.CallExpression | undefined;
}

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

export function columnType(given: ts.Expression, lookup: Lookup): FieldType | undefined {
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
    const inner = element && columnType(element, lookup);
    return done({
      kind: 'list',
      ...(inner?.target !== undefined && { target: inner.target, byId: inner.byId ?? false }),
    });
  }
  if (ts.isObjectLiteralExpression(node)) return fromOptions(node, lookup, done);
  const words = wordsIn(node);
  const domain = enumValues(node, lookup);
  const nullable = words.some((word) => word === 'optional' || word === 'nullable' || word === 'nullish');
  if (domain) return done({ kind: 'enum', domain }, nullable);
  for (const word of words) {
    const kind = BY_WORD.find(([pattern]) => pattern.test(word))?.[1];
    if (kind) return done({ kind }, nullable);
  }
  return words.length > 0 ? done({ kind: 'unknown' }, nullable) : undefined;
}

/** `{ type: String, enum: [...], ref: 'Customer', required: true }` */
function fromOptions(
  node: ts.ObjectLiteralExpression,
  lookup: Lookup,
  done: (type: Partial<FieldType> & { kind: FieldType['kind'] }, nullable?: boolean) => FieldType,
): FieldType | undefined {
  const options = new Map<string, ts.Expression>();
  for (const property of node.properties) {
    const name = property.name && plainName(property.name);
    if (name !== undefined && ts.isPropertyAssignment(property)) options.set(name, property.initializer);
  }
  const relation = relationIn(options, lookup);
  if (relation) return done(relation, !/many$|:m$|:n$/i.test(options.get('kind')?.getText() ?? ''));
  const given = options.get('type');
  // `type: ['string', 'null']`
  const listedTypes =
    given && ts.isArrayLiteralExpression(bare(given)) && isTexts(bare(given) as ts.ArrayLiteralExpression);
  const type = given && listedTypes ? (bare(given) as ts.ArrayLiteralExpression).elements[0] : given;
  const listed = options.get('enum') ?? options.get('values') ?? options.get('items');
  const domain = listed && lookup.valuesOf(listed);
  if (!type) return done(domain && domain.length > 0 ? { kind: 'enum', domain } : { kind: 'object' });
  const nullable =
    options.get('allowNull')?.kind === ts.SyntaxKind.TrueKeyword ||
    options.get('nullable')?.kind === ts.SyntaxKind.TrueKeyword ||
    (listedTypes === true && /['"]null['"]/.test(given?.getText() ?? '')) ||
    options.get('default')?.kind === ts.SyntaxKind.NullKeyword;
  if (domain && domain.length > 0) return done({ kind: 'enum', domain }, nullable);
  const ref = options.get('ref') ?? options.get('references');
  const target = ref && lookup.keyOf(ts.isStringLiteralLike(ref) ? ref.text : ref.getText());
  const inner = columnType(type, lookup) ?? done({ kind: ts.isStringLiteralLike(bare(type)) ? 'string' : 'unknown' });
  return { ...inner, nullable, ...(target !== undefined && { target, byId: true }) };
}

/** `{ kind: '1:m', entity: 'OrderLine' }`, `{ type: 'one-to-many', target: 'OrderLine' }` */
function relationIn(
  options: ReadonlyMap<string, ts.Expression>,
  lookup: Lookup,
): { kind: 'list' | 'reference'; target: TypeKey } | undefined {
  const kind = (options.get('kind') ?? options.get('reference') ?? options.get('type'))?.getText() ?? '';
  const many = /(?:^|\W)(?:1:m|m:n|one-to-many|many-to-many|ONE_TO_MANY|MANY_TO_MANY)(?:\W|$)/.test(kind);
  if (!many && !/(?:^|\W)(?:m:1|1:1|many-to-one|one-to-one|MANY_TO_ONE|ONE_TO_ONE)(?:\W|$)/.test(kind))
    return undefined;
  const named = options.get('entity') ?? options.get('target');
  const inner = named && ts.isArrowFunction(named) && !ts.isBlock(named.body) ? named.body : named;
  const target = inner && lookup.keyOf(ts.isStringLiteralLike(inner) ? inner.text : inner.getText());
  return target === undefined ? undefined : { kind: many ? 'list' : 'reference', target };
}

/** `DataTypes.ENUM('a', 'b')`, `z.enum(['a', 'b'])`, `text('mood', { enum: [...] })`, `mood('mood')` of `pgEnum('mood', [...])` */
function enumValues(node: ts.Expression, lookup: Lookup): readonly DomainValue[] | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  const [first, second] = node.arguments;
  if (/^(?:ENUM|enum|enu|nativeEnum|picklist|oneOf|valid|Enum|UnionEnum)$/.test(name)) {
    // knex names the column first
    const list =
      name === 'enu' || (name === 'enum' && second && first && ts.isStringLiteralLike(first)) ? second : first;
    const own = list && lookup.valuesOf(list);
    if (own && own.length > 0) return own;
    const spread = node.arguments.flatMap((argument) =>
      ts.isSpreadElement(argument)
        ? (lookup.valuesOf(argument.expression) ?? [])
        : ts.isStringLiteralLike(argument)
          ? [{ value: argument.text }]
          : [],
    );
    if (spread.length > 0) return spread;
  }
  if (/^(?:union|Union)$/.test(name) && first && ts.isArrayLiteralExpression(first)) {
    const texts = first.elements.map((part) =>
      ts.isCallExpression(part) && /literal$/i.test(part.expression.getText()) ? part.arguments[0] : undefined,
    );
    if (texts.every((text) => text !== undefined && ts.isStringLiteralLike(text)))
      return texts.map((text) => ({ value: (text as ts.StringLiteral).text }));
  }
  for (const argument of node.arguments) {
    if (!ts.isObjectLiteralExpression(argument)) continue;
    const stated = argument.properties.find((p) => p.name && plainName(p.name) === 'enum');
    const values = stated && ts.isPropertyAssignment(stated) ? lookup.valuesOf(stated.initializer) : undefined;
    if (values && values.length > 0) return values;
  }
  if (ts.isIdentifier(callee)) {
    const made = lookup.callOf(callee);
    const list = made && /Enum$/.test(made.expression.getText()) ? made.arguments.at(-1) : undefined;
    return list && lookup.valuesOf(list);
  }
  return ts.isPropertyAccessExpression(callee) ? enumValues(callee.expression, lookup) : undefined;
}

function isTexts(list: ts.ArrayLiteralExpression): boolean {
  return list.elements.length > 0 && list.elements.every(ts.isStringLiteralLike);
}

/** What a column holds where nothing is given: `default: 'new'`, `.default('new')`. */
export function initialIn(given: ts.Expression): ts.Expression | undefined {
  const node = bare(given);
  if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      const name = property.name && plainName(property.name);
      if (ts.isPropertyAssignment(property) && (name === 'default' || name === 'defaultValue'))
        return property.initializer;
    }
    return undefined;
  }
  for (let current: ts.Expression = node; ts.isCallExpression(current);) {
    const callee: ts.Expression = current.expression;
    if (!ts.isPropertyAccessExpression(callee)) break;
    const [first] = current.arguments;
    if (first && /^(?:default|defaultTo|prefault|onCreate)$/.test(callee.name.text)) return first;
    current = callee.expression;
  }
  const [first, second] = ts.isCallExpression(node) ? node.arguments : [];
  const options = second ?? first;
  return options && ts.isObjectLiteralExpression(options) ? initialIn(options) : undefined;
}

/** Names along a builder chain, the type first: `z.string().optional()` -> z, string, optional. */
function wordsIn(node: ts.Expression): string[] {
  if (ts.isCallExpression(node)) return wordsIn(node.expression);
  if (ts.isPropertyAccessExpression(node)) return [...wordsIn(node.expression), node.name.text];
  if (ts.isIdentifier(node)) return [node.text];
  return ts.isStringLiteralLike(node) ? [node.text] : [];
}

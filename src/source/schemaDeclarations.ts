// How libraries are told of a thing: which calls declare one, under which name and with which columns.
import ts from 'typescript';
import type { FieldType } from './codeModel.ts';
import { bare } from './expressions.ts';
import { givenTo, type Flow } from './flow.ts';
import { plainName } from './functions.ts';
import { columnType, initialIn, type Lookup } from './schemaTypes.ts';
import { singular } from './words.ts';

export interface Column {
  readonly name: string;
  readonly type: FieldType;
  readonly node: ts.Node;
  /** What it holds where nothing is given. */
  readonly initial?: ts.Expression;
  readonly isKey: boolean;
}

export interface Declared {
  readonly name: string;
  readonly node: ts.CallExpression | ts.NewExpression | ts.ObjectLiteralExpression;
  /** record: a library keeps its instances; schema: instances are checked against it only. */
  readonly form: 'record' | 'schema';
  /** The schema it was made from, where that stands elsewhere: methods are put on it. */
  readonly schema?: ts.Expression;
  /** What else the library adds to each instance. */
  readonly adds?: { readonly identity: boolean; readonly times: boolean };
  columns(lookup: Lookup): Column[];
}

const TABLE = /^(?:pg|mysql|sqlite|singlestore)Table$/;

export function declarationIn(flow: Flow, node: ts.Node): Declared | undefined {
  if (ts.isObjectLiteralExpression(node)) return jsonSchema(node);
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined;
  const callee = node.expression;
  const method = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  const [first, second, third] = node.arguments ?? [];
  if (!first) return undefined;
  // sequelize.define('Order', {...}), mongoose.model('Order', schema)
  if ((method === 'define' || method === 'model') && ts.isStringLiteralLike(first) && second) {
    const fields = schemaFields(flow, second);
    const made = method === 'define' ? addsOf(flow, node, third) : undefined;
    return (
      fields && {
        ...ofLiteral(first.text, fields, node, 'record'),
        ...(ts.isIdentifier(bare(second)) && { schema: second }),
        ...(made && { adds: made }),
      }
    );
  }
  // class Order extends Model {}; Order.init({...}, { sequelize })
  if (method === 'init' && ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression) && second) {
    const fields = literalOf(flow, first);
    if (!fields || !/^[A-Z]/.test(callee.expression.text)) return undefined;
    return { ...ofLiteral(callee.expression.text, fields, node, 'record'), adds: addsOf(flow, node, second) };
  }
  // new EntitySchema({ name: 'Order', columns | properties: {...} }), defineEntity({...})
  if (method === 'EntitySchema' || method === 'defineEntity') return entitySchema(flow, first, node);
  // export const orders = pgTable('orders', {...})
  if (TABLE.test(method) && ts.isStringLiteralLike(first) && second) {
    const fields = columnsLiteral(flow, second);
    return fields && ofLiteral(typeName(first.text), fields, node, 'record');
  }
  // knex.schema.createTable('orders', (table) => { table.string('id').primary() })
  if (/^createTable(?:IfNotExists)?$/.test(method) && ts.isStringLiteralLike(first) && second) {
    const body = bare(second);
    return ts.isArrowFunction(body) || ts.isFunctionExpression(body)
      ? { name: typeName(first.text), node, form: 'record', columns: (lookup) => builtColumns(body, lookup) }
      : undefined;
  }
  // const Order = z.object({...})
  if (
    /^(?:object|strictObject|Object|looseObject)$/.test(method) &&
    /^(?:z|zod|v|yup|s|t|Type|Joi|joi)\./.test(callee.getText())
  ) {
    const holder = node.parent;
    if (!ts.isObjectLiteralExpression(first) || !ts.isVariableDeclaration(holder) || !ts.isIdentifier(holder.name))
      return undefined;
    return ofLiteral(upper(holder.name.text.replace(/Schema$/, '')), first, node, 'schema');
  }
  return undefined;
}

function ofLiteral(
  name: string,
  fields: ts.ObjectLiteralExpression,
  node: Declared['node'],
  form: Declared['form'],
): Declared {
  return { name, node, form, columns: (lookup) => literalColumns(fields, lookup) };
}

function literalColumns(fields: ts.ObjectLiteralExpression, lookup: Lookup): Column[] {
  return fields.properties.flatMap((property): Column[] => {
    const name = property.name && plainName(property.name);
    if (name === undefined || !ts.isPropertyAssignment(property)) return [];
    const type = columnType(property.initializer, lookup);
    if (!type) return [];
    const initial = initialIn(property.initializer);
    const isKey = /primaryKey\s*(?::\s*true|\()|primary\s*:\s*true/.test(property.initializer.getText());
    return [{ name, type, node: property, isKey, ...(initial && { initial }) }];
  });
}

/** `{ $id: 'Order', type: 'object', properties: {...}, required: [...] }` */
function jsonSchema(node: ts.ObjectLiteralExpression): Declared | undefined {
  const type = property(node, 'type');
  const given = property(node, 'properties');
  if (!type || !given || !ts.isStringLiteralLike(type) || type.text !== 'object') return undefined;
  const fields = bare(given);
  const holder = ts.findAncestor(node.parent, (n) => !ts.isAsExpression(n) && !ts.isSatisfiesExpression(n));
  const stated = property(node, '$id') ?? property(node, 'title');
  const variable = holder && ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name) ? holder.name.text : '';
  const name = stated && ts.isStringLiteralLike(stated) ? stated.text : variable.replace(/Schema$/, '');
  if (!ts.isObjectLiteralExpression(fields) || !/^[A-Za-z]\w*$/.test(name) || !holder) return undefined;
  const required = new Set(
    [property(node, 'required')]
      .flatMap((list) =>
        list && ts.isArrayLiteralExpression(bare(list)) ? [...(bare(list) as ts.ArrayLiteralExpression).elements] : [],
      )
      .filter(ts.isStringLiteralLike)
      .map((text) => text.text),
  );
  return {
    name: upper(name),
    node,
    form: 'schema',
    columns: (lookup) =>
      literalColumns(fields, lookup).map((column) => ({
        ...column,
        type: { ...column.type, nullable: column.type.nullable || !required.has(column.name) },
      })),
  };
}

function entitySchema(flow: Flow, first: ts.Expression, node: Declared['node']): Declared | undefined {
  const options = literalOf(flow, first);
  const name = options && property(options, 'name');
  const literals = ['columns', 'properties', 'relations']
    .map((part) => options && property(options, part))
    .map((part) => part && columnsLiteral(flow, part))
    .filter((part) => part !== undefined);
  if (!name || !ts.isStringLiteralLike(name) || literals.length === 0) return undefined;
  return {
    name: name.text,
    node,
    form: 'record',
    columns: (lookup) => literals.flatMap((literal) => literalColumns(literal, lookup)),
  };
}

/** `{...}`, or `(t) => ({...})` */
function columnsLiteral(flow: Flow, given: ts.Expression): ts.ObjectLiteralExpression | undefined {
  const node = bare(given);
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return literalOf(flow, node.body);
  return literalOf(flow, node);
}

/** `table.string('id').primary()` -> id */
function builtColumns(body: ts.ArrowFunction | ts.FunctionExpression, lookup: Lookup): Column[] {
  const columns = new Map<string, Column>();
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) {
      const chain = node.expression;
      let base: ts.CallExpression = chain;
      while (ts.isPropertyAccessExpression(base.expression) && ts.isCallExpression(base.expression.expression))
        base = base.expression.expression;
      const [name] = base.arguments;
      const type = name && ts.isStringLiteralLike(name) ? columnType(chain, lookup) : undefined;
      const initial = initialIn(chain);
      if (type && name && ts.isStringLiteralLike(name) && type.kind !== 'unknown')
        columns.set(name.text, {
          name: name.text,
          type: { ...type, nullable: !/\.(?:notNullable|primary)\(/.test(chain.getText()) },
          node: chain,
          isKey: /\.primary\(/.test(chain.getText()),
          ...(initial && { initial }),
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(body.body);
  return [...columns.values()];
}

/** An identity and times that the library adds unless told otherwise: as its own code says, where that is there. */
function addsOf(
  flow: Flow,
  node: ts.CallExpression | ts.NewExpression,
  options: ts.Expression | undefined,
): NonNullable<Declared['adds']> {
  const own = flow.targetsOf(node)[0]?.getText();
  const given = options && literalOf(flow, options);
  const times = given && property(given, 'timestamps');
  return {
    identity: own === undefined || /\bid\s*:/.test(own),
    times: times?.kind !== ts.SyntaxKind.FalseKeyword && (own === undefined || /\bcreatedAt\b/.test(own)),
  };
}

function schemaFields(flow: Flow, given: ts.Expression): ts.ObjectLiteralExpression | undefined {
  const node = bare(given);
  if (ts.isObjectLiteralExpression(node)) return node;
  if (ts.isNewExpression(node) && /Schema$/.test(node.expression.getText()))
    return node.arguments?.[0] && literalOf(flow, node.arguments[0]);
  const declaration = flow.symbolOf(ts.isPropertyAccessExpression(node) ? node.name : node)?.valueDeclaration;
  const initializer = declaration && givenTo(declaration);
  return initializer && initializer !== node ? schemaFields(flow, initializer) : undefined;
}

export function literalOf(flow: Flow, given: ts.Expression): ts.ObjectLiteralExpression | undefined {
  const node = bare(given);
  if (ts.isObjectLiteralExpression(node)) return node;
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = flow.symbolOf(node)?.valueDeclaration;
  const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return initializer && ts.isObjectLiteralExpression(bare(initializer))
    ? (bare(initializer) as ts.ObjectLiteralExpression)
    : undefined;
}

export function property(literal: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = literal.properties.find((p) => p.name && plainName(p.name) === name);
  return found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

/** `purchase_orders` -> PurchaseOrder */
function typeName(table: string): string {
  const words = table.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words.map((word, i) => upper(i === words.length - 1 ? singular(word) : word)).join('');
}

export function upper(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

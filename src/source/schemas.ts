// Things declared to a library as objects: Mongoose, Sequelize, MikroORM, TypeORM schemas, Zod objects. Read from how they are written, since
// the libraries' own types are not there.
import ts from 'typescript';
import type { FieldType } from './codeModel.ts';
import { bare, visitAll } from './expressions.ts';
import type { Flow } from './flow.ts';
import { plainName } from './functions.ts';
import { readPrisma } from './prisma.ts';
import type { Project } from './program.ts';
import { columnType } from './schemaTypes.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';

interface Declared {
  readonly name: string;
  readonly fields: ts.ObjectLiteralExpression;
  readonly node: ts.Node;
}

export function collectSchemas(project: Project, table: TypeTable, flow: Flow): void {
  for (const file of project.schemas) readPrisma(table, file);
  const declared: Declared[] = [];
  for (const file of project.files) {
    visitAll(file, (node) => {
      const found = declarationIn(flow, node);
      if (found) declared.push(found);
    });
  }
  const drafts = new Map<Declared, TypeDraft>();
  for (const entry of declared) {
    const known = table.byName(entry.name)[0];
    const draft = known ?? table.add(undefined, entry.node, entry.name, 'schema');
    drafts.set(entry, draft);
  }
  for (const [entry, draft] of drafts) {
    for (const property of entry.fields.properties) {
      const name = property.name && plainName(property.name);
      if (name === undefined || !ts.isPropertyAssignment(property)) continue;
      const type = columnType(property.initializer, (target) => table.byName(target)[0]?.key);
      if (!type) continue;
      const field = draft.fields.get(name);
      if (field && field.type.kind !== 'unknown' && field.type.domain) continue;
      draft.fields.set(name, {
        name,
        source: project.at(property),
        type,
        optional: type.nullable,
        readonly: false,
        derived: false,
        writes: field?.writes ?? [],
        declaration: property,
      });
    }
  }
  for (const file of project.files) visitAll(file, (node) => associate(project, table, node));
}

function declarationIn(flow: Flow, node: ts.Node): Declared | undefined {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined;
  const callee = node.expression;
  const method = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  const [first, second] = node.arguments ?? [];
  // sequelize.define('Order', {...}), mongoose.model('Order', schema)
  if ((method === 'define' || method === 'model') && first && ts.isStringLiteralLike(first) && second) {
    const fields = schemaFields(flow, second);
    return fields && { name: first.text, fields, node };
  }
  // class Order extends Model {}; Order.init({...}, { sequelize })
  if (
    method === 'init' &&
    ts.isPropertyAccessExpression(callee) &&
    ts.isIdentifier(callee.expression) &&
    first &&
    second
  ) {
    const fields = literalOf(flow, first);
    return fields && /^[A-Z]/.test(callee.expression.text) ? { name: callee.expression.text, fields, node } : undefined;
  }
  // new EntitySchema({ name: 'Order', columns | properties: {...} }), defineEntity({...})
  if ((method === 'EntitySchema' || method === 'defineEntity') && first) {
    const options = literalOf(flow, first);
    const name = options && property(options, 'name');
    const fields = options && (property(options, 'columns') ?? property(options, 'properties'));
    const literal = fields && literalOf(flow, fields);
    if (name && ts.isStringLiteralLike(name) && literal) return { name: name.text, fields: literal, node };
  }
  // const Order = z.object({...})
  if (
    method === 'object' &&
    /^(?:z|zod|v|yup|s)\.object$/.test(callee.getText()) &&
    first &&
    ts.isObjectLiteralExpression(first)
  ) {
    const holder = node.parent;
    if (ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name)) {
      const name = holder.name.text.replace(/Schema$/, '');
      return { name: name.charAt(0).toUpperCase() + name.slice(1), fields: first, node };
    }
  }
  return undefined;
}

function schemaFields(flow: Flow, given: ts.Expression): ts.ObjectLiteralExpression | undefined {
  const node = bare(given);
  if (ts.isObjectLiteralExpression(node)) return node;
  if (ts.isNewExpression(node) && /Schema$/.test(node.expression.getText()))
    return node.arguments?.[0] && literalOf(flow, node.arguments[0]);
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = flow.symbolOf(node)?.valueDeclaration;
  const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return initializer && schemaFields(flow, initializer);
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

function property(literal: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = literal.properties.find((p) => p.name && plainName(p.name) === name);
  return found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

/** `Order.hasMany(Line, { as: 'lines' })`, `Line.belongsTo(Order)`: associations add fields, foreign keys too. */
function associate(project: Project, table: TypeTable, node: ts.Node): void {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
  const kind = node.expression.name.text;
  if (!/^(?:hasMany|belongsToMany|belongsTo|hasOne)$/.test(kind)) return;
  const [target, options] = node.arguments;
  const owner = table.byName(node.expression.expression.getText().split('.').at(-1) ?? '')[0];
  const other = target && table.byName(target.getText().split('.').at(-1) ?? '')[0];
  if (!owner || !other) return;
  const stated = (name: string): string | undefined => {
    const value = options && ts.isObjectLiteralExpression(options) ? property(options, name) : undefined;
    return value && ts.isStringLiteralLike(value) ? value.text : undefined;
  };
  const many = kind === 'hasMany' || kind === 'belongsToMany';
  const lower = other.name.charAt(0).toLowerCase() + other.name.slice(1);
  const name = stated('as') ?? (many ? `${lower}s` : lower);
  const type: FieldType = { kind: many ? 'list' : 'reference', target: other.key, nullable: !many, text: kind };
  if (!owner.fields.has(name))
    owner.fields.set(name, {
      name,
      source: project.at(node),
      type,
      optional: !many,
      readonly: false,
      derived: false,
      writes: [],
    });
  const key = stated('foreignKey');
  const holder = kind === 'belongsTo' ? owner : many || kind === 'hasOne' ? other : undefined;
  const field = key === undefined ? undefined : holder?.fields.get(key);
  if (field && !field.type.target)
    field.type = { ...field.type, target: (kind === 'belongsTo' ? other : owner).key, byId: true };
}

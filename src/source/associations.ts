// Associations declared to a record library: fields that hold other records, and the keys by which they are found.
import ts from 'typescript';
import type { FieldType } from './codeModel.ts';
import type { Models } from './models.ts';
import type { Project } from './program.ts';
import { property } from './schemaDeclarations.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';

/** `Order.hasMany(Line, { as: 'lines' })`, `Line.belongsTo(Order)`: each direction that is declared is a field; so are foreign keys. */
export function associate(project: Project, table: TypeTable, models: Models, node: ts.Node): void {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
  const kind = node.expression.name.text;
  if (!/^(?:hasMany|belongsToMany|belongsTo|hasOne)$/.test(kind)) return;
  const [target, options] = node.arguments;
  const named = (expression: ts.Expression): TypeDraft | undefined =>
    models.of(expression) ?? table.byName(expression.getText().split('.').at(-1) ?? '')[0];
  const owner = named(node.expression.expression);
  const other = target && named(target);
  if (!owner || !other) return;
  const stated = (name: string): string | undefined => {
    const value = options && ts.isObjectLiteralExpression(options) ? property(options, name) : undefined;
    return value && ts.isStringLiteralLike(value) ? value.text : undefined;
  };
  const add = (to: TypeDraft, name: string, type: FieldType, optional: boolean): void => {
    if (to.fields.has(name)) return;
    const source = project.at(node);
    to.fields.set(name, { name, source, type, optional, readonly: false, derived: false, writes: [] });
  };
  const many = kind === 'hasMany' || kind === 'belongsToMany';
  const lower = other.name.charAt(0).toLowerCase() + other.name.slice(1);
  const name = stated('as') ?? (many ? `${lower}s` : lower);
  add(owner, name, { kind: many ? 'list' : 'reference', target: other.key, nullable: !many, text: kind }, !many);
  if (kind === 'belongsToMany') return;
  const holder = kind === 'belongsTo' ? owner : other;
  const whole = kind === 'belongsTo' ? other : owner;
  const key = stated('foreignKey') ?? (kind === 'belongsTo' ? `${name}Id` : undefined);
  if (key === undefined) return;
  const field = holder.fields.get(key);
  if (field && !field.type.target) field.type = { ...field.type, target: whole.key, byId: true };
  else add(holder, key, { kind: 'string', target: whole.key, byId: true, nullable: true, text: kind }, true);
}

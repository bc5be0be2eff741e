// What fields hold where no type says it: what is put into their collections, and what the literal that makes a thing gives them.
import ts from 'typescript';
import { bare } from './expressions.ts';
import type { Flow } from './flow.ts';
import type { Inference } from './inference.ts';
import { hasIdentity } from './stores.ts';
import type { FieldDraft, TypeDraft, TypeTable } from './typeTable.ts';

const COLLECTIONS = new Set(['list', 'set', 'map']);

export function fillContents(table: TypeTable, flow: Flow, inference: Inference): void {
  const give = (field: FieldDraft, target: TypeDraft | undefined): void => {
    const union = target && table.unionOf(target);
    if (!union || union.roles.size > 0 || !(hasIdentity(union) || union.stores.length > 0)) return;
    const kind = field.type.kind === 'unknown' ? 'reference' : field.type.kind;
    field.type = { ...field.type, kind, target: union.key };
  };
  const fieldAt = (receiver: ts.Expression, name: string): FieldDraft | undefined => {
    const owner = inference.typeOf(receiver);
    return owner && table.unionOf(owner).fields.get(name);
  };
  const isOpen = (field: FieldDraft | undefined): field is FieldDraft =>
    field !== undefined && field.type.target === undefined && COLLECTIONS.has(field.type.kind);

  for (const { container, value } of flow.allPuts) {
    const held = bare(container);
    if (!ts.isPropertyAccessExpression(held)) continue;
    const field = fieldAt(held.expression, held.name.text);
    if (isOpen(field)) give(field, inference.typeOf(value));
  }
  for (const draft of table.drafts.values()) {
    for (const field of draft.fields.values()) {
      if (!isOpen(field)) continue;
      for (const { receiver, value } of flow.propertyWrites(field.name).slice(0, 12))
        if (isOpen(field) && fieldAt(receiver, field.name) === field) give(field, inference.elementOf(value));
    }
    if (draft.form !== 'shape' || !draft.node || !ts.isObjectLiteralExpression(draft.node)) continue;
    for (const property of draft.node.properties) {
      const field = property.name && draft.fields.get(property.name.getText());
      if (!field || field.type.kind !== 'unknown' || field.type.target !== undefined) continue;
      if (ts.isPropertyAssignment(property)) give(field, inference.typeOf(property.initializer));
      else if (ts.isShorthandPropertyAssignment(property)) give(field, inference.shorthand(property));
    }
  }
}

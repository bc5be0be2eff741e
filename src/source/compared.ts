// Whose id a field holds, by what it is compared with: `line.orderId === order.id`, `piece.ownerId !== loan.borrowerId`.
import ts from 'typescript';
import { bare, visitAll } from './expressions.ts';
import type { Inference } from './inference.ts';
import type { Project } from './program.ts';
import type { FieldDraft, TypeDraft, TypeTable } from './typeTable.ts';
import { identityRank, referenceWords } from './words.ts';

interface Side {
  readonly draft: TypeDraft;
  readonly field: FieldDraft;
}

/** Where nothing else has told it. */
export function joinCompared(project: Project, table: TypeTable, inference: Inference): void {
  const sideOf = (given: ts.Expression): Side | undefined => {
    const node = bare(given);
    if (!ts.isPropertyAccessExpression(node)) return undefined;
    const found = inference.typeOf(node.expression);
    const draft = found && table.unionOf(found);
    const field = draft?.fields.get(node.name.text);
    return draft && field && !field.derived ? { draft, field } : undefined;
  };
  for (const file of project.files) {
    visitAll(file, (node) => {
      if (!ts.isBinaryExpression(node) || !/^[=!]==?$/.test(ts.tokenToString(node.operatorToken.kind) ?? '')) return;
      if (!mayBeId(node.left) || !mayBeId(node.right)) return;
      const [left, right] = [sideOf(node.left), sideOf(node.right)];
      if (!left || !right) return;
      learn(table, left, right);
      learn(table, right, left);
    });
  }
}

function mayBeId(given: ts.Expression): boolean {
  const node = bare(given);
  return (
    ts.isPropertyAccessExpression(node) && (node.name.text === 'id' || referenceWords(node.name.text) !== undefined)
  );
}

function learn(table: TypeTable, to: Side, from: Side): void {
  const { type } = to.field;
  if (type.target !== undefined || type.domain || !/^(?:string|number|unknown)$/.test(type.kind)) return;
  if (isIdentity(to)) return;
  const target = isIdentity(from) ? from.draft.key : from.field.type.byId ? from.field.type.target : undefined;
  const whose = target === undefined ? undefined : table.drafts.get(target);
  if (whose && whose.roles.size === 0) to.field.type = { ...type, target: whose.key, byId: true };
}

function isIdentity({ draft, field }: Side): boolean {
  if (draft.stores.some((store) => store.keyField === field.name)) return true;
  return (identityRank(field.name, draft.name) ?? 99) <= 1;
}

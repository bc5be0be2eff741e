// The texts that take the place of an assignment. Pure.
import ts from 'typescript';
import type { Access } from './forms.ts';
import { PROBE } from './plan.ts';
import type { Edits } from './textEdits.ts';

/** `a.status = v` becomes `a.status = probe.w(1, a, v)`; a compound assignment becomes a simple one of the same meaning. */
export function plainWrite(
  edits: Edits,
  node: ts.BinaryExpression,
  target: Access,
  id: number,
  property: string,
): () => void {
  const { kind } = node.operatorToken;
  const receiver = target.expression.getText();
  const left = target.getText();
  const before = property.startsWith('#') ? `,${left}` : '';
  const call = `${PROBE}.w(${id},${receiver},`;
  const from = node.operatorToken.getStart();
  const to = node.operatorToken.end;
  if (kind === ts.SyntaxKind.EqualsToken) {
    edits.open(node.right.getStart(), call);
    return () => edits.close(node.right.end, `${before})`);
  }
  const operator = node.operatorToken.getText().slice(0, -1);
  if (operator === '??' || operator === '||' || operator === '&&') {
    const bare = ts.isExpressionStatement(node.parent);
    if (!bare) edits.open(node.getStart(), '(');
    edits.replace(from, to, `${operator} (${left} = ${call}`);
    return () => edits.close(node.end, `${before}))${bare ? '' : ')'}`);
  }
  edits.replace(from, to, `= ${call}${left} ${operator} (`);
  return () => edits.close(node.right.end, `)${before})`);
}

/** What names the property becomes an argument. */
export function replaceKey(edits: Edits, target: Access, end: number): void {
  const from = target.expression.end;
  if (ts.isPropertyAccessExpression(target)) {
    edits.replace(from, end, `,${JSON.stringify(target.name.text)},`);
    return;
  }
  edits.replace(from, target.argumentExpression.getStart(), ',');
  edits.replace(target.argumentExpression.end, end, ',');
}

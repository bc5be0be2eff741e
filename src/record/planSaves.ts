// Calls by which things are handed to what stores them: a library makes, merges, saves or removes them where no edit reaches. Pure, knows
// syntax only; whether it is such a library is seen when the program runs.
import ts from 'typescript';
import { isOptional } from './forms.ts';
import { PROBE } from './plan.ts';
import type { Close, Planning } from './planning.ts';
import { tailOf } from './tails.ts';

const SAVING =
  /^(?:create|build|save|insert|persist|upsert|merge|assign|remove|softRemove|softDelete|destroy|removeAndFlush|persistAndFlush)$/;

export function isSave({ expression: callee }: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(callee) || !SAVING.test(callee.name.text)) return false;
  return (
    callee.expression.kind !== ts.SyntaxKind.SuperKeyword &&
    !/^(?:Object|Reflect|document)$/.test(callee.expression.getText())
  );
}

/** `repository.save(order)` becomes `probe.S(1, repository, "save", order)`. */
export function saving(p: Planning, node: ts.CallExpression): Close {
  const callee = node.expression;
  if (!isSave(node) || !ts.isPropertyAccessExpression(callee) || isOptional(callee) || isOptional(node))
    return undefined;
  // Near the end of an arrow function without braces nothing can be put after it.
  if (!p.isOwn(node) || p.edits.isMuted || tailOf(node)) return undefined;
  const phase = p.places.isHydration(node) ? 'hydrate' : 'change';
  const id = p.site('save', node, [], phase);
  p.watch({ site: id, ways: [], why: 'what a library stores is seen by an edit only', isHint: true });
  p.edits.open(node.getStart(), `${PROBE}.S(${id},`);
  const [first] = node.arguments;
  const name = `,${JSON.stringify(callee.name.text)}`;
  if (first) p.edits.replace(callee.expression.end, first.getStart(), `${name},`);
  else p.edits.replace(callee.expression.end, node.end - 1, name);
  return undefined;
}

// Look-ups: what was asked for by a key is known by it.
import ts from 'typescript';
import { bare } from '../expressions.ts';
import { noteKey } from './links.ts';
import type { Machine, Result } from './machine.ts';
import type { Abs } from './values.ts';

/** Looking the same thing up twice gives the same object. */
export const LOOKING = /^(?:get|find|load|fetch|by|require|lookup|one|read|must|ensure|query|current)/i;

/** What a look-up gave is known by the key it was asked for. */
export function lookedUp(m: Machine, node: ts.CallExpression, args: readonly Abs[], result: Result): Result {
  const { state, value } = result;
  const callee = bare(node.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  if (value.kind !== 'obj' || !LOOKING.test(name)) return result;
  const { draft, fresh, hydrated, key } = state.obj(value);
  const asked = args.find((arg) => arg.kind === 'sym');
  if (!draft || (fresh && !hydrated) || !asked) return result;
  if (!key) state.update(value, { key: asked });
  noteKey(m, state, asked, draft);
  return result;
}

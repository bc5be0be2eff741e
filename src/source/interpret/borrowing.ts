// Functions called by way of their own methods: with another `this`, with what `arguments` holds, when a promise comes.
import ts from 'typescript';
import { isFunctionNode } from '../functions.ts';
import { callFn } from './calls.ts';
import { callCollection } from './collections.ts';
import { one, type Machine, type Result } from './machine.ts';
import { symbolicOf } from './objects.ts';
import type { State } from './state.ts';
import type { Abs, Frame } from './values.ts';

/** `[].slice.call(arguments)`, `Array.prototype.indexOf.call(list, x)` */
export function borrowedCall(
  m: Machine,
  node: ts.CallExpression,
  callee: ts.Expression,
  args: readonly Abs[],
  state: State,
  frame: Frame,
): Result[] | undefined {
  const [, method] = /^(?:Array\.prototype|\[\])\.(\w+)\.call$/.exec(callee.getText()) ?? [];
  const [list, ...rest] = args;
  if (method === undefined || !list) return undefined;
  if (method === 'slice' && rest.length === 0) return one(state, list);
  return callCollection(m, state, list, method, rest, node, frame) ?? one(state, symbolicOf(m, state, node));
}

/** `handler.call(this, x)`, `fn.bind(this)`, `promise.then(fn)` */
export function boundCall(
  m: Machine,
  receiver: Abs,
  method: string,
  args: readonly Abs[],
  state: State,
  frame: Frame,
): Result[] | undefined {
  if (receiver.kind === 'fn' && (method === 'call' || method === 'apply')) {
    const rest = method === 'call' ? args.slice(1) : [];
    return callFn(m, args[0] ? { ...receiver, self: args[0] } : receiver, rest, state, frame, args[0]);
  }
  // `Craft.call(this, name)` in the constructor of an heir
  if (receiver.kind === 'class' && method === 'call' && args[0]) {
    const made = receiver.draft.node;
    if (made && isFunctionNode(made))
      return m.invoke({ fn: made, self: args[0], args: args.slice(1), state, caller: frame });
  }
  if (receiver.kind === 'fn' && method === 'bind')
    return one(state, args[0] ? { ...receiver, self: args[0] } : receiver);
  const [first] = args;
  if ((method === 'then' || method === 'finally') && first?.kind === 'fn')
    return callFn(m, first, method === 'then' ? [receiver] : [], state, frame, undefined);
  if (method === 'catch') return one(state, receiver);
  return undefined;
}

// Which calls are followed: those of functions in which something happens, and of helpers that can say something of a state.
import type ts from 'typescript';
import type { FunctionNode } from '../functions.ts';
import type { Machine } from './machine.ts';
import type { State } from './state.ts';
import type { Abs } from './values.ts';

/** Characters: helpers are not longer. */
const SMALL = 700;

export function isWorthRunning(
  m: Machine,
  fn: FunctionNode,
  self: Abs | undefined,
  args: readonly Abs[],
  state: State,
  node: ts.CallExpression | undefined,
): boolean {
  if (m.relevant.has(fn) || args.some((a) => a.kind === 'fn')) return true;
  return fn.getEnd() - fn.getStart() < SMALL && mayTell(m, self, args, state, node);
}

/** Whether a helper can say something of a state: it is given one, or a thing, or a function to run, or gives a thing. */
function mayTell(
  m: Machine,
  self: Abs | undefined,
  args: readonly Abs[],
  state: State,
  node: ts.CallExpression | undefined,
): boolean {
  if (!node) return true;
  const tells = (value: Abs): boolean => {
    if (value.kind === 'fn' || value.kind === 'const') return true;
    if (value.kind === 'sym') return value.tells === true || value.domain !== undefined;
    if (value.kind !== 'obj') return false;
    const { draft, closed, items, entries } = state.obj(value);
    return m.subjects.has(draft) || closed === true || items !== undefined || entries !== undefined;
  };
  return args.some(tells) || (self !== undefined && tells(self)) || m.subjects.isThing(m.inference.typeOf(node));
}

// Calls of the language's own functions, and assertions of libraries.
import ts from 'typescript';
import { one, type Machine, type Result } from './machine.ts';
import { makeObject, writeField } from './objects.ts';
import type { State } from './state.ts';
import { constant, undefinedConst, type Abs, type Frame } from './values.ts';

export function builtInCall(
  m: Machine,
  node: ts.CallExpression,
  callee: ts.Expression,
  receiver: Abs | undefined,
  method: string | undefined,
  args: readonly Abs[],
  state: State,
  frame: Frame,
): Result[] | undefined {
  const [first, second] = args;
  const name = callee.getText();
  if (name === 'Object.freeze' || name === 'Object.seal' || name === 'structuredClone')
    return first && one(state, first);
  if (name === 'Object.assign' && first?.kind === 'obj') {
    for (const source of args.slice(1)) {
      if (source.kind !== 'obj') continue;
      for (const [field, value] of state.obj(source).fields)
        if (!field.startsWith('@')) writeField(m, state, first, field, value, node);
    }
    return one(state, first);
  }
  if (/^Object\.(?:keys|values|entries)$/.test(name) && first?.kind === 'obj' && state.obj(first).closed) {
    const fields = [...state.obj(first).fields];
    const items = name.endsWith('keys')
      ? fields.map(([k]) => constant(k, node))
      : name.endsWith('values')
        ? fields.map(([, v]) => v)
        : fields.map(([k, v]) => makeObject(m, state, { fresh: true, items: [constant(k), v] }));
    return one(state, makeObject(m, state, { fresh: true, items }));
  }
  if (name === 'Array.isArray' && first) {
    const list =
      first.kind === 'obj' && (state.obj(first).items !== undefined || state.obj(first).samples !== undefined);
    const isTold = first.kind === 'const' || list || (first.kind === 'obj' && state.obj(first).closed === true);
    if (isTold) return one(state, constant(list));
  }
  if (/hasOwnProperty\.call$|^Object\.hasOwn$/.test(name)) return one(state, { kind: 'sym', id: m.fresh() });
  if ((name === 'Boolean' || name === 'String' || name === 'Number') && first) {
    if (name === 'Boolean')
      return one(state, { kind: 'sym', id: m.fresh(), domain: [constant(false), constant(true)], full: true });
    return one(state, first.kind === 'const' || state.valuesOf(first) ? first : { kind: 'sym', id: m.fresh() });
  }
  if (
    /(?:^|\.)(?:assert|invariant|ok|strictEqual|equal|require|check|ensure|precondition)$/.test(name) &&
    isLibrary(m, node) &&
    !(node.arguments[0] && ts.isStringLiteralLike(node.arguments[0]))
  )
    return assertion(m, node, method, args, state, frame);
  if (/(?:^|\.)(?:createMachine|Machine)$/.test(name) && first?.kind === 'obj' && isLibrary(m, node))
    return one(state, first);
  if (method === 'transition' && receiver?.kind === 'obj' && first && second) {
    const states = state.obj(receiver).fields.get('states');
    if (states?.kind === 'obj' && state.obj(states).closed) return one(state, { kind: 'sym', id: m.fresh() });
  }
  return undefined;
}

function isLibrary(m: Machine, node: ts.CallExpression): boolean {
  return m.flow.targetsOf(node).length === 0;
}

function assertion(
  m: Machine,
  node: ts.CallExpression,
  method: string | undefined,
  args: readonly Abs[],
  state: State,
  frame: Frame,
): Result[] {
  const [condition] = node.arguments;
  if (!condition) return one(state, undefinedConst);
  if (method === 'strictEqual' || method === 'equal') {
    const [a, b] = args;
    const values = b && state.valuesOf(b);
    return !a || !values || state.assumeIn(a, values) ? one(state, undefinedConst) : [];
  }
  return m.test(condition, state, frame).yes.map((s) => ({ state: s, value: undefinedConst }));
}

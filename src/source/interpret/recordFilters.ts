// Filters of queries: what they demand of a record's fields holds for the record that is found.
import ts from 'typescript';
import type { TypeDraft } from '../typeTable.ts';
import type { Machine } from './machine.ts';
import { readField } from './objects.ts';
import { testEqual, testMember } from './conditions.ts';
import type { State } from './state.ts';
import type { Abs, Frame, Ref } from './values.ts';

const NOWHERE = { id: 0 } as Frame;

/** `{ id, status: 'open' }`, `{ status: { in: [...] } }`, `{ status: { $ne: 'closed' } }`: learned of the record. */
export function restrict(
  m: Machine,
  state: State,
  record: Ref,
  draft: TypeDraft,
  filter: Abs | undefined,
  node: ts.CallExpression,
): void {
  if (filter?.kind === 'obj' && filter.id !== record.id)
    for (const [name, value] of state.obj(filter).fields)
      if (draft.fields.has(name)) demand(m, state, record, name, value, node);
}

function demand(m: Machine, state: State, record: Ref, name: string, value: Abs, node: ts.CallExpression): void {
  const frame: Frame = { ...NOWHERE, node, depth: 0 };
  const [read] = readField(m, state, record, name, frame);
  if (!read || read.state !== state) return;
  const held = read.value;
  if (value.kind !== 'obj') {
    testEqual(state, held, value);
    return;
  }
  const { items, fields } = state.obj(value);
  if (items) {
    testMember(state, items, held);
    return;
  }
  for (const [word, operand] of fields) {
    const list = operand.kind === 'obj' ? state.obj(operand).items : undefined;
    if (/^\$?(?:in)$/.test(word) && list) testMember(state, list, held);
    else if (/^\$?(?:eq|equals)$/.test(word)) testEqual(state, held, operand);
    else if (/^\$?(?:ne|not)$/.test(word)) exclude(state, held, [operand]);
    else if (/^\$?(?:nin|notIn)$/.test(word) && list) exclude(state, held, list);
  }
}

function exclude(state: State, held: Abs, values: readonly Abs[]): void {
  state.assumeNotIn(
    held,
    values.filter((value) => value.kind === 'const'),
  );
}

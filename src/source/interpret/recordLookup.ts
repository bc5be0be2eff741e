// The record that a key stands for: one that the path knows already, by that key or as what the key was read from, else any.
import type ts from 'typescript';
import type { TypeDraft } from '../typeTable.ts';
import { identityRank } from '../words.ts';
import { noteKey } from './links.ts';
import type { Machine } from './machine.ts';
import { symbolic } from './objects.ts';
import type { State } from './state.ts';
import { identityOf, type Abs, type Ref } from './values.ts';

/** What is known of the instance of this type that the key stands for. */
export function knownByKey(m: Machine, state: State, draft: TypeDraft, key: Abs | undefined): Ref | undefined {
  if (!key) return undefined;
  const union = m.table.unionOf(draft);
  const isOne = (id: number): boolean => {
    const own = state.heap.get(id)?.draft;
    return own !== undefined && m.table.unionOf(own) === union;
  };
  if (key.kind === 'obj') return isOne(key.id) ? key : undefined;
  if (key.kind === 'sym' && key.from && isOne(key.from.obj) && isIdentity(draft, key.from.field))
    return { kind: 'obj', id: key.from.obj };
  const text = identityOf(key);
  for (const obj of state.heap.values())
    if (isOne(obj.id) && obj.key && identityOf(obj.key) === text) return { kind: 'obj', id: obj.id };
  return undefined;
}

export function isIdentity(draft: TypeDraft, field: string): boolean {
  if (draft.stores.some((store) => store.keyField === field)) return true;
  return field === '_id' || (identityRank(field, draft.name) ?? 99) <= 1;
}

/** `id`, or `{ id }` */
export function recordFor(
  m: Machine,
  state: State,
  draft: TypeDraft,
  filter: Abs | undefined,
  node: ts.Expression,
): Ref {
  const key = keyIn(state, draft, filter);
  const known = knownByKey(m, state, draft, key);
  if (known) return known;
  const type = m.checker.getTypeAtLocation(node);
  const made = symbolic(m, state, m.table.of(type) === draft ? type : undefined, draft) as Ref;
  if (key) {
    state.update(made, { key });
    noteKey(m, state, key, draft);
  }
  return made;
}

function keyIn(state: State, draft: TypeDraft, filter: Abs | undefined): Abs | undefined {
  if (filter?.kind !== 'obj') return filter;
  const obj = state.obj(filter);
  if (obj.draft && !obj.closed && !(obj.fresh && obj.fields.size > 0)) return filter;
  for (const [name, value] of obj.fields) if (isIdentity(draft, name)) return value;
  return obj.draft ? filter : undefined;
}

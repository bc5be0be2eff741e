// Which fields hold which things, or their ids: seen where values go into fields, and where fields are used as keys to look things up.
import type { FieldDraft, TypeDraft, TypeTable } from '../typeTable.ts';
import { identityRank } from '../words.ts';
import type { Machine } from './machine.ts';
import type { State } from './state.ts';
import { identityOf, type Abs, type Ref } from './values.ts';

export interface Link {
  readonly target: TypeDraft;
  readonly byId: boolean;
  count: number;
}

export type Links = Map<FieldDraft, Map<string, Link>>;

/** A value goes into a field, alone or as one of several. */
export function noteValue(m: Machine, state: State, owner: TypeDraft, name: string, value: Abs): void {
  const field = m.table.unionOf(owner).fields.get(name) ?? owner.fields.get(name);
  if (!field || field.derived) return;
  if (value.kind === 'obj') {
    const obj = state.obj(value);
    if (obj.draft) {
      note(m, field, obj.draft, false);
      return;
    }
    for (const item of obj.items ?? obj.samples ?? []) if (item !== value) noteValue(m, state, owner, name, item);
    return;
  }
  const target = idTarget(state, value);
  if (target && !(sameThing(m, target, owner) && isIdentity(owner, name))) note(m, field, target, true);
}

/** Something was looked up by a key that came out of a field. */
export function noteKey(m: Machine, state: State, key: Abs | undefined, found: TypeDraft): void {
  if (key?.kind !== 'sym' || !key.from) return;
  const owner = state.heap.get(key.from.obj)?.draft;
  if (!owner || owner.roles.has('event') || owner.roles.has('command')) return;
  if (sameThing(m, found, owner) && isIdentity(owner, key.from.field)) return;
  const field = m.table.unionOf(owner).fields.get(key.from.field) ?? owner.fields.get(key.from.field);
  if (field && !field.derived) note(m, field, found, true);
}

/** A key or element goes into a collection that a thing holds. */
export function noteInto(m: Machine, state: State, container: Ref, value: Abs | undefined): void {
  const { heldBy } = state.obj(container);
  const owner = heldBy && state.heap.get(heldBy.obj)?.draft;
  if (heldBy && owner && value) noteValue(m, state, owner, heldBy.field, value);
}

function note(m: Machine, field: FieldDraft, target: TypeDraft, byId: boolean): void {
  const union = m.table.unionOf(target);
  if (
    ['error', 'event', 'service', 'repository', 'context', 'command'].some((role) => union.roles.has(role as 'error'))
  )
    return;
  if (byId && [...union.roles.keys()].some((role) => role === 'row' || role === 'dto' || role === 'value')) return;
  const known = m.links.get(field) ?? new Map<string, Link>();
  const link = known.get(`${union.key} ${String(byId)}`) ?? { target: union, byId, count: 0 };
  link.count += 1;
  known.set(`${union.key} ${String(byId)}`, link);
  m.links.set(field, known);
}

/** The thing whose identity a value is: read from its identity field, or used to look it up. */
function idTarget(state: State, value: Abs): TypeDraft | undefined {
  if (value.kind !== 'sym' || value.domain) return undefined;
  const owner = value.from && state.heap.get(value.from.obj)?.draft;
  if (owner && value.from && isIdentity(owner, value.from.field)) return owner;
  const text = identityOf(value);
  for (const obj of state.heap.values()) {
    if (!obj.draft || obj.draft.roles.size > 0) continue;
    if (obj.key && identityOf(obj.key) === text) return obj.draft;
  }
  return undefined;
}

function sameThing(m: Machine, a: TypeDraft, b: TypeDraft): boolean {
  return m.table.unionOf(a) === m.table.unionOf(b);
}

function isIdentity(draft: TypeDraft, field: string): boolean {
  if (draft.stores.some((store) => store.keyField === field)) return true;
  if (draft.stores.some((store) => store.keyField !== undefined)) return false;
  return (identityRank(field, draft.name) ?? 99) <= 1;
}

/** What was seen becomes what the field is declared to hold, where nothing else is declared. */
export function applyLinks(table: TypeTable, links: Links): void {
  for (const [field, found] of links) {
    if (field.type.target !== undefined && table.drafts.get(field.type.target)?.form !== 'shape') continue;
    const best = [...found.values()].sort((a, b) => Number(a.byId) - Number(b.byId) || b.count - a.count)[0];
    if (!best) continue;
    const { kind } = field.type;
    const holdsMany = kind === 'list' || kind === 'set' || kind === 'map';
    if (best.byId && (kind === 'string' || kind === 'number' || kind === 'unknown' || holdsMany || kind === 'object'))
      field.type = { ...field.type, target: best.target.key, byId: true };
    else if (!best.byId && (kind === 'unknown' || holdsMany))
      field.type = { ...field.type, kind: holdsMany ? kind : 'reference', target: best.target.key };
  }
}

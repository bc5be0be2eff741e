// Which fields hold which things, or their ids: seen where values go into fields, and where fields are used as keys to look things up.
import type { FieldDraft, TypeDraft, TypeTable } from '../typeTable.ts';
import { identityRank } from '../words.ts';
import { extendsFrom } from './conditions.ts';
import type { Machine } from './machine.ts';
import type { Obj, State } from './state.ts';
import { identityOf, type Abs, type Ref } from './values.ts';

export interface Link {
  readonly target: TypeDraft;
  readonly byId: boolean;
  count: number;
}

export interface Links {
  readonly held: Map<FieldDraft, Map<string, Link>>;
  /** Fields that were given what others hold. */
  readonly passedOn: Map<FieldDraft, Set<FieldDraft>>;
}

export function noLinks(): Links {
  return { held: new Map(), passedOn: new Map() };
}

/** A value goes into a field, alone or as one of several. */
export function noteValue(m: Machine, state: State, owner: TypeDraft, name: string, value: Abs): void {
  const fields = fieldsOf(m, owner, name);
  if (fields.length === 0) return;
  if (value.kind === 'obj') {
    const obj = state.obj(value);
    if (obj.draft) {
      for (const field of fields) note(m, field, obj.draft, false);
      return;
    }
    for (const item of obj.items ?? obj.samples ?? []) if (item !== value) noteValue(m, state, owner, name, item);
    return;
  }
  const target = idTarget(m, state, value);
  if (target && !(sameThing(m, target, owner) && isIdentity(m.table, owner, name)))
    for (const field of fields) note(m, field, target, true);
  else if (!target && value.kind === 'sym' && value.from) {
    const giver = state.heap.get(value.from.obj)?.draft;
    const from = giver && !giver.roles.has('event') ? fieldsOf(m, giver, value.from.field) : [];
    for (const field of fields) for (const other of from) passOn(m, field, other);
  }
}

function passOn(m: Machine, field: FieldDraft, from: FieldDraft): void {
  if (field === from) return;
  m.links.passedOn.set(field, (m.links.passedOn.get(field) ?? new Set()).add(from));
}

/** The field as the type declares it, and as those do that it extends: what a sort of thing holds, its kind holds. */
function fieldsOf(m: Machine, owner: TypeDraft, name: string, depth = 0): FieldDraft[] {
  const own = m.table.unionOf(owner).fields.get(name) ?? owner.fields.get(name);
  if (own?.derived || depth > DEEPEST_BASE) return [];
  const bases = [...owner.bases].flatMap((key) => m.table.drafts.get(key) ?? []);
  return [...(own ? [own] : []), ...bases.flatMap((base) => fieldsOf(m, base, name, depth + 1))];
}

const DEEPEST_BASE = 6;

/** Something was looked up by a key that came out of a field. */
export function noteKey(m: Machine, state: State, key: Abs | undefined, found: TypeDraft): void {
  if (key?.kind !== 'sym' || !key.from) return;
  const owner = state.heap.get(key.from.obj)?.draft;
  if (!owner || owner.roles.has('event') || owner.roles.has('command')) return;
  if (sameThing(m, found, owner) && isIdentity(m.table, owner, key.from.field)) return;
  for (const field of fieldsOf(m, owner, key.from.field)) note(m, field, found, true);
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
  const known = m.links.held.get(field) ?? new Map<string, Link>();
  const link = known.get(`${union.key} ${String(byId)}`) ?? { target: union, byId, count: 0 };
  link.count += 1;
  known.set(`${union.key} ${String(byId)}`, link);
  m.links.held.set(field, known);
}

/** The thing whose identity a value is: read from its identity field, or used to look it up. */
function idTarget(m: Machine, state: State, value: Abs): TypeDraft | undefined {
  if (value.kind !== 'sym' || value.domain) return undefined;
  const owner = value.from && state.heap.get(value.from.obj)?.draft;
  if (owner && value.from && isIdentity(m.table, owner, value.from.field)) return owner;
  const text = identityOf(value);
  let found: TypeDraft | undefined;
  for (const obj of state.heap.values()) {
    if (!obj.draft || obj.draft.roles.size > 0) continue;
    if (!(obj.key && identityOf(obj.key) === text) && !isMadeWith(obj, text)) continue;
    // A keeper for everything knows what it keeps by a base of it, its caller by what it is.
    if (!found || (obj.draft !== found && extendsFrom(m, obj.draft, found))) found = obj.draft;
  }
  return found;
}

/** The value was given to the field by which the thing is kept. */
function isMadeWith(obj: Obj, text: string): boolean {
  return (obj.draft?.stores ?? []).some(({ keyField }) => {
    const held = keyField === undefined ? undefined : obj.fields.get(keyField);
    return held?.kind === 'sym' && identityOf(held) === text;
  });
}

function sameThing(m: Machine, a: TypeDraft, b: TypeDraft): boolean {
  return m.table.unionOf(a) === m.table.unionOf(b);
}

function isIdentity(table: TypeTable, draft: TypeDraft, field: string): boolean {
  const stores = [draft, ...[...draft.bases].flatMap((key) => table.drafts.get(key) ?? [])].flatMap((d) => d.stores);
  if (stores.some((store) => store.keyField === field)) return true;
  if (stores.some((store) => store.keyField !== undefined)) return false;
  return (identityRank(field, draft.name) ?? 99) <= 1;
}

/** What was seen becomes what the field is declared to hold, where nothing else is declared. */
export function applyLinks(table: TypeTable, links: Links): void {
  for (const [field, found] of links.held) apply(table, field, found);
  // `part.fittedTo = card.tail`: what the one holds the id of, the other does.
  for (const [field, others] of links.passedOn) {
    if (links.held.has(field)) continue;
    const ids = [...others].flatMap((other) => [...(links.held.get(other)?.values() ?? [])]).filter(({ byId }) => byId);
    if (new Set(ids.map(({ target }) => target)).size === 1)
      apply(table, field, new Map(ids.map((link) => [link.target.key, link])));
  }
}

function apply(table: TypeTable, field: FieldDraft, found: ReadonlyMap<string, Link>): void {
  if (field.type.target !== undefined && table.drafts.get(field.type.target)?.form !== 'shape') return;
  const best = [...found.values()].sort((a, b) => Number(a.byId) - Number(b.byId) || b.count - a.count)[0];
  if (!best) return;
  const { kind } = field.type;
  const holdsMany = kind === 'list' || kind === 'set' || kind === 'map';
  if (best.byId && (kind === 'string' || kind === 'number' || kind === 'unknown' || holdsMany || kind === 'object'))
    field.type = { ...field.type, target: best.target.key, byId: true };
  else if (!best.byId && (kind === 'unknown' || holdsMany))
    field.type = { ...field.type, kind: holdsMany ? kind : 'reference', target: best.target.key };
}

// Paths that have become alike are one again: told apart by what they know of states, and by the values that things were given.
import { union, type Obj, type State } from './state.ts';
import type { Subjects } from './subjects.ts';
import { has, identityOf, isNothing, type Abs, type Known } from './values.ts';

/** What paths are told apart by, and where new values get their numbers. */
export interface Watch {
  readonly subjects: Subjects;
  fresh(): number;
}

/** Paths beyond this many are joined: what differs between them is then no longer told apart. */
const MOST_PATHS = 20;

/** Rows of a table that are joined field by field have no more fields. */
const MOST_JOINED = 12;

/** Paths that know the same of everything are one; what happened on either, happened. */
export function settle(states: State[], watch: Watch): State[] {
  if (states.length < 2) return states;
  const byGuards = new Map<string, State[]>();
  for (const state of states) {
    const key = guardsOf(state);
    byGuards.set(key, [...(byGuards.get(key) ?? []), state]);
  }
  const out: State[] = [];
  for (const alike of byGuards.values()) out.push(...joinAlike(alike, watch));
  return fewest(watch, out, MOST_PATHS);
}

/** So many paths at most: those beyond are one, on which all happened that happened on any of them. */
export function fewest(watch: Watch, paths: readonly State[], most: number): State[] {
  const out = [...paths];
  while (out.length > most) out.push(joinStates(out.pop() as State, out.pop() as State, watch));
  return out;
}

/** Of paths that know the same, those on which things were given the same are one. */
function joinAlike(alike: readonly State[], watch: Watch): Iterable<State> {
  const [first] = alike;
  if (!first || alike.length === 1) return alike;
  const apart = new Set<number>();
  for (const state of alike)
    for (const id of state.heap.keysApartFrom(first.heap))
      if (state.heap.get(id)?.draft ?? first.heap.get(id)?.draft) apart.add(id);
  const groups = new Map<string, State>();
  for (const state of alike) {
    const given = valuesGiven(state, apart);
    const same = groups.get(given);
    groups.set(given, same ? joinStates(same, state, watch) : state);
  }
  return groups.values();
}

function guardsOf(state: State): string {
  const parts: string[] = [];
  for (const [id, known] of state.known) if (known.tells) parts.push(`${id}${knownText(known)}`);
  return parts.length > 1 ? parts.sort().join() : (parts[0] ?? '');
}

/** The values that fields of these things were given. */
function valuesGiven(state: State, ids: Iterable<number>): string {
  let text = '';
  for (const id of ids) text += givenTo(state.heap.get(id));
  return text;
}

/** An object is not changed but replaced, so that what it was given is put into words once. */
const given = new WeakMap<Obj, string>();

function givenTo(obj: Obj | undefined): string {
  if (!obj?.draft) return '';
  const known = given.get(obj);
  if (known !== undefined) return known;
  const parts: string[] = [];
  for (const [name, value] of obj.fields)
    if (value.kind === 'const') parts.push(`${obj.id}.${name}${identityOf(value)};`);
  const text = parts.sort().join();
  given.set(obj, text);
  return text;
}

function knownText(known: Known): string {
  return 'in' in known ? `=${known.in.map(identityOf).join()}` : `!${known.not.map(identityOf).join()}`;
}

export function joinStates(a: State, b: State, watch: Watch): State {
  if (a === b) return a;
  const joined = a.fork();
  for (const [id, known] of a.known) {
    const other = b.known.get(id);
    if (known === other) continue;
    if (!other) joined.learn(id, undefined);
    else if ('in' in known && 'in' in other) joined.learn(id, { ...known, in: union(known.in, other.in) });
    else if ('not' in known && 'not' in other)
      joined.learn(id, { ...known, not: known.not.filter((c) => has(other.not, c)) });
    else joined.learn(id, undefined);
  }
  const join = (x: Abs, y: Abs): Abs => {
    if (x.kind !== 'obj' || y.kind !== 'obj' || x.id === y.id) return joinValues(a, x, b, y, watch.fresh);
    const [left, right] = [a.heap.get(x.id), b.heap.get(y.id)];
    if (!left?.closed || !right?.closed || left.fields.size > MOST_JOINED) return x;
    // Two rows of a table: one of which nothing is known but that it is either.
    const fields = new Map(left.fields);
    for (const [name, value] of right.fields) {
      const known = fields.get(name);
      fields.set(name, known ? joinValues(a, known, b, value, watch.fresh) : value);
    }
    const id = watch.fresh();
    joined.put({ id, fresh: true, closed: true, fields });
    return { kind: 'obj', id };
  };
  for (const name of b.vars.keysApartFrom(a.vars)) {
    const value = b.vars.get(name);
    const other = a.vars.get(name);
    if (!value) continue;
    if (!other) joined.setVar(name, value);
    else if (other !== value && identityOf(other) !== identityOf(value)) joined.setVar(name, join(other, value));
  }
  for (const id of b.heap.keysApartFrom(a.heap)) {
    const obj = b.heap.get(id);
    const other = a.heap.get(id);
    if (!obj) continue;
    if (!other) joined.put(obj);
    else if (other !== obj) {
      const fields = new Map(other.fields);
      for (const [name, value] of obj.fields) {
        const known = fields.get(name);
        const both = known && known !== value ? join(known, value) : value;
        const tells = both.kind === 'sym' && !both.tells && other.draft && watch.subjects.canChange(other.draft, name);
        fields.set(name, tells ? { ...both, tells: true } : both);
      }
      joined.put({ ...other, fields });
    }
  }
  joined.trace = a.trace === b.trace ? a.trace : { before: [a.trace, b.trace] };
  return joined;
}

function joinValues(a: State, x: Abs, b: State, y: Abs, fresh: () => number): Abs {
  if (identityOf(x) === identityOf(y)) return x;
  const [left, right] = [a.valuesOf(x), b.valuesOf(y)];
  const same = x.kind === 'sym' && y.kind === 'sym' && x.from?.obj === y.from?.obj && x.from?.field === y.from?.field;
  const origin = same && x.from ? { from: x.from } : {};
  if (left && right) {
    const full =
      (x.kind === 'sym' && x.full && !a.known.has(x.id)) || (y.kind === 'sym' && y.full && !b.known.has(y.id));
    return { kind: 'sym', id: fresh(), domain: union(left, right), ...origin, ...(full && { full }) };
  }
  if (isNothing(x)) return y;
  if (isNothing(y)) return x;
  if (x.kind === 'obj' || x.kind === 'fn') return x;
  if (y.kind === 'obj' || y.kind === 'fn') return y;
  return { kind: 'sym', id: fresh(), ...origin };
}

// What memory alone says of groups: which are forms of one concept, and what plain objects are called.
import type { Value } from '../model/index.ts';
import type { GroupVariant } from './assembling.ts';
import type { Rule } from './gather.ts';
import { bareName, singular, wordsOf } from './names.ts';
import type { Store } from './keeping.ts';
import type { HeapGroup, Survey } from './survey.ts';

export interface FormView {
  readonly survey: Survey;
}

/** Fields shared, of all fields of the smaller group, for two shapes to be forms of one thing. */
const ALIKE = 0.5;

export const heapFormRules: readonly Rule<FormView, GroupVariant>[] = [
  {
    id: 'kept-together',
    *find({ survey }) {
      // Plain objects of several shapes in one store: optional fields that came and went, members of a union.
      for (const store of survey.keeping.stores) {
        const shapes = [...store.members]
          .map(([key, count]) => ({ group: survey.groups.get(key), count }))
          .filter((member): member is { group: HeapGroup; count: number } => member.group?.form === 'shape')
          .sort((a, b) => b.count - a.count || (a.group.key < b.group.key ? -1 : 1));
        const [lead, ...others] = shapes;
        for (const { group } of others) {
          if (lead && alike(lead.group, group) >= ALIKE)
            yield { form: group.key, concept: lead.group.key, why: 'kept in one store' };
        }
      }
    },
  },
];

export function alike(a: HeapGroup, b: HeapGroup): number {
  const smaller = Math.min(a.fields.size, b.fields.size);
  return smaller === 0 ? 0 : [...a.fields.keys()].filter((name) => b.fields.has(name)).length / smaller;
}

/** What a group is called, and where not by the program itself, after what. */
export interface HeapName {
  readonly name: string;
  readonly after?: 'keys' | 'nothing';
}

/** Names for groups of plain objects: after the store that keeps them, else after the fields that hold their keys. */
export function heapNames(survey: Survey): (group: HeapGroup) => HeapName {
  const byStore = new Map<string, Map<string, number>>();
  for (const store of survey.keeping.stores) {
    const name = conceptName(store);
    if (name === undefined) continue;
    for (const [group, count] of store.members) {
      const names = byStore.get(group) ?? new Map<string, number>();
      names.set(name, (names.get(name) ?? 0) + count);
      byStore.set(group, names);
    }
  }
  const byKeys = namesByKeys(survey);
  const owners = new Map<string, Set<string>>();
  for (const store of survey.keeping.stores) {
    const name = conceptName(store);
    const [most] = [...store.members].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    if (name !== undefined && most) owners.set(name, (owners.get(name) ?? new Set()).add(most[0]));
  }
  return (group) => {
    if (group.form === 'class') return { name: group.name };
    const [stored] = [...(byStore.get(group.key) ?? [])].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    // A name that stores of different things share (`streams`) is none of theirs.
    const own = stored && (owners.get(stored[0])?.size ?? 0) <= 1 ? stored[0] : undefined;
    const keyed = byKeys.get(group.key);
    if (own !== undefined) return { name: own };
    if (keyed !== undefined) return { name: keyed, after: 'keys' };
    return { name: stored?.[0] ?? group.name, after: 'nothing' };
  };
}

const HOLDS = new Set('id map table store list index all cache repository repo rows of key keys db'.split(' '));

/** `ordersById` -> `Order`. */
function conceptName(store: Store): string | undefined {
  const all = wordsOf(store.name);
  const by = all.indexOf('by');
  const words = (by > 0 ? all.slice(0, by) : all).filter((word) => !HOLDS.has(word));
  if (words.length === 0 || words.join('').length < 3) return undefined;
  return pascal([...words.slice(0, -1), singular(words.at(-1) as string)]);
}

function pascal(words: readonly string[]): string {
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** Shapes whose keys are the values of fields named `customerId` are Customers: minified programs keep property names. */
function namesByKeys(survey: Survey): Map<string, string> {
  const votes: { readonly members: ReadonlySet<string>; readonly name: string; readonly weight: number }[] = [];
  for (const store of survey.keeping.stores) {
    const values = new Set<string>();
    const members = new Set([...store.members.keys()].filter((key) => survey.groups.get(key)?.form === 'shape'));
    for (const key of members) {
      const [field] = [...(survey.keeping.keyedBy.get(key) ?? [])].sort(
        (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
      );
      for (const value of field ? survey.valuesOf(key, field[0]) : []) values.add(value);
    }
    for (const [name, weight] of values.size === 0 ? [] : votesFor(survey, members, values))
      votes.push({ members, name, weight });
  }
  // The best supported name first; each names one thing, and each thing takes one.
  votes.sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
  const names = new Map<string, string>();
  const given = new Map<string, ReadonlySet<string>>();
  for (const { members, name } of votes) {
    const taken = given.get(name);
    if (taken && ![...members].some((key) => taken.has(key))) continue;
    if ([...members].some((key) => names.has(key) && names.get(key) !== name)) continue;
    given.set(name, members);
    for (const key of members) names.set(key, name);
  }
  return names;
}

/** What fields outside that hold nothing but these keys are named after, with how much speaks for each name. */
function votesFor(survey: Survey, members: ReadonlySet<string>, values: ReadonlySet<string>): Map<string, number> {
  const votes = new Map<string, number>();
  for (const group of survey.groups.values()) {
    if (members.has(group.key)) continue;
    for (const profile of group.fields.values()) {
      const words = wordsOf(bareName(profile.name));
      if (words.length < 2 || !['id', 'code', 'key', 'no', 'number'].includes(words.at(-1) as string)) continue;
      const held = profile.distinct.filter((value) => value !== null);
      if (held.length === 0) continue;
      if (!held.every((value) => values.has(`${typeof value}:${String(value)}`))) continue;
      // Small whole numbers are keys of everything: there it counts how many of the keys the field knows.
      const share = held.every(isTellingKey) ? 1 : held.length / values.size;
      const name = pascal(words.slice(0, -1));
      // Roles (`firstOwnerId`) are longer than what plays them.
      votes.set(name, (votes.get(name) ?? 0) + (held.length * share) / words.length ** 2);
    }
  }
  return votes;
}

function isTellingKey(value: Value): boolean {
  return !/^-?\d{1,3}$/.test(String(value));
}

// What memory alone says of groups: which are forms of one concept, and what plain objects are called.
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

/** Names for groups of plain objects: after the store that keeps them, else after the fields that hold their keys. */
export function heapNames(survey: Survey): (group: HeapGroup) => string {
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
  return (group) => {
    if (group.form === 'class') return group.name;
    const [stored] = [...(byStore.get(group.key) ?? [])].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return stored?.[0] ?? byKeys.get(group.key) ?? group.name;
  };
}

const HOLDS = new Set('by id map table store list index all cache repository repo rows of key keys db'.split(' '));

/** `ordersById` -> `Order`. */
function conceptName(store: Store): string | undefined {
  const words = wordsOf(store.name).filter((word) => !HOLDS.has(word));
  if (words.length === 0 || words.join('').length < 3) return undefined;
  return pascal([...words.slice(0, -1), singular(words.at(-1) as string)]);
}

function pascal(words: readonly string[]): string {
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** A shape whose keys are the values of fields named `customerId` is a Customer: minified programs keep property names. */
function namesByKeys(survey: Survey): Map<string, string> {
  const names = new Map<string, string>();
  for (const [key, fields] of survey.keeping.keyedBy) {
    const [field] = [...fields].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? [];
    const values = field === undefined ? undefined : survey.valuesOf(key, field);
    if (!values || values.size === 0) continue;
    const votes = new Map<string, number>();
    for (const group of survey.groups.values()) {
      if (group.key === key) continue;
      for (const profile of group.fields.values()) {
        const words = wordsOf(bareName(profile.name));
        if (words.length < 2 || !['id', 'code', 'key', 'no', 'number'].includes(words.at(-1) as string)) continue;
        if (
          profile.distinct.length === 0 ||
          !profile.distinct.every((value) => values.has(`${typeof value}:${String(value)}`))
        )
          continue;
        const name = pascal(words.slice(0, -1));
        votes.set(name, (votes.get(name) ?? 0) + profile.distinct.length);
      }
    }
    const [best] = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    if (best) names.set(key, best[0]);
  }
  return names;
}

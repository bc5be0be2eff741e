// Which objects of the heap are of which declared type: by where the constructor stands, by name, by shape.
import type { CodeType, TypeKey } from '../source/index.ts';
import { canonicalText } from '../model/index.ts';
import { fieldsOf } from './candidate.ts';
import type { Rule } from './gather.ts';
import type { FieldProfile } from './fieldProfiles.ts';
import type { Keeping } from './keeping.ts';
import type { HeapGroup } from './survey.ts';
import { bareName } from './names.ts';

export interface JoinView {
  readonly types: ReadonlyMap<TypeKey, CodeType>;
  readonly groups: ReadonlyMap<string, HeapGroup>;
  /** Stores of the heap, by the names the program gives them. */
  readonly stores: Keeping['stores'];
}

/** The higher the strength, the better the reason; a group goes with its strongest. */
export interface Join {
  readonly group: string;
  readonly type: TypeKey;
  readonly strength: number;
  readonly why: string;
}

const BY_POSITION = 100;
const BY_LINE = 90;
const BY_NAME_AND_LINE = 80;
const BY_NAME = 40;
const BY_STORE = 30;
/** Fields of a group that a type must know for a common store to join them. */
const KNOWN_FIELDS = 0.8;
/** Shapes share the range below by how much of the type they show. */
const BY_SHAPE = 20;

export const joinRules: readonly Rule<JoinView, Join>[] = [
  {
    id: 'constructor-position',
    *find({ types, groups }) {
      const byLine = new Map<string, CodeType[]>();
      for (const type of types.values()) {
        for (const at of [type.constructorAt, type.source]) {
          if (!at || (type.form !== 'class' && at === type.source)) continue;
          const key = `${at.file}:${at.line}`;
          byLine.set(key, [...(byLine.get(key) ?? []), type]);
        }
      }
      for (const group of groups.values()) {
        const at = group.source;
        if (!at) continue;
        for (const type of new Set(byLine.get(`${at.file}:${at.line}`))) {
          const exact = type.constructorAt?.line === at.line && type.constructorAt.column === at.column;
          const named = type.name === group.name;
          yield {
            group: group.key,
            type: type.key,
            strength: (exact ? BY_POSITION : BY_LINE) + (named ? 2 : 0),
            why: 'constructor stands here',
          };
        }
      }
    },
  },
  {
    id: 'class-name',
    *find({ types, groups }) {
      for (const group of groups.values()) {
        if (group.form !== 'class' || group.source) continue;
        const named = [...types.values()].filter((type) => type.name === group.name && isClass(type));
        for (const type of named) {
          const line = group.location !== undefined && type.constructorAt?.line === group.location.line + 1;
          if (line) yield { group: group.key, type: type.key, strength: BY_NAME_AND_LINE, why: 'same name and line' };
          else if (named.length === 1) yield { group: group.key, type: type.key, strength: BY_NAME, why: 'same name' };
        }
      }
    },
  },
  {
    id: 'same-store',
    *find({ types, groups, stores }) {
      // What the code keeps in `bookings` is what memory shows in `bookings`, though its fields were only guessed at.
      const byStore = new Map<string, CodeType[]>();
      for (const type of types.values()) {
        if (isClass(type) || type.form === 'union') continue;
        for (const { name } of type.stores) byStore.set(name, [...(byStore.get(name) ?? []), type]);
      }
      for (const { name, members } of stores) {
        const [only, ...others] = byStore.get(name) ?? [];
        if (!only || others.length > 0) continue;
        const fields = fieldsOf(only, types);
        for (const key of members.keys()) {
          const group = groups.get(key);
          if (group?.form !== 'shape' || !namesAgree(group, fields)) continue;
          yield { group: key, type: only.key, strength: BY_STORE, why: `kept in ${name}` };
        }
      }
    },
  },
  {
    id: 'shape-of-record',
    *find({ types, groups }) {
      const records = [...types.values()]
        .filter((type) => !isClass(type) && type.form !== 'union')
        .map((type) => ({ type, fields: fieldsOf(type, types) }));
      for (const group of groups.values()) {
        if (group.form !== 'shape') continue;
        for (const { type, fields } of records) {
          const share = fit(group, fields);
          if (share !== undefined)
            yield { group: group.key, type: type.key, strength: BY_SHAPE * share, why: 'has its fields' };
        }
      }
    },
  },
];

function isClass(type: CodeType): boolean {
  return type.form === 'class' || (type.form === 'schema' && type.constructorAt !== undefined);
}

/** The type knows nearly all that the group shows, which is most of what it knows. */
function namesAgree(group: HeapGroup, fields: ReturnType<typeof fieldsOf>): boolean {
  const shown = [...group.fields.values()].filter((profile) => fields.has(bareName(profile.name))).length;
  return shown >= group.fields.size * KNOWN_FIELDS && shown * 2 >= fields.size;
}

/** Share of the type's fields the group shows; undefined where the group cannot be of the type. */
function fit(group: HeapGroup, fields: ReturnType<typeof fieldsOf>): number | undefined {
  let shared = 0;
  for (const profile of group.fields.values()) {
    const field = fields.get(bareName(profile.name))?.[0];
    if (!field || field.derived) return undefined;
    if (!inDomain(profile, field.type.domain)) return undefined;
    shared += 1;
  }
  let stored = 0;
  for (const [name, [field]] of fields) {
    if (!field || field.derived) continue;
    stored += 1;
    if (!field.optional && !group.fields.has(name) && !group.fields.has(field.name)) return undefined;
  }
  return stored === 0 || shared < 2 ? undefined : shared / stored;
}

/** One value outside is drift; most of them outside is another type. A tag must agree always. */
function inDomain(profile: FieldProfile, domain: readonly { readonly value: unknown }[] | undefined): boolean {
  if (!domain || profile.distinct.length === 0) return true;
  const declared = new Set(domain.map(({ value }) => canonicalText(value)));
  const outside = profile.distinct.filter((value) => !declared.has(canonicalText(value))).length;
  return domain.length === 1 ? outside === 0 : outside * 2 < profile.distinct.length || outside === 0;
}

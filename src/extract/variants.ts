// Which declarations are forms of one concept: members of a union, a class and its row, a record library's model and the domain's class.
import type { CodeType, TypeKey, TypeRole } from '../source/index.ts';
import { fieldsOf } from './candidate.ts';
import type { Rule } from './gather.ts';
import { bareName, stemOf } from './names.ts';

export interface VariantView {
  readonly types: ReadonlyMap<TypeKey, CodeType>;
  readonly byName: ReadonlyMap<string, readonly CodeType[]>;
}

/** `form` is one more declaration of what `concept` declares. */
export interface Variant {
  readonly form: TypeKey;
  readonly concept: TypeKey;
  readonly why: string;
}

/** Declarations of these roles are never a form of something that is kept. */
const APART: ReadonlySet<TypeRole> = new Set([
  'event',
  'command',
  'error',
  'service',
  'repository',
  'framework',
  'context',
]);

export function hasRole(type: CodeType, roles: ReadonlySet<TypeRole>): boolean {
  return type.roles.some(({ role }) => roles.has(role));
}

function apart(type: CodeType): boolean {
  return hasRole(type, APART);
}

export const variantRules: readonly Rule<VariantView, Variant>[] = [
  {
    id: 'member-of-union',
    *find({ types }) {
      // A type that is a member of several unions is a word they share, not a form of one of them.
      const unions = new Map<TypeKey, CodeType[]>();
      for (const type of types.values()) {
        if (type.form !== 'union' || apart(type)) continue;
        for (const member of type.members ?? []) unions.set(member, [...(unions.get(member) ?? []), type]);
      }
      for (const [member, owners] of unions) {
        // The smaller union is nested in the larger one (`Open | Decided` in `Request`).
        const owner = [...owners].sort((a, b) => (b.members?.length ?? 0) - (a.members?.length ?? 0))[0];
        if (owner && owner.key !== member) yield { form: member, concept: owner.key, why: 'member of the union' };
      }
    },
  },
  {
    id: 'base-of-members',
    *find({ types }) {
      // What only the members of one union are built on is their common part, no concept of its own.
      const users = new Map<TypeKey, CodeType[]>();
      for (const type of types.values())
        for (const base of type.bases) users.set(base, [...(users.get(base) ?? []), type]);
      for (const union of types.values()) {
        if (union.form !== 'union' || apart(union)) continue;
        const members = new Set(union.members);
        for (const [base, heirs] of users) {
          if (heirs.length > 1 && heirs.every(({ key }) => members.has(key) || key === union.key))
            yield { form: base, concept: union.key, why: 'common part of its members' };
        }
      }
    },
  },
  {
    id: 'form-of-same-stem',
    *find({ types, byName }) {
      for (const type of types.values()) {
        const stem = stemOf(type.name);
        if (stem === type.name || apart(type)) continue;
        const plain = (byName.get(stem) ?? []).find(
          (other) => other.key !== type.key && !apart(other) && !partOf(other, type),
        );
        if (plain) yield { form: type.key, concept: plain.key, why: `another form of ${stem}` };
      }
    },
  },
  {
    id: 'forms-without-plain-name',
    *find({ types, byName }) {
      const byStem = new Map<string, CodeType[]>();
      for (const type of types.values()) {
        const stem = stemOf(type.name);
        if (stem === type.name || byName.has(stem) || apart(type)) continue;
        byStem.set(stem, [...(byStem.get(stem) ?? []), type]);
      }
      for (const [stem, forms] of byStem) {
        const [lead, ...rest] = [...forms].sort(byStanding);
        for (const form of rest) if (lead) yield { form: form.key, concept: lead.key, why: `another form of ${stem}` };
      }
    },
  },
  {
    id: 'same-name',
    *find({ types, byName }) {
      for (const same of byName.values()) {
        const [lead, ...rest] = [...same].filter((type) => !apart(type)).sort(byStanding);
        for (const other of rest) {
          if (lead && overlap(lead, other, types) >= 0.5)
            yield { form: other.key, concept: lead.key, why: 'declared twice under one name' };
        }
      }
    },
  },
  {
    id: 'literal-of-declared',
    *find({ types }) {
      // An object literal without annotation that has just the fields of a declared record is one of these records.
      const declared = new Map<string, CodeType[]>();
      for (const type of types.values()) {
        if (type.form === 'shape' || type.form === 'class' || apart(type)) continue;
        for (const name of fieldsOf(type, types).keys()) declared.set(name, [...(declared.get(name) ?? []), type]);
      }
      for (const shape of types.values()) {
        if (shape.form !== 'shape' || apart(shape) || shape.fields.length < FEWEST_SHARED) continue;
        // The types that have its rarest field are all that can have every one.
        const sharing = shape.fields.map(({ name }) => declared.get(bareName(name)) ?? []);
        const rarest = sharing.reduce((few, list) => (list.length < few.length ? list : few));
        const fitting = rarest.filter((type) => coveredBy(shape, type, types));
        const [best, next] = fitting.sort((a, b) => a.fields.length - b.fields.length || byStanding(a, b));
        if (best && (!next || next.fields.length > best.fields.length || hasRole(next, LESSER)))
          yield { form: shape.key, concept: best.key, why: 'literal with its fields' };
      }
    },
  },
  {
    id: 'implements-namesake',
    *find({ types }) {
      for (const type of types.values()) {
        for (const key of type.bases) {
          const base = types.get(key);
          // `class Order implements IOrder`
          if (base && base.form !== 'class' && !apart(base) && base.name.replace(/^I(?=[A-Z])/, '') === type.name)
            yield { form: base.key, concept: type.key, why: 'interface of the class' };
        }
      }
    },
  },
  {
    id: 'sub-form',
    *find({ types }) {
      // `class Car extends Vehicle` where vehicles are what is kept: the kept one is the concept.
      for (const type of types.values()) {
        if (type.form === 'shape' || type.form === 'schema' || type.stores.length > 0 || apart(type)) continue;
        for (const key of type.bases) {
          const base = types.get(key);
          if (base && base.stores.length > 0 && !apart(base))
            yield { form: type.key, concept: base.key, why: 'sub-form of what is kept' };
        }
      }
    },
  },
];

/** Fewer fields agree by chance. */
const FEWEST_SHARED = 3;

/** All fields of the shape are the type's, and the shape has all that the type demands. */
function coveredBy(shape: CodeType, type: CodeType, types: ReadonlyMap<TypeKey, CodeType>): boolean {
  const fields = fieldsOf(type, types);
  const own = new Set(shape.fields.map(({ name }) => bareName(name)));
  if (![...own].every((name) => fields.has(name))) return false;
  return [...fields].every(([name, [field]]) => own.has(name) || field?.optional === true || field?.derived === true);
}

const RECORD_FIELD = /^[#_]*(props|properties|data|state|attributes|fields|record|snapshot)$/;
/** Beside its record such a class may hold an id and what it published. */
const BESIDE_RECORD = 2;

/** What the concept holds in a field is a part or value of it, unless it is the one record all its data stand in. */
function partOf(concept: CodeType, type: CodeType): boolean {
  const holder = concept.fields.find((field) => field.type.target === type.key && !field.derived);
  if (!holder) return false;
  const stored = concept.fields.filter((field) => !field.derived);
  return type.form === 'union' || !RECORD_FIELD.test(holder.name) || stored.length > 1 + BESIDE_RECORD;
}

const FORMS: readonly CodeType['form'][] = ['union', 'class', 'interface', 'alias', 'shape', 'schema'];
const LESSER: ReadonlySet<TypeRole> = new Set(['dto', 'row', 'value']);
const COPIES: ReadonlySet<TypeRole> = new Set(['dto', 'row']);

/** A copy of what is elsewhere, to be sent or stored: what is written to it says nothing of the thing itself. */
export function isCopy(type: CodeType): boolean {
  return hasRole(type, COPIES);
}

/** Which of several declarations leads: those that are no transfer forms, unions and classes first. */
export function byStanding(a: CodeType, b: CodeType): number {
  return (
    Number(hasRole(a, LESSER)) - Number(hasRole(b, LESSER)) ||
    FORMS.indexOf(a.form) - FORMS.indexOf(b.form) ||
    b.fields.length - a.fields.length ||
    (a.key < b.key ? -1 : 1)
  );
}

/** Share of the smaller one's fields that both have. */
export function overlap(a: CodeType, b: CodeType, types: ReadonlyMap<TypeKey, CodeType>): number {
  const [left, right] = [fieldsOf(a, types), fieldsOf(b, types)];
  const smaller = Math.min(left.size, right.size);
  if (smaller === 0) return left.size === right.size ? 1 : 0;
  return [...left.keys()].filter((name) => right.has(bareName(name))).length / smaller;
}

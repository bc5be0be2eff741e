// From variants and joins to candidates: each declared type and each heap group ends in exactly one.
import type { CodeField, CodeType, LiteralForm, TypeKey } from '../source/index.ts';
import { byStanding, isCopy } from './variants.ts';
import {
  fieldsOf,
  formsOf,
  type Candidate,
  type CandidateField,
  type Candidates,
  type HeapField,
} from './candidate.ts';
import type { HeapName } from './heapForms.ts';
import type { Join } from './joining.ts';
import { bareName, identityRank, stemOf } from './names.ts';
import type { HeapGroup, Survey } from './survey.ts';
import type { Variant } from './variants.ts';

export interface GroupVariant {
  readonly form: string;
  readonly concept: string;
  readonly why: string;
}

export interface Pieces {
  readonly types: ReadonlyMap<TypeKey, CodeType>;
  readonly literals?: readonly LiteralForm[];
  readonly survey?: Survey;
  readonly variants: readonly Variant[];
  readonly joins: readonly Join[];
  readonly groupVariants: readonly GroupVariant[];
  /** What a group is called that no declaration names. */
  readonly nameOf: (group: HeapGroup) => HeapName;
}

export function assemble({ types, literals, survey, variants, joins, groupVariants, nameOf }: Pieces): Candidates {
  const leadOf = leads(types, variants);
  const members = new Map<TypeKey, CodeType[]>();
  for (const type of types.values()) {
    const lead = leadOf.get(type.key) ?? type.key;
    members.set(lead, [...(members.get(lead) ?? []), type]);
  }

  const leadOfGroup = new Map<string, string>();
  for (const { form, concept } of groupVariants) leadOfGroup.set(form, concept);
  const typeOfGroup = strongest(joins);
  const groupsOf = new Map<string, HeapGroup[]>();
  for (const group of survey?.groups.values() ?? []) {
    const type = typeOfGroup.get(group.key) ?? typeOfGroup.get(leadOfGroup.get(group.key) ?? '');
    const lead = type !== undefined ? (leadOf.get(type) ?? type) : (leadOfGroup.get(group.key) ?? group.key);
    groupsOf.set(lead, [...(groupsOf.get(lead) ?? []), group]);
  }

  const all: Candidate[] = [];
  for (const [lead, forms] of members) {
    const leading = types.get(lead) as CodeType;
    const ordered = [leading, ...forms.filter((form) => form !== leading).sort(byStanding)];
    all.push(fromTypes(leading, ordered, groupsOf.get(lead) ?? [], types));
  }
  const classes = new Map(all.filter(isOwnClass).map((candidate) => [stemOf(candidate.name).toLowerCase(), candidate]));
  for (const [lead, groups] of groupsOf) {
    if (types.has(lead)) continue;
    const leading = groups.find((group) => group.key === lead) ?? (groups[0] as HeapGroup);
    const { name, after } = nameOf(leading);
    // Rows of `boats` beside a class Boat, which is made of them: the class is the thing, the row how it is kept.
    if (leading.form === 'shape' && after === undefined && classes.has(stemOf(name).toLowerCase())) continue;
    all.push({
      key: lead,
      name,
      ...(after && { namedAfter: after }),
      types: [],
      groups,
      fields: heapFields(groups, new Map()),
      records: [],
    });
  }
  all.sort((a, b) => (a.key < b.key ? -1 : 1));
  const byType = new Map<TypeKey, Candidate>();
  const byGroup = new Map<string, Candidate>();
  for (const candidate of all) {
    for (const type of candidate.types) byType.set(type.key, candidate);
    for (const group of candidate.groups) byGroup.set(group.key, candidate);
  }
  const byKey = new Map(all.map((candidate) => [candidate.key, candidate]));
  return { all, byKey, byType, byGroup, types, ...(literals && { literals }), ...(survey && { survey }) };
}

/** A class that is nothing but what it is called, and has an identity. */
function isOwnClass({ types: [lead], name, fields }: Candidate): boolean {
  return (
    lead?.form === 'class' &&
    lead.roles.length === 0 &&
    [...fields.keys()].some((field) => identityRank(field, name) !== undefined)
  );
}

/** Follows variants to their end; a ring of them ends at its best standing member. */
function leads(types: ReadonlyMap<TypeKey, CodeType>, variants: readonly Variant[]): Map<TypeKey, TypeKey> {
  const concepts = new Map<TypeKey, TypeKey[]>();
  for (const { form, concept } of variants) {
    if (types.has(form) && types.has(concept) && form !== concept)
      concepts.set(form, [...(concepts.get(form) ?? []), concept]);
  }
  const next = new Map<TypeKey, TypeKey>();
  for (const [form, list] of concepts) {
    const [best] = list.map((key) => types.get(key) as CodeType).sort(byStanding);
    if (best) next.set(form, best.key);
  }
  const ends = new Map<TypeKey, TypeKey>();
  for (const start of next.keys()) {
    const path: TypeKey[] = [start];
    for (let at = next.get(start); at !== undefined && !path.includes(at); at = next.get(at)) path.push(at);
    const last = path.at(-1) as TypeKey;
    const ring = next.get(last);
    const end =
      ring === undefined
        ? last
        : (
            path
              .slice(path.indexOf(ring))
              .map((key) => types.get(key) as CodeType)
              .sort(byStanding)[0] as CodeType
          ).key;
    if (end !== start) ends.set(start, end);
  }
  return ends;
}

function strongest(joins: readonly Join[]): Map<string, TypeKey> {
  const best = new Map<string, Join>();
  for (const join of joins) {
    const known = best.get(join.group);
    if (!known || join.strength > known.strength || (join.strength === known.strength && join.type < known.type))
      best.set(join.group, join);
  }
  return new Map([...best].map(([group, join]) => [group, join.type]));
}

function fromTypes(
  lead: CodeType,
  ordered: readonly CodeType[],
  groups: readonly HeapGroup[],
  types: ReadonlyMap<TypeKey, CodeType>,
): Candidate {
  const forms = formsOf(lead, types);
  const records = new Set<string>();
  const own = new Map<string, { code: CodeField[]; also: CodeField[]; in: number }>();
  for (const form of forms) {
    for (const [name, code] of fieldsOf(form, types)) {
      const record = recordWithin(lead, code[0] as CodeField, types, ordered);
      if (record) records.add(name);
      for (const [inner, list] of record ? fieldsOf(record, types) : [[name, code] as const]) {
        const known = own.get(inner) ?? { code: [], also: [], in: 0 };
        known.code.push(...list);
        known.in += 1;
        own.set(inner, known);
      }
    }
  }
  for (const variant of ordered.filter((type) => type !== lead && !forms.includes(type) && !isCopy(type))) {
    for (const [name, code] of fieldsOf(variant, types)) own.get(name)?.also.push(...code);
  }
  // What only a sub-form has is the concept's too, for some of its instances.
  const subForms = ordered.filter((type) => type !== lead && type.bases.includes(lead.key));
  for (const [name, code] of subForms.flatMap((type) => [...fieldsOf(type, types)])) {
    const known = own.get(name) ?? { code: [], also: [], in: 0 };
    if (known.in === 0) known.code.push(...code);
    own.set(name, known);
  }
  const fields = new Map<string, CandidateField>();
  for (const [name, { code, also, in: count }] of own) {
    fields.set(name, {
      name,
      code: [...new Set(code)],
      also: [...new Set(also)],
      partial: count < forms.length,
      heap: [],
    });
  }
  return {
    key: lead.key,
    name: lead.name,
    types: ordered,
    groups,
    fields: heapFields(groups, fields),
    records: [...records],
  };
}

/** A class that keeps its data in one record (`private props: OrderProps`) has the record's fields. */
function recordWithin(
  lead: CodeType,
  field: CodeField,
  types: ReadonlyMap<TypeKey, CodeType>,
  ordered: readonly CodeType[],
): CodeType | undefined {
  const target = field.type.target === undefined ? undefined : types.get(field.type.target);
  if (!target || target === lead || field.derived || field.type.kind === 'list' || field.type.byId) return undefined;
  return ordered.includes(target) && stemOf(target.name) === lead.name ? target : undefined;
}

function heapFields(
  groups: readonly HeapGroup[],
  declared: ReadonlyMap<string, CandidateField>,
): Map<string, CandidateField> {
  const heap = new Map<string, HeapField[]>();
  for (const group of groups) {
    for (const profile of group.fields.values()) {
      const name = bareName(profile.name);
      heap.set(name, [...(heap.get(name) ?? []), { group, profile }]);
    }
  }
  const fields = new Map<string, CandidateField>();
  for (const [name, field] of declared) fields.set(name, { ...field, heap: heap.get(name) ?? [] });
  for (const [name, list] of heap) {
    if (fields.has(name)) continue;
    fields.set(name, { name, code: [], also: [], partial: list.length < groups.length, heap: list });
  }
  return fields;
}

// A candidate: everything that may be one concept of the business, from code, from memory, or joined. No verdict yet.
import type { CodeField, CodeType, LiteralForm, TypeKey } from '../source/index.ts';
import type { FieldProfile } from './fieldProfiles.ts';
import type { HeapGroup, Survey } from './survey.ts';
import { bareName } from './names.ts';

export interface HeapField {
  readonly group: HeapGroup;
  readonly profile: FieldProfile;
}

export interface CandidateField {
  /** Without a leading `#`. */
  readonly name: string;
  /** In the concept's own forms: the leading type, or each member of the union. */
  readonly code: readonly CodeField[];
  /** Under the same name in its other variants: they add what they know of writes and references. */
  readonly also: readonly CodeField[];
  /** True where a member of the union does not have it. */
  readonly partial: boolean;
  readonly heap: readonly HeapField[];
}

export interface Candidate {
  /** Key of the leading type, else of the leading group. */
  readonly key: string;
  readonly name: string;
  /** Where no declaration, class or store names it: after fields that hold its keys, or after nothing. */
  readonly namedAfter?: 'keys' | 'nothing';
  readonly types: readonly CodeType[];
  readonly groups: readonly HeapGroup[];
  readonly fields: ReadonlyMap<string, CandidateField>;
  /** Names of fields that hold a record in which fields of the concept stand (`props`). */
  readonly records: readonly string[];
}

export interface Candidates {
  /** Sorted by key. */
  readonly all: readonly Candidate[];
  readonly byKey: ReadonlyMap<string, Candidate>;
  readonly byType: ReadonlyMap<TypeKey, Candidate>;
  readonly byGroup: ReadonlyMap<string, Candidate>;
  readonly types: ReadonlyMap<TypeKey, CodeType>;
  /** Forms of object literals in the code. */
  readonly literals?: readonly LiteralForm[];
  readonly survey?: Survey;
}

/** The candidate that a transition of a type is of: copies that are sent or stored make none. */
export function ownerOf(candidates: Candidates, type: TypeKey): Candidate | undefined {
  const candidate = candidates.byType.get(type);
  const declared = candidates.types.get(type);
  const copy = declared?.roles.some(({ role }) => role === 'dto' || role === 'row') === true;
  return copy && candidate?.types[0] !== declared ? undefined : candidate;
}

/** Own fields and those of the bases, the nearest declaration first. */
export function fieldsOf(type: CodeType, types: ReadonlyMap<TypeKey, CodeType>): Map<string, CodeField[]> {
  const fields = new Map<string, CodeField[]>();
  const seen = new Set<TypeKey>();
  const add = (from: CodeType): void => {
    if (seen.has(from.key)) return;
    seen.add(from.key);
    for (const field of from.fields) {
      const name = bareName(field.name);
      const known = fields.get(name);
      if (!known) fields.set(name, [field]);
      else if (!known.includes(field)) known.push(field);
    }
    for (const base of from.bases) {
      const found = types.get(base);
      if (found) add(found);
    }
  };
  add(type);
  return fields;
}

/** The types whose fields are the concept's: the members of a union, else the leading type alone. */
export function formsOf(type: CodeType, types: ReadonlyMap<TypeKey, CodeType>): CodeType[] {
  const forms: CodeType[] = [];
  const seen = new Set<TypeKey>();
  const add = (from: CodeType): void => {
    if (seen.has(from.key)) return;
    seen.add(from.key);
    const members = (from.members ?? []).map((key) => types.get(key)).filter((member) => member !== undefined);
    if (members.length === 0) forms.push(from);
    else members.forEach(add);
  };
  add(type);
  return forms;
}

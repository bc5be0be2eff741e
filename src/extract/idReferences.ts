// References that only show once identities are known: a field named after another's key, or holding the keys of its instances.
import type { Candidate, CandidateField, Candidates } from './candidate.ts';
import { fromMemory } from './evidence.ts';
import type { Rule } from './gather.ts';
import { isGenericIdentity, isIdTail, singular, stemOf, wordsOf } from './names.ts';
import { idReference, mayHoldId, NAMED, type Reference } from './references.ts';

export interface IdReferenceView {
  readonly candidates: Candidates;
  readonly entities: ReadonlyMap<string, unknown>;
  readonly identityOf: ReadonlyMap<string, { readonly fields: readonly string[] }>;
  readonly snapshotId?: string;
}

/** By value is surer than by name, less sure than an object. */
const VALUES = 50;
const NAMED_WEAKLY = 30;
/** Distinct values of a field that must all be keys before chance is out of the question. */
const FEWEST_KEYS = 3;

export const idReferenceRules: readonly Rule<IdReferenceView, Reference>[] = [
  {
    id: 'named-after-key',
    *find(view) {
      // `itemSku`, `sku` refer to the one entity known by `sku`; `id` and `code` say nothing of whose they are.
      const byKey = new Map<string, Candidate[]>();
      for (const target of targets(view)) {
        const [key, ...more] = view.identityOf.get(target.key)?.fields ?? [];
        if (key === undefined || more.length > 0 || isGenericIdentity(key)) continue;
        const words = wordsOf(key).join(' ');
        byKey.set(words, [...(byKey.get(words) ?? []), target]);
      }
      for (const { owner, field } of openFields(view)) {
        const words = wordsOf(field.name);
        for (let from = 0; from < words.length; from += 1) {
          const [target, ...others] = (byKey.get(words.slice(from).join(' ')) ?? []).filter(
            (c) => c !== owner || from > 0,
          );
          if (!target || others.length > 0) continue;
          yield* byName(owner, field, target, NAMED);
          break;
        }
      }
    },
  },
  {
    id: 'named-after-entity',
    *find(view) {
      // `fromBin: string` where bins are known by a string.
      const named = new Map<string, Candidate>();
      for (const target of targets(view)) {
        const words = wordsOf(stemOf(target.name));
        if (words.length > 0) named.set(words.join(' '), target);
      }
      for (const { owner, field } of openFields(view)) {
        const code = field.code[0];
        if (!code) continue;
        const words = wordsOf(field.name);
        const many =
          code.type.kind === 'list' ||
          code.type.kind === 'set' ||
          code.type.kind === 'map' ||
          code.type.kind === 'object';
        if (many) words.push(singular(words.pop() ?? ''));
        for (let from = 0; from < words.length; from += 1) {
          const target = named.get(words.slice(from).join(' '));
          if (!target || (target === owner && from === 0)) continue;
          if (sameKind(code.type.text, target, view)) yield idReference(owner, field, target, code, NAMED_WEAKLY);
          break;
        }
      }
    },
  },
  {
    id: 'holds-keys',
    *find(view) {
      const { candidates, snapshotId } = view;
      if (!candidates.survey) return;
      const keys = new Map<Candidate, ReadonlySet<string>>();
      for (const target of targets(view)) {
        const known = keysOf(target, view);
        if (known.size > 0) keys.set(target, known);
      }
      for (const { owner, field } of openFields(view)) {
        if ((view.identityOf.get(owner.key)?.fields ?? []).includes(field.name)) continue;
        const single = new Set(field.heap.flatMap(({ profile }) => profile.distinct.map((value) => String(value))));
        const inside = new Set(field.heap.flatMap(({ profile }) => [...profile.within]));
        for (const [values, many] of [
          [single, false],
          [inside, true],
        ] as const) {
          if (values.size === 0 || ![...values].every((value) => telling(value, field.name))) continue;
          const enough = values.size >= FEWEST_KEYS;
          const holders = [...keys].filter(
            ([target, known]) =>
              target !== owner &&
              [...values].every((value) => known.has(value)) &&
              // A field that bears the entity's name needs no crowd to be believed.
              (enough || endsWithName(field.name, target)),
          );
          const [only] = holders;
          if (only && holders.length === 1)
            yield {
              owner: owner.key,
              field: field.name,
              target: only[0].key,
              byId: true,
              many,
              strength: VALUES,
              evidence: fromMemory('value', snapshotId, values.size, `are keys of ${only[0].name}`),
            };
        }
      }
    },
  },
];

/** `zone`, `homeZone` for a Zone. */
function endsWithName(field: string, target: Candidate): boolean {
  const name = wordsOf(stemOf(target.name));
  const words = wordsOf(field);
  return name.length > 0 && words.slice(-name.length).join(' ') === name.join(' ');
}

/** Small whole numbers are keys of everything, unless the name says that they are. */
function telling(value: string, field: string): boolean {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return true;
  const last = wordsOf(field).at(-1) ?? '';
  return (
    Number(value) >= 1000 ||
    (Number(value) >= 100 && (isIdTail(last) || last === 'by' || last === 'to' || last === 'from'))
  );
}

function targets({ candidates, entities }: IdReferenceView): Candidate[] {
  return candidates.all.filter((candidate) => entities.has(candidate.key));
}

function* openFields({ candidates }: IdReferenceView): Generator<{ owner: Candidate; field: CandidateField }> {
  for (const owner of candidates.all) {
    for (const field of owner.fields.values()) {
      const code = field.code[0];
      if (code && (code.derived || code.type.target !== undefined || !mayHoldId(code.type))) continue;
      yield { owner, field };
    }
  }
}

function* byName(owner: Candidate, field: CandidateField, target: Candidate, strength: number): Generator<Reference> {
  const code = field.code[0];
  if (code) yield idReference(owner, field, target, code, strength);
  else
    yield {
      owner: owner.key,
      field: field.name,
      target: target.key,
      byId: true,
      many: false,
      strength,
      evidence: { by: 'value', note: `named after the key of ${target.name}` },
    };
}

/** The identity's declared kind occurs in the field's type. */
function sameKind(text: string, target: Candidate, view: IdReferenceView): boolean {
  const key = view.identityOf.get(target.key)?.fields[0];
  const kind = key === undefined ? undefined : target.fields.get(key)?.code[0]?.type.kind;
  return kind !== undefined && (kind === 'string' || kind === 'number') && new RegExp(`\\b${kind}\\b`).test(text);
}

/** Keys of the target's instances as text. */
function keysOf(target: Candidate, { candidates, identityOf }: IdReferenceView): ReadonlySet<string> {
  const key = identityOf.get(target.key)?.fields[0];
  const heap = key === undefined ? [] : (target.fields.get(key)?.heap ?? []);
  const known = heap.flatMap(({ group, profile }) => [...(candidates.survey?.valuesOf(group.key, profile.name) ?? [])]);
  return new Set(known.map((value) => value.slice(value.indexOf(':') + 1)));
}

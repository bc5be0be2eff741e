// Which field holds what: another candidate itself, its id, or a collection of either. Says nothing of whether they are entities.
import type { Evidence } from '../model/index.ts';
import type { CodeField, FieldType } from '../source/index.ts';
import type { Candidate, CandidateField, Candidates } from './candidate.ts';
import { fromMemory, fromSource } from './evidence.ts';
import type { Rule } from './gather.ts';
import { isIdTail, singular, stemOf, wordsOf } from './names.ts';

export interface Reference {
  /** Keys of candidates. */
  readonly owner: string;
  readonly field: string;
  readonly target: string;
  readonly byId: boolean;
  readonly many: boolean;
  /** How sure: a declared type is better than a name. */
  readonly strength: number;
  readonly evidence: Evidence;
}

export interface ReferenceView {
  readonly candidates: Candidates;
  readonly snapshotId?: string;
}

export const DECLARED = 100;
export const SEEN = 80;
export const ALIASED = 60;
export const NAMED = 40;
/** `orderId` where orders are known: the name says more than what was seen to flow into the field. */
const NAMED_OUTRIGHT = 110;
/** Of the objects a field was seen to hold, those of one candidate must be most. */
const MOST_OF = 0.6;

export const referenceRules: readonly Rule<ReferenceView, Reference>[] = [
  {
    id: 'declared-type',
    *find({ candidates }) {
      for (const { owner, field, code } of declaredFields(candidates)) {
        const target = code.type.target === undefined ? undefined : candidates.byType.get(code.type.target);
        if (!target) continue;
        yield {
          owner: owner.key,
          field: field.name,
          target: target.key,
          byId: code.type.byId === true,
          many: isMany(code.type),
          strength: DECLARED,
          evidence: fromSource('declaration', code.source, code.type.text),
        };
      }
    },
  },
  {
    id: 'seen-objects',
    *find({ candidates, snapshotId }) {
      for (const owner of candidates.all) {
        for (const field of owner.fields.values()) {
          const counts = new Map<Candidate, number>();
          let many = false;
          let total = 0;
          for (const { profile } of field.heap) {
            many ||= ['array', 'map', 'set'].some((kind) => (profile.kinds.get(kind as 'array') ?? 0) > 0);
            for (const [group, count] of profile.targets) {
              total += count;
              const target = candidates.byGroup.get(group);
              if (target) counts.set(target, (counts.get(target) ?? 0) + count);
            }
          }
          const [best] = [...counts].sort((a, b) => b[1] - a[1] || (a[0].key < b[0].key ? -1 : 1));
          if (!best || best[1] < total * MOST_OF) continue;
          yield {
            owner: owner.key,
            field: field.name,
            target: best[0].key,
            byId: false,
            many,
            strength: SEEN,
            evidence: fromMemory('reference', snapshotId, best[1]),
          };
        }
      }
    },
  },
  {
    id: 'alias-of-id',
    *find({ candidates }) {
      const named = byWords(candidates);
      for (const { owner, field, code } of declaredFields(candidates)) {
        if (code.type.target !== undefined) continue;
        // `headId: EmployeeId | null`, `Map<Sku, number>`: the type says whose id it is.
        for (const [alias] of code.type.text.matchAll(/[A-Z]\w*/g)) {
          const words = wordsOf(alias);
          if (words.length < 2 || !isIdTail(words.at(-1) as string)) continue;
          const target = named.get(words.slice(0, -1).join(' '));
          if (!target || (target === owner && wordsOf(field.name).length <= 1)) continue;
          yield idReference(owner, field, target, code, ALIASED);
        }
      }
    },
  },
  {
    id: 'name-of-id',
    *find({ candidates }) {
      const named = byWords(candidates);
      for (const owner of candidates.all) {
        for (const field of owner.fields.values()) {
          const code = field.code[0];
          const { target, outright } = targetByName(field.name, owner, named);
          if (!target || (code && !mayBeNamed(candidates, code.type, outright))) continue;
          if (code) yield idReference(owner, field, target, code, outright ? NAMED_OUTRIGHT : NAMED);
          else if (
            field.heap.some(
              ({ profile }) => profile.kinds.has('string') || profile.kinds.has('number') || profile.kinds.has('array'),
            )
          )
            yield {
              owner: owner.key,
              field: field.name,
              target: target.key,
              byId: true,
              many: field.heap.some(({ profile }) => profile.kinds.has('array')),
              strength: NAMED,
              evidence: { by: 'reference', note: 'named after it' },
            };
        }
      }
    },
  },
];

export function idReference(
  owner: Candidate,
  field: CandidateField,
  target: Candidate,
  code: CodeField,
  strength: number,
): Reference {
  return {
    owner: owner.key,
    field: field.name,
    target: target.key,
    byId: true,
    many: isMany(code.type),
    strength,
    evidence: fromSource('declaration', code.source, `holds the id of ${target.name}`),
  };
}

export function isMany(type: FieldType): boolean {
  return type.kind === 'list' || type.kind === 'set' || type.kind === 'map';
}

/** Kinds in which ids come. */
export function mayHoldId(type: FieldType): boolean {
  if (type.domain !== undefined) return false;
  return ['string', 'number', 'bigint', 'reference', 'unknown', 'list', 'set', 'map', 'object'].includes(type.kind);
}

/** A value object that is nothing but an id (`UniqueId`, `OrderNumber`). */
function isIdObject(candidates: Candidates, target: string): boolean {
  const found = candidates.byType.get(target);
  if (!found) return false;
  const data = [...found.fields.values()].filter(({ code }) => code.some(({ derived }) => !derived));
  return data.length <= 1 && isIdTail(wordsOf(found.name).at(-1) ?? '');
}

/** Whether a name may say whose id a field holds: where nothing else does, or where it is said in full. */
function mayBeNamed(candidates: Candidates, type: FieldType, outright: boolean): boolean {
  if (!mayHoldId(type)) return false;
  return type.target === undefined || isIdObject(candidates, type.target) || (outright && type.byId === true);
}

/** The longest name of a candidate that the words before `Id` end with; its own identity refers to nothing. */
function targetByName(
  field: string,
  owner: Candidate,
  named: ReadonlyMap<string, Candidate>,
): { readonly target?: Candidate; readonly outright: boolean } {
  const words = wordsOf(field);
  if (words.length < 2 || !isIdTail(words.at(-1) as string)) return { outright: false };
  const before = words.slice(0, -1).map((word, i, all) => (i === all.length - 1 ? singular(word) : word));
  for (let from = 0; from < before.length; from += 1) {
    const target = named.get(before.slice(from).join(' '));
    if (target) return target === owner && from === 0 ? { outright: false } : { target, outright: from === 0 };
  }
  return { outright: false };
}

/** Candidates by the words of their stems; where two share them, the one with more behind it. */
export function byWords(candidates: Candidates): Map<string, Candidate> {
  const named = new Map<string, Candidate>();
  for (const candidate of candidates.all) {
    const words = wordsOf(stemOf(candidate.name)).join(' ');
    const known = named.get(words);
    if (words !== '' && (!known || weight(candidate) > weight(known))) named.set(words, candidate);
  }
  return named;
}

function weight(candidate: Candidate): number {
  const stores = candidate.types.reduce((sum, type) => sum + type.stores.length, 0);
  return stores * 100 + candidate.groups.length * 10 + candidate.fields.size;
}

export function* declaredFields(
  candidates: Candidates,
): Generator<{ owner: Candidate; field: CandidateField; code: CodeField }> {
  for (const owner of candidates.all) {
    for (const field of owner.fields.values()) {
      for (const code of [...field.code, ...field.also]) if (!code.derived) yield { owner, field, code };
    }
  }
}

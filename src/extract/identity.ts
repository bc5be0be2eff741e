// By which field an entity is told from others of its type: the key it is kept under, else what its names say, checked in memory.
import type { AttributeType, Evidence, WorkspaceFile } from '../model/index.ts';
import type { Candidate, Candidates } from './candidate.ts';
import { fromMemory, fromSource } from './evidence.ts';
import type { Rule } from './gather.ts';
import { identityRank, wordsOf } from './names.ts';
import type { Reference } from './references.ts';

export interface IdentityView {
  readonly candidates: Candidates;
  readonly entities: ReadonlyMap<string, { readonly part: boolean }>;
  readonly references: readonly Reference[];
  readonly snapshotId?: string;
}

export interface IdentityFact {
  readonly candidate: string;
  readonly field: string;
  readonly strength: number;
  readonly evidence: Evidence;
}

const KEY_OF_STORE = 100;
const KEY_IN_MEMORY = 90;
const BY_NAME = 60;
const BY_PLACE = 30;
const BY_REFERENCE = 20;
/** A field that repeats among this many instances tells nothing apart; only ever used to choose between names. */
const PLACES = new Set(['position', 'index', 'seq', 'sequence', 'line', 'ordinal', 'rank', 'slot', 'name']);

export const identityRules: readonly Rule<IdentityView, IdentityFact>[] = [
  {
    id: 'key-of-store',
    *find({ candidates, entities }) {
      for (const candidate of chosen(candidates, entities)) {
        for (const type of candidate.types) {
          for (const store of type.stores) {
            const field = store.keyField === undefined ? undefined : fieldNamed(candidate, store.keyField);
            if (field !== undefined)
              yield {
                candidate: candidate.key,
                field,
                strength: KEY_OF_STORE,
                evidence: fromSource('reference', store.source, `key of ${store.name}`),
              };
          }
        }
      }
    },
  },
  {
    id: 'key-in-memory',
    *find({ candidates, entities, snapshotId }) {
      for (const candidate of chosen(candidates, entities)) {
        const counts = new Map<string, number>();
        for (const group of candidate.groups) {
          for (const [name, count] of candidates.survey?.keeping.keyedBy.get(group.key) ?? []) {
            const field = fieldNamed(candidate, name);
            if (field !== undefined) counts.set(field, (counts.get(field) ?? 0) + count);
          }
        }
        const most = Math.max(0, ...counts.values());
        for (const [field, count] of counts) {
          // Two fields may agree by chance in a few instances; the key agrees in all.
          if (count === most)
            yield {
              candidate: candidate.key,
              field,
              strength: KEY_IN_MEMORY,
              evidence: fromMemory('reference', snapshotId, count, 'kept under it'),
            };
        }
      }
    },
  },
  {
    id: 'name-of-identity',
    *find({ candidates, entities }) {
      for (const candidate of chosen(candidates, entities)) {
        for (const field of candidate.fields.values()) {
          const rank = identityRank(field.name, candidate.name);
          if (rank === undefined || (field.code.length > 0 && field.code.every((code) => code.derived))) continue;
          const source = field.code[0]?.source;
          yield {
            candidate: candidate.key,
            field: field.name,
            strength: BY_NAME - rank,
            evidence: source
              ? fromSource('declaration', source, 'named as an identity')
              : { by: 'value', note: 'named as an identity' },
          };
        }
      }
    },
  },
  {
    id: 'place-in-whole',
    *find({ candidates, entities, references }) {
      for (const candidate of chosen(candidates, entities)) {
        if (entities.get(candidate.key)?.part !== true) continue;
        for (const field of candidate.fields.values()) {
          const place = PLACES.has(wordsOf(field.name).at(-1) ?? '');
          const reference = references.find(
            (r) => r.owner === candidate.key && r.field === field.name && entities.has(r.target) && !r.many,
          );
          const source = field.code[0]?.source;
          if (!place && !reference) continue;
          yield {
            candidate: candidate.key,
            field: field.name,
            strength: place ? BY_PLACE : BY_REFERENCE,
            evidence: source
              ? fromSource('declaration', source, 'tells parts apart')
              : { by: 'value', note: 'tells parts apart' },
          };
        }
      }
    },
  },
];

/** Identity fields by candidate; the workspace file decides first. */
export function identities(
  candidates: Candidates,
  facts: readonly IdentityFact[],
  file: WorkspaceFile,
): ReadonlyMap<string, { readonly fields: readonly string[]; readonly evidence: readonly Evidence[] }> {
  const best = new Map<string, IdentityFact[]>();
  for (const fact of facts) best.set(fact.candidate, [...(best.get(fact.candidate) ?? []), fact]);
  const result = new Map<string, { fields: readonly string[]; evidence: readonly Evidence[] }>();
  for (const candidate of candidates.all) {
    const wanted =
      file.entities && Object.hasOwn(file.entities, candidate.name)
        ? file.entities[candidate.name]?.identity
        : undefined;
    if (wanted !== undefined) {
      result.set(candidate.key, { fields: typeof wanted === 'string' ? [wanted] : [...wanted], evidence: [] });
      continue;
    }
    const list = (best.get(candidate.key) ?? []).sort(
      (a, b) => b.strength - a.strength || rank(a, candidate) - rank(b, candidate) || (a.field < b.field ? -1 : 1),
    );
    const first = list[0];
    if (first)
      result.set(candidate.key, {
        fields: [first.field],
        evidence: list.filter((fact) => fact.field === first.field).map(({ evidence }) => evidence),
      });
  }
  return result;
}

/** Whether it has anything, beside flags and collections, by which one could be told from another. */
export function mayBeTold(candidate: Candidate): boolean {
  return [...candidate.fields.values()].some(({ code, heap }) =>
    code.length === 0
      ? heap.some(({ profile }) => profile.kinds.has('string') || profile.kinds.has('number'))
      : code.some(({ derived, type }) => !derived && TELLING.has(type.kind) && type.domain === undefined),
  );
}

const TELLING: ReadonlySet<AttributeType> = new Set(['string', 'number', 'bigint', 'unknown', 'reference']);

function rank(fact: IdentityFact, candidate: Candidate): number {
  return identityRank(fact.field, candidate.name) ?? 99;
}

function chosen(candidates: Candidates, entities: ReadonlyMap<string, unknown>): Candidate[] {
  return candidates.all.filter((candidate) => entities.has(candidate.key));
}

function fieldNamed(candidate: Candidate, name: string): string | undefined {
  const bare = name.replace(/^#/, '');
  return candidate.fields.has(bare) ? bare : undefined;
}

// What a candidate is: kept under an identity, referred to by one, a part of something, or none of the business.
import type { Evidence } from '../model/index.ts';
import type { NodeKind } from '../parse/index.ts';
import type { CodeType, TypeRole } from '../source/index.ts';
import type { Candidate, CandidateField, Candidates } from './candidate.ts';
import { fromMemory, fromSource } from './evidence.ts';
import type { Rule } from './gather.ts';
import { doerByName, identityRank, isEventName } from './names.ts';
import { DECLARED, SEEN, type Reference } from './references.ts';

export interface StandingView {
  readonly candidates: Candidates;
  readonly references: readonly Reference[];
  readonly snapshotId?: string;
}

export interface Standing {
  readonly candidate: string;
  /** apart: no business, whatever else holds; lesser: none unless kept; kept, known: has identity; */
  readonly says: 'apart' | 'lesser' | 'kept' | 'known';
  readonly why: string;
  readonly evidence?: Evidence;
}

const APART: ReadonlySet<TypeRole> = new Set([
  'event',
  'command',
  'error',
  'service',
  'repository',
  'framework',
  'context',
]);
const LESSER: ReadonlySet<TypeRole> = new Set(['dto', 'value', 'row']);
export const standingRules: readonly Rule<StandingView, Standing>[] = [
  {
    id: 'role-in-code',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        const lead = candidate.types[0];
        if (!lead) continue;
        for (const { role, reason } of [...lead.roles, ...membersRoles(lead, candidates)]) {
          const says = APART.has(role) ? 'apart' : LESSER.has(role) ? 'lesser' : undefined;
          if (says) yield { candidate: candidate.key, says, why: `${role}: ${reason}` };
        }
      }
    },
  },
  {
    id: 'named-as-doer',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        const says = doerByName(candidate.name);
        if (says)
          yield {
            candidate: candidate.key,
            says: says === 'surely' ? 'apart' : 'lesser',
            why: 'named as one that does',
          };
      }
    },
  },
  {
    id: 'without-data',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        const data = [...candidate.fields.values()].filter(
          (field) => field.code.some((code) => !code.derived) || field.heap.length > 0,
        );
        if (data.length < 2) yield { candidate: candidate.key, says: 'apart', why: 'holds hardly any data' };
      }
    },
  },
  {
    id: 'stored-in-code',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        for (const type of candidate.types) {
          for (const store of type.stores) {
            const keyed = store.keyField !== undefined || idField(candidate) !== undefined;
            if (keyed)
              yield {
                candidate: candidate.key,
                says: 'kept',
                why: `kept in ${store.name}`,
                evidence: fromSource('reference', store.source, `kept in ${store.name}`),
              };
          }
        }
      }
    },
  },
  {
    id: 'record-of-library',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        const schema = candidate.types.find(
          (type) => type.form === 'schema' && !type.roles.some(({ role }) => role === 'dto'),
        );
        if (schema && idField(candidate) !== undefined)
          yield {
            candidate: candidate.key,
            says: 'kept',
            why: 'declared to a record library',
            evidence: fromSource('schema', schema.source),
          };
      }
    },
  },
  {
    id: 'stored-in-memory',
    *find({ candidates, snapshotId }) {
      const keeping = candidates.survey?.keeping;
      for (const candidate of candidates.all) {
        for (const group of candidate.groups) {
          for (const [field, count] of keeping?.keyedBy.get(group.key) ?? []) {
            if (!telling(candidate, field)) continue;
            yield {
              candidate: candidate.key,
              says: 'kept',
              why: `kept under its ${field}`,
              evidence: fromMemory('reference', snapshotId, count, `kept under ${field}`),
            };
          }
        }
      }
    },
  },
  {
    id: 'named-as-event',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        if (candidate.types.length === 0 && isEventName(candidate.name))
          yield { candidate: candidate.key, says: 'apart', why: 'named as something that happened' };
      }
    },
  },
  {
    id: 'object-with-own-key',
    *find({ candidates, snapshotId }) {
      // What a database keeps passes through memory only: a class of the program with an id and data is all there is to see.
      for (const candidate of candidates.all) {
        const [group] = candidate.groups;
        if (candidate.types.length > 0 || group?.form !== 'class' || ownKey(candidate) === undefined) continue;
        const data = [...candidate.fields.values()].filter(({ heap }) =>
          heap.some(({ profile }) => holdsLeaf(profile.kinds)),
        );
        if (data.length >= FEWEST_FIELDS)
          yield {
            candidate: candidate.key,
            says: 'known',
            why: 'has a key of its own and data',
            evidence: fromMemory('instance', snapshotId, group.nodes.length),
          };
      }
    },
  },
  {
    id: 'referred-by-id',
    *find({ candidates, references }) {
      for (const { byId, strength, target, owner, evidence } of references) {
        const found = candidates.all.find((candidate) => candidate.key === target);
        if (!byId || strength < DECLARED || owner === target || !found || idField(found) === undefined) continue;
        yield { candidate: target, says: 'known', why: 'referred to by its id', evidence };
      }
    },
  },
  {
    id: 'referred-with-own-id',
    *find({ candidates, references }) {
      const byKey = new Map(candidates.all.map((candidate) => [candidate.key, candidate]));
      for (const { byId, many, strength, target, owner, evidence } of references) {
        const found = byKey.get(target);
        // A collection is how parts are held; a single reference to a thing that changes and has an id is not.
        if (byId || many || strength < SEEN || owner === target || !found) continue;
        if (
          idField(found) !== undefined &&
          (changes(found) || (found.types.length === 0 && ownKey(found) !== undefined))
        )
          yield { candidate: target, says: 'known', why: 'referred to, and has an identity', evidence };
      }
    },
  },
  {
    id: 'identity-and-life',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        const lead = candidate.types[0];
        if (!lead || idField(candidate) === undefined || !lives(candidate)) continue;
        yield {
          candidate: candidate.key,
          says: 'known',
          why: 'has an identity and states it goes through',
          evidence: fromSource('declaration', lead.source),
        };
      }
    },
  },
];

function membersRoles(type: CodeType, { types }: Candidates): CodeType['roles'] {
  if (type.form !== 'union' || !type.members || type.members.length === 0) return [];
  const members = type.members.map((key) => types.get(key)).filter((member) => member !== undefined);
  const common = members[0]?.roles.filter(({ role }) =>
    members.every((member) => member.roles.some((r) => r.role === role)),
  );
  return common ?? [];
}

/** The field that looks most like an identity by name. */
export function idField(candidate: Candidate): string | undefined {
  const ranked = [...candidate.fields.values()]
    .filter((field) => field.code.length === 0 || field.code.some((code) => !code.derived))
    .map((field) => ({ name: field.name, rank: identityRank(field.name, candidate.name) }))
    .filter((field): field is { name: string; rank: number } => field.rank !== undefined);
  ranked.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  return ranked[0]?.name;
}

/** Fields with values that a thing of business has beside its key. */
const FEWEST_FIELDS = 3;

/** Caches and counters are tables too: what only memory shows must have data beside a key that is more than that. */
function telling(candidate: Candidate, field: string): boolean {
  if (candidate.types.length > 0) return true;
  const rank = identityRank(field, candidate.name);
  if (rank !== undefined && rank <= 1) return true;
  return candidate.fields.size >= FEWEST_FIELDS && !['key', 'name', 'path', 'url', 'type', 'hash'].includes(field);
}

/** The field named `id`, or as the type's own id. */
function ownKey(candidate: Candidate): string | undefined {
  const name = idField(candidate);
  const rank = name === undefined ? undefined : identityRank(name, candidate.name);
  return rank !== undefined && rank <= 1 ? name : undefined;
}

function holdsLeaf(kinds: ReadonlyMap<NodeKind, number>): boolean {
  return ['string', 'number', 'boolean', 'date', 'bigint'].some((kind) => kinds.has(kind as NodeKind));
}

function changes(candidate: Candidate): boolean {
  return [...candidate.fields.values()].some(isChanged);
}

/** A field of finite domain that is written after creation. */
function lives(candidate: Candidate): boolean {
  return [...candidate.fields.values()].some(
    (field) => isChanged(field) && [...field.code, ...field.also].some((code) => code.type.domain !== undefined),
  );
}

function isChanged(field: CandidateField): boolean {
  return [...field.code, ...field.also].some((code) => code.writes.some(({ phase }) => phase === 'change'));
}

// What a candidate is: kept under an identity, referred to by one, a part of something, or none of the business.
import type { Evidence } from '../model/index.ts';
import type { CodeType, TypeRole } from '../source/index.ts';
import type { Candidate, CandidateField, Candidates } from './candidate.ts';
import { fromSource } from './evidence.ts';
import type { Rule } from './gather.ts';
import { doerByName, identityRank, isMomentary, stemOf, wordsOf } from './names.ts';
import { declaredFields, DECLARED, SEEN, type Reference } from './references.ts';

export interface StandingView {
  readonly candidates: Candidates;
  readonly references: readonly Reference[];
  readonly snapshotId?: string;
}

export interface Standing {
  readonly candidate: string;
  /**
   * apart: no business, whatever else holds; lesser: none unless kept; kept: in a store under its identity;
   * stored: in a store, by no key that is known; known: has an identity otherwise; listed: so too, in some list only.
   */
  readonly says: 'apart' | 'lesser' | 'kept' | 'stored' | 'known' | 'listed';
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
    id: 'stored-in-code',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        for (const type of candidate.types) {
          for (const store of type.stores) {
            if (isMomentary(store.name)) continue;
            const named = store.keyField?.replace(/^#/, '');
            const keyed = named !== undefined && isForeign(candidate, named) ? undefined : named;
            const key = keyed ?? clearId(candidate);
            if (key !== undefined && (!INDEX_KEYS.has(key) || lives(candidate)))
              yield {
                candidate: candidate.key,
                says: keyed === undefined ? 'stored' : 'kept',
                why: `kept in ${store.name}`,
                evidence: fromSource('reference', store.source, `kept in ${store.name}`),
              };
          }
        }
      }
    },
  },
  {
    id: 'collection-of-service',
    *find({ candidates, references }) {
      // `jobs: Record<string, Job>` of an object that stores, whoever fills it.
      for (const { owner, target, field, many, byId, strength, evidence } of references) {
        const [keeper, kept] = [candidates.byKey.get(owner), candidates.byKey.get(target)];
        if (!many || byId || strength < DECLARED || !keeper || !kept || !keeps(keeper) || clearId(kept) === undefined)
          continue;
        const table = keeper.fields.get(field)?.code.some(({ type }) => type.kind === 'map') === true;
        yield { candidate: target, says: table ? 'kept' : 'listed', why: `kept in ${keeper.name}`, evidence };
      }
    },
  },
  {
    id: 'repository-of',
    *find({ candidates }) {
      // `Repository<Visit>`: also where the library that declares it is not there to be read.
      for (const { code } of declaredFields(candidates)) {
        const named = /\b\w*(?:Repository|Repo|Model|Collection|Store|Table|Dao)<(\w+)\b/.exec(code.type.text)?.[1];
        if (named === undefined) continue;
        for (const kept of candidates.all) {
          if (kept.types[0]?.name === named && clearId(kept) !== undefined)
            yield {
              candidate: kept.key,
              says: 'kept',
              why: `kept in ${code.name}`,
              evidence: fromSource('reference', code.source, code.type.text),
            };
        }
      }
    },
  },
  {
    id: 'stored-and-changing',
    *find({ candidates }) {
      for (const candidate of candidates.all) {
        const store = candidate.types.flatMap((type) => type.stores).find(({ name }) => !isMomentary(name));
        if (store && lives(candidate))
          yield {
            candidate: candidate.key,
            says: 'known',
            why: `kept in ${store.name}, with states`,
            evidence: fromSource('reference', store.source, `kept in ${store.name}`),
          };
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
        if (schema && clearId(candidate) !== undefined)
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
    id: 'referred-by-id',
    *find({ candidates, references }) {
      for (const { byId, strength, target, owner, evidence } of references) {
        const found = candidates.byKey.get(target);
        if (!byId || strength < DECLARED || owner === target || !found || clearId(found) === undefined) continue;
        yield { candidate: target, says: 'known', why: 'referred to by its id', evidence };
      }
    },
  },
  {
    id: 'referred-by-name-and-key',
    *find({ candidates }) {
      // `berthCode` elsewhere: a Berth is told apart by its `code`, which alone could be the key of anything.
      const keyed = new Map<string, Candidate>();
      for (const candidate of candidates.all) {
        const key = idField(candidate);
        if (key !== undefined && candidate.types.length > 0 && lives(candidate))
          keyed.set([...wordsOf(stemOf(candidate.name)), ...wordsOf(key)].join(' '), candidate);
      }
      for (const { owner, code } of declaredFields(candidates)) {
        const found = keyed.get(wordsOf(code.name).join(' '));
        if (found && found !== owner)
          yield {
            candidate: found.key,
            says: 'known',
            why: `named with its key by ${owner.name}`,
            evidence: fromSource('reference', code.source, code.name),
          };
      }
    },
  },
  {
    id: 'referred-with-own-id',
    *find({ candidates, references }) {
      for (const { byId, many, strength, target, owner, evidence } of references) {
        const found = candidates.byKey.get(target);
        // A collection is how parts are held; a single reference to a thing that changes and has an id is not.
        if (byId || many || strength < SEEN || owner === target || !found) continue;
        if (
          clearId(found) !== undefined &&
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
        if (!lead || clearId(candidate) === undefined || !lives(candidate)) continue;
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

/** The field that looks most like an identity by name; what only some members of a union have identifies none. */
export function idField(candidate: Candidate): string | undefined {
  const ranked = [...candidate.fields.values()]
    .filter((field) => !field.partial || field.code.length === 0)
    .filter((field) => field.code.length === 0 || field.code.some((code) => !code.derived))
    .map((field) => ({ name: field.name, rank: identityRank(field.name, candidate.name) }))
    .filter((field): field is { name: string; rank: number } => field.rank !== undefined);
  ranked.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  return ranked[0]?.name;
}

/** The field named `id`, or as the type's own id. */
export function ownKey(candidate: Candidate): string | undefined {
  const name = idField(candidate);
  const rank = name === undefined ? undefined : identityRank(name, candidate.name);
  return rank !== undefined && rank <= 1 ? name : undefined;
}

/** Kept under an object that is not the program's own: an index beside another structure, which tells nothing of identity. */
function isForeign(candidate: Candidate, key: string): boolean {
  const code = candidate.fields.get(key)?.code ?? [];
  return code.length > 0 && code.every(({ type }) => type.kind === 'object' && type.target === undefined);
}

/** A service or repository, by role or name. */
function keeps(candidate: Candidate): boolean {
  const roles = candidate.types.flatMap((type) => type.roles.map(({ role }) => role));
  return (
    roles.includes('service') ||
    roles.includes('repository') ||
    doerByName(candidate.name) === 'surely' ||
    /(database|db)$/i.test(candidate.name)
  );
}

/** Under such names programs index their own records; alone they make nothing a thing of business. */
const INDEX_KEYS = new Set(['key', 'ref', 'path', 'url', 'hash', 'type']);
/** These too, where no store is keyed by them. */
const WEAK_KEYS = new Set([...INDEX_KEYS, 'reference', 'code', 'name']);

/** The field named as an identity, unless it could be any index. */
function clearId(candidate: Candidate): string | undefined {
  const name = idField(candidate);
  return name === undefined || WEAK_KEYS.has(name.toLowerCase()) ? undefined : name;
}

function changes(candidate: Candidate): boolean {
  return [...candidate.fields.values()].some(isChanged);
}

/** Kept somewhere, or with an identity and states. */
export function isThing(candidate: Candidate): boolean {
  return (
    candidate.types.some(({ stores }) => stores.length > 0) || (idField(candidate) !== undefined && lives(candidate))
  );
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

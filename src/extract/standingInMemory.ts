// What a candidate is, as far as memory alone says it: kept under a key, or an object of the program with a key and data.
import type { NodeKind } from '../parse/index.ts';
import type { Candidate, Candidates } from './candidate.ts';
import { fromMemory } from './evidence.ts';
import type { Rule } from './gather.ts';
import { identityRank, isEventName } from './names.ts';
import { isThing, ownKey, type Standing, type StandingView } from './standing.ts';

/** Fields with values that a thing of business has beside its key. */
const FEWEST_FIELDS = 3;

export const memoryStandingRules: readonly Rule<StandingView, Standing>[] = [
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
    id: 'listed-in-memory',
    *find({ candidates, snapshotId }) {
      for (const candidate of candidates.all) {
        for (const group of candidate.groups) {
          const [field, count] = [...(candidates.survey?.keeping.listedBy.get(group.key) ?? [])][0] ?? [];
          if (field === undefined || count === undefined || candidate.fields.size < FEWEST_FIELDS) continue;
          yield {
            candidate: candidate.key,
            says: 'known',
            why: `listed, each with its ${field}`,
            evidence: fromMemory('instance', snapshotId, count, `listed, each with its ${field}`),
          };
        }
      }
    },
  },
  {
    id: 'unknown-to-the-code',
    *find({ candidates, references }) {
      // Where the program's code was read, what it does not declare is a table of a library or of the process,
      // unless it hangs together with what the code does declare. Code that declares nothing that lives or is kept, as where types were
      // lost when it was compiled, still says by its literals what it makes.
      if (candidates.types.size === 0) return;
      const declared = new Set(candidates.all.filter(({ types }) => types.length > 0).map(({ key }) => key));
      const connected = new Set<string>();
      for (const { owner, target } of references) {
        if (declared.has(owner)) connected.add(target);
        if (declared.has(target)) connected.add(owner);
      }
      const isSilent = !candidates.all.some((candidate) => candidate.types.length > 0 && isThing(candidate));
      for (const candidate of candidates.all) {
        const { key } = candidate;
        if (declared.has(key) || connected.has(key) || (isSilent && isMadeHere(candidate, candidates))) continue;
        yield { candidate: key, says: 'apart', why: 'unknown to the code' };
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
];

/** Share of a literal's and of a thing's fields that the other has, for the one to make the other. */
const SAME_FORM = 0.8;

/** A literal of the code has its fields, and it is kept under one of them. */
function isMadeHere(candidate: Candidate, { literals, survey }: Candidates): boolean {
  return candidate.groups.some((group) => {
    if (group.form !== 'shape' || group.fields.size < FEWEST_FIELDS || !survey?.keeping.keyedBy.has(group.key))
      return false;
    return (literals ?? []).some(({ fields }) => {
      const shared = fields.filter((name) => group.fields.has(name)).length;
      return shared >= group.fields.size * SAME_FORM && shared >= fields.length * SAME_FORM;
    });
  });
}

/** Caches and counters are tables too: what only memory shows must have data beside a key that is more than that. */
function telling(candidate: Candidate, field: string): boolean {
  if (candidate.types.length > 0) return true;
  const rank = identityRank(field, candidate.name);
  if (rank !== undefined && rank <= 1) return true;
  return candidate.fields.size >= FEWEST_FIELDS && !['key', 'name', 'path', 'url', 'type', 'hash'].includes(field);
}

function holdsLeaf(kinds: ReadonlyMap<NodeKind, number>): boolean {
  return ['string', 'number', 'boolean', 'date', 'bigint'].some((kind) => kinds.has(kind as NodeKind));
}

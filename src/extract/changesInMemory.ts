// What memory alone says of whether a field is a state: that V8 saw it assigned again, what it is called, what its values are called.
import type { Value } from '../model/index.ts';
import type { Candidate, CandidateField, Candidates } from './candidate.ts';
import { fromMemory } from './evidence.ts';
import { declaredDomain, fewValues, seenDomain, seenValues, type Changing, type DomainView } from './finiteDomains.ts';
import type { Rule } from './gather.ts';
import { isIdTail, wordsOf } from './names.ts';

/** Names under which programs keep a thing's state. */
const STATE_WORDS = new Set(
  'status state phase stage lifecycle condition standing progress mode availability verdict decision outcome'.split(
    ' ',
  ),
);
/** Under these also as numbers; a `progress` of 40 is a measure. */
const NUMBERED = new Set('status state phase stage lifecycle'.split(' '));
/** Numbers under such names are measured or counted. */
const MEASURES = new Set(
  `count counter total amount quantity qty price sum balance version revision number index size length weight height width
  capacity seats days hours minutes seconds attempts retries priority score rating age year month day points percent rate
  limit fee cost`.split(/\s+/),
);
/** Words for states that are no participles. */
const STATE_VALUES = new Set(
  `new open active inactive pending draft done ready idle busy on off online offline free full live current valid invalid good bad
  ok due overdue dirty clean waiting running final present absent available unavailable enabled disabled pause hold void up down
  in out empty dead fresh stale won lost paid sent sold`.split(/\s+/),
);
/** Texts under such names are written by people, or say who. */
const TEXTS = new Set(
  `by to from name title note notes reason comment remark description text message label owner operator user author street
  city town address country region phone email`.split(/\s+/),
);

export const memoryChangingRules: readonly Rule<DomainView, Changing>[] = [
  {
    id: 'assigned-again',
    *find({ candidates, entities, identityOf, snapshotId }) {
      for (const candidate of candidates.all) {
        if (!entities.has(candidate.key) || !isTold(candidate, identityOf.get(candidate.key)?.fields ?? [])) continue;
        for (const field of candidate.fields.values()) {
          if (!isReassigned(field)) continue;
          // The code says which values there are, or leaves it open and memory shows few.
          const declared = candidate.types.length > 0 ? declaredDomain(field, candidates) : undefined;
          const domain = declared ?? (leavesOpen(field, candidates, candidate) ? steadyDomain(field) : undefined);
          if (domain)
            yield {
              candidate: candidate.key,
              field: field.name,
              evidence: fromMemory(
                'value',
                snapshotId,
                domain.length,
                'assigned again after creation, with few values',
              ),
            };
        }
      }
    },
  },
  {
    id: 'named-as-state',
    *find({ candidates, entities, identityOf, snapshotId }) {
      for (const candidate of candidates.all) {
        if (!entities.has(candidate.key)) continue;
        const told = isTold(candidate, identityOf.get(candidate.key)?.fields ?? []);
        for (const field of candidate.fields.values()) {
          if (told && isConstant(field)) continue;
          const domain = seenStates(field);
          // Most truths that a thing carries are turned at some time; what memory can show to be constant is left out above.
          if (candidate.types.length === 0 && !told && isTruth(field)) {
            const evidence = fromMemory('value', snapshotId, 2, 'a truth, not known to be constant');
            yield { candidate: candidate.key, field: field.name, evidence };
          }
          if (!leavesOpen(field, candidates, candidate) && !(unwritten(field, candidates) && several(domain))) continue;
          if (domain && namedAsState(field.name, domain))
            yield {
              candidate: candidate.key,
              field: field.name,
              evidence: fromMemory('value', snapshotId, domain.length, 'named as a state, with few values'),
            };
        }
      }
    },
  },
];

/** Where the code was read, it must leave open what the field comes to hold. */
function leavesOpen(field: CandidateField, candidates: Candidates, candidate: Candidate): boolean {
  return candidate.types.length === 0 || changesOpenly(field, candidates);
}

/**
 * Whether it says anything that a field of this thing was assigned again: a class that declares its fields assigns each twice, so
 * what never changes, the identity, must be seen to be constant.
 */
function isTold(candidate: Candidate, identity: readonly string[]): boolean {
  const fields = identity.map((name) => candidate.fields.get(name)).filter((field) => field !== undefined);
  return fields.length > 0 && fields.every(isConstant);
}

function isConstant({ heap }: CandidateField): boolean {
  return heap.length > 0 && heap.every(({ profile }) => profile.reassigned === false);
}

function isReassigned({ heap }: CandidateField): boolean {
  return heap.some(({ profile }) => profile.reassigned === true);
}

/** Few values of one kind, one of them always there: what may be empty is filled in, and what people write is no state. */
function steadyDomain(field: CandidateField): readonly Value[] | undefined {
  const last = wordsOf(field.name).at(-1) ?? '';
  if (mayBeEmpty(field) || TEXTS.has(last) || isIdTail(last)) return undefined;
  const truths = fewValues(field, (value) => typeof value === 'boolean');
  if (truths) return truths;
  const values = seenValues(field);
  if (values.length === 0 || values.length > MOST) return undefined;
  if (values.every(isWord)) return STATE_WORDS.has(last) || values.some(isStateWord) ? values : undefined;
  return values.every(isSmall) && (NUMBERED.has(last) || (!MEASURES.has(last) && isCoded(values))) ? values : undefined;
}

function mayBeEmpty({ heap }: CandidateField): boolean {
  return heap.some(
    ({ group, profile }) =>
      profile.present < group.sampled || profile.kinds.has('null') || profile.kinds.has('undefined') || profile.open,
  );
}

/** So many different values are no states. */
const MOST = 12;

function isWord(value: Value): boolean {
  return typeof value === 'string' && /^[\p{L}][\p{L}\d_.:-]{0,39}$/u.test(value);
}

/** `released`, `frozen`, `IN_PROGRESS`, `onHold`; names of kinds and places are other words. */
function isStateWord(value: Value): boolean {
  if (typeof value !== 'string') return false;
  const words = wordsOf(value);
  return words.some((word) => STATE_VALUES.has(word)) || /(?:[^e]ed|[kdz]en|[a-z]{3}ing)$/.test(words.at(-1) ?? '');
}

/** Counters take every number from the first; codes (`0, 1, 2, 9`) leave some out. */
function isCoded(values: readonly Value[]): boolean {
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.length > 2 && Math.max(...numbers) - Math.min(...numbers) >= numbers.length;
}

function isSmall(value: Value): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 100;
}

function isTruth(field: CandidateField): boolean {
  return !mayBeEmpty(field) && fewValues(field, (value) => typeof value === 'boolean') !== undefined;
}

/** Values that may be states: words, truths, small whole numbers. */
function seenStates(field: CandidateField): readonly Value[] | undefined {
  return seenDomain(field) ?? fewValues(field, isSmall);
}

/** `status`, `phase`; of booleans `locked`, `isFrozen`: participles say what was done to a thing. */
function namedAsState(name: string, domain: readonly Value[]): boolean {
  const last = wordsOf(name).at(-1) ?? '';
  if (domain.every((value) => typeof value === 'boolean'))
    return /(?:[^e]ed|zen|den|ken)$/.test(last) || ['active', 'open', 'online', 'void', 'paid', 'sold'].includes(last);
  if (domain.some((value) => typeof value === 'number')) return NUMBERED.has(last);
  if (STATE_WORDS.has(last)) return true;
  return !TEXTS.has(last) && domain.length > 1 && domain.filter(isStateWord).length * 2 >= domain.length;
}

/** Of declared values, but no write was found: the code fills it in ways that were not followed (a schema's `parse`, a copy with changes). */
function unwritten(field: CandidateField, candidates: Candidates): boolean {
  if (declaredDomain(field, candidates) === undefined) return false;
  return [...field.code, ...field.also].every(({ derived, writes }) => !derived && writes.length === 0);
}

function several(domain: readonly Value[] | undefined): boolean {
  return domain !== undefined && domain.length > 1;
}

/** Assigned after creation, with values that are computed. */
function changesOpenly(field: CandidateField, candidates: Candidates): boolean {
  const code = [...field.code, ...field.also].filter(({ derived }) => !derived);
  const open = code.every(
    ({ type }) => (type.kind === 'unknown' || type.kind === 'string') && type.target === undefined,
  );
  return (
    open &&
    declaredDomain(field, candidates) === undefined &&
    code.some(({ writes }) => writes.some(({ phase }) => phase === 'change'))
  );
}

// Fields of finite domain: the declared values, the seen ones, and whether the program changes them after creation.
import type { Evidence, Value, WorkspaceFile } from '../model/index.ts';
import { canonicalText } from '../model/index.ts';
import type { CodeTransition } from '../source/index.ts';
import { ownerOf, type CandidateField, type Candidates } from './candidate.ts';
import { fromMemory, fromSource } from './evidence.ts';
import type { ObservedTransition } from './extraction.ts';
import type { Rule } from './gather.ts';
import { wordsOf } from './names.ts';

export interface DomainView {
  readonly candidates: Candidates;
  readonly entities: ReadonlyMap<string, unknown>;
  readonly transitions: readonly CodeTransition[];
  readonly events: readonly ObservedTransition[];
  readonly nameOf: ReadonlyMap<string, string>;
  readonly workspaceFile: WorkspaceFile;
  readonly snapshotId?: string;
}

export interface Declared {
  readonly value: Value;
  readonly label?: string;
}

/** The program changes the field after creation, or is said to. */
export interface Changing {
  readonly candidate: string;
  readonly field: string;
  readonly evidence: Evidence;
}

/** Names under which programs keep a thing's state. Only memory without code is judged by them. */
const STATE_WORDS = new Set(
  'status state phase stage lifecycle condition standing progress mode availability verdict decision outcome'.split(
    ' ',
  ),
);
/** Under these also as numbers; a `progress` of 40 is a measure. */
const NUMBERED = new Set('status state phase stage'.split(' '));
/** More different values in memory are no states. */
const MOST_STATES = 16;

export const changingRules: readonly Rule<DomainView, Changing>[] = [
  {
    id: 'written-after-creation',
    *find({ candidates, entities }) {
      for (const candidate of candidates.all) {
        if (!entities.has(candidate.key)) continue;
        for (const field of candidate.fields.values()) {
          if (!declaredDomain(field, candidates)) continue;
          for (const code of [...field.code, ...field.also]) {
            for (const write of code.writes) {
              if (write.phase === 'change')
                yield {
                  candidate: candidate.key,
                  field: field.name,
                  evidence: fromSource('write', write.source, write.inFunction),
                };
            }
          }
        }
      }
    },
  },
  {
    id: 'declared-transition',
    *find({ candidates, entities, transitions }) {
      for (const transition of transitions) {
        if (transition.from === 'new' || transition.to === 'gone') continue;
        const owner = ownerOf(candidates, transition.type);
        if (!owner || !entities.has(owner.key) || !owner.fields.has(transition.attribute)) continue;
        yield {
          candidate: owner.key,
          field: transition.attribute,
          evidence: fromSource(transition.by, transition.source, transition.name),
        };
      }
    },
  },
  {
    id: 'observed-change',
    *find({ candidates, entities, events, nameOf }) {
      for (const event of events) {
        if (isMarker(event.preState) || isMarker(event.postState)) continue;
        const filled = isNothing(event.preState) || isNothing(event.postState);
        for (const candidate of candidates.all) {
          if (!entities.has(candidate.key) || nameOf.get(candidate.key) !== event.entity) continue;
          const field = candidate.fields.get(event.attribute);
          // What is filled in once is no state, unless the code declares its values.
          if (field && (declaredDomain(field, candidates) || (!filled && seenDomain(field))))
            yield {
              candidate: candidate.key,
              field: event.attribute,
              evidence: { by: 'event', count: event.count, ...(event.source && { source: event.source }) },
            };
        }
      }
    },
  },
  {
    id: 'seen-beyond-beginning',
    *find({ candidates, entities, snapshotId }) {
      // All that a thing can begin with is known, and memory shows another of its values: it came to that later.
      for (const candidate of candidates.all) {
        if (!entities.has(candidate.key)) continue;
        for (const field of candidate.fields.values()) {
          const begins = beginnings(field);
          const declared = begins && declaredDomain(field, candidates);
          if (!declared) continue;
          const later = new Set(declared.map(({ value }) => canonicalText(value)).filter((text) => !begins.has(text)));
          const seen = seenValues(field).filter((value) => later.has(canonicalText(value)));
          if (seen.length > 0)
            yield {
              candidate: candidate.key,
              field: field.name,
              evidence: fromMemory('value', snapshotId, seen.length, 'seen with values that it does not begin with'),
            };
        }
      }
    },
  },
  {
    id: 'named-as-state',
    *find({ candidates, entities, snapshotId }) {
      for (const candidate of candidates.all) {
        if (!entities.has(candidate.key)) continue;
        for (const field of candidate.fields.values()) {
          const domain = seenStates(field);
          // Where the code was read, it must leave open what the field comes to hold, or who writes it at all.
          if (
            candidate.types.length > 0 &&
            !changesOpenly(field, candidates) &&
            !(unwritten(field, candidates) && several(domain))
          )
            continue;
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
  {
    id: 'workspace-file',
    *find({ candidates, entities, workspaceFile }) {
      for (const candidate of candidates.all) {
        const entry = workspaceFile.entities;
        if (!entities.has(candidate.key) || !entry || !Object.hasOwn(entry, candidate.name)) continue;
        for (const field of entry[candidate.name]?.state ?? [])
          if (candidate.fields.has(field))
            yield { candidate: candidate.key, field, evidence: { by: 'law', note: 'said in semstate.json' } };
      }
    },
  },
];

/** `status`, `phase`; of booleans `locked`, `isFrozen`: participles say what was done to a thing. */
function namedAsState(name: string, domain: readonly Value[]): boolean {
  const last = wordsOf(name).at(-1) ?? '';
  if (domain.every((value) => typeof value === 'boolean'))
    return /(?:[^e]ed|zen|den|ken)$/.test(last) || ['active', 'open', 'online', 'void', 'paid', 'sold'].includes(last);
  return domain.some((value) => typeof value === 'number') ? NUMBERED.has(last) : STATE_WORDS.has(last);
}

/** Of declared values, but no write was found: the code fills it in ways that were not followed (a schema's `parse`, a copy with changes). */
function unwritten(field: CandidateField, candidates: Candidates): boolean {
  if (declaredDomain(field, candidates) === undefined) return false;
  return [...field.code, ...field.also].every(({ derived, writes }) => !derived && writes.length === 0);
}

function several(domain: readonly Value[] | undefined): boolean {
  return domain !== undefined && domain.length > 1;
}

/** The values given at creation, as text; undefined where one is not known, or where things are also built from stored data. */
function beginnings(field: CandidateField): ReadonlySet<string> | undefined {
  const writes = [...field.code, ...field.also].flatMap((code) => (code.derived ? [] : code.writes));
  const first = writes.filter(({ phase }) => phase === 'initial');
  if (first.length === 0 || writes.some(({ phase }) => phase === 'hydrate')) return undefined;
  if (first.some(({ values }) => values === undefined)) return undefined;
  return new Set(first.flatMap(({ values = [] }) => values.map((value) => canonicalText(value))));
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

function isNothing(value: unknown): boolean {
  return value === null || (typeof value === 'object' && '$type' in value && value.$type === 'undefined');
}

function isMarker(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('$new' in value || '$gone' in value);
}

/** The declared values of a field, over all members of a union; undefined where the domain is not finite. */
export function declaredDomain(field: CandidateField, candidates: Candidates): readonly Declared[] | undefined {
  const values = new Map<string, Declared>();
  let found = false;
  for (const code of field.code) {
    if (code.derived) continue;
    const domain = code.type.domain ?? tags(code.type.target, candidates);
    if (
      !domain ||
      code.type.byId === true ||
      code.type.kind === 'list' ||
      code.type.kind === 'set' ||
      code.type.kind === 'map'
    )
      continue;
    found = true;
    for (const entry of domain) {
      const key = canonicalText(entry.value);
      if (entry.value !== null && (!values.has(key) || values.get(key)?.label === undefined)) values.set(key, entry);
    }
  }
  if (found) return values.size > 1 ? [...values.values()] : undefined;
  return givenValues(field);
}

/** Strings that are the only values ever given to a field without a declared domain, hydration apart. */
function givenValues(field: CandidateField): readonly Declared[] | undefined {
  const code = [...field.code, ...field.also].filter(({ derived }) => !derived);
  if (code.some(({ type }) => type.kind !== 'string' && type.kind !== 'unknown' && type.kind !== 'enum'))
    return undefined;
  const writes = code.flatMap((declared) => declared.writes).filter(({ phase }) => phase !== 'hydrate');
  const values = new Map<string, Declared>();
  for (const { values: given } of writes) {
    if (given === undefined) return undefined;
    for (const value of given) {
      if (typeof value !== 'string') return undefined;
      values.set(value, { value });
    }
  }
  return values.size > 1 ? [...values.values()] : undefined;
}

/** The tags of a union of records in a field (`{ kind: 'open' } | { kind: 'closed', at: Date }`). */
export function tags(target: string | undefined, candidates: Candidates): readonly Declared[] | undefined {
  const tag = tagField(target, candidates);
  return tag?.code.flatMap((code) => code.type.domain ?? []);
}

/** The field whose single literal tells the members of a union apart. */
export function tagField(target: string | undefined, candidates: Candidates): CandidateField | undefined {
  const union = target === undefined ? undefined : candidates.byType.get(target);
  if (!union || union.types[0]?.form !== 'union') return undefined;
  return [...union.fields.values()].find(
    (field) => !field.partial && field.code.length > 1 && field.code.every((code) => code.type.domain?.length === 1),
  );
}

/** Values seen in memory where they are few and repeat; undefined where nothing speaks for a finite domain. */
export function seenDomain(field: CandidateField): readonly Value[] | undefined {
  return fewValues(
    field,
    (value) =>
      typeof value === 'boolean' || (typeof value === 'string' && /^[\p{L}][\p{L}\d _.:-]{0,39}$/u.test(value)),
  );
}

/** The same where small whole numbers may be states too. */
function seenStates(field: CandidateField): readonly Value[] | undefined {
  return (
    seenDomain(field) ??
    fewValues(field, (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 100)
  );
}

function fewValues(field: CandidateField, mayBe: (value: Value) => boolean): readonly Value[] | undefined {
  const values = new Map<string, Value>();
  let present = 0;
  for (const { profile } of field.heap) {
    if (profile.open) return undefined;
    present += profile.present;
    for (const value of profile.distinct) values.set(canonicalText(value), value);
  }
  const list = [...values.values()];
  if (list.length === 0 || list.length > MOST_STATES || !list.every(mayBe)) return undefined;
  return list.length * 2 <= present || list.every((value) => typeof value === 'boolean') ? list : undefined;
}

/** Values seen of a field, whatever their domain. */
export function seenValues(field: CandidateField): readonly Value[] {
  return field.heap.flatMap(({ profile }) => profile.distinct);
}

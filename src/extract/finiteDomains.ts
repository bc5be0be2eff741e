// Fields of finite domain: the declared values, the seen ones, and whether the program changes them after creation.
import type { Evidence, Value, WorkspaceFile } from '../model/index.ts';
import { canonicalText } from '../model/index.ts';
import type { CodeTransition } from '../source/index.ts';
import { ownerOf, type CandidateField, type Candidates } from './candidate.ts';
import { fromMemory, fromSource } from './evidence.ts';
import type { ObservedTransition } from './extraction.ts';
import type { Rule } from './gather.ts';

export interface DomainView {
  readonly candidates: Candidates;
  readonly entities: ReadonlyMap<string, unknown>;
  readonly transitions: readonly CodeTransition[];
  readonly events: readonly ObservedTransition[];
  readonly nameOf: ReadonlyMap<string, string>;
  readonly identityOf: ReadonlyMap<string, { readonly fields: readonly string[] }>;
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

/** The values given at creation, as text; undefined where one is not known, or where things are also built from stored data. */
function beginnings(field: CandidateField): ReadonlySet<string> | undefined {
  const writes = [...field.code, ...field.also].flatMap((code) => (code.derived ? [] : code.writes));
  const first = writes.filter(({ phase }) => phase === 'initial');
  if (first.length === 0 || writes.some(({ phase }) => phase === 'hydrate')) return undefined;
  if (first.some(({ values }) => values === undefined)) return undefined;
  return new Set(first.flatMap(({ values = [] }) => values.map((value) => canonicalText(value))));
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

/** All values seen, where they are few, each is as wanted, and they repeat. */
export function fewValues(field: CandidateField, mayBe: (value: Value) => boolean): readonly Value[] | undefined {
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

// What all earlier stages concluded, in one view for those that write the model down.
import type { Evidence, WorkspaceFile } from '../model/index.ts';
import type { CodeField, CodeTransition } from '../source/index.ts';
import type { Candidate, CandidateField, Candidates } from './candidate.ts';
import type { ObservedTransition } from './extraction.ts';
import type { Reference } from './references.ts';

export interface Concluded {
  readonly candidates: Candidates;
  /** Entities only, in the order of their names. */
  readonly entities: readonly Candidate[];
  /** Known only inside its whole. */
  readonly isPart: (candidate: Candidate) => boolean;
  /** Kept in a store of its own. */
  readonly isKept: (candidate: Candidate) => boolean;
  readonly apart: ReadonlySet<string>;
  readonly reasons: ReadonlyMap<string, readonly Evidence[]>;
  /** Names in the model, by key of the candidate; each once. */
  readonly nameOf: ReadonlyMap<string, string>;
  readonly identityOf: ReadonlyMap<
    string,
    { readonly fields: readonly string[]; readonly evidence: readonly Evidence[] }
  >;
  /** The best reference of each field to an entity: `candidate key.field`. */
  readonly referenceOf: ReadonlyMap<string, Chosen>;
  /** State attributes with their reasons: `candidate key.field`. */
  readonly changing: ReadonlyMap<string, readonly Evidence[]>;
  readonly transitions: readonly CodeTransition[];
  readonly events: readonly ObservedTransition[];
  readonly workspaceFile: WorkspaceFile;
  readonly snapshotId?: string;
}

export interface Chosen extends Reference {
  /** Reasons of all references that agree with it. */
  readonly reasons: readonly Evidence[];
}

export function slot(candidate: { readonly key: string }, field: { readonly name: string } | string): string {
  return `${candidate.key}.${typeof field === 'string' ? field : field.name}`;
}

/** Stored fields: no getters, nothing that holds a service. */
export function storedFields(view: Pick<Concluded, 'candidates' | 'apart'>, candidate: Candidate): CandidateField[] {
  return [...candidate.fields.values()].filter((field) => {
    if (field.code.length > 0 && field.code.every((code) => code.derived || isOperation(code))) return false;
    if (field.code.length === 0 && !holdsData(field)) return false;
    const target = field.code[0]?.type.target;
    const found = target === undefined ? undefined : view.candidates.byType.get(target);
    return !(found && view.apart.has(found.key) && works(found));
  });
}

/** A function that an object literal carries as a method. */
export function isOperation({ type }: CodeField): boolean {
  return type.kind === 'unknown' && /^\(.*\) => /s.test(type.text);
}

/** Functions and handles that hang on an object are no data of it. */
function holdsData(field: CandidateField): boolean {
  return field.heap.some(({ profile }) =>
    [...profile.kinds.keys()].some((kind) => !['function', 'internal', 'symbol', 'weak', 'promise'].includes(kind)),
  );
}

function works(candidate: Candidate): boolean {
  return candidate.types.some((type) =>
    type.roles.some(({ role }) => role === 'service' || role === 'repository' || role === 'framework'),
  );
}

/** For each field the strongest reference whose target is an entity. */
export function choose(
  references: readonly Reference[],
  isEntity: (key: string) => boolean,
  identityOf: Concluded['identityOf'],
): Map<string, Chosen> {
  const lists = new Map<string, Reference[]>();
  for (const reference of references) {
    if (!isEntity(reference.owner) || !isEntity(reference.target)) continue;
    // What a thing is known by is no reference to itself.
    const itself = reference.owner === reference.target && reference.byId;
    if (itself && identityOf.get(reference.owner)?.fields.includes(reference.field) === true) continue;
    const at = `${reference.owner}.${reference.field}`;
    lists.set(at, [...(lists.get(at) ?? []), reference]);
  }
  const chosen = new Map<string, Chosen>();
  for (const [at, list] of lists) {
    const [best] = list.sort((a, b) => b.strength - a.strength || (a.target < b.target ? -1 : 1));
    if (!best) continue;
    const agreeing = list.filter((reference) => reference.target === best.target);
    chosen.set(at, {
      ...best,
      many: agreeing.some((reference) => reference.many),
      reasons: agreeing.map(({ evidence }) => evidence),
    });
  }
  return chosen;
}

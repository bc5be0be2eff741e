// The verdict on each candidate: entity, part of an entity, value object, or none. Reads what the rules of standing found.
import type { Evidence, WorkspaceFile } from '../model/index.ts';
import type { Candidate, Candidates } from './candidate.ts';
import { isOperation } from './concluded.ts';
import type { Reference } from './references.ts';
import type { Standing } from './standing.ts';

export interface Verdict {
  /** Held by another entity, and entity by what it refers to. */
  readonly part: boolean;
  /** In a store of its own. */
  readonly kept: boolean;
  /** In a store, and nothing else speaks for it. */
  readonly loose: boolean;
  readonly evidence: readonly Evidence[];
}

export interface Verdicts {
  /** Entities by key of the candidate, with the reasons. */
  readonly entities: ReadonlyMap<string, Verdict>;
  /** None of the business: their references are not even values. */
  readonly apart: ReadonlySet<string>;
}

/** Parts of parts of parts are as deep as it goes in practice. */
const DEEPEST = 3;

/** Entities that stand on their own, before parts are looked for. */
export function judge(candidates: Candidates, standings: readonly Standing[], file: WorkspaceFile): Verdicts {
  const said = bySubject(standings);
  const entities = new Map<string, Verdict>();
  const apart = new Set<string>();
  for (const candidate of candidates.all) {
    const reasons = said.get(candidate.key) ?? [];
    const says = new Set(reasons.map(({ says: word }) => word));
    const wanted = wantedBy(candidate, file);
    if (wanted === 'no' || (wanted === undefined && says.has('apart'))) {
      apart.add(candidate.key);
      continue;
    }
    const stored = says.has('kept') || says.has('stored');
    const known = (says.has('known') || says.has('listed')) && !says.has('lesser');
    if (wanted === 'yes' || stored || known) {
      const loose = wanted === undefined && !says.has('kept') && !says.has('known');
      entities.set(candidate.key, { part: false, kept: stored, loose, evidence: evidenceOf(reasons) });
    }
  }
  return { entities, apart };
}

/**
 * Things of business hang together. What is only put into some list, never changes and has to do with no other thing is
 * a record the program works with.
 */
export function withoutLoose(candidates: Candidates, whole: Verdicts, references: readonly Reference[]): Verdicts {
  const linked = new Set<string>();
  for (const { owner, target } of references) {
    if (owner === target || !whole.entities.has(owner) || !whole.entities.has(target)) continue;
    linked.add(owner).add(target);
  }
  const stays = ([key, { loose }]: readonly [string, Verdict]): boolean =>
    !loose || linked.has(key) || acts(candidates.byKey.get(key));
  return { ...whole, entities: new Map([...whole.entities].filter(stays)) };
}

/** An object literal with operations of its own: a thing, made without a class. */
function acts(candidate: Candidate | undefined): boolean {
  const lead = candidate?.types[0];
  return lead?.form === 'shape' && lead.fields.filter(isOperation).length > 1;
}

export function withParts(whole: Verdicts, standings: readonly Standing[], references: readonly Reference[]): Verdicts {
  const said = bySubject(standings);
  const entities = new Map(whole.entities);
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const found = partsOf(references, entities, whole.apart, said);
    if (found.size === 0) break;
    for (const [key, evidence] of found) entities.set(key, { part: true, kept: false, loose: false, evidence });
  }
  return { entities, apart: whole.apart };
}

function bySubject(standings: readonly Standing[]): Map<string, Standing[]> {
  const said = new Map<string, Standing[]>();
  for (const standing of standings) said.set(standing.candidate, [...(said.get(standing.candidate) ?? []), standing]);
  return said;
}

function evidenceOf(reasons: readonly Standing[]): Evidence[] {
  return reasons.flatMap(({ evidence }) => (evidence ? [evidence] : []));
}

/** Held in a collection by an entity, and one of its own fields refers to an entity. */
function partsOf(
  references: readonly Reference[],
  entities: ReadonlyMap<string, unknown>,
  apart: ReadonlySet<string>,
  said: ReadonlyMap<string, readonly Standing[]>,
): Map<string, Evidence[]> {
  const parts = new Map<string, Evidence[]>();
  for (const { owner, target, many, byId, evidence } of references) {
    if (!many || byId || !entities.has(owner) || entities.has(target) || apart.has(target)) continue;
    if ((said.get(target) ?? []).some(({ says, why }) => says === 'lesser' && !why.startsWith('value'))) continue;
    const refers = references.find((other) => other.owner === target && entities.has(other.target));
    const alive = (said.get(target) ?? []).some(({ says }) => says === 'known');
    if (refers || alive)
      parts.set(target, [...(parts.get(target) ?? []), evidence, ...(refers ? [refers.evidence] : [])]);
  }
  return parts;
}

export function matchesName(pattern: string, name: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(name);
}

function wantedBy(candidate: Candidate, file: WorkspaceFile): 'yes' | 'no' | undefined {
  const override =
    file.entities && Object.hasOwn(file.entities, candidate.name) ? file.entities[candidate.name] : undefined;
  if (override?.ignore === true || file.ignore?.some((pattern) => matchesName(pattern, candidate.name))) return 'no';
  // Naming a type in the workspace file, with an identity, says that it is one.
  return override?.ignore === false || override?.identity !== undefined ? 'yes' : undefined;
}

// Why a fact is here: source lines, counts in memory, rules. Every element of the model ends with a list of these.
import type { Evidence, EvidenceKind, SourcePosition, Status } from '../model/index.ts';
import { canonicalText } from '../model/index.ts';

/** Enough for a person to be convinced; the count says how many there are. */
const MOST = 12;

export function fromSource(by: EvidenceKind, source: SourcePosition, note?: string): Evidence {
  return { by, source, ...(note !== undefined && { note }) };
}

export function fromMemory(by: EvidenceKind, snapshot: string | undefined, count: number, note?: string): Evidence {
  return { by, ...(snapshot !== undefined && { snapshot }), count, ...(note !== undefined && { note }) };
}

/** Each once; in the order given, so that the leading reason stays first. */
export function evidenceList(list: readonly Evidence[]): readonly Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const evidence of list) {
    const text = canonicalText(evidence);
    if (!seen.has(text)) seen.set(text, evidence);
  }
  return [...seen.values()].slice(0, MOST);
}

export function statusOf(declared: boolean, seen: boolean): Status {
  return declared ? (seen ? 'confirmed' : 'declared') : 'observed';
}

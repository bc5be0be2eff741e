// What a link in the model document says, when it comes back as a command's argument: from a document, so from anyone.
import type { EvidenceLink } from './evidenceLinks.ts';

export function parseReference(given: unknown): Pick<EvidenceLink, 'entity' | 'by'> | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { entity, by } = given as { readonly entity?: unknown; readonly by?: unknown };
  if (typeof entity !== 'string' || (by !== 'instance' && by !== 'event')) return undefined;
  return { entity, by };
}

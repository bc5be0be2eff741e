// Evidence in the model document that is no line of source: instances, values, references and events, by the entity whose section it
// stands in. Knows the document's text.

export interface EvidenceLink {
  /** Offsets in the text. */
  readonly from: number;
  readonly to: number;
  readonly entity: string;
  readonly by: 'instance' | 'event';
}

/** Before how often and where it was seen there may be a line of source, as a link or not. */
const EVIDENCE =
  /(?<![\w-])(instance|value|reference|event)(?= (?:\[?`[^`]+`(?:\]\([^)]*\))? )?(?:once|\d+ times|in snapshot)\b)/g;

export function evidenceLinks(text: string): EvidenceLink[] {
  const links: EvidenceLink[] = [];
  let entity: string | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) entity = /^## (`+) ?(.+?) ?\1$/.exec(line)?.[2];
    if (entity !== undefined)
      for (const match of line.matchAll(EVIDENCE)) {
        const from = at + match.index;
        links.push({ from, to: from + match[0].length, entity, by: match[0] === 'event' ? 'event' : 'instance' });
      }
    at += line.length + 1;
  }
  return links;
}

// A link to a place in a stored timeline: `vscode://PUBLISHER.NAME/open?{"store":...,"at":...,"entity":...,"id":...}`, percent-encoded.
// The query is one JSON text, since editors decode it before they hand it over, and a name may hold what separates parameters.
// What comes in is hostile text; whether the file is there is not known here.
import type { EntityRef } from '../model/index.ts';

/** Publisher and name of the extension: the authority by which an editor finds who answers. */
export const EXTENSION_ID = 'semantic-state-debugger.semantic-state-debugger';
const PATH = '/open';
/** Files of timelines; a link opens no other. */
const TIMELINE = /\.semstate$/i;
const ABSOLUTE = /^(\/|[A-Za-z]:[\\/]|\\\\)/;
const SCHEME = /^[a-z][a-z0-9.+-]*$/i;

export interface TimelinePlace {
  /** Absolute path of the timeline. */
  readonly store: string;
  /** The number of the stop; absent: where the timeline is opened. */
  readonly seq?: number;
  readonly focus?: EntityRef;
}

/** @param scheme the editor's own: `vscode`, `vscode-insiders`, ... */
export function writeTimelineLink({ store, seq, focus }: TimelinePlace, scheme = 'vscode'): string {
  const json = JSON.stringify({ store, at: seq, ...(focus && { entity: focus.entity, id: focus.id }) });
  // Brackets and quotes too: the link is to stand in Markdown and in angle brackets unharmed.
  const query = encodeURIComponent(json.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return `${SCHEME.test(scheme) ? scheme : 'vscode'}://${EXTENSION_ID}${PATH}?${query}`;
}

/** The place a link names, as it is written; undefined where it is none of ours or a part of it is not as it should be. */
export function readTimelineLink(link: string): TimelinePlace | undefined {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url?.host.toLowerCase() !== EXTENSION_ID) return undefined;
  try {
    return readTimelinePlace(url.pathname, decodeURIComponent(url.search.slice(1)));
  } catch {
    return undefined;
  }
}

/** The same from a path and a query that was decoded already, as an editor hands them over. */
export function readTimelinePlace(path: string, query: string): TimelinePlace | undefined {
  if (path !== PATH) return undefined;
  const { store, at, entity, id } = fieldsOf(query);
  if (typeof store !== 'string' || !TIMELINE.test(store) || !ABSOLUTE.test(store) || store.includes('\0'))
    return undefined;
  if (at !== undefined && !(Number.isSafeInteger(at) && (at as number) >= 0)) return undefined;
  const place = { store, ...(at !== undefined && { seq: at as number }) };
  if (entity === undefined) return place;
  if (typeof entity !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) return undefined;
  return { ...place, focus: { entity, id } };
}

function fieldsOf(json: string): { readonly [name: string]: unknown } {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

// The `semstate` section that a capture adds to a snapshot: what the graph itself cannot say. Other readers skip it.
// Its form is declared here as it is read: every part is optional, since anyone may have written the file.
import type { HeapScript } from '../heapGraph.ts';

export interface HeapNotes {
  readonly scripts: ReadonlyMap<number, HeapScript>;
  readonly target: { readonly [name: string]: string };
}

export const NO_NOTES: HeapNotes = { scripts: new Map(), target: {} };

const text = (value: unknown): value is string => typeof value === 'string';

function scriptOf(entry: unknown): HeapScript | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const fields: { id?: unknown; url?: unknown; sourceMap?: unknown; text?: unknown; hash?: unknown } = entry;
  if (!Number.isSafeInteger(fields.id) || !text(fields.url)) return undefined;
  return {
    id: Number(fields.id),
    url: fields.url,
    ...(text(fields.sourceMap) && { sourceMap: fields.sourceMap }),
    ...(text(fields.text) && { text: fields.text }),
    ...(text(fields.hash) && { hash: fields.hash }),
  };
}

/** Reads the section; undefined where it has another form. */
export function readNotes(section: unknown): HeapNotes | undefined {
  if (typeof section !== 'object' || section === null) return undefined;
  const fields: { version?: unknown; scripts?: unknown; target?: unknown } = section;
  if (fields.version !== 1) return undefined;
  const scripts = new Map<number, HeapScript>();
  for (const entry of Array.isArray(fields.scripts) ? (fields.scripts as unknown[]) : []) {
    const script = scriptOf(entry);
    if (script) scripts.set(script.id, script);
  }
  const target =
    typeof fields.target === 'object' && fields.target !== null
      ? Object.fromEntries(Object.entries(fields.target).filter((pair): pair is [string, string] => text(pair[1])))
      : {};
  return { scripts, target };
}

// The program's scripts as V8 keeps them: number, url, text, and lines and columns of positions in them.
import type { HeapLocation, HeapScript } from '../heapGraph.ts';
import type { HiddenClasses } from './hiddenClasses.ts';
import type { MemoryImage } from './image.ts';
import type { Texts } from './texts.ts';

/** Words of a script. */
const SOURCE = 1;
const NAME = 2;
const LINE_OFFSET = 3;
const COLUMN_OFFSET = 4;
const ID = 8;
const SOURCE_URL = 14;
const MAP_URL = 15;

const INLINE_MAP = /^data:application\/json[^,]*?(;base64)?,/;

/** A script of the program: not the runtime's, not a dependency's, not what a debugger evaluated. */
function isOwn(url: string): boolean {
  return url.startsWith('file:') && !url.includes('/node_modules/');
}

export class Scripts {
  readonly #image: MemoryImage;
  readonly #classes: HiddenClasses;
  readonly #texts: Texts;
  /** First positions of lines, by script; undefined where the text could not be read. */
  readonly #lines = new Map<number, Uint32Array | undefined>();

  constructor(image: MemoryImage, classes: HiddenClasses, texts: Texts) {
    this.#image = image;
    this.#classes = classes;
    this.#texts = texts;
  }

  /** The scripts among live objects; what the capture knew of one (its map, its hash) goes with it. */
  list(objects: Uint32Array, scriptType: number, noted: readonly HeapScript[]): Map<number, HeapScript> {
    const found = new Map<number, HeapScript>();
    const notes = new Map(noted.map((script) => [script.id, script]));
    for (const at of objects) {
      if (this.#classes.typeOf(at) !== scriptType) continue;
      const id = this.#image.smi(at + ID);
      const url = this.#url(at);
      if (url === undefined || !this.#image.isSmi(at + ID)) continue;
      const map = this.#inlineMap(at);
      const known = notes.get(id) ?? { id, url, ...(map !== undefined && { sourceMap: map }) };
      const text = isOwn(known.url) ? this.#texts.of(this.#image.pointer(at + SOURCE)) : undefined;
      found.set(id, { ...known, ...(text !== undefined && text !== '' && { text }) });
    }
    for (const script of noted) if (!found.has(script.id)) found.set(script.id, script);
    return found;
  }

  /** As the inspector says it: files as file urls. */
  #url(at: number): string | undefined {
    const named = this.#texts.of(this.#image.pointer(at + SOURCE_URL));
    const text = named !== undefined && named !== '' ? named : this.#texts.of(this.#image.pointer(at + NAME));
    if (text === undefined) return undefined;
    return text.startsWith('/') ? `file://${encodeURI(text).replace(/[?#]/g, encodeURIComponent)}` : text;
  }

  #inlineMap(at: number): string | undefined {
    const url = this.#texts.of(this.#image.pointer(at + MAP_URL));
    const match = url === undefined ? null : INLINE_MAP.exec(url);
    if (!match || url === undefined) return undefined;
    const body = url.slice(match[0].length);
    try {
      return match[1]
        ? new TextDecoder().decode(Uint8Array.from(atob(body), (c) => c.charCodeAt(0)))
        : decodeURIComponent(body);
    } catch {
      return undefined;
    }
  }

  /** Zero-based line and column of a position. */
  locate(script: number, position: number): HeapLocation | undefined {
    if (!this.#lines.has(script)) this.#lines.set(script, this.#readLines(script));
    const lines = this.#lines.get(script);
    if (!lines) return undefined;
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((lines[middle] as number) <= position) low = middle;
      else high = middle - 1;
    }
    const image = this.#image;
    const shift = low === 0 && image.isSmi(script + COLUMN_OFFSET) ? image.smi(script + COLUMN_OFFSET) : 0;
    return {
      script: image.smi(script + ID),
      line: low + (image.isSmi(script + LINE_OFFSET) ? image.smi(script + LINE_OFFSET) : 0),
      column: position - (lines[low] as number) + shift,
    };
  }

  #readLines(script: number): Uint32Array | undefined {
    const text = this.#texts.of(this.#image.pointer(script + SOURCE));
    if (text === undefined) return undefined;
    const starts = [0];
    for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
    return Uint32Array.from(starts);
  }
}

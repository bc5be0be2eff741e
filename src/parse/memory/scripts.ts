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

/** Further than the scripts of one thread reach. */
const THREAD_STEP = 1_000_000;

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
  /** Numbers given out, by script: threads count theirs each for themselves, so one whose number is taken gets another. */
  readonly #numbers = new Map<number, number>();
  readonly #taken = new Set<number>();

  constructor(image: MemoryImage, classes: HiddenClasses, texts: Texts) {
    this.#image = image;
    this.#classes = classes;
    this.#texts = texts;
  }

  /** The scripts among live objects; what the capture knew of one (its map, its hash) goes with it. */
  list(objects: Uint32Array, scriptType: number, noted: readonly HeapScript[]): Map<number, HeapScript> {
    const found = new Map<number, HeapScript>();
    const notes = new Map(noted.map((script) => [script.id, script]));
    const named = [...objects].flatMap((at) => {
      if (this.#classes.typeOf(at) !== scriptType || !this.#image.isSmi(at + ID)) return [];
      const url = this.#url(at);
      return url === undefined ? [] : [{ at, url, note: notes.get(this.#image.smi(at + ID)) }];
    });
    // Those that the capture knew keep their number: it knew those of the main thread.
    const exact = new Set<number>();
    for (const { at, url, note } of named) if (note?.url === url) exact.add(this.#numberOf(at));
    for (const { at, url, note } of named) {
      const id = this.#numberOf(at);
      const map = this.#inlineMap(at);
      const known =
        note && (note.url === url || !exact.has(note.id))
          ? { ...note, id }
          : { id, url, ...(map !== undefined && { sourceMap: map }) };
      const text = isOwn(known.url) ? this.#texts.of(this.#image.pointer(at + SOURCE)) : undefined;
      found.set(id, { ...known, ...(text !== undefined && text !== '' && { text }) });
    }
    for (const script of noted) if (!found.has(script.id)) found.set(script.id, script);
    return found;
  }

  #numberOf(at: number): number {
    const known = this.#numbers.get(at);
    if (known !== undefined) return known;
    let number = this.#image.smi(at + ID);
    while (this.#taken.has(number)) number += THREAD_STEP;
    this.#numbers.set(at, number);
    this.#taken.add(number);
    return number;
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
      script: this.#numberOf(script),
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

// Text put into a script without moving its lines: openers, closers and replacements around nodes that nest. Pure.
import type { TextEdit } from './plan.ts';

export class Edits {
  readonly #edits: (TextEdit & { readonly rank: number; readonly order: number })[] = [];
  readonly #text: string;
  /** To which site what is put from now on belongs. */
  site = -1;
  /** What is put from now on is not put. */
  isMuted = false;

  constructor(text: string) {
    this.#text = text;
  }

  get length(): number {
    return this.#edits.length;
  }

  /** Before a node; to be called for the outer node first. */
  open(at: number, text: string): void {
    this.#add(at, at, text, 1);
  }

  /** After a node; to be called for the inner node first. */
  close(at: number, text: string): void {
    this.#add(at, at, text, 0);
  }

  /** In the place of tokens; line breaks among them stay. */
  replace(start: number, end: number, text: string): void {
    const breaks = this.#text.slice(start, end).match(/\r\n|[\n\r\u2028\u2029]/g) ?? [];
    this.#add(start, end, text + breaks.join(''), 2);
  }

  sorted(): TextEdit[] {
    return [...this.#edits]
      .sort((a, b) => a.start - b.start || a.rank - b.rank || a.order - b.order)
      .map(({ start, end, text, site }) => ({ start, end, text, site }));
  }

  #add(start: number, end: number, text: string, rank: number): void {
    if (!this.isMuted) this.#edits.push({ start, end, text, rank, order: this.#edits.length, site: this.site });
  }
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, text: put } of edits) {
    parts.push(text.slice(from, start), put);
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** Offset in the original for an offset in the edited text; within put text: where it was put. */
export function originalOffset(edits: readonly TextEdit[], offset: number): number {
  let moved = 0;
  for (const { start, end, text } of edits) {
    const at = start + moved;
    if (offset < at) break;
    if (offset < at + text.length) return start;
    moved += text.length - (end - start);
  }
  return offset - moved;
}

export function lineCount(text: string): number {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).length;
}

/** Offset in the edited text for one in the original. @param isAfter what is put at the very place comes before it */
export function editedOffset(edits: readonly TextEdit[], offset: number, isAfter = false): number {
  let moved = 0;
  for (const { start, end, text } of edits) {
    if (start > offset || (start === offset && !isAfter)) break;
    moved += text.length - (Math.min(end, offset) - start);
  }
  return offset + moved;
}

/** Offsets at which V8's lines begin. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: found } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(index + found.length);
  return starts;
}

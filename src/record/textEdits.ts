// Text put into a script without moving its lines: openers, closers and replacements around nodes that nest. Pure.
import type { TextEdit } from './plan.ts';

export class Edits {
  readonly #edits: (TextEdit & { readonly rank: number; readonly order: number })[] = [];
  readonly #text: string;

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
      .map(({ start, end, text }) => ({ start, end, text }));
  }

  #add(start: number, end: number, text: string, rank: number): void {
    this.#edits.push({ start, end, text, rank, order: this.#edits.length });
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

/** V8 compares changed lines that follow each other token by token up to this length; beyond it takes all of them for new. */
const LONGEST_CHANGE = 780;

/** Zero-based numbers of changed lines that are together too long to be taken over by functions that exist already. */
export function linesTooLong(text: string, edits: readonly TextEdit[]): ReadonlySet<number> {
  const lines = text.split('\n');
  const grown = new Map<number, number>();
  let [line, start] = [0, 0];
  for (const edit of edits) {
    while (line < lines.length - 1 && edit.start > start + (lines[line]?.length ?? 0))
      start += (lines[line++]?.length ?? 0) + 1;
    grown.set(line, (grown.get(line) ?? lines[line]?.length ?? 0) + edit.text.length);
  }
  const tooLong = new Set<number>();
  let run: number[] = [];
  let total = 0;
  for (const [at, length] of [...grown, [Infinity, 0] as const]) {
    if (run.length > 0 && at !== (run.at(-1) ?? 0) + 1) {
      if (total > LONGEST_CHANGE) for (const each of run) tooLong.add(each);
      [run, total] = [[], 0];
    }
    run.push(at);
    total += length + 1;
  }
  return tooLong;
}

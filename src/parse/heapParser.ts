// Streams a V8 heap snapshot into columns. Sections may come in any order; what is unknown is passed over.
// It never throws on odd input and keeps no more memory than the bytes it was given justify.
import type { Problem } from '../model/index.ts';
import type { HeapParser, ParseResult } from './parser.ts';
import { EdgeRows, LocationRows, NodeRows } from './v8/columns.ts';
import { IntegerScanner, type RowText } from './v8/integerScanner.ts';
import { JsonSkipper } from './v8/jsonSkipper.ts';
import { readLayout, type SnapshotLayout } from './v8/layout.ts';
import { NO_NOTES, readNotes, type HeapNotes } from './v8/notes.ts';
import { StringTable } from './v8/stringTable.ts';
import { finishGraph } from './v8/graph.ts';

/** A header is a few kilobytes; notes hold source maps and may be large. */
const HEADER_LIMIT = 1 << 22;
const NOTES_LIMIT = 1 << 28;
const KEY_LIMIT = 256;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const ROW_SECTIONS = ['nodes', 'edges', 'locations'] as const;
type RowSection = (typeof ROW_SECTIONS)[number];
type Rows = { accept(batch: Float64Array, count: number): void };

const NOT_OURS = 'This is not a V8 heap snapshot';

export function createSnapshotParser(): HeapParser {
  return new SnapshotReader();
}

class SnapshotReader implements HeapParser {
  readonly #problems: Problem[] = [];
  readonly #seen = new Set<string>();
  readonly #strings = new StringTable();
  /** Numbers that came before the header said what they mean. */
  readonly #waiting = new Map<RowSection, Float64Array[]>();
  #layout: SnapshotLayout | undefined;
  #nodes: NodeRows | undefined;
  #edges: EdgeRows | undefined;
  #locations: LocationRows | undefined;
  #notes: HeapNotes = NO_NOTES;
  #place: 'start' | 'key' | 'inKey' | 'colon' | 'value' | 'numbers' | 'strings' | 'skip' | 'done' | 'foreign' = 'start';
  #key: number[] = [];
  #name = '';
  #numbers: IntegerScanner | undefined;
  #skipper: JsonSkipper | undefined;
  #bytes = 0;
  #ended = false;

  write(chunk: Uint8Array): void {
    let at = 0;
    this.#bytes += chunk.length;
    while (at < chunk.length && this.#place !== 'done' && this.#place !== 'foreign') at = this.#step(chunk, at);
  }

  /** Reads on from `at` in the present place; gives the position after what was read. */
  #step(chunk: Uint8Array, at: number): number {
    switch (this.#place) {
      case 'numbers':
        return this.#readNumbers(chunk, at);
      case 'strings':
        return this.#readStrings(chunk, at);
      case 'skip':
        return this.#readSkipped(chunk, at);
      default:
        // A value that is passed over is read from its first byte on.
        return this.#readByte(chunk[at] as number) ? at + 1 : at;
    }
  }

  /** The outer object, byte by byte: it has a dozen keys. False where the byte belongs to what comes next. */
  #readByte(byte: number): boolean {
    const blank = byte <= 0x20;
    switch (this.#place) {
      case 'start':
        if (!blank && !BYTE_ORDER_MARK.includes(byte)) this.#place = byte === 0x7b ? 'key' : 'foreign';
        return true;
      case 'key':
        if (byte === 0x22) {
          this.#key = [];
          this.#place = 'inKey';
        } else if (byte === 0x7d) this.#place = 'done';
        else if (!blank && byte !== 0x2c) this.#place = 'foreign';
        return true;
      case 'inKey':
        if (byte === 0x22) this.#place = 'colon';
        else if (this.#key.length < KEY_LIMIT) this.#key.push(byte);
        return true;
      case 'colon':
        if (byte === 0x3a) this.#place = 'value';
        else if (!blank) this.#place = 'foreign';
        return true;
      case 'value':
        return blank || this.#begin(String.fromCharCode(...this.#key), byte);
      default:
        return true;
    }
  }

  /** Chooses how the value of a key is read, from its first byte. True where that byte is used up. */
  #begin(name: string, byte: number): boolean {
    this.#name = name;
    const isArray = byte === 0x5b;
    const rows = ROW_SECTIONS.find((section) => section === name);
    const wanted = rows !== undefined || name === 'strings' || name === 'snapshot' || name === 'semstate';
    const repeated = wanted && this.#seen.has(name);
    if (wanted) this.#seen.add(name);
    if (repeated) this.#problem('duplicate-section', `The snapshot has "${name}" twice; the first one counts.`);
    else if (rows && isArray) {
      this.#numbers = new IntegerScanner((batch, count) => this.#take(rows, batch, count), this.#text(rows));
      this.#place = 'numbers';
      return true;
    } else if (name === 'strings' && isArray) {
      this.#place = 'strings';
      return true;
    }
    if (repeated) this.#name = '';
    const limit = repeated ? 0 : name === 'snapshot' ? HEADER_LIMIT : name === 'semstate' ? NOTES_LIMIT : 0;
    this.#skipper = new JsonSkipper(limit);
    this.#place = 'skip';
    return false;
  }

  #readNumbers(chunk: Uint8Array, at: number): number {
    const scanner = this.#numbers as IntegerScanner;
    let next = chunk.length;
    try {
      next = scanner.scan(chunk, at);
    } catch (error) {
      this.#tooLarge(error);
      return next;
    }
    if (scanner.closed) this.#place = 'key';
    else if (scanner.foreign) this.#leaveArray(this.#name);
    return next;
  }

  #readStrings(chunk: Uint8Array, at: number): number {
    let next = chunk.length;
    try {
      next = this.#strings.scan(chunk, at);
    } catch (error) {
      this.#tooLarge(error);
      return next;
    }
    if (this.#strings.closed) this.#place = 'key';
    else if (this.#strings.foreign) this.#leaveArray('strings');
    return next;
  }

  /** The rest of an array that holds something else than it should is passed over. */
  #leaveArray(name: string): void {
    this.#problem('bad-section', `"${name}" holds something that does not belong there; the rest of it is left out.`);
    this.#skipper = new JsonSkipper(0, 1);
    this.#name = '';
    this.#place = 'skip';
  }

  #readSkipped(chunk: Uint8Array, at: number): number {
    const skipper = this.#skipper as JsonSkipper;
    const next = skipper.scan(chunk, at);
    if (skipper.closed) {
      this.#place = 'key';
      if (this.#name === 'snapshot') this.#readHeader(skipper.value());
      else if (this.#name === 'semstate') this.#readNotes(skipper);
      this.#skipper = undefined;
    }
    return next;
  }

  #readHeader(header: unknown): void {
    const layout = readLayout(header);
    if (!layout) return;
    this.#layout = layout;
    this.#nodes = new NodeRows(layout);
    this.#edges = new EdgeRows(layout);
    if (layout.locations) this.#locations = new LocationRows(layout, layout.locations);
    for (const [section, batches] of this.#waiting) {
      for (const batch of batches) this.#rows(section)?.accept(batch, batch.length);
    }
    this.#waiting.clear();
  }

  #readNotes(skipper: JsonSkipper): void {
    const notes = readNotes(skipper.value());
    if (notes) this.#notes = notes;
    else if (skipper.oversized) this.#problem('notes-too-large', 'The notes of the capture are too large to be read.');
    else this.#problem('bad-notes', 'The notes of the capture ("semstate") have a form that is not known.');
  }

  #rows(section: RowSection): Rows | undefined {
    return section === 'nodes' ? this.#nodes : section === 'edges' ? this.#edges : this.#locations;
  }

  #text(section: RowSection): RowText | undefined {
    return section === 'nodes' ? this.#nodes?.text() : section === 'edges' ? this.#edges?.text() : undefined;
  }

  #take(section: RowSection, batch: Float64Array, count: number): void {
    if (this.#layout) {
      this.#rows(section)?.accept(batch, count);
      return;
    }
    const waiting = this.#waiting.get(section) ?? [];
    waiting.push(batch.slice(0, count));
    this.#waiting.set(section, waiting);
  }

  #tooLarge(error: unknown): void {
    this.#problem('too-large', `The snapshot does not fit into memory: ${String(error)}.`);
    this.#place = 'done';
  }

  #problem(code: string, message: string): void {
    // A hostile file can repeat one fault a million times.
    if (!this.#problems.some((known) => known.message === message)) this.#problems.push({ code, message });
  }

  end(): ParseResult {
    if (this.#ended)
      return { graph: undefined, problems: [{ code: 'ended', message: 'The parser was ended before.' }] };
    this.#ended = true;
    try {
      this.#numbers?.flush();
    } catch (error) {
      this.#tooLarge(error);
    }
    const layout = this.#layout;
    if (!layout || !this.#nodes || !this.#edges) {
      this.#problem(...this.#whyForeign());
      return { graph: undefined, problems: this.#problems };
    }
    if (this.#place === 'foreign')
      this.#problem('bad-section', 'After a section stands something that is no JSON; the rest is left out.');
    else if (this.#place !== 'done')
      this.#problem('torn', `The file ends after ${this.#bytes} bytes, before the snapshot does.`);
    const { nodeCount, edgeCount } = layout;
    const parts = { nodes: this.#nodes, edges: this.#edges, locations: this.#locations, strings: this.#strings };
    try {
      const graph = finishGraph({ ...parts, notes: this.#notes, nodeCount, edgeCount, problems: this.#problems });
      return { graph, problems: graph.problems };
    } catch (error) {
      this.#tooLarge(error);
      return { graph: undefined, problems: this.#problems };
    }
  }

  #whyForeign(): [string, string] {
    if (this.#bytes === 0) return ['empty', 'The file is empty.'];
    if (this.#seen.has('snapshot') && this.#place === 'skip')
      return ['torn', `The file ends after ${this.#bytes} bytes, within the header of the snapshot.`];
    if (this.#seen.has('snapshot') && this.#place !== 'foreign')
      return ['unknown-layout', 'The header of the snapshot does not say how its nodes and edges are laid out.'];
    if (this.#place === 'foreign' || this.#place === 'start')
      return ['not-a-heap-snapshot', `${NOT_OURS}: it does not begin as one.`];
    return ['not-a-heap-snapshot', `${NOT_OURS}: it is JSON without a "snapshot" section.`];
  }
}

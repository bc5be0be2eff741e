// Streams a captured memory into one piece of memory of its own size, then opens it. It never throws on odd input, and a header
// that promises more than the file holds costs nothing: room is made as bytes come.
import type { Problem } from '../../model/index.ts';
import type { HeapParser, ParseResult } from '../parser.ts';
import { openGraph } from './graph.ts';
import { type ImageHeader, MEMORY_MAGIC, MemoryImage, PAGE } from './image.ts';
import { readHeader } from './header.ts';
import { readLayout } from './layout.ts';

const LEAD = MEMORY_MAGIC.length + 4;
/** Constants, runs of pages and source maps. */
const LARGEST_HEADER = 1 << 28;
/** Memory that is never written to costs nothing. */
const ROOM = 1 << 30;

export class MemoryReader implements HeapParser {
  #head = new Uint8Array(1 << 16);
  #headSize = 0;
  #header: ImageHeader | undefined;
  #problem: Problem | undefined;
  #pages = new Uint8Array(0);
  /** The first page is left empty: index 0 stands for nothing. */
  #size = PAGE;
  #expected = PAGE;
  #ended = false;

  write(chunk: Uint8Array): void {
    let rest = chunk;
    if (!this.#header && !this.#problem) rest = this.#readHead(rest);
    if (!this.#header || this.#problem) return;
    const wanted = rest.subarray(0, Math.max(0, this.#expected - this.#size));
    if (this.#size + wanted.length > this.#pages.length) this.#grow(this.#size + wanted.length);
    this.#pages.set(wanted, this.#size);
    this.#size += wanted.length;
  }

  /** All the room at once while that is little enough to be promised in vain, else twice the room each time. */
  #grow(needed: number): void {
    const size = Math.min(this.#expected, Math.max(needed, this.#pages.length * 2, ROOM));
    const larger = new Uint8Array(Math.ceil(size / PAGE) * PAGE);
    larger.set(this.#pages.subarray(0, this.#size));
    this.#pages = larger;
  }

  /** Gathers the header; gives the bytes after it. */
  #readHead(chunk: Uint8Array): Uint8Array {
    const needed = this.#headNeeded();
    const taken = chunk.subarray(0, needed - this.#headSize);
    if (this.#head.length < this.#headSize + taken.length) {
      const larger = new Uint8Array(Math.max(this.#head.length * 2, this.#headSize + taken.length));
      larger.set(this.#head.subarray(0, this.#headSize));
      this.#head = larger;
    }
    this.#head.set(taken, this.#headSize);
    this.#headSize += taken.length;
    const rest = chunk.subarray(taken.length);
    if (this.#headSize < needed) return rest;
    if (needed === LEAD) {
      const size = this.#headNeeded() - LEAD;
      if (size === 0 || size > LARGEST_HEADER) this.#problem = damaged('its header has an impossible size');
      return this.#problem ? rest : this.#readHead(rest);
    }
    const header = readHeader(this.#head.subarray(LEAD, needed));
    if (typeof header === 'string') this.#problem = damaged(header);
    else {
      this.#header = header;
      this.#expected = PAGE + header.runs.reduce((sum, [, pages]) => sum + pages * PAGE, 0);
    }
    this.#head = new Uint8Array(0);
    return rest;
  }

  #headNeeded(): number {
    if (this.#headSize < LEAD) return LEAD;
    const view = new DataView(this.#head.buffer, this.#head.byteOffset, this.#head.byteLength);
    return LEAD + view.getUint32(MEMORY_MAGIC.length, true);
  }

  end(): ParseResult {
    if (this.#ended) return { graph: undefined, problems: [] };
    this.#ended = true;
    const header = this.#header;
    if (this.#problem || !header) return failed(this.#problem ?? damaged('it ends within its header'));
    const layout = readLayout(header.constants);
    if ('missing' in layout) {
      return failed({
        code: 'unknown-v8',
        message: `The memory is of a Node.js whose layout is not known: ${layout.missing.slice(0, 5).join(', ')}.`,
      });
    }
    const whole = Math.floor(this.#size / PAGE) * PAGE;
    const buffer = (this.#pages.length === whole ? this.#pages : this.#pages.slice(0, whole)).buffer as ArrayBuffer;
    this.#pages = new Uint8Array(0);
    const graph = openGraph(new MemoryImage(buffer, header.runs, header.mapped), layout.layout, header);
    const torn: Problem[] =
      this.#size < this.#expected
        ? [{ code: 'torn', message: `The file ends early: ${this.#size} of ${this.#expected} bytes are there.` }]
        : [];
    if (graph.globals().length === 0 && graph.nodeCount === 0)
      return failed(graph.problems[0] ?? damaged('no object was found'));
    return { graph, problems: [...torn, ...graph.problems] };
  }
}

function damaged(why: string): Problem {
  return { code: 'damaged', message: `The captured memory cannot be read: ${why}.` };
}

function failed(problem: Problem): ParseResult {
  return { graph: undefined, problems: [problem] };
}

// The memory of a process as it was copied: pages laid one after another, found again by their address.
// Knows addresses and words, nothing of V8. A file that lies about itself costs no more memory than it has bytes.
import type { HeapScript } from '../heapGraph.ts';

/** First bytes of a captured memory: sixteen of text, then the length of the header (32 bits, little-endian), the header as JSON, the pages. */
export const MEMORY_MAGIC = 'semstate-memory\n';
export const PAGE = 4096;
export const WORDS = PAGE / 8;

/** What the file says of itself. */
export interface ImageHeader {
  readonly version: 1;
  /** Values of the `v8dbg_` symbols of the binary, without that prefix. */
  readonly constants: { readonly [name: string]: number };
  /** Pages in the file: first address in hexadecimal and how many follow each other, in order. */
  readonly runs: readonly (readonly [address: string, pages: number])[];
  /** Memory that the program had, copied or not: what was not copied of it was never touched. */
  readonly mapped: readonly (readonly [address: string, pages: number])[];
  /** Whether the main thread was idle in its event loop when it was stopped: no half-built object, no JavaScript on its stack. */
  readonly safe: boolean;
  readonly target: { readonly [name: string]: string };
  readonly scripts: readonly HeapScript[];
}

const BLOCK_PAGES = 64;
const EMPTY = -1;

export class MemoryImage {
  /** All pages as 32-bit words, two for each word of the target. Page 0 is none of the target's: index 0 stands for nothing. */
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;
  readonly floats: Float64Array;
  readonly pages: number;
  /** For each page the end of the pages that follow it in the target too. */
  readonly #runEnd: Uint32Array;
  /** Addresses of the first page of each run, and its place here, in order. */
  readonly #starts: { readonly address: number; readonly page: number; pages: number }[] = [];
  /** Blocks of 256 KB by number, open addressing; the pages of each. */
  readonly #keys: Int32Array;
  readonly #mask: number;
  readonly #table: Uint32Array;
  readonly #mapped: readonly (readonly [from: number, bytes: number])[];
  #lastKey = EMPTY;
  #lastSlot = 0;

  constructor(buffer: ArrayBuffer, runs: ImageHeader['runs'], mapped: ImageHeader['mapped'] = []) {
    this.#mapped = mapped.map(([text, pages]) => [Number.parseInt(text, 16), pages * PAGE]);
    this.words = new Uint32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.floats = new Float64Array(buffer);
    this.pages = Math.floor(buffer.byteLength / PAGE);
    this.#runEnd = new Uint32Array(this.pages + 1);
    let page = 1;
    let blocks = 0;
    for (const [text, count] of runs) {
      const address = Number.parseInt(text, 16);
      if (!Number.isSafeInteger(address) || address % PAGE !== 0 || !(count > 0) || page >= this.pages) continue;
      const fit = Math.min(count, this.pages - page);
      const last = this.#starts.at(-1);
      // Neighbours here and there: an object may begin in one run and end in the next.
      const joined =
        last !== undefined && last.address + last.pages * PAGE === address && last.page + last.pages === page;
      if (joined) last.pages += fit;
      else this.#starts.push({ address, page, pages: fit });
      page += fit;
      blocks += Math.ceil(fit / BLOCK_PAGES) + 1;
    }
    this.#starts.sort((a, b) => a.address - b.address);
    let size = 1024;
    while (size < blocks * 2) size *= 2;
    this.#mask = size - 1;
    this.#keys = new Int32Array(size).fill(EMPTY);
    this.#table = new Uint32Array(size * BLOCK_PAGES);
    for (const run of this.#starts) {
      this.#runEnd.fill(run.page + run.pages, run.page, run.page + run.pages);
      for (let n = 0; n < run.pages; n++) {
        const number = run.address / PAGE + n;
        const slot = this.#slot(Math.floor(number / BLOCK_PAGES), true);
        this.#table[slot * BLOCK_PAGES + (number % BLOCK_PAGES)] = run.page + n;
      }
    }
  }

  #slot(key: number, add: boolean): number {
    let slot = Math.imul(key, 0x9e3779b1) & this.#mask;
    for (;;) {
      const found = this.#keys[slot];
      if (found === key) return slot;
      if (found === EMPTY) {
        if (!add) return EMPTY;
        this.#keys[slot] = key;
        return slot;
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  /** The word index of an address given in halves; 0 where its page was not copied. */
  at(low: number, high: number): number {
    const key = high * 0x4000 + (low >>> 18);
    if (key !== this.#lastKey) {
      if (high > 0x7fff) return 0;
      const slot = this.#slot(key, false);
      if (slot === EMPTY) return 0;
      this.#lastKey = key;
      this.#lastSlot = slot;
    }
    const page = this.#table[this.#lastSlot * BLOCK_PAGES + ((low >>> 12) & 63)] as number;
    return page === 0 ? 0 : page * WORDS + ((low & 0xfff) >>> 3);
  }

  /** The word index that a tagged word points to; 0 for small integers, weak references and what was not copied. */
  pointer(word: number): number {
    const low = this.words[word * 2] as number;
    return (low & 7) === 1 ? this.at(low, this.words[word * 2 + 1] as number) : 0;
  }

  /** Whether so many words stand together, here as in the target. */
  holds(word: number, count: number): boolean {
    const last = word + count - 1;
    if (last >>> 9 === word >>> 9) return true;
    return Math.floor(last / WORDS) < (this.#runEnd[Math.floor(word / WORDS)] ?? 0);
  }

  low(word: number): number {
    return this.words[word * 2] as number;
  }

  high(word: number): number {
    return this.words[word * 2 + 1] as number;
  }

  isSmi(word: number): boolean {
    return this.words[word * 2] === 0;
  }

  /** A small integer: the upper half, signed. */
  smi(word: number): number {
    return (this.words[word * 2 + 1] as number) | 0;
  }

  /** Halves of a word as one number: an address, a length. */
  number(word: number): number {
    return (this.words[word * 2 + 1] as number) * 0x1_0000_0000 + (this.words[word * 2] as number);
  }

  /** Bytes from an address on; pages never touched by the program read as zero; undefined where the first one was not copied. */
  read(address: number, length: number, mayBeUntouched = false): Uint8Array | undefined {
    const result = new Uint8Array(length);
    let any = false;
    for (let done = 0; done < length;) {
      const from = address + done;
      const within = from % PAGE;
      const size = Math.min(PAGE - within, length - done);
      const start = from - within;
      const page = this.at((start % 0x1_0000_0000) >>> 0, Math.floor(start / 0x1_0000_0000));
      if (page !== 0) {
        any = true;
        result.set(this.bytes.subarray(page * 8 + within, page * 8 + within + size), done);
      } else if (!mayBeUntouched) return undefined;
      done += size;
    }
    return any || length === 0 || this.#isMapped(address, length) ? result : undefined;
  }

  #isMapped(address: number, length: number): boolean {
    return this.#mapped.some(([from, bytes]) => address >= from && address + length <= from + bytes);
  }
}

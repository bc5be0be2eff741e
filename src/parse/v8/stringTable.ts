// The strings of a snapshot, kept as the bytes they came in and decoded one at a time when asked for.
// No single buffer or string grows with the file: text over 512 MB works. It knows JSON strings, not their use.

const SEGMENT_BITS = 24;
const SEGMENT = 1 << SEGMENT_BITS;
/** Offsets are 32 bits wide. */
const LARGEST = 0xffffffff;
/** No table or array of V8 has more slots. */
const MOST_INDEX = 0xffffffff;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const anyUtf8 = new TextDecoder('utf-8');

export class StringTable {
  readonly #limit: number;
  readonly #segments: Uint8Array[] = [];
  /** Bytes of the section read, and of them kept. */
  #used = 0;
  #kept = 0;
  #starts = new Uint32Array(1 << 12);
  #length = 0;
  #inString = false;
  #escaped = false;
  /** Texts that were asked for by `name`: property and class names, few and repeated. */
  readonly #names = new Map<number, string>();
  closed = false;
  /** True where something that is no string stands in the array. */
  foreign = false;
  /** True where the text is too large for its offsets; later strings are absent. */
  full = false;

  /** @param limit bytes of text that are kept; the default is what an offset can address */
  constructor(limit = LARGEST) {
    this.#limit = limit;
  }

  /** Whole strings read so far; one cut by the end of the file does not count. */
  get length(): number {
    return this.#length;
  }

  /** Reads from `at`; gives the position after what was read. */
  scan(bytes: Uint8Array, at: number): number {
    const from = at;
    const end = bytes.length;
    const base = this.#used - at;
    let inString = this.#inString;
    let escaped = this.#escaped;
    let i = at;
    while (i < end) {
      const byte = bytes[i++] as number;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === QUOTE) {
          inString = false;
          this.#length++;
        } else if (byte === BACKSLASH) escaped = true;
      } else if (byte === QUOTE) {
        inString = true;
        this.#start(base + i);
      } else if (byte === CLOSE) {
        this.closed = true;
        break;
      } else if (byte !== 0x2c && byte > 0x20) {
        this.foreign = true;
        i--;
        break;
      }
    }
    this.#inString = inString;
    this.#escaped = escaped;
    this.#keep(bytes, from, i);
    return i;
  }

  #start(offset: number): void {
    if (this.full || offset > this.#limit) {
      this.full = true;
      return;
    }
    if (this.#length >= this.#starts.length) {
      const next = new Uint32Array(this.#starts.length * 2);
      next.set(this.#starts);
      this.#starts = next;
    }
    this.#starts[this.#length] = offset;
  }

  /** Copies what was read into segments, up to the limit; beyond it only the count goes on. */
  #keep(bytes: Uint8Array, from: number, to: number): void {
    const end = Math.min(to, from + this.#limit - this.#kept);
    let at = from;
    while (at < end) {
      const within = this.#kept & (SEGMENT - 1);
      const part = Math.min(end - at, SEGMENT - within);
      this.#segment(this.#kept >>> SEGMENT_BITS, within + part).set(bytes.subarray(at, at + part), within);
      at += part;
      this.#kept += part;
    }
    this.#used += to - from;
  }

  /** A segment with room for so many bytes. The first one grows, so that a small file takes little. */
  #segment(number: number, needed: number): Uint8Array {
    const segment = this.#segments[number];
    if (segment && segment.length >= needed) return segment;
    const size = number === 0 ? Math.min(SEGMENT, Math.max(needed, (segment?.length ?? 0) * 2)) : SEGMENT;
    const grown = new Uint8Array(size);
    if (segment) grown.set(segment);
    this.#segments[number] = grown;
    return grown;
  }

  /** A string never starts at 0, where the bracket or the first quote stands. */
  #has(index: number): boolean {
    return index >= 0 && index < this.#length && (this.#starts[index] ?? 0) > 0;
  }

  #byte(offset: number): number {
    return this.#segments[offset >>> SEGMENT_BITS]?.[offset & (SEGMENT - 1)] ?? 0;
  }

  /** The bytes between the quotes, and whether they are plain ASCII; undefined where they were not kept to their end. */
  #raw(index: number): { bytes: Uint8Array; plain: boolean } | undefined {
    if (!this.#has(index)) return undefined;
    const start = this.#starts[index] as number;
    let end = start;
    let plain = true;
    for (;;) {
      if (end >= this.#kept) return undefined;
      const byte = this.#byte(end);
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        plain = false;
        end++;
      } else if (byte >= 0x80) plain = false;
      end++;
    }
    const first = start >>> SEGMENT_BITS;
    if (first === end >>> SEGMENT_BITS) {
      const segment = this.#segments[first] ?? new Uint8Array(0);
      return { bytes: segment.subarray(start & (SEGMENT - 1), end & (SEGMENT - 1)), plain };
    }
    const bytes = new Uint8Array(end - start);
    for (let k = 0; k < bytes.length; k++) bytes[k] = this.#byte(start + k);
    return { bytes, plain };
  }

  /** The text exactly; undefined where there is no such string or its bytes are not valid JSON text. */
  exact(index: number): string | undefined {
    const raw = this.#raw(index);
    if (!raw) return undefined;
    if (raw.plain) return ascii(raw.bytes);
    try {
      const text: unknown = JSON.parse(`"${utf8.decode(raw.bytes)}"`);
      return typeof text === 'string' ? text : undefined;
    } catch {
      return undefined;
    }
  }

  /** The text as well as it can be read, '' where there is none. Kept, since names repeat. */
  name(index: number): string {
    const known = this.#names.get(index);
    if (known !== undefined) return known;
    const raw = this.#raw(index);
    const text = this.exact(index) ?? (raw ? anyUtf8.decode(raw.bytes) : '');
    this.#names.set(index, text);
    return text;
  }

  /** The number that a string of digits writes; -1 where it is another string. Nothing is kept. */
  index(index: number): number {
    if (!this.#has(index)) return -1;
    let value = -1;
    for (let at = this.#starts[index] as number; ; at++) {
      const byte = this.#byte(at);
      if (byte === QUOTE) return value;
      if (byte < 0x30 || byte > 0x39 || value > MOST_INDEX) return -1;
      value = (value < 0 ? 0 : value * 10) + (byte - 0x30);
    }
  }

  /** Numbers of the strings that equal the given plain texts; -1 where there is none. One pass over the table. */
  find(texts: readonly string[]): number[] {
    const found = texts.map(() => -1);
    const byFirst = new Map<number, number[]>();
    texts.forEach((text, which) => {
      const list = byFirst.get(text.charCodeAt(0));
      if (list) list.push(which);
      else byFirst.set(text.charCodeAt(0), [which]);
    });
    for (let index = 0; index < this.#length && this.#has(index); index++) {
      const start = this.#starts[index] as number;
      const candidates = byFirst.get(this.#byte(start));
      if (!candidates) continue;
      for (const which of candidates) {
        const text = texts[which] as string;
        if (this.#byte(start + text.length) !== QUOTE) continue;
        let k = 1;
        while (k < text.length && this.#byte(start + k) === text.charCodeAt(k)) k++;
        if (k === text.length && found[which] === -1) found[which] = index;
      }
    }
    return found;
  }
}

/** Up to here, adding characters is cheaper than a call of the decoder. */
const SHORT = 24;

function ascii(bytes: Uint8Array): string {
  if (bytes.length > SHORT) return anyUtf8.decode(bytes);
  let text = '';
  for (let k = 0; k < bytes.length; k++) text += String.fromCharCode(bytes[k] as number);
  return text;
}

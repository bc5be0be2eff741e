// Reads one JSON array of integers from bytes that arrive in pieces. Numbers go to batches; no value is ever an object.
// It knows digits and commas, not what the numbers mean.

/** Takes numbers in order. `NaN` stands for what is no non-negative integer. The batch is reused after the call. */
export type NumberSink = (batch: Float64Array, count: number) => void;

/** Takes whole rows straight from the text, as far as it is written in the usual way. Asked only where a row begins. */
export interface RowText {
  /** Numbers in a row. */
  readonly width: number;
  /** @returns position after the last row that was taken */
  take(bytes: Uint8Array, at: number): number;
}

const BATCH = 1 << 15;
const COMMA = 0x2c;
const CLOSE = 0x5d;
const ZERO = 0x30;
const LINE_FEED = 0x0a ^ ZERO;
const NONE = -1;
/** Digits that fit into 32-bit arithmetic; longer numbers are read byte by byte. */
const MOST_DIGITS = 9;
/** Bytes of the longest number of the fast path, and some. */
const MARGIN = 16;

export class IntegerScanner {
  readonly #sink: NumberSink;
  readonly #rows: RowText | undefined;
  readonly #batch = new Float64Array(BATCH);
  #count = 0;
  /** Numbers of the present row that were read; counted where rows are taken whole. */
  #phase = 0;
  /** The number being read, `NONE` between numbers. */
  #value = NONE;
  #spoiled = false;
  /** True once the closing bracket was read. */
  closed = false;
  /** True where the array holds arrays, objects or strings: the rest of it is not numbers. */
  foreign = false;

  constructor(sink: NumberSink, rows?: RowText) {
    this.#sink = sink;
    this.#rows = rows;
  }

  /** Reads from `at`; gives the position after what was read. At a foreign byte it stops before that byte. */
  scan(bytes: Uint8Array, at: number): number {
    let i = at;
    while (i < bytes.length && !this.closed && !this.foreign) {
      if (this.#value === NONE && !this.#spoiled) {
        const next = this.#rows ? this.#scanRows(bytes, i, this.#rows) : this.#scanRun(bytes, i, Infinity);
        if (next > i) {
          i = next;
          continue;
        }
      }
      this.#take(bytes[i++] as number);
    }
    if (this.foreign) i--;
    if (this.closed || this.foreign) this.flush();
    return i;
  }

  /** Rows taken whole, and what is left of one that was begun. */
  #scanRows(bytes: Uint8Array, at: number, rows: RowText): number {
    if (this.#phase > 0) return this.#scanRun(bytes, at, rows.width - this.#phase);
    this.flush();
    const next = rows.take(bytes, at);
    return next > at ? next : this.#scanRun(bytes, at, rows.width);
  }

  /**
   * Numbers that end in a comma, or in a line feed and a comma, as V8 writes them, `most` at most. Stops before whatever
   * is otherwise, and before the last bytes of a chunk, so that the inner loop needs no test for its end.
   */
  #scanRun(bytes: Uint8Array, at: number, most: number): number {
    const batch = this.#batch;
    const end = bytes.length - MARGIN;
    let count = this.#count;
    let i = at;
    let read = 0;
    while (i < end && read < most) {
      let next = i;
      // Bytes of digits, and no others, are at most 9 after this.
      let digit = (bytes[next++] as number) ^ ZERO;
      if (digit > 9) break;
      let value = digit;
      while ((digit = (bytes[next++] as number) ^ ZERO) <= 9) value = (Math.imul(value, 10) + digit) | 0;
      if (next - i > MOST_DIGITS + 1) break;
      if (digit === LINE_FEED) digit = (bytes[next++] as number) ^ ZERO;
      if (digit !== (COMMA ^ ZERO)) break;
      i = next;
      batch[count++] = value;
      read++;
      if (count === BATCH) {
        this.#count = 0;
        this.#sink(batch, count);
        count = 0;
      }
    }
    this.#count = count;
    this.#pass(read);
    return i;
  }

  /** One byte of what is left: ends of chunks, other spacing, and everything odd. */
  #take(byte: number): void {
    if (byte >= 0x30 && byte <= 0x39) {
      this.#value = this.#value === NONE ? byte - 0x30 : this.#value * 10 + (byte - 0x30);
    } else if (byte === COMMA) {
      this.#push();
    } else if (byte === CLOSE) {
      if (this.#value !== NONE || this.#spoiled) this.#push();
      this.closed = true;
    } else if (byte === 0x5b || byte === 0x7b || byte === 0x7d || byte === 0x22) {
      this.foreign = true;
    } else if (byte > 0x20) {
      this.#spoiled = true;
    }
  }

  #push(): void {
    this.#batch[this.#count++] = this.#spoiled || this.#value === NONE ? Number.NaN : this.#value;
    this.#value = NONE;
    this.#spoiled = false;
    this.#pass(1);
    if (this.#count === BATCH) this.flush();
  }

  #pass(numbers: number): void {
    if (this.#rows) this.#phase = (this.#phase + numbers) % this.#rows.width;
  }

  /** Hands over what was read so far. A number cut by the end of the file is dropped: it may lack digits. */
  flush(): void {
    const count = this.#count;
    this.#count = 0;
    if (count > 0) this.#sink(this.#batch, count);
  }
}

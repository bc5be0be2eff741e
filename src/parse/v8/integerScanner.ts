// Reads one JSON array of integers from bytes that arrive in pieces. Numbers go to batches; no value is ever an object.
// It knows digits and commas, not what the numbers mean.

/** Takes numbers in order. `NaN` stands for what is no non-negative integer. The batch is reused after the call. */
export type NumberSink = (batch: Float64Array, count: number) => void;

const BATCH = 1 << 15;
const COMMA = 0x2c;
const CLOSE = 0x5d;
const NONE = -1;

export class IntegerScanner {
  readonly #sink: NumberSink;
  readonly #batch = new Float64Array(BATCH);
  #count = 0;
  /** The number being read, `NONE` between numbers. */
  #value = NONE;
  #spoiled = false;
  /** True once the closing bracket was read. */
  closed = false;
  /** True where the array holds arrays, objects or strings: the rest of it is not numbers. */
  foreign = false;

  constructor(sink: NumberSink) {
    this.#sink = sink;
  }

  /** Reads from `at`; gives the position after what was read. At a foreign byte it stops before that byte. */
  scan(bytes: Uint8Array, at: number): number {
    const batch = this.#batch;
    const end = bytes.length;
    let value = this.#value;
    let count = this.#count;
    let i = at;
    while (i < end) {
      let byte = bytes[i++] as number;
      // Digits first: nine of ten bytes are digits.
      while (byte >= 0x30 && byte <= 0x39) {
        value = value === NONE ? byte - 0x30 : value * 10 + (byte - 0x30);
        if (i === end) {
          byte = 0x20;
          break;
        }
        byte = bytes[i++] as number;
      }
      if (byte === COMMA) {
        batch[count++] = this.#spoiled || value === NONE ? Number.NaN : value;
        this.#spoiled = false;
        value = NONE;
        if (count === BATCH) {
          this.#sink(batch, count);
          count = 0;
        }
      } else if (byte > 0x20) {
        if (byte === CLOSE) {
          if (value !== NONE || this.#spoiled) batch[count++] = this.#spoiled ? Number.NaN : value;
          value = NONE;
          this.closed = true;
          break;
        }
        if (byte === 0x5b || byte === 0x7b || byte === 0x7d || byte === 0x22) {
          this.foreign = true;
          i--;
          break;
        }
        this.#spoiled = true;
      }
    }
    this.#value = value;
    this.#count = count;
    if (this.closed || this.foreign) this.flush();
    return i;
  }

  /** Hands over what was read so far. A number cut by the end of the file is dropped: it may lack digits. */
  flush(): void {
    const count = this.#count;
    this.#count = 0;
    if (count > 0) this.#sink(this.#batch, count);
  }
}

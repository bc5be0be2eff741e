// Passes over one JSON value of any kind and depth in bytes that arrive in pieces, keeping its bytes where they are wanted.
// It counts brackets instead of recursing, so that no nesting is too deep.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export class JsonSkipper {
  #depth = 0;
  #inString = false;
  #escaped = false;
  readonly #limit: number;
  readonly #kept: Uint8Array[] = [];
  #size = 0;
  closed = false;

  /**
   * @param limit bytes kept; 0 keeps none
   * @param depth brackets that are open already
   */
  constructor(limit: number, depth = 0) {
    this.#limit = limit;
    this.#depth = depth;
  }

  /** Reads from `at`; gives the position after the value. A scalar ends before the `,`, `}` or `]` that follows it. */
  scan(bytes: Uint8Array, at: number): number {
    const end = bytes.length;
    let i = at;
    while (i < end && !this.closed) {
      const byte = bytes[i++] as number;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) {
          this.#inString = false;
          if (this.#depth === 0) this.closed = true;
        }
      } else if (byte === QUOTE) this.#inString = true;
      else if (byte === 0x7b || byte === 0x5b) this.#depth++;
      else if (byte === 0x7d || byte === 0x5d) {
        if (this.#depth === 0) i--;
        if (this.#depth <= 1) this.closed = true;
        this.#depth--;
      } else if (byte === 0x2c && this.#depth === 0) {
        i--;
        this.closed = true;
      }
    }
    this.#keep(bytes, at, i);
    return i;
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    this.#size += to - from;
    if (this.#limit === 0 || this.#size > this.#limit) this.#kept.length = 0;
    else this.#kept.push(bytes.slice(from, to));
  }

  /** The value, or undefined where it was not kept, is cut, or is no JSON. */
  value(): unknown {
    if (!this.closed || this.#size > this.#limit) return undefined;
    const whole = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#kept) {
      whole.set(part, at);
      at += part.length;
    }
    try {
      return JSON.parse(new TextDecoder().decode(whole)) as unknown;
    } catch {
      return undefined;
    }
  }

  get oversized(): boolean {
    return this.#limit > 0 && this.#size > this.#limit;
  }
}

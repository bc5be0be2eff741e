// Files of a tar archive while it is streamed: names, sizes, contents, one after the other. Knows ustar, GNU's long names and pax headers.

const BLOCK = 512;
/** A name or a pax header that is longer than this is none. */
const LONGEST_HEADER = 1 << 20;

export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** The content, piece by piece; what is not taken is skipped. */
  readonly content: () => AsyncGenerator<Buffer, void, undefined>;
}

export function isTar(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar';
}

/** Bytes asked for in any size out of pieces of any size. */
class Pieces {
  readonly #source: AsyncIterator<Uint8Array>;
  #piece: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Up to so many bytes; none at the end. */
  async some(most: number): Promise<Buffer> {
    while (this.#piece.length === 0) {
      const { value, done } = await this.#source.next();
      if (done === true) return this.#piece;
      this.#piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const taken = this.#piece.subarray(0, most);
    this.#piece = this.#piece.subarray(taken.length);
    return taken;
  }

  /** Fewer only at the end. */
  async exactly(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = size; left > 0;) {
      const part = await this.some(left);
      if (part.length === 0) break;
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  async skip(size: number): Promise<void> {
    for (let left = size; left > 0;) {
      const { length } = await this.some(left);
      if (length === 0) return;
      left -= length;
    }
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

const text = (bytes: Buffer): string => {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
};

/** Octal, or binary where the first bit says so. */
function numberOf(bytes: Buffer): number {
  if (((bytes[0] as number) & 0x80) === 0) return Number.parseInt(text(bytes).trim() || '0', 8);
  return bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Records of `length key=value\n`. */
function paxOf(body: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString('latin1', at, space));
    if (space < 0 || !(length > 0)) break;
    const [, key = '', value = ''] = /^([^=]*)=(.*)\n$/s.exec(body.toString('utf8', space + 1, at + length)) ?? [];
    found.set(key, value);
    at += length;
  }
  return found;
}

/** Regular files only. A torn archive ends where it is torn. */
export async function* filesOfTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void, undefined> {
  const pieces = new Pieces(source);
  let longName: string | undefined;
  let pax = new Map<string, string>();
  try {
    for (;;) {
      const head = await pieces.exactly(BLOCK);
      if (head.length < BLOCK || head[0] === 0) return;
      const size = Number(pax.get('size') ?? numberOf(head.subarray(124, 136)));
      if (!Number.isSafeInteger(size) || size < 0) return;
      const padded = Math.ceil(size / BLOCK) * BLOCK;
      const type = String.fromCharCode(head[156] as number);
      if (type === 'L' || type === 'x') {
        if (size > LONGEST_HEADER) return;
        const body = (await pieces.exactly(padded)).subarray(0, size);
        if (type === 'L') longName = text(body);
        else pax = paxOf(body);
        continue;
      }
      const prefix = text(head.subarray(345, 500));
      const short = text(head.subarray(0, 100));
      const name = pax.get('path') ?? longName ?? (prefix === '' ? short : `${prefix}/${short}`);
      longName = undefined;
      pax = new Map();
      let left = padded;
      if (type === '0' || type === '\0' || type === '7') {
        const content = async function* (): AsyncGenerator<Buffer, void, undefined> {
          while (left > padded - size) {
            const piece = await pieces.some(left - (padded - size));
            if (piece.length === 0) return;
            left -= piece.length;
            yield piece;
          }
        };
        yield { name, size, content };
      }
      await pieces.skip(left);
    }
  } finally {
    await pieces.close();
  }
}

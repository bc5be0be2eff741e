// The engine's exec stream as a plain duplex: writing is the command's stdin, reading its stdout. Its stderr is kept apart, for errors.
// Wire form: frames of an 8-byte header (byte 0: 1 stdout, 2 stderr; bytes 4-7: length, big-endian) and that many bytes.
import { Duplex } from 'node:stream';

const HEADER = 8;
const STDERR = 2;
const LONGEST_STDERR = 16_384;

export class ExecStream extends Duplex {
  readonly #raw: Duplex;
  #pending: Buffer = Buffer.alloc(0);
  #left = 0;
  #stream = 0;
  #stderr = '';

  constructor(raw: Duplex) {
    super();
    this.#raw = raw;
    raw.on('data', (chunk: Buffer) => {
      if (!this.#take(chunk)) raw.pause();
    });
    raw.on('end', () => this.push(null));
    raw.on('error', (error: Error) => this.destroy(error));
    raw.on('close', () => this.destroy());
  }

  /** What the command wrote to stderr, up to 16 KB. */
  get stderr(): string {
    return this.#stderr;
  }

  /** False once the reader should be given time. */
  #take(chunk: Buffer): boolean {
    let bytes = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    let more = true;
    while (bytes.length > 0) {
      if (this.#left === 0) {
        if (bytes.length < HEADER) break;
        this.#stream = bytes.readUInt8(0);
        this.#left = bytes.readUInt32BE(4);
        bytes = bytes.subarray(HEADER);
        continue;
      }
      const part = bytes.subarray(0, this.#left);
      this.#left -= part.length;
      bytes = bytes.subarray(part.length);
      if (this.#stream !== STDERR) more = this.push(part);
      else if (this.#stderr.length < LONGEST_STDERR) this.#stderr += part.toString('utf8');
    }
    this.#pending = bytes;
    return more;
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#raw.write(chunk, done);
  }

  /** Ends the command's stdin; its output still comes. */
  override _final(done: (error?: Error | null) => void): void {
    this.#raw.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }
}

// The near end of a tunnel: lent to a web socket without being given away, and left in good order. Its far end is told by the end of its
// stdin and given time to put the target back as it was.
import { Duplex } from 'node:stream';

// The relay needs some 150 ms to close an inspector that it opened; a target that is busy keeps its relay longer, alone.
const PARTING_MS = 5000;

/** The same bytes, with an end of its own: whoever ends or destroys it leaves the lent stream open. */
export class LentStream extends Duplex {
  readonly #lent: Duplex;
  readonly #forward = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#lent.pause();
  };
  readonly #end = (): void => void this.push(null);
  readonly #close = (): void => void this.destroy();

  constructor(lent: Duplex) {
    super();
    this.#lent = lent;
    lent.on('data', this.#forward);
    lent.on('end', this.#end);
    lent.on('close', this.#close);
    if (lent.destroyed) this.destroy();
  }

  override _read(): void {
    this.#lent.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#lent.write(chunk, done);
  }

  /** What was corked goes on in one piece. */
  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#lent.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#lent.off('data', this.#forward).off('end', this.#end).off('close', this.#close);
    done(error);
  }
}

/** Done when the far end is gone, or when it has had its time. Never throws. */
export async function finish(stream: Duplex): Promise<void> {
  if (!stream.destroyed && !stream.readableEnded) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PARTING_MS);
      const gone = (): void => {
        clearTimeout(timer);
        resolve();
      };
      stream.once('close', gone);
      stream.once('end', gone);
      stream.resume();
      stream.end();
    });
  }
  stream.destroy();
}

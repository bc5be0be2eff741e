// Adds one last key to a JSON object that streams by: everything passes but the final `}`, which comes after the addition.
// Knows JSON's end, nothing else of a snapshot.

const CLOSING = '}'.charCodeAt(0);
// V8 writes `]}` and perhaps white space; this much is held back of the stream's end.
const HELD_BYTES = 64;

export class SnapshotTail {
  #held: Buffer = Buffer.alloc(0);

  /** Bytes that can go on; the last few wait. */
  pass(chunk: Buffer): Buffer {
    const all = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    const keep = Math.max(0, all.length - HELD_BYTES);
    this.#held = all.subarray(keep);
    return all.subarray(0, keep);
  }

  /** What remains, with the addition; undefined where the stream did not end as an object. */
  finish(key: string, value: unknown): Buffer | undefined {
    const end = this.#held.lastIndexOf(CLOSING);
    if (
      end < 0 ||
      this.#held
        .subarray(end + 1)
        .toString('latin1')
        .trim() !== ''
    )
      return undefined;
    const addition = `,\n${JSON.stringify(key)}:${JSON.stringify(value)}}`;
    return Buffer.concat([this.#held.subarray(0, end), Buffer.from(addition)]);
  }
}

// Room for a copy, made and touched before the target is stopped: a page that is first written to during the stop costs several times more.
import { closeSync, openSync, readSync } from 'node:fs';
import { targetGone } from '../failures.ts';
import { PAGE, type PageRun } from './processMaps.ts';

/** One piece of room; a whole number of pages. */
const PIECE = 64 * 1024 * 1024;
/** What a target may grow by between the dry pass and the stop without new room being needed. */
const SLACK = 8 * 1024 * 1024;

export class Arena {
  readonly #pieces: Buffer[] = [];
  #used = 0;

  /** @param bytes what the dry pass counted */
  constructor(bytes: number) {
    for (let room = 0; room < bytes + SLACK; room += PIECE) this.#add(Math.min(PIECE, bytes + SLACK - room));
  }

  #add(bytes: number): void {
    // Filled, so that the pages are there.
    this.#pieces.push(Buffer.allocUnsafeSlow(Math.ceil(bytes / PAGE) * PAGE).fill(1));
  }

  /** Copies the pages of a process that stands still. Pages that cannot be read become zeroes. @throws Failure `target-gone` */
  copy(pid: number, runs: readonly PageRun[]): void {
    const file = openSync(`/proc/${pid}/mem`, 'r');
    this.#used = 0;
    try {
      for (const { address, pages } of runs) this.#copyRun(file, pid, address, pages * PAGE);
    } finally {
      closeSync(file);
    }
  }

  #copyRun(file: number, pid: number, address: number, bytes: number): void {
    let piece = 0;
    let before = 0;
    while (piece < this.#pieces.length && before + (this.#pieces[piece] as Buffer).length <= this.#used)
      before += (this.#pieces[piece++] as Buffer).length;
    for (let done = 0; done < bytes;) {
      if (piece === this.#pieces.length) this.#add(PIECE);
      const room = this.#pieces[piece] as Buffer;
      const at = this.#used - before;
      const wanted = Math.min(bytes - done, room.length - at);
      const got = wanted === 0 ? 0 : readPages(file, pid, room, at, wanted, address + done);
      done += got;
      this.#used += got;
      if (at + got < room.length) continue;
      before += room.length;
      piece++;
    }
  }

  get bytes(): number {
    return this.#used;
  }

  /**
   * The copy in order. A piece is given back to the system when the piece after the next one is asked for: until then whoever writes it
   * to a file may not be done with its end.
   */
  *pieces(): Generator<Buffer> {
    let left = this.#used;
    let before: Buffer | undefined;
    for (let piece = this.#pieces.shift(); piece; piece = this.#pieces.shift()) {
      if (left > 0) yield piece.subarray(0, Math.min(left, piece.length));
      left -= piece.length;
      if (before) giveBack(before);
      before = piece;
    }
  }
}

/** At once, and not when the collector comes to it: the reader shall not take twice what it read. Node.js 21 and later can do that. */
function giveBack({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && 'transfer' in buffer && typeof buffer.transfer === 'function')
    buffer.transfer(0);
}

function readPages(file: number, pid: number, room: Buffer, at: number, wanted: number, address: number): number {
  let got: number;
  try {
    got = readSync(file, room, at, wanted, address);
  } catch {
    // A page that no read can reach: a guard, or one that went away with a file.
    room.fill(0, at, at + PAGE);
    return PAGE;
  }
  if (got === 0) throw targetGone(`process ${pid}`, 'it ended while it was read');
  // A page of which only a part came is read again as a whole.
  const whole = got - (got % PAGE);
  if (whole > 0) return whole;
  room.fill(0, at, at + PAGE);
  return PAGE;
}

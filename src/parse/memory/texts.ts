// Strings in all the forms V8 keeps them: flat, joined, cut out of another, replaced by another, held outside the heap.
import type { HiddenClasses } from './hiddenClasses.ts';
import type { MemoryImage } from './image.ts';

const FLAT = 0;
const JOINED = 1;
const OUTSIDE = 2;
const CUT = 3;
const REPLACED = 5;
const ONE_BYTE = 8;
const FIRST_OTHER = 128;
/** Set where a string is not the one that all of its text share, as names of properties are. */
const NOT_SHARED = 0x20;
/** V8's own limit for a string. */
export const LONGEST = 0x1fffffe8;
const DEEPEST = 200;
const STEP = 8192;
/** Up to here the decoder's own cost is the larger one. */
const SHORT = 24;

const latin = new TextDecoder('latin1');

export class Texts {
  readonly #image: MemoryImage;
  readonly #classes: HiddenClasses;
  /** Short ones, by place: names of properties come again and again. */
  readonly #known = new Map<number, string>();

  constructor(image: MemoryImage, classes: HiddenClasses) {
    this.#image = image;
    this.#classes = classes;
  }

  isText(at: number): boolean {
    const type = this.#classes.typeOf(at);
    return type >= 0 && type < FIRST_OTHER;
  }

  lengthOf(at: number): number {
    return this.#image.high(at + 1);
  }

  /** The whole text; undefined where it is no string or a part of it was not copied. */
  of(at: number): string | undefined {
    const known = this.#known.get(at);
    if (known !== undefined) return known;
    if (!this.isText(at)) return undefined;
    const length = this.lengthOf(at);
    // A damaged length must not become memory: no part of a string is longer than what was copied.
    if (length > LONGEST) return undefined;
    const text = this.#whole(at, length);
    if (text?.length !== length) return undefined;
    if (length <= 64 && (this.#classes.typeOf(at) & NOT_SHARED) === 0) this.#known.set(at, text);
    return text;
  }

  #whole(at: number, length: number): string | undefined {
    if ((this.#classes.typeOf(at) & 7) === FLAT) return this.#piece(at, 0, length, 0);
    const parts: string[] = [];
    return this.#append(at, parts) ? parts.join('') : undefined;
  }

  /** Goes through the pieces from left to right, with a list of what is still to come instead of the stack. */
  #append(at: number, parts: string[]): boolean {
    const image = this.#image;
    const waiting = [at];
    let steps = 0;
    let total = 0;
    while (waiting.length > 0) {
      const here = waiting.pop() as number;
      const type = this.#classes.typeOf(here);
      if (type < 0 || type >= FIRST_OTHER || ++steps > 20_000_000) return false;
      const form = type & 7;
      if (form === JOINED) {
        waiting.push(image.pointer(here + 3), image.pointer(here + 2));
      } else if (form === REPLACED) waiting.push(image.pointer(here + 2));
      else {
        const text = this.#piece(here, 0, this.lengthOf(here), 0);
        if (text === undefined) return false;
        total += text.length;
        if (total > LONGEST) return false;
        parts.push(text);
      }
    }
    return true;
  }

  /** Characters of a string that is in one piece. */
  #piece(at: number, from: number, length: number, depth: number): string | undefined {
    const image = this.#image;
    const type = this.#classes.typeOf(at);
    if (type < 0 || type >= FIRST_OTHER || depth > DEEPEST || from + length > this.lengthOf(at)) return undefined;
    const oneByte = (type & ONE_BYTE) !== 0;
    switch (type & 7) {
      case FLAT: {
        const width = oneByte ? 1 : 2;
        const words = 2 + Math.ceil(((from + length) * width) / 8);
        if (!image.holds(at, words) || (at + words) * 8 > image.bytes.length) return undefined;
        const start = (at + 2) * 8 + from * width;
        return decode(image.bytes.subarray(start, start + length * width), oneByte);
      }
      case CUT:
        return this.#piece(image.pointer(at + 2), from + image.smi(at + 3), length, depth + 1);
      case REPLACED:
        return this.#piece(image.pointer(at + 2), from, length, depth + 1);
      case OUTSIDE: {
        const width = oneByte ? 1 : 2;
        const data = image.number(at + 3) + from * width;
        if (length * width > image.bytes.length) return undefined;
        const bytes = image.read(data, length * width);
        return bytes && decode(bytes, oneByte);
      }
      case JOINED: {
        // A piece is cut only out of what was made flat: the second half is empty.
        const second = image.pointer(at + 3);
        return this.isText(second) && this.lengthOf(second) === 0
          ? this.#piece(image.pointer(at + 2), from, length, depth + 1)
          : undefined;
      }
      default:
        return undefined;
    }
  }
}

function decode(bytes: Uint8Array, oneByte: boolean): string {
  if (oneByte) return oneByteText(bytes);
  // Copied first: characters of two bytes need not stand at an even place.
  const units = new Uint16Array(bytes.slice().buffer, 0, bytes.length >>> 1);
  let text = '';
  for (let at = 0; at < units.length; at += STEP) text += String.fromCharCode(...units.subarray(at, at + STEP));
  return text;
}

/** Not the decoder's Latin-1, which is Windows' and changes thirty-two of the characters. */
function oneByteText(bytes: Uint8Array): string {
  if (bytes.length <= SHORT) return charactersOf(bytes);
  for (const byte of bytes) {
    if (byte < 0x80) continue;
    let text = '';
    for (let at = 0; at < bytes.length; at += STEP) text += charactersOf(bytes.subarray(at, at + STEP));
    return text;
  }
  return latin.decode(bytes);
}

/** @param bytes no more than an argument list holds */
function charactersOf(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

// Leaves as exact contract values, read from the words they stand in.
import { missing, UNDEFINED, type Value } from '../../model/index.ts';
import type { HiddenClasses } from './hiddenClasses.ts';
import type { MemoryImage } from './image.ts';
import type { Layout } from './layout.ts';
import type { Objects } from './objects.ts';
import { LONGEST, type Texts } from './texts.ts';

/** Bytes of a buffer that are written into a document; of a longer one its length is said. */
const MOST_BYTES = 1 << 20;
/** Digits (of 64 bits) of a BigInt, V8's own limit. */
const MOST_DIGITS = 1 << 18;
const LARGEST_TIME = 8.64e15;
/** Flags of regular expressions in the order of their bits. */
const FLAGS = ['g', 'i', 'm', 'y', 'u', 's', '', 'd', 'v'];

export function numberValue(number: number): Value {
  if (Number.isNaN(number)) return { $type: 'nan' };
  if (number === Infinity) return { $type: 'infinity' };
  if (number === -Infinity) return { $type: '-infinity' };
  return number;
}

export class Leaves {
  readonly #image: MemoryImage;
  readonly #classes: HiddenClasses;
  readonly #layout: Layout;
  readonly #texts: Texts;
  readonly #objects: Objects;
  /** Whether this V8 keeps the time of a Date as a bare double; it is found out from the Dates themselves. */
  #bareTimes: boolean;

  constructor(image: MemoryImage, classes: HiddenClasses, layout: Layout, texts: Texts, objects: Objects) {
    this.#image = image;
    this.#classes = classes;
    this.#layout = layout;
    this.#texts = texts;
    this.#objects = objects;
    this.#bareTimes = false;
  }

  /** Looks at a Date's time: what is neither a small integer nor leads to a number is the double itself. */
  learnTimes(date: number): void {
    const image = this.#image;
    if (image.isSmi(date + 3) || this.#isNumber(image.pointer(date + 3))) return;
    if (this.#objects.oddballKind(image.pointer(date + 3)) === undefined) this.#bareTimes = true;
  }

  #isNumber(at: number): boolean {
    return this.#classes.typeOf(at) === this.#layout.type('HEAP_NUMBER_TYPE');
  }

  text(at: number): Value {
    const text = this.#texts.of(at);
    if (text !== undefined) return text;
    const length = this.#texts.lengthOf(at);
    return length <= LONGEST ? { $type: 'truncated', value: { length, head: '' }, why: 'missing' } : missing();
  }

  number(at: number): Value {
    return numberValue(this.#image.floats[at + 1] as number);
  }

  oddball(at: number): Value {
    const kind = this.#objects.oddballKind(at);
    if (kind === undefined) return missing();
    return kind === 0 ? false : kind === 1 ? true : kind === 3 ? null : UNDEFINED;
  }

  symbol(at: number): Value {
    const description = this.#image.pointer(at + 2);
    if (!this.#texts.isText(description)) return { $type: 'symbol', value: '' };
    const text = this.#texts.of(description);
    return text === undefined ? missing() : { $type: 'symbol', value: text };
  }

  bigint(at: number): Value {
    const image = this.#image;
    const bits = image.low(at + 1);
    const digits = (bits & 0x7fffffff) >>> 1;
    if (digits > MOST_DIGITS || !image.holds(at, 2 + digits)) return missing();
    let hex = '';
    for (let n = digits - 1; n >= 0; n--) {
      hex +=
        image
          .high(at + 2 + n)
          .toString(16)
          .padStart(8, '0') +
        image
          .low(at + 2 + n)
          .toString(16)
          .padStart(8, '0');
    }
    const size = hex === '' ? 0n : BigInt(`0x${hex}`);
    return { $type: 'bigint', value: String((bits & 1) === 1 ? -size : size) };
  }

  date(at: number): Value {
    const time = this.#bareTimes ? (this.#image.floats[at + 3] as number) : this.#boxedNumber(at + 3);
    if (time === undefined) return missing();
    if (Number.isNaN(time)) return { $type: 'date', value: { $type: 'nan' } };
    if (!Number.isInteger(time) || Math.abs(time) > LARGEST_TIME) return missing();
    return { $type: 'date', value: new Date(time).toISOString() };
  }

  #boxedNumber(word: number): number | undefined {
    if (this.#image.isSmi(word)) return this.#image.smi(word);
    const at = this.#image.pointer(word);
    return this.#isNumber(at) ? this.#image.floats[at + 1] : undefined;
  }

  regexp(at: number): Value {
    const source = this.#texts.of(this.#image.pointer(at + 4));
    if (source === undefined || !this.#image.isSmi(at + 5)) return missing();
    const bits = this.#image.smi(at + 5);
    const flags = FLAGS.filter((_, n) => (bits >>> n) & 1)
      .sort()
      .join('');
    return { $type: 'regexp', value: `/${source}/${flags}` };
  }

  /** A view of a buffer, or a buffer itself. */
  bytes(at: number, type: number, of: string): Value {
    const image = this.#image;
    const layout = this.#layout;
    let start: number;
    let length: number;
    if (type === layout.type('JS_ARRAY_BUFFER_TYPE')) {
      start = image.number(at + layout.bufferStore);
      length = image.number(at + layout.bufferLength);
    } else {
      length = image.number(at + layout.viewLength);
      const buffer = this.#bufferOf(at);
      if (type === layout.type('JS_TYPED_ARRAY_TYPE')) {
        // Small arrays have their bytes in the heap: then the base is an object, and the other pointer is added to it.
        start =
          image.number(at + layout.arrayExternal) +
          (image.isSmi(at + layout.arrayBase) ? 0 : image.number(at + layout.arrayBase));
      } else if (buffer === 0) return missing();
      else start = image.number(buffer + layout.bufferStore) + image.number(at + layout.viewOffset);
    }
    if (!Number.isSafeInteger(start) || !(length >= 0) || length > 2 ** 40) return missing();
    if (length > MOST_BYTES) return { $type: 'truncated', value: { length, head: '' }, why: 'long' };
    const bytes = image.read(start, length, true);
    // A buffer that was never written to has no page of its own.
    if (bytes === undefined) return missing();
    return { $type: 'bytes', value: base64(bytes), of };
  }

  #bufferOf(view: number): number {
    for (let word = view + 3; word < view + 6; word++) {
      const at = this.#image.pointer(word);
      if (this.#classes.typeOf(at) === this.#layout.type('JS_ARRAY_BUFFER_TYPE')) return at;
    }
    return 0;
  }
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

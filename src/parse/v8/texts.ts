// The text of a string node, exactly or not at all. V8 writes strings lossily: it cuts them at 1024 characters, writes only
// the low 16 bits of characters beyond the basic plane, and `?` for half a surrogate pair. The size of the node tells.
// One loss leaves no trace: a NUL is written as a blank.
import { missing, type Value } from '../../model/index.ts';
import { type Heap, internal, lacks, NONE } from './heap.ts';
import { NODE } from './layout.ts';

/** V8 writes at most so many characters of a string. */
const WRITTEN = 1024;
/** Map, hash and length stand before the characters. */
const HEADER = 16;
const ALIGNMENT = 8;
/** A joined text longer than this is given by its beginning: no reader wants it whole, and a rope can claim gigabytes. */
const LONGEST = 1 << 20;

/**
 * Where characters beyond the basic plane land when cut to 16 bits: emoji and symbols in the private use area and the
 * compatibility forms above it, old scripts among the control characters. Real text of business data has none of these.
 */
const SUSPECT = /[\0-\x08\ue000-\ufaff]|\?\?\?/;

const NUMERIC = /^[-+.\de]{1,32}$/;

/** A text, or the beginning of one with its true length, or undefined where it cannot be known. */
type Piece = { readonly text: string; readonly length: number } | undefined;

export class Texts {
  readonly #heap: Heap;
  readonly #encodings = new Map<number, 'one' | 'two' | 'external' | 'external two'>();

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** A string as a value: whole, `truncated` as long, or missing. */
  value(node: number): Value {
    const piece = this.#piece(node);
    if (!piece) return missing();
    if (piece.length === piece.text.length) return piece.text;
    return { $type: 'truncated', value: { length: piece.length, head: piece.text }, why: 'long' };
  }

  /** The text as far as the file has it. */
  shown(node: number): string {
    const piece = this.#piece(node);
    if (piece) return piece.text;
    return this.#heap.types[node] === NODE.string ? this.#heap.strings.name(this.#heap.names[node] as number) : '';
  }

  #piece(node: number): Piece {
    switch (this.#heap.types[node]) {
      case NODE.cons:
        return this.#joined(node);
      case NODE.string:
        return this.#flat(node);
      default:
        return undefined;
    }
  }

  #flat(node: number): Piece {
    const heap = this.#heap;
    const text = heap.strings.exact(heap.names[node] as number);
    if (text === undefined) return undefined;
    const map = internal(heap, node, 'map');
    // Without its hidden class it cannot be told whether the text was written whole. Only texts of numbers have none.
    if (map === NONE && !lacks(heap, node, 'map') && !NUMERIC.test(text)) return undefined;
    const encoding = map === NONE ? 'external' : this.#encoding(map);
    const size = heap.selfSize(node);
    const wide = encoding === 'two' || encoding === 'external two';
    if (wide && (SUSPECT.test(text) || !text.isWellFormed())) return undefined;
    // Strings outside V8's heap, and read-only ones since Node 24, have no size that tells their length.
    if (size === 0 || encoding === 'external' || encoding === 'external two')
      return text.length < WRITTEN ? { text, length: text.length } : { text, length: text.length + 1 };
    const bytes = wide ? 2 : 1;
    const room = Math.floor((size - HEADER) / bytes);
    if (room - text.length < ALIGNMENT / bytes) return { text, length: text.length };
    return text.length >= WRITTEN ? { text, length: room } : undefined;
  }

  /** How a string is stored, by the name of its hidden class: `system / Map (SeqTwoByteString)`. */
  #encoding(map: number): 'one' | 'two' | 'external' | 'external two' {
    const known = this.#encodings.get(map);
    if (known) return known;
    const name = this.#heap.strings.name(this.#heap.names[map] as number);
    const one = name.includes('OneByte');
    const encoding = name.includes('External') ? (one ? 'external' : 'external two') : one ? 'one' : 'two';
    this.#encodings.set(map, encoding);
    return encoding;
  }

  /**
   * Joins the tree of a concatenated string without recursion: trees are deep, and halves are shared, so that each node
   * is joined once. V8 keeps the sum of two strings as a pair itself, which makes the joining cheap.
   */
  #joined(root: number): Piece {
    const heap = this.#heap;
    const done = new Map<number, Piece>();
    const open = new Set<number>();
    const stack = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1] as number;
      if (done.has(node)) {
        stack.pop();
        continue;
      }
      if (heap.types[node] !== NODE.cons) {
        done.set(node, this.#piece(node));
        continue;
      }
      const parts = [internal(heap, node, 'first'), internal(heap, node, 'second')];
      const waiting = parts.filter((part) => part !== NONE && !done.has(part));
      if (parts.includes(NONE) || (open.has(node) && waiting.length > 0)) {
        // A part is not in the file, or the tree leads back into itself.
        done.set(node, undefined);
        continue;
      }
      if (waiting.length > 0) {
        open.add(node);
        stack.push(...waiting);
        continue;
      }
      done.set(node, sum(done.get(parts[0] as number), done.get(parts[1] as number)));
    }
    return done.get(root);
  }
}

function sum(first: Piece, second: Piece): Piece {
  if (!first || !second) return undefined;
  const length = first.length + second.length;
  if (first.text.length < first.length) return { text: first.text, length };
  if (first.text.length + second.text.length > LONGEST)
    return { text: (first.text + second.text.slice(0, WRITTEN)).slice(0, WRITTEN), length };
  return { text: first.text + second.text, length };
}

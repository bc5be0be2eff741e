// The fast path for nodes and edges: whole rows read straight from the text into columns, where the text is as V8 writes it and the
// fields stand in V8's order. Each function stops before the first row that is otherwise; that one is read number by number.
// The digits of each field are read in place, once for each field: a call or a loop over the fields made this twice as slow.
import { NOTHING } from './columns.ts';

const ZERO = 0x30;
const COMMA = 0x2c ^ ZERO;
const LINE_FEED = 0x0a ^ ZERO;
/** Bytes of a number that fits into 32-bit arithmetic, and the comma after it. */
const MOST = 10;
/** Bytes of the longest field of the fast path: nine digits, a line feed, a comma. */
export const FIELD_BYTES = 12;

export interface NodeColumns {
  readonly types: Uint8Array;
  readonly names: Uint32Array;
  readonly ids: Uint32Array;
  readonly sizes: Uint32Array;
  readonly edgeCounts: Uint32Array;
}

export interface EdgeColumns {
  readonly types: Uint8Array;
  readonly names: Uint32Array;
  readonly targets: Uint32Array;
}

export interface RowsRead {
  /** Position after the last row. */
  readonly at: number;
  /** The row after it. */
  readonly row: number;
  /** Rows with a target that is no node. */
  readonly bad: number;
}

/**
 * Rows of type, name, id, self size, number of edges, and `rest` fields that are not kept.
 * @param end no row is begun at or after it
 * @param row the first to be filled; none at or after `rows` is
 */
export function readNodeRows(
  bytes: Uint8Array,
  at: number,
  end: number,
  { types, names, ids, sizes, edgeCounts }: NodeColumns,
  codes: Uint8Array,
  rest: number,
  row: number,
  rows: number,
): RowsRead {
  let i = at;
  let r = row;
  all: while (i < end && r < rows) {
    let next = i;
    let byte = (bytes[next++] as number) ^ ZERO;
    if (byte > 9) break;
    let type = byte;
    while ((byte = (bytes[next++] as number) ^ ZERO) <= 9) type = (Math.imul(type, 10) + byte) | 0;
    if (byte !== COMMA || next - i > MOST) break;

    let from = next;
    byte = (bytes[next++] as number) ^ ZERO;
    if (byte > 9) break;
    let name = byte;
    while ((byte = (bytes[next++] as number) ^ ZERO) <= 9) name = (Math.imul(name, 10) + byte) | 0;
    if (byte !== COMMA || next - from > MOST) break;

    from = next;
    byte = (bytes[next++] as number) ^ ZERO;
    if (byte > 9) break;
    let id = byte;
    while ((byte = (bytes[next++] as number) ^ ZERO) <= 9) id = (Math.imul(id, 10) + byte) | 0;
    if (byte !== COMMA || next - from > MOST) break;

    from = next;
    byte = (bytes[next++] as number) ^ ZERO;
    if (byte > 9) break;
    let size = byte;
    while ((byte = (bytes[next++] as number) ^ ZERO) <= 9) size = (Math.imul(size, 10) + byte) | 0;
    if (byte !== COMMA || next - from > MOST) break;

    from = next;
    byte = (bytes[next++] as number) ^ ZERO;
    if (byte > 9) break;
    let edges = byte;
    while ((byte = (bytes[next++] as number) ^ ZERO) <= 9) edges = (Math.imul(edges, 10) + byte) | 0;
    if (next - from > MOST) break;

    for (let left = rest; left > 0; left--) {
      if (byte !== COMMA) break all;
      from = next;
      while ((byte = (bytes[next++] as number) ^ ZERO) <= 9);
      if (next - from < 2 || next - from > MOST) break all;
    }
    if (byte === LINE_FEED) byte = (bytes[next++] as number) ^ ZERO;
    if (byte !== COMMA) break;
    i = next;
    types[r] = codes[type] ?? 0;
    names[r] = name;
    ids[r] = id;
    sizes[r] = size;
    edgeCounts[r] = edges;
    r++;
  }
  return { at: i, row: r, bad: 0 };
}

/** Rows of type, name or index, and target, which is written as the position of its row in the flat array of nodes. */
export function readEdgeRows(
  bytes: Uint8Array,
  at: number,
  end: number,
  { types, names, targets }: EdgeColumns,
  codes: Uint8Array,
  nodeWidth: number,
  row: number,
  rows: number,
): RowsRead {
  const inverse = 1 / nodeWidth;
  let i = at;
  let r = row;
  let bad = 0;
  while (i < end && r < rows) {
    let next = i;
    let byte = (bytes[next++] as number) ^ ZERO;
    if (byte > 9) break;
    let type = byte;
    while ((byte = (bytes[next++] as number) ^ ZERO) <= 9) type = (Math.imul(type, 10) + byte) | 0;
    if (byte !== COMMA || next - i > MOST) break;

    let from = next;
    byte = (bytes[next++] as number) ^ ZERO;
    if (byte > 9) break;
    let name = byte;
    while ((byte = (bytes[next++] as number) ^ ZERO) <= 9) name = (Math.imul(name, 10) + byte) | 0;
    if (byte !== COMMA || next - from > MOST) break;

    from = next;
    byte = (bytes[next++] as number) ^ ZERO;
    if (byte > 9) break;
    let position = byte;
    while ((byte = (bytes[next++] as number) ^ ZERO) <= 9) position = (Math.imul(position, 10) + byte) | 0;
    if (next - from > MOST) break;
    if (byte === LINE_FEED) byte = (bytes[next++] as number) ^ ZERO;
    if (byte !== COMMA) break;

    i = next;
    types[r] = codes[type] ?? 0;
    names[r] = name;
    // A product instead of a quotient; the test after it is exact.
    const ordinal = (position * inverse + 0.5) >>> 0;
    const isNode = ordinal * nodeWidth === position;
    targets[r] = isNode ? ordinal : NOTHING;
    if (!isNode) bad++;
    r++;
  }
  return { at: i, row: r, bad };
}

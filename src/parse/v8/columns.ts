// Rows of numbers to columns: nodes, edges and locations of a heap snapshot, each field in a typed array of its own.
// It knows the layout, not what an object is.
import { grownUint32, grownUint8, nextCapacity } from './growing.ts';
import type { RowText } from './integerScanner.ts';
import type { RowLayout, SnapshotLayout } from './layout.ts';
import { FIELD_BYTES, readEdgeRows, readNodeRows, type RowsRead } from './rowText.ts';

/** Stands for a number that was none, or that no column can hold. */
export const NOTHING = 0xffffffff;

const NODE_FIELDS = ['type', 'name', 'id', 'self_size', 'edge_count'] as const;
const EDGE_FIELDS = ['type', 'name_or_index', 'to_node'] as const;

/** One field of a row, taken out of the stream of numbers by its position. */
type Store = (row: number, value: number) => void;

/** Cuts a stream of numbers into rows; each kind of row stores its own fields. */
abstract class Rows {
  readonly #layout: RowLayout;
  readonly #width: number;
  readonly #claimed: number;
  #seen = 0;
  #capacity = 0;

  constructor(layout: RowLayout, claimed: number) {
    this.#layout = layout;
    this.#width = layout.width;
    this.#claimed = claimed;
  }

  /** Whole rows read so far. */
  get length(): number {
    return Math.floor(this.#seen / this.#width);
  }
  /** True where the section ends in the middle of a row. */
  get ragged(): boolean {
    return this.#seen % this.#width !== 0;
  }

  accept(batch: Float64Array, count: number): void {
    const width = this.#width;
    const rows = Math.ceil((this.#seen + count) / width);
    if (rows >= NOTHING) throw new RangeError('more rows than a snapshot can have');
    if (rows > this.#capacity) {
      this.#capacity = nextCapacity(this.#capacity, rows, this.#claimed);
      this.grow(this.#capacity);
    }
    const phase = this.#seen % width;
    const base = Math.floor(this.#seen / width);
    this.store(batch, count, width, phase, base);
    this.#seen += count;
  }

  /**
   * Whole rows from the text of the file.
   * @param usual the fields that `read` takes, first in a row and in this order; in another order there is no fast path
   * @param read reads from `at`, begins none at or after `end`, fills from `row` and none at or after `rows`
   */
  protected textOf(
    usual: readonly string[],
    read: (bytes: Uint8Array, at: number, end: number, row: number, rows: number) => RowsRead,
  ): RowText | undefined {
    const { at: places } = this.#layout;
    if (!usual.every((field, position) => places.get(field) === position)) return undefined;
    const width = this.#width;
    return {
      width,
      take: (bytes, at) => {
        const row = this.length;
        const { at: next, row: last } = read(bytes, at, bytes.length - FIELD_BYTES * width, row, this.#capacity);
        this.#seen += (last - row) * width;
        return next;
      },
    };
  }

  protected abstract grow(capacity: number): void;
  protected abstract store(batch: Float64Array, count: number, width: number, phase: number, base: number): void;
}

/** Where in a batch the field at `position` stands first, and the row it belongs to. */
function firstOf(position: number, width: number, phase: number, base: number): { at: number; row: number } {
  return position >= phase ? { at: position - phase, row: base } : { at: position + width - phase, row: base + 1 };
}

function eachValue(
  batch: Float64Array,
  count: number,
  width: number,
  start: { at: number; row: number },
  store: Store,
): void {
  let row = start.row;
  for (let k = start.at; k < count; k += width) store(row++, batch[k] as number);
}

/** Copies one field into a column; what is no unsigned 32-bit integer becomes `NOTHING`. Gives how many were not. */
function fill(
  column: Uint32Array,
  batch: Float64Array,
  count: number,
  width: number,
  start: { at: number; row: number },
): number {
  let row = start.row;
  let bad = 0;
  for (let k = start.at; k < count; k += width) {
    const value = batch[k] as number;
    if (value < NOTHING) column[row++] = value;
    else {
      column[row++] = NOTHING;
      bad++;
    }
  }
  return bad;
}

function fillTypes(
  column: Uint8Array,
  codes: Uint8Array,
  batch: Float64Array,
  count: number,
  width: number,
  start: { at: number; row: number },
): void {
  let row = start.row;
  for (let k = start.at; k < count; k += width) column[row++] = codes[batch[k] as number] ?? 0;
}

export class NodeRows extends Rows {
  types = new Uint8Array(0);
  names = new Uint32Array(0);
  ids = new Uint32Array(0);
  sizes = new Uint32Array(0);
  edgeCounts = new Uint32Array(0);
  /** Sizes over 4 GB, by row. */
  readonly largeSizes = new Map<number, number>();
  bad = 0;
  readonly #layout: SnapshotLayout;
  readonly #at: { type: number; name: number; id: number; size: number; edges: number };

  constructor(layout: SnapshotLayout) {
    super(layout.nodes, layout.nodeCount);
    this.#layout = layout;
    const at = (field: string): number => layout.nodes.at.get(field) ?? 0;
    this.#at = { type: at('type'), name: at('name'), id: at('id'), size: at('self_size'), edges: at('edge_count') };
  }

  text(): RowText | undefined {
    const { nodeTypes, nodes } = this.#layout;
    const rest = nodes.width - NODE_FIELDS.length;
    return this.textOf(NODE_FIELDS, (bytes, at, end, row, rows) =>
      readNodeRows(bytes, at, end, this, nodeTypes, rest, row, rows),
    );
  }

  protected override grow(capacity: number): void {
    this.types = grownUint8(this.types, capacity);
    this.names = grownUint32(this.names, capacity);
    this.ids = grownUint32(this.ids, capacity);
    this.sizes = grownUint32(this.sizes, capacity);
    // One more, so that the counts can become the starts of the groups in place.
    this.edgeCounts = grownUint32(this.edgeCounts, capacity + 1);
  }

  protected override store(batch: Float64Array, count: number, width: number, phase: number, base: number): void {
    const at = this.#at;
    const start = (position: number): { at: number; row: number } => firstOf(position, width, phase, base);
    fillTypes(this.types, this.#layout.nodeTypes, batch, count, width, start(at.type));
    this.bad += fill(this.names, batch, count, width, start(at.name));
    this.bad += fill(this.ids, batch, count, width, start(at.id));
    this.bad += fill(this.edgeCounts, batch, count, width, start(at.edges));
    if (fill(this.sizes, batch, count, width, start(at.size)) > 0) {
      eachValue(batch, count, width, start(at.size), (row, value) => {
        if (value >= NOTHING && Number.isSafeInteger(value)) this.largeSizes.set(row, value);
        else if (Number.isNaN(value)) this.bad++;
      });
    }
  }
}

export class EdgeRows extends Rows {
  types = new Uint8Array(0);
  /** A string's number, or the index of an element or hidden edge. */
  names = new Uint32Array(0);
  /** Ordinal of the node; `NOTHING` where the file names none. */
  targets = new Uint32Array(0);
  bad = 0;
  readonly #layout: SnapshotLayout;
  readonly #at: { type: number; name: number; to: number };

  constructor(layout: SnapshotLayout) {
    super(layout.edges, layout.edgeCount);
    this.#layout = layout;
    const at = (field: string): number => layout.edges.at.get(field) ?? 0;
    this.#at = { type: at('type'), name: at('name_or_index'), to: at('to_node') };
  }

  text(): RowText | undefined {
    const { edgeTypes, edges, nodes } = this.#layout;
    if (edges.width !== EDGE_FIELDS.length) return undefined;
    return this.textOf(EDGE_FIELDS, (bytes, at, end, row, rows) => {
      const read = readEdgeRows(bytes, at, end, this, edgeTypes, nodes.width, row, rows);
      this.bad += read.bad;
      return read;
    });
  }

  protected override grow(capacity: number): void {
    this.types = grownUint8(this.types, capacity);
    this.names = grownUint32(this.names, capacity);
    this.targets = grownUint32(this.targets, capacity);
  }

  protected override store(batch: Float64Array, count: number, width: number, phase: number, base: number): void {
    const at = this.#at;
    fillTypes(this.types, this.#layout.edgeTypes, batch, count, width, firstOf(at.type, width, phase, base));
    this.bad += fill(this.names, batch, count, width, firstOf(at.name, width, phase, base));
    // A target is written as the position of its row in the flat array of nodes.
    const nodeWidth = this.#layout.nodes.width;
    const inverse = 1 / nodeWidth;
    const start = firstOf(at.to, width, phase, base);
    const targets = this.targets;
    let row = start.row;
    for (let k = start.at; k < count; k += width) {
      const position = batch[k] as number;
      // A product instead of a quotient: this runs for each edge. The test after it is exact.
      const ordinal = (position * inverse + 0.5) >>> 0;
      if (ordinal < NOTHING && ordinal * nodeWidth === position) targets[row++] = ordinal;
      else {
        targets[row++] = NOTHING;
        this.bad++;
      }
    }
  }
}

export class LocationRows extends Rows {
  nodes = new Uint32Array(0);
  scripts = new Uint32Array(0);
  lines = new Uint32Array(0);
  columns = new Uint32Array(0);
  bad = 0;
  readonly #nodeWidth: number;
  readonly #at: { node: number; script: number; line: number; column: number };

  constructor(layout: SnapshotLayout, row: RowLayout) {
    super(row, 0);
    this.#nodeWidth = layout.nodes.width;
    const at = (field: string): number => row.at.get(field) ?? 0;
    this.#at = { node: at('object_index'), script: at('script_id'), line: at('line'), column: at('column') };
  }

  protected override grow(capacity: number): void {
    this.nodes = grownUint32(this.nodes, capacity);
    this.scripts = grownUint32(this.scripts, capacity);
    this.lines = grownUint32(this.lines, capacity);
    this.columns = grownUint32(this.columns, capacity);
  }

  protected override store(batch: Float64Array, count: number, width: number, phase: number, base: number): void {
    const at = this.#at;
    this.bad += fill(this.scripts, batch, count, width, firstOf(at.script, width, phase, base));
    this.bad += fill(this.lines, batch, count, width, firstOf(at.line, width, phase, base));
    this.bad += fill(this.columns, batch, count, width, firstOf(at.column, width, phase, base));
    eachValue(batch, count, width, firstOf(at.node, width, phase, base), (row, position) => {
      const ordinal = position / this.#nodeWidth;
      this.nodes[row] = Number.isInteger(ordinal) && ordinal < NOTHING ? ordinal : NOTHING;
    });
  }
}

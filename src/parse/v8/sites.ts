// Where constructors and functions stand, by node, and objects grouped by them.
import type { HeapClass, HeapLocation } from '../heapGraph.ts';
import { type Heap, NONE } from './heap.ts';
import { type LocationRows, NOTHING } from './columns.ts';
import { EDGE, NODE } from './layout.ts';

/** Rows of the `locations` section, found by node through a binary search. */
export class Sites {
  readonly #rows: LocationRows | undefined;
  /** Row numbers ordered by node. */
  readonly #order: Uint32Array;
  /** A number for each distinct place, by row. */
  readonly #place: Uint32Array;

  constructor(heap: Heap) {
    const rows = heap.locations;
    this.#rows = rows;
    const length = rows?.length ?? 0;
    this.#order = new Uint32Array(length);
    this.#place = new Uint32Array(length);
    if (!rows) return;
    // Node and row in one number, so that the sort needs no comparison function.
    const keys = new Float64Array(length);
    for (let row = 0; row < length; row++) keys[row] = (rows.nodes[row] as number) * length + row;
    keys.sort();
    for (let at = 0; at < length; at++) this.#order[at] = (keys[at] as number) % length;
    // Places by line (script above, line below), then by column.
    const lines = new Map<number, Map<number, number>>();
    let places = 0;
    for (let row = 0; row < length; row++) {
      const line = (rows.scripts[row] as number) * 2 ** 21 + (rows.lines[row] as number);
      const columns = lines.get(line) ?? new Map<number, number>();
      if (columns.size === 0) lines.set(line, columns);
      const column = rows.columns[row] as number;
      const place = columns.get(column) ?? ++places;
      columns.set(column, place);
      this.#place[row] = place;
    }
  }

  #row(node: number): number {
    const rows = this.#rows;
    if (!rows) return NONE;
    let low = 0;
    let high = this.#order.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const row = this.#order[middle] as number;
      const at = rows.nodes[row] as number;
      if (at === node) return rows.lines[row] === NOTHING || rows.columns[row] === NOTHING ? NONE : row;
      if (at < node) low = middle + 1;
      else high = middle - 1;
    }
    return NONE;
  }

  /** A number that two nodes share where they have the same location; 0 for none. */
  place(node: number): number {
    const row = this.#row(node);
    return row === NONE ? 0 : (this.#place[row] as number);
  }

  of(node: number): HeapLocation | undefined {
    const row = this.#row(node);
    const rows = this.#rows;
    if (row === NONE || !rows) return undefined;
    return {
      script: rows.scripts[row] as number,
      line: rows.lines[row] as number,
      column: rows.columns[row] as number,
    };
  }
}

/** A prototype looks like an instance of its class; what tells it is that its constructor's `prototype` is this object. */
function isPrototype(heap: Heap, node: number): boolean {
  const constructor = heap.follow(node, EDGE.property, heap.known.constructor);
  return (
    constructor !== NONE &&
    heap.types[constructor] === NODE.closure &&
    heap.follow(constructor, EDGE.property, heap.known.prototype) === node
  );
}

/** Objects by constructor, largest group first; `hidden` names what no program calls an object. */
export function classesOf(heap: Heap, sites: Sites, hidden: ReadonlySet<number>): HeapClass[] {
  const groups = new Map<number, number[]>();
  const ownName = new Map<number, boolean>();
  const span = (heap.locations?.length ?? 0) + 1;
  for (let node = 0; node < heap.nodeCount; node++) {
    if (heap.types[node] !== NODE.object) continue;
    const name = heap.names[node] as number;
    let internalName = ownName.get(name);
    if (internalName === undefined) {
      internalName = heap.strings.name(name).startsWith('system / ');
      ownName.set(name, internalName);
    }
    if (internalName || hidden.has(node) || isPrototype(heap, node)) continue;
    const key = name * span + sites.place(node);
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  const classes = [...groups.values()].map((instances): HeapClass => {
    const node = instances[0] as number;
    const location = sites.of(node);
    return { name: heap.strings.name(heap.names[node] as number), ...(location && { location }), instances };
  });
  return classes.sort((a, b) => b.instances.length - a.instances.length);
}

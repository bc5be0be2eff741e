// The hash tables behind Map and Set. V8 writes no edge for a small integer, a boolean, null or undefined in them,
// and for no count: which entries exist is read from the positions of the edges that are there.
import { type Heap, internal, mostSlots, NONE } from './heap.ts';
import { NOTHING } from './columns.ts';
import { EDGE } from './layout.ts';

const POINTER = 8;
const HEADER = 2 * POINTER;
/** Before the buckets: the number of elements, of deleted elements, of buckets. */
const PREFIX = 3;
/** Entries for each bucket. */
const LOAD = 2;

export interface HashTable {
  readonly kind: 'map' | 'set';
  readonly node: number;
  /** Index of the first slot of the first entry. */
  readonly start: number;
  /** Slots of an entry: key, value of a Map, chain. */
  readonly width: number;
  readonly capacity: number;
}

/** The table of a Map or Set. Which of them: only one of the two divides its size. A weak table is neither. */
export function tableOf(heap: Heap, node: number): HashTable | undefined {
  const table = internal(heap, node, 'table');
  if (table === NONE) return undefined;
  const slots = (heap.selfSize(table) - HEADER) / POINTER - PREFIX;
  for (const [kind, width] of [
    ['map', 3],
    ['set', 2],
  ] as const) {
    const buckets = slots / (1 + LOAD * width);
    if (buckets >= 1 && Number.isInteger(Math.log2(buckets)))
      return { kind, node: table, start: PREFIX + buckets, width, capacity: buckets * LOAD };
  }
  return undefined;
}

/** Nodes at the slots of a table that have an edge, by entry and slot. Deleted entries are left out. */
function slotsOf(heap: Heap, table: HashTable): Map<number, (number | undefined)[]> {
  const entries = new Map<number, (number | undefined)[]>();
  const capacity = Math.min(table.capacity, mostSlots(heap));
  const end = heap.first[table.node + 1] as number;
  for (let edge = heap.first[table.node] as number; edge < end; edge++) {
    if (heap.edgeTypes[edge] !== EDGE.internal || heap.targets[edge] === NOTHING) continue;
    const at = heap.strings.index(heap.edgeNames[edge] as number) - table.start;
    const entry = Math.floor(at / table.width);
    if (at < 0 || entry >= capacity) continue;
    const slots = entries.get(entry) ?? [];
    slots[at % table.width] = heap.targets[edge] as number;
    entries.set(entry, slots);
  }
  return entries;
}

/**
 * Entries in order of insertion, each with the slots that were written. An entry of which V8 wrote nothing is there
 * only where it stands before one that was written, and only where deleted entries are known to be written as holes.
 */
export function entriesOf(heap: Heap, table: HashTable): (readonly (number | undefined)[])[] {
  const written = slotsOf(heap, table);
  const hole = heap.known['system / Hole'];
  const holesAreWritten = hole !== NONE;
  const result: (readonly (number | undefined)[])[] = [];
  let last = NONE;
  for (const entry of written.keys()) last = Math.max(last, entry);
  for (let entry = 0; entry <= last; entry++) {
    const slots = written.get(entry);
    if (!slots) {
      if (holesAreWritten) result.push([]);
    } else if (slots[0] === undefined || heap.names[slots[0]] !== hole) result.push(slots);
  }
  return result;
}

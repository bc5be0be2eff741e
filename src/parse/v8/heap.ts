// The columns of a whole snapshot with the edges grouped by their node, and the strings V8 itself gives meaning to.
import type { Problem } from '../../model/index.ts';
import { type EdgeRows, type LocationRows, type NodeRows, NOTHING } from './columns.ts';
import { EDGE } from './layout.ts';
import type { HeapNotes } from './notes.ts';
import type { StringTable } from './stringTable.ts';

/** No node: an edge that is not there. */
export const NONE = -1;

/** Names that V8 gives to edges and nodes of its own. */
const KNOWN = [
  'map',
  'table',
  'elements',
  'value',
  'first',
  'second',
  'actual',
  'name',
  'context',
  'previous',
  'prototype',
  'constructor',
  '__proto__',
  'target',
  'getter',
  'setter',
  'reactions_or_result',
  'bound_function',
  'bound_this',
  'extension',
  'true',
  'false',
  'null',
  'undefined',
  'heap number',
  'smi number',
  'system / Oddball',
  'system / Hole',
  'system / AccessorPair',
  'system / AccessorInfo',
  'system / JSProxy',
  'system / NativeContext',
] as const;
export type KnownName = (typeof KNOWN)[number];

export interface SnapshotParts {
  readonly nodes: NodeRows;
  readonly edges: EdgeRows;
  readonly locations: LocationRows | undefined;
  readonly strings: StringTable;
  readonly notes: HeapNotes;
  /** What the header claims. */
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly problems: Problem[];
}

export interface Heap {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly types: Uint8Array;
  readonly names: Uint32Array;
  readonly ids: Uint32Array;
  readonly edgeTypes: Uint8Array;
  readonly edgeNames: Uint32Array;
  readonly targets: Uint32Array;
  /** Edges of node n: first[n] .. first[n + 1] - 1. */
  readonly first: Uint32Array;
  /** Nodes before this one have all their edges: what they lack, V8 did not write. 0 where any edge was unreadable. */
  readonly whole: number;
  readonly strings: StringTable;
  /** Numbers of V8's own names in the string table; -1 where the file has none. */
  readonly known: { readonly [name in KnownName]: number };
  readonly locations: LocationRows | undefined;
  selfSize(node: number): number;
  /** Target of the first edge of this type and name; `NONE` where there is none. */
  follow(node: number, type: number, name: number): number;
}

/**
 * Groups edges by node, turning the counts into starts in place. A node whose count is unreadable ends it: whose the
 * later edges are is not known.
 */
function firstEdges(nodes: NodeRows, edgeCount: number): { first: Uint32Array; whole: number; sum: number } {
  const count = nodes.length;
  const first = count === 0 ? new Uint32Array(1) : nodes.edgeCounts;
  let sum = 0;
  let whole = count;
  let start = 0;
  for (let node = 0; node < count; node++) {
    const own = first[node] as number;
    first[node] = start;
    if (own === NOTHING) whole = Math.min(whole, node);
    else if (whole === count) {
      sum += own;
      if (sum > edgeCount) whole = node;
      start = Math.min(sum, edgeCount);
    } else sum += own;
  }
  first[count] = start;
  return { first, whole, sum };
}

export function buildHeap(parts: SnapshotParts): Heap {
  const { nodes, edges, strings, locations, problems } = parts;
  const nodeCount = nodes.length;
  const edgeCount = edges.length;
  const { first, whole, sum } = firstEdges(nodes, edgeCount);
  const targets = edges.targets.subarray(0, edgeCount);
  let dangling = 0;
  for (let edge = 0; edge < edgeCount; edge++) {
    if ((targets[edge] as number) >= nodeCount) {
      targets[edge] = NOTHING;
      dangling++;
    }
  }
  const say = (code: string, message: string): void => void problems.push({ code, message });
  if (parts.nodeCount !== nodeCount)
    say('node-count', `The header promises ${parts.nodeCount} nodes, the file has ${nodeCount}.`);
  if (parts.edgeCount !== edgeCount)
    say('edge-count', `The header promises ${parts.edgeCount} edges, the file has ${edgeCount}.`);
  if (nodes.ragged || edges.ragged || locations?.ragged) say('ragged', 'A section ends in the middle of a row.');
  if (whole < nodeCount || sum !== edgeCount)
    say(
      'edge-sum',
      `The nodes claim ${sum} edges, the file has ${edgeCount}; ${nodeCount - whole} nodes lack some or all of theirs.`,
    );
  const bad = nodes.bad + edges.bad + (locations?.bad ?? 0);
  if (bad > 0) say('bad-number', `${bad} numbers are negative, broken or too large; what they describe is left out.`);
  if (dangling > 0)
    say('dangling-edge', `${dangling} edges lead to nodes that are not in the file; they are left out.`);
  if (strings.full)
    say(
      'too-many-strings',
      'The text of the snapshot is larger than 4 GB; the names and strings after that are missing.',
    );

  const found = strings.find(KNOWN);
  const known = Object.fromEntries(KNOWN.map((name, at) => [name, found[at] ?? NONE])) as {
    [name in KnownName]: number;
  };
  const edgeTypes = edges.types.subarray(0, edgeCount);
  const edgeNames = edges.names.subarray(0, edgeCount);
  const sizes = nodes.sizes;
  const { largeSizes } = nodes;
  return {
    nodeCount,
    edgeCount,
    types: nodes.types.subarray(0, nodeCount),
    names: nodes.names.subarray(0, nodeCount),
    ids: nodes.ids.subarray(0, nodeCount),
    edgeTypes,
    edgeNames,
    targets,
    first,
    whole: bad + dangling > 0 ? 0 : whole,
    strings,
    known,
    locations,
    selfSize(node) {
      const size = sizes[node] ?? 0;
      return size === NOTHING ? (largeSizes.get(node) ?? 0) : size;
    },
    follow(node, type, name) {
      const end = first[node + 1] ?? 0;
      for (let edge = first[node] ?? 0; edge < end; edge++) {
        if (edgeNames[edge] === name && edgeTypes[edge] === type && targets[edge] !== NOTHING)
          return targets[edge] as number;
      }
      return NONE;
    },
  };
}

/** The target of an edge of V8's own. */
export function internal(heap: Heap, node: number, name: KnownName): number {
  return heap.follow(node, EDGE.internal, heap.known[name]);
}

/** Whether the absence of such an edge says something: the node's edges are all there, and the name could be found. */
export function lacks(heap: Heap, node: number, name: KnownName): boolean {
  const readable = heap.known[name] !== NONE || (heap.strings.closed && !heap.strings.full);
  return readable && node < heap.whole && internal(heap, node, name) === NONE;
}

const SMALL = 1 << 16;

/** The longest list worth making for this file: a size that a damaged file claims must not become memory. */
export function mostSlots(heap: Heap): number {
  return Math.max(SMALL, heap.edgeCount * 4);
}

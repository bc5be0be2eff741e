// Who holds a node: edges grouped by target in two compact columns, made when first asked for.
import type { HeapReferrer } from '../heapGraph.ts';
import type { Heap } from './heap.ts';
import { NOTHING } from './columns.ts';
import { EDGE } from './layout.ts';

export class Referrers {
  readonly #heap: Heap;
  /** Edges to node n: edges[first[n]] .. edges[first[n + 1] - 1]. */
  readonly #first: Uint32Array;
  readonly #edges: Uint32Array;

  constructor(heap: Heap) {
    this.#heap = heap;
    const first = new Uint32Array(heap.nodeCount + 2);
    const { targets } = heap;
    for (let edge = 0; edge < targets.length; edge++) {
      const target = targets[edge] as number;
      if (target !== NOTHING) first[target + 2] = (first[target + 2] as number) + 1;
    }
    for (let node = 2; node < first.length; node++) first[node] = (first[node] as number) + (first[node - 1] as number);
    const edges = new Uint32Array(first[first.length - 1] as number);
    for (let edge = 0; edge < targets.length; edge++) {
      const target = targets[edge] as number;
      if (target === NOTHING) continue;
      const at = first[target + 1] as number;
      edges[at] = edge;
      first[target + 1] = at + 1;
    }
    this.#first = first;
    this.#edges = edges;
  }

  of(node: number): HeapReferrer[] {
    const list: HeapReferrer[] = [];
    const { edgeTypes, edgeNames, strings } = this.#heap;
    for (let k = this.#first[node] ?? 0; k < (this.#first[node + 1] ?? 0); k++) {
      const edge = this.#edges[k] as number;
      const holder = this.#holder(edge);
      if (holder === undefined) continue;
      const type = edgeTypes[edge];
      const number = edgeNames[edge] as number;
      const name = type === EDGE.element || type === EDGE.hidden ? String(number) : strings.name(number);
      list.push({ node: holder, name });
    }
    return list;
  }

  /** The node whose range of edges holds this one. */
  #holder(edge: number): number | undefined {
    const { first, nodeCount } = this.#heap;
    let low = 0;
    let high = nodeCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((first[middle + 1] as number) <= edge) low = middle + 1;
      else high = middle;
    }
    return low < nodeCount ? low : undefined;
  }
}

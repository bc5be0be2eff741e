// Who holds a node, by name: made once, when first asked for, from what every object shows.
import type { HeapGraph, HeapReferrer, NodeIndex } from './heapGraph.ts';

export class Holders {
  readonly #byNode = new Map<NodeIndex, HeapReferrer[]>();

  constructor(graph: HeapGraph) {
    for (let node = 0; node < graph.nodeCount; node++) {
      const kind = graph.kind(node);
      const add = (held: NodeIndex | undefined, name: string): void => {
        if (held === undefined || held >= graph.nodeCount || graph.kind(held) === 'internal') return;
        const list = this.#byNode.get(held);
        if (list) list.push({ node, name });
        else this.#byNode.set(held, [{ node, name }]);
      };
      if (kind === 'internal' || kind === 'string' || kind === 'number') continue;
      if (kind === 'map') {
        graph.mapEntries(node).forEach(({ key, value }, n) => {
          add(key, String(n));
          add(value, String(n));
        });
      } else if (kind === 'set') graph.setValues(node).forEach((value, n) => add(value, String(n)));
      else if (kind === 'array') graph.elements(node).forEach((value, n) => add(value, String(n)));
      for (const { name, node: held } of graph.properties(node)) add(held, name);
      for (const { name, node: held } of graph.captured(node)) add(held, name);
    }
  }

  of(node: NodeIndex): readonly HeapReferrer[] {
    return this.#byNode.get(node) ?? [];
  }
}

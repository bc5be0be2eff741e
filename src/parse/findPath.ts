// Follows a path such as `globalThis.orders["1042"].lines[0]` from the global objects of a heap.
// Names are properties, indices are elements of arrays, and a Map is entered by the text of its key.
import type { HeapGraph, NodeIndex } from './heapGraph.ts';

const STEP = /\.?([#\p{ID_Start}$_@][\p{ID_Continue}$@]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\['((?:[^'\\]|\\.)*)'\]/uy;
const GLOBAL_NAMES = ['globalThis', 'global', 'window', 'self'];

/** The names in a path, outermost first; undefined where it is no path. */
export function pathSteps(path: string): string[] | undefined {
  const steps: string[] = [];
  let at = 0;
  while (at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (!match) return undefined;
    const [, name, index, double, single] = match;
    const quoted = double === undefined ? undefined : unquoted(double);
    const step = name ?? index ?? quoted ?? single?.replace(/\\(.)/g, '$1');
    if (step === undefined) return undefined;
    steps.push(step);
    at = STEP.lastIndex;
  }
  return steps.length > 0 ? steps : undefined;
}

function unquoted(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function keyText(graph: HeapGraph, key: NodeIndex | undefined): string | undefined {
  const leaf = key === undefined ? undefined : graph.leaf(key);
  return leaf === undefined || (typeof leaf === 'object' && leaf !== null) ? undefined : String(leaf);
}

function member(graph: HeapGraph, node: NodeIndex, name: string): NodeIndex | undefined {
  const kind = graph.kind(node);
  if (kind === 'array' && /^\d+$/.test(name)) return graph.elements(node)[Number(name)];
  if (kind === 'map') {
    const entry = graph.mapEntries(node).find(({ key }) => keyText(graph, key) === name);
    if (entry) return entry.value;
  }
  if (kind === 'set' && /^\d+$/.test(name)) return graph.setValues(node)[Number(name)];
  return graph.property(node, name);
}

/** The node a path leads to, from the first global object that has all of it; undefined where none has. */
export function findPath(graph: HeapGraph, path: string): NodeIndex | undefined {
  const steps = pathSteps(path);
  if (!steps) return undefined;
  const names = GLOBAL_NAMES.includes(steps[0] as string) ? steps.slice(1) : steps;
  for (const global of graph.globals()) {
    let node: NodeIndex | undefined = global;
    for (const name of names) {
      if (node === undefined) break;
      node = member(graph, node, name);
    }
    if (node !== undefined) return node;
  }
  return undefined;
}

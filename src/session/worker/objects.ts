// Objects of a heap in the contract's form: all of one class, or the one a path leads to.
import type { ObjectsDocument, Problem } from '../../model/index.ts';
import { readValue, type HeapGraph, type NodeIndex } from '../../parse/index.ts';
import type { ObjectsArguments } from './protocol.ts';

/** Elements of one collection that are written out before it is marked truncated. */
const COLLECTION_LIMIT = 10_000;

export function readObjects(graph: HeapGraph, { select, limit, depth }: ObjectsArguments): ObjectsDocument {
  const problems: Problem[] = [...graph.problems];
  const write = (node: NodeIndex): ObjectsDocument['objects'][number] =>
    readValue(graph, node, { depth, limit: COLLECTION_LIMIT });
  if ('path' in select) {
    const node = nodeAt(graph, select.path, problems);
    return {
      document: 'objects',
      class: node === undefined ? '' : graph.name(node),
      path: select.path,
      count: node === undefined ? 0 : 1,
      objects: node === undefined ? [] : [write(node)],
      problems,
    };
  }
  const classes = graph.classes().filter((each) => each.name === select.class);
  if (classes.length === 0)
    problems.push({ code: 'class-missing', message: `No object of a class ${select.class} is in the snapshot.` });
  if (classes.length > 1)
    problems.push({
      code: 'class-ambiguous',
      message: `${classes.length} classes are named ${select.class}; the objects of all of them are given.`,
    });
  const nodes = classes.flatMap((each) => each.instances);
  return {
    document: 'objects',
    class: select.class,
    count: nodes.length,
    objects: nodes.slice(0, limit).map(write),
    problems,
  };
}

/** Follows `globalThis.orders`, `app.carts[3].lines`, `["a key"]`; a Map is entered by the text of its key. */
function nodeAt(graph: HeapGraph, path: string, problems: Problem[]): NodeIndex | undefined {
  const names = stepsOf(path);
  if (!names) {
    problems.push({ code: 'bad-path', message: `${path} is no path such as globalThis.orders[0].lines.` });
    return undefined;
  }
  if (names[0] === 'globalThis' || names[0] === 'global' || names[0] === 'window') names.shift();
  for (const start of graph.globals()) {
    let node: NodeIndex | undefined = start;
    for (const name of names) {
      node = memberOf(graph, node, name);
      if (node === undefined) break;
    }
    if (node !== undefined) return node;
  }
  problems.push({ code: 'path-missing', message: `${path} leads nowhere in the snapshot.` });
  return undefined;
}

function memberOf(graph: HeapGraph, node: NodeIndex, name: string): NodeIndex | undefined {
  const kind = graph.kind(node);
  if (kind === 'array' && /^\d+$/.test(name)) return graph.elements(node)[Number(name)];
  if (kind === 'map')
    return graph.mapEntries(node).find(({ key }) => key !== undefined && String(graph.leaf(key)) === name)?.value;
  return graph.property(node, name);
}

function stepsOf(path: string): string[] | undefined {
  const steps: string[] = [];
  const step =
    /\.?([\p{ID_Start}$_#@][\p{ID_Continue}$@]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\]/uy;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (!match) return undefined;
    steps.push(match[1] ?? match[2] ?? (match[3] ?? match[4] ?? '').replace(/\\(.)/g, '$1'));
  }
  return steps.length > 0 ? steps : undefined;
}

// Objects of a heap in the contract's form: all of one class, or the one a path leads to.
import type { ObjectsDocument, Problem } from '../../model/index.ts';
import { findPath, readValue, type HeapGraph, type NodeIndex } from '../../parse/index.ts';
import type { ObjectsArguments } from './protocol.ts';

/** Elements of one collection that are written out before it is marked truncated. */
const COLLECTION_LIMIT = 10_000;

export function readObjects(graph: HeapGraph, { select, limit, depth }: ObjectsArguments): ObjectsDocument {
  const problems: Problem[] = [...graph.problems];
  const write = (node: NodeIndex, place: number): ObjectsDocument['objects'][number] =>
    readValue(graph, node, { depth, limit: COLLECTION_LIMIT, at: `$.objects[${place}]` });
  if ('path' in select) {
    const node = findPath(graph, select.path);
    if (node === undefined)
      problems.push({
        code: 'path-missing',
        message: `${select.path} leads nowhere in the snapshot; paths are written as globalThis.orders[0].lines or app.carts["a key"].`,
      });
    return {
      document: 'objects',
      class: node === undefined ? '' : graph.name(node),
      path: select.path,
      count: node === undefined ? 0 : 1,
      objects: node === undefined ? [] : [write(node, 0)],
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

// A node of the graph as an exact contract value, with all it holds down to a depth. Sharing and cycles survive as refs.
// What V8 did not write is marked missing; it reads any HeapGraph and knows nothing of its format.
import { missing, type Value } from '../model/index.ts';
import type { HeapGraph, HeapProperty, NodeIndex } from './heapGraph.ts';

export interface ReadOptions {
  /** Levels of objects that are written; what lies deeper is `truncated` with the reason `depth`. */
  readonly depth: number;
  /** Members of one object or collection that are written; how many more there are is said. */
  readonly limit: number;
  /** Where the value stands in its document, as a JSONPath (RFC 9535). Default `$`: the value is the document. */
  readonly at?: string;
}

/** Deeper than any document a person reads, and far from the end of the stack. */
const DEEPEST = 500;
/** Values in one document: an answer larger than this helps nobody and would not fit into memory. */
const MOST_VALUES = 2_000_000;

/**
 * @returns the value; an object met again is `{$type: 'ref', value: path}`, the JSONPath of where it is written in the
 *   document, tags included: `$.value.lines.value[0]`, or `$.value.orders.value[2][1]` for the value of a Map's third pair
 */
export function readValue(graph: HeapGraph, node: NodeIndex, options: ReadOptions): Value {
  return new Reader(graph, Math.max(0, options.limit)).read(node, Math.min(options.depth, DEEPEST), options.at ?? '$');
}

/** What a JSONPath may write without brackets; `#private` and `$name` are none of it. */
const PLAIN_NAME = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;

/** How a member is written at the end of a path. */
function memberOf(name: string): string {
  return PLAIN_NAME.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function more(length: number): Value {
  return { $type: 'truncated', value: { length, head: '' }, why: 'long' };
}

/** How names are written in paths, by graph: of many objects they are the same few. */
const membersOf = new WeakMap<HeapGraph, Map<string, string>>();

class Reader {
  readonly #graph: HeapGraph;
  readonly #limit: number;
  /** Where each object was written. */
  readonly #written = new Map<NodeIndex, string>();
  /** True where the whole file was read, so that a gap in an array is a hole. */
  readonly #whole: boolean;
  readonly #members: Map<string, string>;
  #budget = MOST_VALUES;

  constructor(graph: HeapGraph, limit: number) {
    this.#graph = graph;
    this.#limit = limit;
    this.#members = membersOf.get(graph) ?? new Map<string, string>();
    membersOf.set(graph, this.#members);
    this.#whole = graph.exact === true || graph.problems.length === 0;
  }

  read(node: NodeIndex, depth: number, path: string): Value {
    const graph = this.#graph;
    const leaf = graph.leaf(node);
    if (leaf !== undefined) return leaf;
    const kind = graph.kind(node);
    if (kind === 'internal') return missing();
    const known = this.#written.get(node);
    if (known !== undefined) return { $type: 'ref', value: known };
    if (depth <= 0 || this.#budget-- <= 0)
      return { $type: 'truncated', value: { length: 0, head: graph.name(node) }, why: 'depth' };
    this.#written.set(node, path);
    const inner = depth - 1;
    switch (kind) {
      case 'array':
        return this.#list(node, inner, path);
      case 'set':
        return this.#set(node, inner, path);
      case 'map':
        return this.#map(node, inner, path);
      case 'function':
        return this.#function(node, inner, path);
      case 'promise':
        return this.#promise(node, inner, path);
      case 'weak':
        return this.#weak(node, inner, path);
      case 'error':
        return { $type: 'error', class: graph.name(node), value: this.#membersOf(node, inner, path) };
      case 'proxy':
        return { $type: 'object', class: graph.name(node), proxy: true, value: this.#membersOf(node, inner, path) };
      default:
        return { $type: 'object', class: graph.name(node), value: this.#membersOf(node, inner, path) };
    }
  }

  #membersOf(node: NodeIndex, depth: number, path: string): { readonly [name: string]: Value } {
    return this.#named(this.#graph.properties(node), depth, `${path}.value`);
  }

  #named(properties: readonly HeapProperty[], depth: number, path: string): { readonly [name: string]: Value } {
    const entries: [string, Value][] = [];
    for (const { name, node } of properties) {
      if (entries.length >= this.#limit) break;
      let member = this.#members.get(name);
      if (member === undefined) this.#members.set(name, (member = memberOf(name)));
      entries.push([name, this.read(node, depth, path + member)]);
    }
    if (properties.length > this.#limit) entries.push(['…', more(properties.length - this.#limit)]);
    // Defined one by one, since a program may name a member `__proto__`.
    return Object.fromEntries(entries);
  }

  #side(node: NodeIndex | undefined, depth: number, path: string): Value {
    return node === undefined ? missing() : this.read(node, depth, path);
  }

  #list(node: NodeIndex, depth: number, path: string): Value {
    const elements = this.#graph.elements(node);
    const anyWritten = this.#graph.exact === true || elements.some((element) => element !== undefined);
    if (!anyWritten && this.#graph.lengthOf(node) === undefined) return missing();
    const gap: Value = anyWritten && this.#whole ? { $type: 'undefined', hole: true } : missing();
    const value = elements
      .slice(0, this.#limit)
      .map((element, index) => (element === undefined ? gap : this.read(element, depth, `${path}.value[${index}]`)));
    return { $type: 'list', value, ...(elements.length > this.#limit && { length: elements.length }) };
  }

  #set(node: NodeIndex, depth: number, path: string): Value {
    const values = this.#graph.setValues(node);
    // An empty Set looks like one of numbers only: none of its members is written.
    if (values.length === 0 && this.#graph.lengthOf(node) === undefined) return missing();
    const value = values.slice(0, this.#limit).map((each, index) => this.#side(each, depth, `${path}.value[${index}]`));
    return { $type: 'set', value, ...(values.length > this.#limit && { length: values.length }) };
  }

  #map(node: NodeIndex, depth: number, path: string): Value {
    const entries = this.#graph.mapEntries(node);
    if (entries.length === 0 && this.#graph.lengthOf(node) === undefined) return missing();
    const value = entries
      .slice(0, this.#limit)
      .map(({ key, value }, index): [Value, Value] => [
        this.#side(key, depth, `${path}.value[${index}][0]`),
        this.#side(value, depth, `${path}.value[${index}][1]`),
      ]);
    if (entries.length > this.#limit) value.push([more(entries.length - this.#limit), missing()]);
    return { $type: 'map', value };
  }

  #function(node: NodeIndex, depth: number, path: string): Value {
    const captured = this.#graph.captured(node);
    return {
      $type: 'function',
      value: this.#graph.name(node),
      ...(captured.length > 0 && { variables: this.#named(captured, depth, `${path}.variables`) }),
    };
  }

  /** Whether a promise is pending, fulfilled or rejected is a small integer that V8 does not write into a heap snapshot. */
  #promise(node: NodeIndex, depth: number, path: string): Value {
    const [result] = this.#graph.captured(node);
    return {
      $type: 'promise',
      state: this.#graph.promiseState?.(node) ?? 'unknown',
      ...(result && { value: this.read(result.node, depth, `${path}.value`) }),
    };
  }

  #weak(node: NodeIndex, depth: number, path: string): Value {
    const [target] = this.#graph.captured(node);
    if (target) return { $type: 'weakref', value: this.read(target.node, depth, `${path}.value`) };
    return { $type: 'object', class: this.#graph.name(node), value: this.#membersOf(node, depth, path) };
  }
}

// Values of attributes, exact: leaves and containers as they are, entities inside by their key only, secrets left out.
import {
  isRevealed,
  isSecret,
  looksSecretText,
  missing,
  redacted,
  type Value,
  type WorkspaceFile,
} from '../model/index.ts';
import type { HeapGraph, NodeIndex } from '../parse/index.ts';

/** Value objects nest a little; what lies deeper is another thing's business. */
const DEEPEST = 5;
/** Members of one collection and fields of one object; the rest is said to be cut. */
const MOST = 200;
const LONGEST = 4_000;

export interface ValueReader {
  /** The value of an attribute of an entity, by the attribute's name. */
  read(entity: string, attribute: string, node: NodeIndex): Value;
}

/** `identityOf` gives class and key of an object that is an entity: inside a value it is shown by these alone. */
export function valueReader(
  graph: HeapGraph,
  file: WorkspaceFile,
  identityOf: (node: NodeIndex) => { readonly entity: string; readonly id: string | number | undefined } | undefined,
): ValueReader {
  const known = new Map<string, boolean>();
  const secret = (entity: string, name: string): boolean => {
    const key = `${entity}\u0000${name}`;
    const answer = known.get(key) ?? isSecret(entity, name, file);
    known.set(key, answer);
    return answer;
  };
  /** The key of a Map's entry names its value as an attribute does. */
  const keyed = (entity: string, key: NodeIndex | undefined): boolean => {
    const name = key === undefined ? undefined : graph.leaf(key);
    return typeof name === 'string' && secret(entity, name);
  };
  const read = (entity: string, node: NodeIndex, depth: number, path: readonly NodeIndex[], open: boolean): Value => {
    const leaf = graph.leaf(node);
    if (leaf !== undefined)
      return !open && typeof leaf === 'string' && looksSecretText(leaf) ? redacted() : short(leaf);
    const kind = graph.kind(node);
    if (kind === 'function') return { $type: 'function', value: graph.name(node) };
    if (kind === 'promise') return { $type: 'promise', state: 'unknown' };
    if (kind !== 'object' && kind !== 'array' && kind !== 'map' && kind !== 'set' && kind !== 'error') return missing();
    const whose = depth > 0 ? identityOf(node) : undefined;
    if (whose) return { $type: 'object', class: whose.entity, value: whose.id === undefined ? {} : { id: whose.id } };
    if (depth >= DEEPEST || path.includes(node)) return cut(graph.name(node));
    const inner = (child: NodeIndex | undefined): Value =>
      child === undefined ? missing() : read(entity, child, depth + 1, [...path, node], open);
    switch (kind) {
      case 'array':
        return list(
          'list',
          graph.elements(node).map((child) => () => inner(child)),
          graph.lengthOf(node),
        );
      case 'set':
        return list(
          'set',
          graph.setValues(node).map((child) => () => inner(child)),
          undefined,
        );
      case 'map':
        return {
          $type: 'map',
          value: graph
            .mapEntries(node)
            .slice(0, MOST)
            .map(({ key, value }) => [inner(key), keyed(entity, key) ? redacted() : inner(value)] as const),
        };
      default: {
        const value: Record<string, Value> = {};
        for (const { name, node: child } of graph.properties(node).slice(0, MOST)) {
          if (graph.kind(child) === 'function') continue;
          const entry = secret(entity, name) ? redacted() : inner(child);
          // `__proto__` by plain assignment would set the prototype of the record.
          if (name !== '__proto__') value[name] = entry;
          else Object.defineProperty(value, name, { value: entry, enumerable: true });
        }
        const name = graph.name(node);
        return { $type: 'object', ...(name !== '' && name !== 'Object' && { class: name }), value };
      }
    }
  };
  return {
    read: (entity, attribute, node) =>
      secret(entity, attribute) ? redacted() : read(entity, node, 0, [], isRevealed(entity, attribute, file)),
  };
}

function list(type: 'list' | 'set', members: readonly (() => Value)[], length: number | undefined): Value {
  const value = members.slice(0, MOST).map((member) => member());
  const whole = members.length > MOST ? members.length : length;
  return { $type: type, value, ...(whole !== undefined && whole !== value.length && { length: whole }) };
}

function cut(head: string): Value {
  return { $type: 'truncated', value: { length: 0, head }, why: 'depth' };
}

function short(leaf: Value): Value {
  if (typeof leaf !== 'string' || leaf.length <= LONGEST) return leaf;
  return { $type: 'truncated', value: { length: leaf.length, head: leaf.slice(0, LONGEST) }, why: 'long' };
}

// A HeapGraph over real JavaScript objects, so that a test's heap is a few readable lines. A property named '#x' stands for a private member.
import type { Value } from '../../src/model/index.ts';
import type {
  HeapClass,
  HeapGraph,
  HeapLocation,
  HeapProperty,
  HeapReferrer,
  HeapScript,
  NodeIndex,
  NodeKind,
} from '../../src/parse/index.ts';

export interface HeapOptions {
  /** Where constructors stand, by class name. Classes without one are the runtime's. */
  readonly at?: Readonly<Record<string, HeapLocation>>;
  readonly scripts?: readonly HeapScript[];
}

const LEAVES: readonly NodeKind[] = ['string', 'number', 'boolean', 'null', 'undefined', 'bigint', 'date', 'symbol'];

/** The roots are variables of the program: `heapOf({ orders: new Map(...) })`. */
export function heapOf(roots: Readonly<Record<string, unknown>>, options: HeapOptions = {}): HeapGraph {
  const values: unknown[] = [];
  const indices = new Map<unknown, NodeIndex>();
  const nodeOf = (value: unknown): NodeIndex => {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    const known = isObject ? indices.get(value) : undefined;
    if (known !== undefined) return known;
    values.push(value);
    if (isObject) indices.set(value, values.length - 1);
    return values.length - 1;
  };

  const rows: {
    properties: HeapProperty[];
    elements: (NodeIndex | undefined)[];
    entries: { key: NodeIndex; value: NodeIndex }[];
    members: NodeIndex[];
  }[] = [];
  const root = nodeOf(roots);
  for (let node = 0; node < values.length; node += 1) {
    const value = values[node];
    const row: (typeof rows)[number] = { properties: [], elements: [], entries: [], members: [] };
    rows[node] = row;
    if (typeof value !== 'object' || value === null || value instanceof Date) continue;
    if (value instanceof Map)
      row.entries = [...value].map(([key, held]) => ({ key: nodeOf(key), value: nodeOf(held) }));
    else if (value instanceof Set) row.members = [...value].map(nodeOf);
    else if (Array.isArray(value))
      row.elements = Array.from(value, (held: unknown, i) => (i in value ? nodeOf(held) : undefined));
    for (const [name, held] of Object.entries(value)) {
      if (Array.isArray(value)) continue;
      row.properties.push({ name, node: nodeOf(held) });
    }
  }

  const kind = (node: NodeIndex): NodeKind => kindOf(values[node]);
  const className = (node: NodeIndex): string => {
    const value = values[node];
    if (typeof value === 'string') return value;
    return typeof value === 'object' && value !== null
      ? ((value.constructor as { name?: string } | undefined)?.name ?? 'Object')
      : '';
  };
  const location = (node: NodeIndex): HeapLocation | undefined =>
    kind(node) === 'object' ? options.at?.[className(node)] : undefined;
  const groups = new Map<string, NodeIndex[]>();
  values.forEach((value, node) => {
    if (typeof value === 'object' && value !== null && node !== root)
      groups.set(className(node), [...(groups.get(className(node)) ?? []), node]);
  });
  const referrers = new Map<NodeIndex, HeapReferrer[]>();
  rows.forEach((row, node) => {
    for (const { name, node: to } of row.properties) referrers.set(to, [...(referrers.get(to) ?? []), { node, name }]);
  });

  return {
    nodeCount: values.length,
    edgeCount: rows.reduce((sum, row) => sum + row.properties.length, 0),
    scripts: new Map((options.scripts ?? [{ id: 1, url: 'file:///srv/app.js' }]).map((script) => [script.id, script])),
    target: {},
    problems: [],
    kind,
    name: className,
    heapId: (node) => node * 2 + 1,
    selfSize: () => 16,
    constructorLocation: location,
    classes: (): HeapClass[] =>
      [...groups].map(([name, instances]) => {
        const at = options.at?.[name];
        return { name, instances, ...(at && { location: at }) };
      }),
    properties: (node) => rows[node]?.properties ?? [],
    property: (node, name) => rows[node]?.properties.find((property) => property.name === name)?.node,
    elements: (node) => rows[node]?.elements ?? [],
    lengthOf: (node) => (Array.isArray(values[node]) ? (values[node] as unknown[]).length : undefined),
    mapEntries: (node) => rows[node]?.entries ?? [],
    setValues: (node) => rows[node]?.members ?? [],
    captured: () => [],
    leaf: (node): Value | undefined => {
      const value = values[node];
      if (value instanceof Date) return { $type: 'date', value: value.toISOString() };
      if (value === undefined) return { $type: 'undefined' };
      if (typeof value === 'bigint') return { $type: 'bigint', value: String(value) };
      return LEAVES.includes(kind(node)) ? (value as Value) : undefined;
    },
    referrers: (node) => referrers.get(node) ?? [],
    globals: () => [root],
  };
}

function kindOf(value: unknown): NodeKind {
  if (value === null) return 'null';
  if (value instanceof Map) return 'map';
  if (value instanceof Set) return 'set';
  if (value instanceof Date) return 'date';
  if (value instanceof Promise) return 'promise';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'object' ? 'object' : type;
}

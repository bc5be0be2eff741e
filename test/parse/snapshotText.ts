// Writes heap snapshots for tests, from a few readable lines or by cutting a piece out of a real one, and takes them apart.

export const NODE_FIELDS = ['type', 'name', 'id', 'self_size', 'edge_count', 'detachedness'];
const NODE_TYPES = [
  'hidden',
  'array',
  'string',
  'object',
  'code',
  'closure',
  'regexp',
  'number',
  'native',
  'synthetic',
];
const EDGE_TYPES = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'];

export interface SnapshotDocument {
  snapshot: {
    meta: {
      node_fields: string[];
      node_types: unknown[];
      edge_fields: string[];
      edge_types: unknown[];
      location_fields?: string[];
    };
    node_count: number;
    edge_count: number;
  };
  nodes: number[];
  edges: number[];
  locations?: number[];
  strings: string[];
  [section: string]: unknown;
}

export interface SmallNode {
  readonly type: string;
  readonly name: string;
  readonly size?: number;
  /** Edges as [type, name or index, number of the target]. */
  readonly edges?: readonly (readonly [string, string | number, number])[];
}

/** A snapshot of these nodes, fields in the order given. */
export function smallSnapshot(nodes: readonly SmallNode[], nodeFields = NODE_FIELDS): SnapshotDocument {
  const strings = ['<dummy>'];
  const intern = (text: string): number => {
    const known = strings.indexOf(text);
    return known >= 0 ? known : strings.push(text) - 1;
  };
  const rows: number[] = [];
  const edges: number[] = [];
  nodes.forEach((node, index) => {
    const row: Record<string, number> = {
      type: NODE_TYPES.indexOf(node.type),
      name: intern(node.name),
      id: index * 2 + 1,
      self_size: node.size ?? 0,
      edge_count: node.edges?.length ?? 0,
    };
    rows.push(...nodeFields.map((field) => row[field] ?? 0));
    for (const [type, name, to] of node.edges ?? []) {
      edges.push(EDGE_TYPES.indexOf(type), typeof name === 'number' ? name : intern(name), to * nodeFields.length);
    }
  });
  const others = nodeFields.map((field) => (field === 'type' ? NODE_TYPES : field === 'name' ? 'string' : 'number'));
  return {
    snapshot: {
      meta: {
        node_fields: nodeFields,
        node_types: others,
        edge_fields: ['type', 'name_or_index', 'to_node'],
        edge_types: [EDGE_TYPES, 'string_or_number', 'node'],
        location_fields: ['object_index', 'script_id', 'line', 'column'],
      },
      node_count: nodes.length,
      edge_count: edges.length / 3,
    },
    nodes: rows,
    edges,
    locations: [],
    strings,
  };
}

/** An order with a customer: the smallest heap worth reading. */
export function orderSnapshot(nodeFields?: string[]): SnapshotDocument {
  return smallSnapshot(
    [
      { type: 'synthetic', name: '', edges: [['shortcut', 'window', 1]] },
      { type: 'object', name: 'global', edges: [['property', 'order', 2]] },
      {
        type: 'object',
        name: 'Order',
        size: 40,
        edges: [
          ['property', 'id', 3],
          ['property', 'customer', 5],
        ],
      },
      { type: 'number', name: 'smi number', edges: [['internal', 'value', 4]] },
      { type: 'string', name: '1042' },
      { type: 'object', name: 'Customer', size: 24, edges: [['property', 'name', 6]] },
      { type: 'string', name: 'Ada' },
    ],
    nodeFields,
  );
}

export const bytesOf = (document: unknown): Buffer => Buffer.from(JSON.stringify(document));

/** The part of a real snapshot nearest to a node of this property name: real structure in a few kilobytes. */
export function cutOut(bytes: Buffer, property: string, limit: number): Buffer {
  const whole = JSON.parse(bytes.toString('utf8')) as SnapshotDocument;
  const { node_fields: fields, edge_types: edgeTypes, node_types: nodeTypes } = whole.snapshot.meta;
  const [width, name, count] = [fields.length, fields.indexOf('name'), fields.indexOf('edge_count')];
  const byIndex = new Set(['element', 'hidden'].map((type) => (edgeTypes[0] as string[]).indexOf(type)));
  const first = [0];
  for (let at = 0; at < whole.nodes.length; at += width)
    first.push((first[first.length - 1] as number) + (whole.nodes[at + count] as number));
  const edgesOf = (node: number): [number, number, number][] => {
    const list: [number, number, number][] = [];
    for (let edge = first[node] as number; edge < (first[node + 1] as number); edge++) {
      const [type, index, to] = whole.edges.slice(edge * 3, edge * 3 + 3) as [number, number, number];
      list.push([type, index, to / width]);
    }
    return list;
  };
  const nodeName = (node: number): string | undefined => whole.strings[whole.nodes[node * width + name] as number];
  const total = whole.nodes.length / width;
  const wanted = whole.strings.indexOf(property);
  const all = Array.from({ length: total }, (_, node) => node);
  const isShape = (node: number): boolean =>
    (nodeTypes[0] as string[])[whole.nodes[node * width] as number] === 'object shape';
  const holder = all.find((node) => edgesOf(node).some(([type, index]) => !byIndex.has(type) && index === wanted)) ?? 0;
  const context = all.filter((node) => nodeName(node) === 'system / NativeContext');
  const kept = [
    0,
    holder,
    ...edgesOf(holder)
      .filter((edge) => edge[1] === wanted)
      .map((edge) => edge[2]),
  ];
  const seen = new Set(kept);
  for (let at = 2; at < kept.length && kept.length < limit; at++) {
    for (const [, , to] of edgesOf(kept[at] as number)) {
      if (!seen.has(to) && !isShape(to) && kept.length < limit) {
        seen.add(to);
        kept.push(to);
      }
    }
  }
  for (const node of context) if (!seen.has(node)) kept.push(node);
  const ordinal = new Map(kept.map((node, index) => [node, index]));
  const strings: string[] = [];
  const numbers = new Map<number, number>();
  const string = (index: number): number => {
    const known = numbers.get(index) ?? strings.push(whole.strings[index] as string) - 1;
    numbers.set(index, known);
    return known;
  };
  const result: SnapshotDocument = {
    snapshot: { ...whole.snapshot, node_count: kept.length, edge_count: 0 },
    nodes: [],
    edges: [],
    locations: [],
    strings,
  };
  for (const node of kept) {
    const row = whole.nodes.slice(node * width, (node + 1) * width);
    const edges = edgesOf(node).filter((edge) => ordinal.has(edge[2]));
    row[name] = string(row[name] as number);
    row[count] = edges.length;
    result.nodes.push(...row);
    for (const [type, index, to] of edges)
      result.edges.push(type, byIndex.has(type) ? index : string(index), (ordinal.get(to) as number) * width);
  }
  result.snapshot.edge_count = result.edges.length / 3;
  for (let at = 0; at < (whole.locations?.length ?? 0); at += 4) {
    const node = ordinal.get((whole.locations?.[at] as number) / width);
    if (node !== undefined) result.locations?.push(node * width, ...(whole.locations ?? []).slice(at + 1, at + 4));
  }
  return bytesOf(result);
}

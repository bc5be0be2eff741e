// The layout of a heap snapshot as its own header declares it: V8 adds and moves fields between versions.
// Nothing about field positions is assumed elsewhere.

/** Node types of V8 in our numbering; a type that is unknown here counts as `hidden`. */
export const NODE_TYPES = [
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
  'concatenated string',
  'sliced string',
  'symbol',
  'bigint',
  'object shape',
  'wasm object',
] as const;
export const EDGE_TYPES = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'] as const;

export const NODE = {
  hidden: 0,
  array: 1,
  string: 2,
  object: 3,
  code: 4,
  closure: 5,
  regexp: 6,
  number: 7,
  native: 8,
  synthetic: 9,
  cons: 10,
  sliced: 11,
  symbol: 12,
  bigint: 13,
  shape: 14,
} as const;
export const EDGE = { context: 0, element: 1, property: 2, internal: 3, hidden: 4, shortcut: 5, weak: 6 } as const;

export interface RowLayout {
  /** Numbers in a row. */
  readonly width: number;
  /** Position of each field by name. */
  readonly at: ReadonlyMap<string, number>;
}

export interface SnapshotLayout {
  readonly nodes: RowLayout;
  readonly edges: RowLayout;
  readonly locations: RowLayout | undefined;
  /** From the file's type numbers to ours. */
  readonly nodeTypes: Uint8Array;
  readonly edgeTypes: Uint8Array;
  /** As the header claims; only hints. */
  readonly nodeCount: number;
  readonly edgeCount: number;
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rowLayout(fields: unknown, required: readonly string[]): RowLayout | undefined {
  if (!Array.isArray(fields) || fields.length === 0 || fields.length > 64) return undefined;
  const at = new Map<string, number>();
  fields.forEach((field, position) => {
    if (typeof field === 'string' && !at.has(field)) at.set(field, position);
  });
  return required.every((name) => at.has(name)) ? { width: fields.length, at } : undefined;
}

function typeCodes(types: unknown, row: RowLayout, known: readonly string[], unknown: number): Uint8Array {
  const codes = new Uint8Array(256).fill(unknown);
  const names: unknown = Array.isArray(types) ? types[row.at.get('type') ?? 0] : undefined;
  if (Array.isArray(names)) {
    names.slice(0, 256).forEach((name, code) => {
      const ours = known.indexOf(String(name));
      if (ours >= 0) codes[code] = ours;
    });
  }
  return codes;
}

const count = (value: unknown): number => (Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : 0);

/** Reads the `snapshot` section; undefined where it is no header of a heap snapshot. */
export function readLayout(header: unknown): SnapshotLayout | undefined {
  if (!isRecord(header) || !isRecord(header['meta'])) return undefined;
  const meta = header['meta'];
  const nodes = rowLayout(meta['node_fields'], ['type', 'name', 'id', 'self_size', 'edge_count']);
  const edges = rowLayout(meta['edge_fields'], ['type', 'name_or_index', 'to_node']);
  if (!nodes || !edges) return undefined;
  return {
    nodes,
    edges,
    locations: rowLayout(meta['location_fields'], ['object_index', 'script_id', 'line', 'column']),
    nodeTypes: typeCodes(meta['node_types'], nodes, NODE_TYPES, NODE.hidden),
    edgeTypes: typeCodes(meta['edge_types'], edges, EDGE_TYPES, EDGE.hidden),
    nodeCount: count(header['node_count']),
    edgeCount: count(header['edge_count']),
  };
}

// Prisma schemas, read as text: models, enums, relations, ids.
import type { FieldType } from './codeModel.ts';
import { relativeTo, type FoundFile } from './files.ts';
import type { FieldDraft, TypeDraft, TypeTable } from './typeTable.ts';

const SCALARS: Readonly<Record<string, FieldType['kind']>> = {
  String: 'string',
  Int: 'number',
  Float: 'number',
  Decimal: 'number',
  BigInt: 'bigint',
  Boolean: 'boolean',
  DateTime: 'date',
  Json: 'object',
  Bytes: 'bytes',
};

export function readPrisma(table: TypeTable, file: FoundFile): TypeDraft[] {
  const lines = file.text.split(/\r?\n/);
  const name = relativeTo(file.root, file.path);
  const blocks = blocksOf(lines);
  const enums = new Map(
    blocks.filter((b) => b.kind === 'enum').map((b) => [b.name, b.body.map(({ text }) => text.split(/\s/)[0] ?? '')]),
  );
  const drafts = new Map<string, TypeDraft>();
  for (const block of blocks) {
    if (block.kind !== 'model') continue;
    const source = { file: name, line: block.line, column: 1 };
    drafts.set(block.name, table.byName(block.name)[0] ?? table.declare(block.name, 'schema', source));
  }
  for (const block of blocks) {
    const draft = drafts.get(block.name);
    if (!draft) continue;
    const keys = new Map<string, string>();
    for (const { text } of block.body) {
      const [, target] = /^\w+\s+(\w+)/.exec(text) ?? [];
      const [, list] = /@relation\([^)]*fields:\s*\[([^\]]+)\]/.exec(text) ?? [];
      for (const key of list?.split(',') ?? []) if (target !== undefined) keys.set(key.trim(), target);
    }
    for (const { text, line } of block.body) {
      const field = fieldOf(text, enums, drafts, keys, { file: name, line, column: 1 });
      if (!field) continue;
      const known = draft.fields.get(field.name);
      if (!known) draft.fields.set(field.name, field);
      else if (field.initial) known.initial = field.initial;
      if (/\s@id\b/.test(text)) draft.stores.push({ source: field.source, name: draft.name, keyField: field.name });
    }
  }
  return [...drafts.values()];
}

/** `@default(OPEN)` */
function initialOf(text: string, values: readonly string[] | undefined): { value: string | boolean } | undefined {
  const [, word] = /@default\((\w+)\)/.exec(text) ?? [];
  if (word === 'true' || word === 'false') return { value: word === 'true' };
  return word !== undefined && values?.includes(word) ? { value: word } : undefined;
}

function fieldOf(
  text: string,
  enums: ReadonlyMap<string, readonly string[]>,
  drafts: ReadonlyMap<string, TypeDraft>,
  keys: ReadonlyMap<string, string>,
  source: FieldDraft['source'],
): FieldDraft | undefined {
  const match = /^(\w+)\s+(\w+)(\[\])?(\?)?/.exec(text);
  const [, name, type, list, optional] = match ?? [];
  if (name === undefined || type === undefined || text.startsWith('@@')) return undefined;
  const nullable = optional !== undefined;
  const values = enums.get(type);
  const target = drafts.get(type) ?? drafts.get(keys.get(name) ?? '');
  const kind: FieldType['kind'] =
    list !== undefined ? 'list' : values ? 'enum' : drafts.has(type) ? 'reference' : (SCALARS[type] ?? 'unknown');
  const domain =
    values?.map((value) => ({ value })) ?? (kind === 'boolean' ? [{ value: false }, { value: true }] : undefined);
  const isId = target !== undefined && !drafts.has(type);
  const initial = initialOf(text, values);
  return {
    name,
    source,
    type: {
      kind,
      nullable,
      text: text.slice(name.length).trim(),
      ...(domain && { domain }),
      ...(target && { target: target.key }),
      ...(isId && { byId: true }),
    },
    optional: nullable,
    readonly: false,
    derived: false,
    writes: [],
    ...(initial && { initial }),
  };
}

interface Block {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly body: { readonly text: string; readonly line: number }[];
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  lines.forEach((raw, index) => {
    const text = raw.replace(/\/\/.*$/, '').trim();
    const start = /^(model|enum|type|view)\s+(\w+)\s*\{/.exec(text);
    if (start) {
      open = { kind: start[1] ?? '', name: start[2] ?? '', line: index + 1, body: [] };
      const [, inner] = /\{(.*)\}/.exec(text) ?? [];
      if (inner === undefined) return;
      for (const word of inner.trim().split(/\s+/)) open.body.push({ text: word, line: index + 1 });
      blocks.push(open);
      open = undefined;
    } else if (text === '}' && open) {
      blocks.push(open);
      open = undefined;
    } else if (open && text !== '') open.body.push({ text, line: index + 1 });
  });
  return blocks;
}

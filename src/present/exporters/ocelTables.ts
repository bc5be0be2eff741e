// An object-centric event log as the relational form of OCEL 2.0: one SQL script that makes the tables in an empty SQLite file.
// The form has one table for each type; every name is hostile input and stands quoted, told apart as SQLite tells names apart.
import type { OcelAttributeType, OcelEvent, OcelLog, OcelObject, OcelType } from './ocelLog.ts';

const COLUMN_TYPES: { readonly [type in OcelAttributeType]: string } = {
  string: 'TEXT',
  time: 'TIMESTAMP',
  integer: 'INTEGER',
  float: 'REAL',
  boolean: 'BOOLEAN',
};
/** Of an object of which only its existence is known: the form wants a time, and gives the beginning of times for none. */
const NO_TIME = '1970-01-01T00:00:00Z';
const RESERVED_TABLES = ['object', 'map_type'];

interface Column {
  readonly name: string;
  /** Integers beyond 64 bits would lose digits in a column of numbers: theirs is of text. */
  readonly type: OcelAttributeType;
}
type Columns = ReadonlyMap<string, Column>;

interface TypeTable {
  readonly table: string;
  readonly columns: Columns;
}

export function ocelTables(log: OcelLog): string {
  const beyond = namesBeyondIntegers(log);
  const events = tablesOf('event', log.eventTypes, ['ocel_id', 'ocel_time'], beyond);
  const objects = tablesOf('object', log.objectTypes, ['ocel_id', 'ocel_time', 'ocel_changed_field'], beyond);
  const lines = ['BEGIN;', ...FIXED_TABLES];
  for (const { name } of log.eventTypes) lines.push(insert('event_map_type', [name, mapName(events, name, 'event')]));
  for (const { name } of log.objectTypes)
    lines.push(insert('object_map_type', [name, mapName(objects, name, 'object')]));
  for (const { table, columns } of events.values()) lines.push(create(table, EVENT_COLUMNS, columns));
  for (const { table, columns } of objects.values()) lines.push(create(table, OBJECT_COLUMNS, columns));
  for (const object of log.objects) lines.push(...objectRows(object, objects));
  for (const event of log.events) lines.push(...eventRows(event, events));
  return `${[...lines, 'COMMIT;'].join('\n')}\n`;
}

const FIXED_TABLES = [
  'CREATE TABLE "event" ("ocel_id" TEXT PRIMARY KEY, "ocel_type" TEXT NOT NULL);',
  'CREATE TABLE "object" ("ocel_id" TEXT PRIMARY KEY, "ocel_type" TEXT NOT NULL);',
  'CREATE TABLE "event_map_type" ("ocel_type" TEXT PRIMARY KEY, "ocel_type_map" TEXT NOT NULL);',
  'CREATE TABLE "object_map_type" ("ocel_type" TEXT PRIMARY KEY, "ocel_type_map" TEXT NOT NULL);',
  'CREATE TABLE "event_object" ("ocel_event_id" TEXT REFERENCES "event" DEFERRABLE INITIALLY DEFERRED, "ocel_object_id" TEXT REFERENCES "object" DEFERRABLE INITIALLY DEFERRED, "ocel_qualifier" TEXT, PRIMARY KEY ("ocel_event_id", "ocel_object_id", "ocel_qualifier"));',
  'CREATE TABLE "object_object" ("ocel_source_id" TEXT REFERENCES "object" DEFERRABLE INITIALLY DEFERRED, "ocel_target_id" TEXT REFERENCES "object" DEFERRABLE INITIALLY DEFERRED, "ocel_qualifier" TEXT, PRIMARY KEY ("ocel_source_id", "ocel_target_id", "ocel_qualifier"));',
];
const EVENT_COLUMNS = [
  '"ocel_id" TEXT PRIMARY KEY REFERENCES "event" DEFERRABLE INITIALLY DEFERRED',
  '"ocel_time" TIMESTAMP',
];
const OBJECT_COLUMNS = [
  '"ocel_id" TEXT REFERENCES "object" DEFERRABLE INITIALLY DEFERRED',
  '"ocel_time" TIMESTAMP',
  '"ocel_changed_field" TEXT',
];

function tablesOf(
  kind: 'event' | 'object',
  types: readonly OcelType[],
  taken: readonly string[],
  beyond: ReadonlySet<string>,
): ReadonlyMap<string, TypeTable> {
  const tables = new Names(RESERVED_TABLES);
  return new Map(
    types.map(({ name, attributes }) => {
      const names = new Names(taken);
      const columns = attributes.map(({ name: attribute, type }): [string, Column] => [
        attribute,
        { name: names.free(attribute || '_'), type: beyond.has(keyOf(name, attribute)) ? 'string' : type },
      ]);
      const table = `${kind}_${tables.free(name.replace(/[^A-Za-z0-9_]/g, '') || 'Type')}`;
      return [name, { table, columns: new Map(columns) }];
    }),
  );
}

/** Names that SQLite tells apart: it does not see the case of ASCII letters. */
class Names {
  readonly #taken: Set<string>;
  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }
  free(wished: string): string {
    const low = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    let name = wished;
    for (let n = 2; this.#taken.has(low(name)); n++) name = `${wished}_${n}`;
    this.#taken.add(low(name));
    return name;
  }
}

function mapName(tables: ReadonlyMap<string, TypeTable>, type: string, kind: string): string {
  return (tables.get(type)?.table ?? '').slice(kind.length + 1);
}

function create(table: string, fixed: readonly string[], columns: Columns): string {
  const own = [...columns.values()].map(({ name, type }) => `${quoted(name)} ${COLUMN_TYPES[type]}`);
  return `CREATE TABLE ${quoted(table)} (${[...fixed, ...own].join(', ')});`;
}

/** The values it was first seen with in one row; then one row for each later value, naming the field that changed. */
function objectRows(
  { id, type, attributes, relationships }: OcelObject,
  tables: ReadonlyMap<string, TypeTable>,
): string[] {
  const { table, columns } = tables.get(type) ?? { table: '', columns: new Map<string, Column>() };
  const first = attributes[0]?.time ?? NO_TIME;
  const initial = new Set<string>();
  const rest: typeof attributes = [];
  const begun: typeof attributes = [];
  for (const each of attributes) {
    if (each.time === first && !initial.has(each.name)) {
      initial.add(each.name);
      begun.push(each);
    } else rest.push(each);
  }
  const row = (time: string, changed: string | null, values: typeof attributes): string =>
    insert(
      table,
      [id, time, changed, ...values.map(({ value, name }) => new Typed(value, columns.get(name)?.type ?? 'string'))],
      ['ocel_id', 'ocel_time', 'ocel_changed_field', ...values.map(({ name }) => columns.get(name)?.name ?? name)],
    );
  return [
    insert('object', [id, type]),
    row(first, null, begun),
    ...rest.map((each) => row(each.time, columns.get(each.name)?.name ?? each.name, [each])),
    ...relationships.map(({ objectId, qualifier }) => insert('object_object', [id, objectId, qualifier])),
  ];
}

function eventRows(
  { id, type, time, attributes, relationships }: OcelEvent,
  tables: ReadonlyMap<string, TypeTable>,
): string[] {
  const { table, columns } = tables.get(type) ?? { table: '', columns: new Map<string, Column>() };
  return [
    insert('event', [id, type]),
    insert(
      table,
      [id, time, ...attributes.map(({ name, value }) => new Typed(value, columns.get(name)?.type ?? 'string'))],
      ['ocel_id', 'ocel_time', ...attributes.map(({ name }) => columns.get(name)?.name ?? name)],
    ),
    ...relationships.map(({ objectId, qualifier }) => insert('event_object', [id, objectId, qualifier])),
  ];
}

class Typed {
  readonly literal: string;
  constructor(text: string, type: OcelAttributeType) {
    this.literal =
      type === 'boolean'
        ? String(Number(text === 'true'))
        : type === 'integer' || type === 'float'
          ? text
          : literal(text);
  }
}

function insert(table: string, values: readonly (string | null | Typed)[], columns?: readonly string[]): string {
  const into = columns ? ` (${columns.map(quoted).join(', ')})` : '';
  const row = values.map((value) =>
    value instanceof Typed ? value.literal : value === null ? 'NULL' : literal(value),
  );
  return `INSERT INTO ${quoted(table)}${into} VALUES (${row.join(', ')});`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function keyOf(type: string, attribute: string): string {
  return JSON.stringify([type, attribute]);
}

/** Attributes of an integer type with a value that no column of integers holds. */
function namesBeyondIntegers({ objects, objectTypes, events, eventTypes }: OcelLog): ReadonlySet<string> {
  const integers = new Set(
    [...objectTypes, ...eventTypes].flatMap(({ name, attributes }) =>
      attributes.filter(({ type }) => type === 'integer').map((attribute) => keyOf(name, attribute.name)),
    ),
  );
  const found = new Set<string>();
  for (const { type, attributes } of [...objects, ...events])
    for (const { name, value } of attributes)
      if (integers.has(keyOf(type, name)) && !isStored(value)) found.add(keyOf(type, name));
  return found;
}

function isStored(integer: string): boolean {
  return /^-?\d+$/.test(integer) && BigInt.asIntN(64, BigInt(integer)) === BigInt(integer) && integer !== '-0';
}

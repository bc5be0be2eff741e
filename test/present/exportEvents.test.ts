// What happened in standard forms, read back by readers that know the standards: a JSON Schema validator and SQLite for OCEL 2.0,
// the CloudEvents SDK.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { CloudEvent } from 'cloudevents';
import { exportAs } from '../../src/present/index.ts';
import type { TimelineStore } from '../../src/timeline/index.ts';
import { assertGolden } from './golden.ts';
import { hostile } from './hostile.ts';
import { changed, clock, order, record, recorded } from './recording.ts';

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const isOcel = ajv.compile(
  JSON.parse(readFileSync(new URL('../fixtures/standards/ocel20.schema.json', import.meta.url), 'utf8')) as object,
);

test('OCEL 2.0 JSON: valid by the schema of the standard, hostile or not', (t) => {
  for (const fill of [record, hostile, () => undefined]) {
    const log: unknown = JSON.parse(exportAs('ocel2', recorded(t, fill)));
    assert.ok(isOcel(log), JSON.stringify(isOcel.errors));
  }
  assert.ok(!isOcel({ ...(JSON.parse(exportAs('ocel2', recorded(t))) as object), events: [{ id: 7 }] }));
});

interface Log {
  readonly eventTypes: readonly { readonly name: string; readonly attributes: readonly { readonly name: string }[] }[];
  readonly objectTypes: Log['eventTypes'];
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly time: string;
    readonly relationships: readonly { readonly objectId: string; readonly qualifier: string }[];
  }[];
  readonly objects: readonly {
    readonly id: string;
    readonly type: string;
    readonly attributes: readonly { readonly name: string; readonly value: string; readonly time: string }[];
    readonly relationships: readonly { readonly objectId: string; readonly qualifier: string }[];
  }[];
}
type Row = { readonly [column: string]: unknown };

function databaseOf(store: TimelineStore): { readonly rows: (query: string) => Row[]; readonly log: Log } {
  const database = new DatabaseSync(':memory:');
  database.exec(exportAs('ocel2-sqlite', store));
  const rows = (query: string): Row[] =>
    database
      .prepare(query)
      .all()
      .map((row) => ({ ...row }));
  return { rows, log: JSON.parse(exportAs('ocel2', store)) as Log };
}

/** The log as its tables tell it, by the names that the maps give: the constraints of the relational form, one by one. */
function assertTablesAre({ rows, log }: ReturnType<typeof databaseOf>): void {
  const names = rows("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => String(name));
  for (const kind of ['event', 'object'] as const) {
    const types = kind === 'event' ? log.eventTypes : log.objectTypes;
    const entries = kind === 'event' ? log.events : log.objects;
    assert.deepEqual(
      rows(`SELECT ocel_id id, ocel_type type FROM ${kind}`),
      entries.map(({ id, type }) => ({ id, type })),
    );
    const maps = rows(`SELECT ocel_type type, ocel_type_map map FROM ${kind}_map_type`);
    assert.deepEqual(new Set(maps.map(({ type }) => type)), new Set(types.map(({ name }) => name)));
    for (const { type, map } of maps) {
      const table = `${kind}_${String(map)}`;
      assert.ok(names.includes(table), table);
      const columns = rows(`SELECT name FROM pragma_table_info('${table}')`).map(({ name }) => String(name));
      const fixed = kind === 'event' ? ['ocel_id', 'ocel_time'] : ['ocel_id', 'ocel_time', 'ocel_changed_field'];
      assert.deepEqual(columns.slice(0, fixed.length), fixed);
      const declared = types.find(({ name }) => name === type)?.attributes.length ?? 0;
      assert.equal(columns.length, fixed.length + declared, `${table} has a column for each attribute`);
      const own = entries.filter((entry) => entry.type === type).map(({ id }) => id);
      const ids = rows(`SELECT DISTINCT ocel_id id FROM "${table}"`).map(({ id }) => String(id));
      assert.deepEqual(ids.sort(), own.sort(), `${table} has each ${kind} of its type`);
    }
  }
  const links = (entries: Log['events'] | Log['objects']): Row[] =>
    entries.flatMap(({ id, relationships }) =>
      relationships.map(({ objectId, qualifier }) => ({ id, objectId, qualifier })),
    );
  const read = (from: string, id: string, to: string): Row[] =>
    rows(`SELECT ${id} id, ${to} objectId, ocel_qualifier qualifier FROM ${from} ORDER BY rowid`);
  assert.deepEqual(read('event_object', 'ocel_event_id', 'ocel_object_id'), links(log.events));
  assert.deepEqual(read('object_object', 'ocel_source_id', 'ocel_target_id'), links(log.objects));
  assert.deepEqual(rows('PRAGMA foreign_key_check'), []);
}

test('OCEL 2.0 SQLite: the tables of the relational form hold the same log', (t) => {
  const database = databaseOf(recorded(t));
  assertTablesAre(database);
  const { rows } = database;
  assert.deepEqual(
    rows(
      `SELECT ocel_time time, ocel_changed_field field, status, total FROM object_Order WHERE ocel_id = 'Order:1042'`,
    ),
    [
      { time: '2026-03-02T10:31:00.250000Z', field: null, status: 'placed', total: 80 },
      { time: '2026-03-02T10:31:12.408000Z', field: 'status', status: 'paid', total: null },
    ],
    'the first row is what it began with, each further row one change',
  );
  assert.deepEqual(
    rows(
      `SELECT e.ocel_time time, o.ocel_object_id object FROM event_OrderPaid e JOIN event_object o ON o.ocel_event_id = e.ocel_id ORDER BY 2`,
    ),
    [
      { time: '2026-03-02T10:31:12.408000Z', object: 'Customer:c-7' },
      { time: '2026-03-02T10:31:12.408000Z', object: 'Order:1042' },
    ],
  );
});

test('OCEL 2.0 SQLite: hostile names, names that differ in case only, and integers beyond 64 bits', (t) => {
  assertTablesAre(databaseOf(recorded(t, hostile)));
  assertTablesAre(databaseOf(recorded(t, () => undefined)));
  const store = recorded(t, (all) => {
    const time = clock('10:00:00.000');
    const values = [
      ['a', 1],
      ['A', 2],
      ['ocel_id', 3],
      ['map_type', true],
      ['big', { $type: 'bigint', value: '12345678901234567890' }],
    ] as const;
    all.append(
      ['object', 'Map_Type', 'map_type', 'Straße', '店'].flatMap((entity, at) =>
        values.map(([name, value], n) => changed(time + at * 10 + n, { entity, id: at }, name, null, value)),
      ),
    );
  });
  const database = databaseOf(store);
  assertTablesAre(database);
  assert.deepEqual(
    database.rows('SELECT a, A_2, ocel_id_2, big FROM object_object_2 WHERE big IS NOT NULL OR a IS NOT NULL'),
    [
      { a: 1, A_2: null, ocel_id_2: null, big: null },
      { a: null, A_2: null, ocel_id_2: null, big: '12345678901234567890' },
    ],
  );
});

interface Event {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject?: string;
  readonly data: { readonly document?: string; readonly lost?: number };
}

test('CloudEvents 1.0: the SDK accepts each event of the batch; lost ones are told', (t) => {
  const text = exportAs('cloudevents', recorded(t));
  assertGolden('shop.cloudevents.json', text);
  const batch = JSON.parse(text) as Event[];
  // Strict: the SDK throws on what the specification forbids.
  for (const event of batch) assert.equal(new CloudEvent(event as object, true).validate(), true);
  const paid = batch.find(({ type }) => type === 'OrderPaid');
  assert.deepEqual([paid?.source, paid?.subject], ['docker:shop', 'Order 1042']);
  assert.equal(batch.find(({ type }) => type === 'semstate.gap')?.data.lost, 14);
  assert.equal(new Set(batch.map(({ source, id }) => `${source} ${id}`)).size, batch.length);
});

test('CloudEvents 1.0: hostile names are accepted as well; a trace is told as the extension has it', (t) => {
  const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  const store = recorded(t, (all) => {
    hostile(all);
    const target = 'docker:[a b]\ud800"<>';
    all.append([changed(clock('11:00:00.000'), order(1), 'total', 1, -0, { trace, target, type: '' })]);
  });
  const text = exportAs('cloudevents', store);
  const batch = JSON.parse(text) as (Event & { readonly traceparent?: string })[];
  assert.ok(batch.length > 30);
  for (const event of batch) assert.equal(new CloudEvent(event as object, true).validate(), true);
  const last = batch.at(-1);
  assert.equal(last?.traceparent, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  assert.equal(last.type, 'Order.total changed');
  assert.match(text, /"postState": -0\n|"postState": -0,/, 'exact to the sign of zero');
});

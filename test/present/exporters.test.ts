// What leaves in a standard form conforms to it, also where the program's names try to break it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportAs } from '../../src/present/index.ts';
import { assertGolden } from './golden.ts';
import { hostile, HOSTILE } from './hostile.ts';
import { ocelFaults } from './ocelChecker.ts';
import { changed, order, recorded } from './recording.ts';

test('OCEL 2.0: the recording conforms, with timed attributes and qualified relationships', (t) => {
  const text = exportAs('ocel2', recorded(t));
  assert.deepEqual(ocelFaults(text), []);
  assertGolden('shop.ocel.json', text);
});

test('OCEL 2.0: hostile names, mixed values and unread ones conform as well; every object has an id of its own', (t) => {
  const text = exportAs('ocel2', recorded(t, hostile));
  assert.deepEqual(ocelFaults(text), []);
  const log = JSON.parse(text) as { objects: { id: string }[] };
  assert.equal(new Set(log.objects.map(({ id }) => id)).size, HOSTILE.length * 3 + HOSTILE.length + 1);
});

/** Records as RFC 4180 has them: quoted cells may hold commas, quotes and line ends. */
function readCsv(text: string): string[][] {
  const records: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    assert.ok(match, `no cell at ${cell.lastIndex}`);
    records.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}

test('CSV: one record for each event, in order', (t) => {
  const text = exportAs('csv', recorded(t));
  assertGolden('shop.csv', text);
  const [heads = [], ...rows] = readCsv(text);
  assert.equal(rows.length, 7);
  for (const row of rows) assert.equal(row.length, heads.length);
});

test('CSV: no cell begins a formula, and every record keeps its cells', (t) => {
  const [heads = [], ...rows] = readCsv(exportAs('csv', recorded(t, hostile)));
  assert.equal(rows.length, HOSTILE.length * 3 - 3 + 1);
  for (const row of rows) {
    assert.equal(row.length, heads.length);
    for (const cell of row) assert.doesNotMatch(cell, /^[=+@\t\r]|^-(?!\d)|\u0000/);
  }
  assert.ok(
    rows.some((row) => row.includes("'=cmd|calc")),
    'kept, with a quote before it',
  );
});

test('Mermaid: entities, relations and one machine for each state attribute', (t) => {
  assertGolden('shop.mermaid.md', exportAs('mermaid', recorded(t)));
});

test('Mermaid: hostile names stand encoded in quoted labels only', (t) => {
  const text = exportAs('mermaid', recorded(t, hostile));
  for (const line of text.split('\n')) {
    if (/^(```(mermaid)?|---|)$/.test(line) || /^ {2}(direction LR|})$/.test(line)) continue;
    const label = String.raw`"[\p{L}\p{N}\p{M} _.…#;]+"`;
    const plain = String.raw`[\p{L}\p{N}\p{M} _.…#;]+`;
    const known = [
      /^(erDiagram|stateDiagram-v2)$/,
      new RegExp(`^title: ${label}$`, 'u'),
      new RegExp(`^ {2}E\\d+\\[${label}\\] \\{$`, 'u'),
      new RegExp(`^ {4}[a-z]+ [A-Za-z0-9_]+( PK)?( ${label})?$`, 'u'),
      new RegExp(`^ {2}E\\d+ \\|\\|--(\\|\\||o\\||o\\{) E\\d+ : ${label}$`, 'u'),
      new RegExp(`^ {2}state ${label} as (s\\d+|any)$`, 'u'),
      new RegExp(`^ {2}(s\\d+|any|\\[\\*\\]) --> (s\\d+|\\[\\*\\])( : ${plain})?$`, 'u'),
    ];
    assert.ok(
      known.some((form) => form.test(line)),
      `not of a known form: ${line}`,
    );
  }
});

test('an empty timeline exports to empty documents of each form', (t) => {
  const store = recorded(t, () => undefined);
  assert.deepEqual(ocelFaults(exportAs('ocel2', store)), []);
  assert.equal(readCsv(exportAs('csv', store)).length, 1);
  assert.equal(exportAs('mermaid', store), '```mermaid\nerDiagram\n```\n');
});

test('a long timeline is exported whole, page by page', (t) => {
  const store = recorded(t, (long) => {
    long.append(Array.from({ length: 2500 }, (_, at) => changed(at, order(at % 7), 'total', at, at + 1)));
  });
  assert.equal(readCsv(exportAs('csv', store)).length, 2501);
});

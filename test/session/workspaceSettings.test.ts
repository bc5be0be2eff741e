// `semstate.json`: found above the source, applied relative to itself, wrong ones named by line; the schema admits the same.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { isFailure } from '../../src/model/index.ts';
import { findWorkspaceFile, parseWorkspaceFile } from '../../src/session/workspaceSettings.ts';

const schema: object = JSON.parse(
  readFileSync(new URL('../../media/semstate.schema.json', import.meta.url), 'utf8'),
) as object;
const allowed = new Ajv({ allErrors: true }).compile(schema);

test('the nearest file above a source directory is found, its directories are relative to it', () => {
  const root = mkdtempSync(join(tmpdir(), 'semstate-test-'));
  try {
    mkdirSync(join(root, 'services', 'shop', 'src'), { recursive: true });
    writeFileSync(join(root, 'services', 'semstate.json'), '{"source": ["shop/src"], "ignore": ["*View"]}');
    const found = findWorkspaceFile([join(root, 'services', 'shop', 'src')]);
    assert.equal(found?.path, join(root, 'services', 'semstate.json'));
    assert.deepEqual(found.source, [join(root, 'services', 'shop', 'src')]);
    assert.deepEqual(found.file.ignore, ['*View']);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

const WRONG: readonly [string, string, number, RegExp][] = [
  ['no JSON', '{\n  "source": [,]\n}', 2, /no JSON/],
  ['not an object', '[]', 1, /must be an object/],
  ['an unknown setting', '{\n  "source": ["src"],\n  "sorce": ["src"]\n}', 3, /sorce is no setting/],
  [
    'a wrong type',
    '{\n  "entities": {\n    "Order": {\n      "rename": 7\n    }\n  }\n}',
    4,
    /entities.Order.rename must be text/,
  ],
  ['an empty name', '{\n  "ignore": [""]\n}', 2, /ignore must be a list/],
];
for (const [what, text, line, message] of WRONG) {
  test(`${what} is refused with its line`, () => {
    assert.throws(
      () => parseWorkspaceFile(text, 'semstate.json'),
      (error) =>
        isFailure(error, 'workspace-file') &&
        error.message.startsWith(`semstate.json, line ${line}:`) &&
        message.test(error.message),
    );
    const value: unknown = what === 'no JSON' ? undefined : JSON.parse(text);
    if (value !== undefined) assert.equal(allowed(value), false, 'the editor says so as well');
  });
}

test('a law that is no expression is shown with the place in it', () => {
  const text = '{\n  "laws": {\n    "paid": {\n      "for": "Order",\n      "holds": "self.paid >"\n    }\n  }\n}';
  assert.throws(() => parseWorkspaceFile(text, 'semstate.json'), {
    message: 'semstate.json, line 5: laws.paid: Unexpected token: EOF\n  self.paid >\n             ^\n.',
  });
});

test('everything that may be set is accepted, by the program and by the schema', () => {
  const file = {
    $schema: 'semstate.schema.json',
    source: ['src'],
    entities: {
      Order: { rename: 'Purchase', ignore: false, identity: ['id', 'line'], state: ['status'], redact: ['note'] },
    },
    ignore: ['*Dto'],
    redact: ['Customer.email'],
    reveal: ['tokenCount'],
    keepSnapshots: true,
    laws: {
      paid: { for: 'Order', holds: "self.status != 'paid' || self.paidAt != null", title: 'Paid orders have a time.' },
      kept: { for: 'Order', on: 'step', holds: 'before.number == after.number' },
    },
  };
  const { $schema: _, ...kept } = file;
  assert.deepEqual(parseWorkspaceFile(JSON.stringify(file), 'semstate.json'), kept);
  assert.equal(allowed(file), true, JSON.stringify(allowed.errors));
});

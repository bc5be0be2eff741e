// Verdicts on findings in `semstate.json`, and the comments people write there: read, and wrong ones named by line; the schema admits the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { isFailure } from '../../src/model/index.ts';
import { withoutComments } from '../../src/session/jsonComments.ts';
import { parseWorkspaceFile } from '../../src/session/workspaceSettings.ts';

const allowed = new Ajv({ allErrors: true, strictTypes: false }).compile(
  JSON.parse(readFileSync(new URL('../../media/semstate.schema.json', import.meta.url), 'utf8')) as object,
);

test('verdicts are read, with comments around them', () => {
  const text = `{
  // Decided by the whole team.
  "drift": [
    { "of": "Order.status", "state": "lost", "accept": true }, /* so be it */
    { "of": "Order.status", "from": { "$new": true }, "to": "paid", "accept": true },
    { "of": "Order.paidBy", "ignore": "payments // live elsewhere" }
  ]
}`;
  const { drift } = parseWorkspaceFile(text, 'semstate.json');
  assert.equal(drift?.length, 3);
  assert.equal(drift[2]?.ignore, 'payments // live elsewhere');
  assert.ok(allowed({ drift }), JSON.stringify(allowed.errors));
});

const WRONG: readonly [string, number, RegExp, boolean][] = [
  ['{\n"drift": {}\n}', 2, /drift must be a list/, false],
  ['{\n"drift": [{ "state": "lost", "accept": true }]\n}', 2, /drift\.0 needs `of`/, false],
  ['{\n"drift": [{ "of": "Order", "ignore": "x" }]\n}', 2, /must be TYPE\.ATTRIBUTE/, false],
  ['{\n"drift": [{ "of": "Order.status", "state": 1 }]\n}', 2, /either `accept`: true or `ignore`/, false],
  ['{\n"drift": [{ "of": "Order.status", "accept": false }]\n}', 2, /can only be true/, false],
  // What a schema can say only at length, the program says.
  ['{\n"drift": [{ "of": "Order.status", "accept": true }]\n}', 2, /needs a `state`, or `from` and `to`/, true],
  ['{\n"drift": [{ "of": "Order.status", "from": 1, "accept": true }]\n}', 2, /needs a `state`, or/, true],
  ['{\n// a comment\n"ignroe": []\n}', 3, /ignroe is no setting/, false],
  ['{\n/* never\nclosed', 2, /this is no JSON/, false],
];
for (const [text, line, what, schemaAdmits] of WRONG)
  test(`wrong: ${text.replaceAll('\n', ' ')}`, () => {
    assert.throws(
      () => parseWorkspaceFile(text, 'semstate.json'),
      (error) =>
        isFailure(error, 'workspace-file') &&
        new RegExp(`line ${line}: `).test(error.message) &&
        what.test(error.message),
    );
    if (text.endsWith('}')) assert.equal(allowed(JSON.parse(withoutComments(text))), schemaAdmits);
  });

test('what JSON does not know is blank, and nothing moves', () => {
  const text = '{"a": "//, ]", // "b"\n "c": [1, /* 2, */ 3 ] }';
  const plain = withoutComments(text);
  assert.equal(plain.length, text.length);
  assert.deepEqual(JSON.parse(plain), { a: '//, ]', c: [1, 3] });
});

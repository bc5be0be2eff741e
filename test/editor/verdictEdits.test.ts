// Answers written into `semstate.json`: added as lines of their own, everything else stays byte for byte, and the program reads the result.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { verdictEdit } from '../../src/editor/verdictEdits.ts';
import type { DriftVerdict } from '../../src/model/index.ts';
import { parseWorkspaceFile } from '../../src/session/workspaceSettings.ts';

const LOST: DriftVerdict = { of: 'Order.status', state: 'lost', accept: true };
const BACK: DriftVerdict = { of: 'Order.status', from: 'shipped', to: 'placed', ignore: 'by "hand"' };

function edited(text: string, ...verdicts: readonly DriftVerdict[]): string {
  const edit = verdictEdit(text, verdicts) ?? assert.fail('no edit');
  return text.slice(0, edit.offset) + edit.text + text.slice(edit.offset + edit.length);
}

test('a new file', () => {
  assert.equal(
    edited('', LOST, BACK),
    `{
  "drift": [
    { "of": "Order.status", "state": "lost", "accept": true },
    { "of": "Order.status", "from": "shipped", "to": "placed", "ignore": "by \\"hand\\"" }
  ]
}
`,
  );
});

test('a file with settings and comments keeps them as they are', () => {
  const text = `{
  // Where the code is.
  "source": ["src"], // and nowhere else
  "ignore": ["*View"] /* screens */
}
`;
  const first = edited(text, LOST);
  assert.equal(
    first,
    `{
  // Where the code is.
  "source": ["src"], // and nowhere else
  "ignore": ["*View"],
  "drift": [
    { "of": "Order.status", "state": "lost", "accept": true }
  ] /* screens */
}
`,
  );
  assert.equal(
    edited(first, BACK),
    first.replace(
      'true }',
      'true },\n    { "of": "Order.status", "from": "shipped", "to": "placed", "ignore": "by \\"hand\\"" }',
    ),
  );
});

test('what is no object, or has another thing for its list, is left to a person', () => {
  assert.equal(verdictEdit('[]', [LOST]), undefined);
  assert.equal(verdictEdit('{ "drift": {} }', [LOST]), undefined);
});

test('whatever the file looks like, the program reads the answers in it and the rest unchanged (seed 43)', () => {
  const names = fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 3 });
  const file = fc.record(
    {
      source: names,
      ignore: names,
      drift: fc.array(fc.constantFrom(LOST, BACK), { maxLength: 2 }),
      entities: fc.dictionary(
        fc.constantFrom('Order', 'Payment'),
        fc.record({ state: names }, { noNullPrototype: true }),
        { noNullPrototype: true },
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const indents = fc.constantFrom(0, 2, '\t', 4);
  fc.assert(
    fc.property(file, indents, fc.constantFrom('', '// first\n', '/* a\nb */ '), (settings, indent, comment) => {
      const text = comment + JSON.stringify(settings, undefined, indent);
      const after = edited(text, LOST, BACK);
      const read = parseWorkspaceFile(after, 'semstate.json');
      assert.deepEqual(read, { ...settings, drift: [...(settings.drift ?? []), LOST, BACK] });
      assert.ok(after.startsWith(comment));
    }),
    { seed: 43, numRuns: 200 },
  );
});

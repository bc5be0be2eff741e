// Reading again after any edits gives what a first reading of the same files gives: edits of all sorts in a program of several modules.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSourceReader, readSources } from '../../src/source/index.ts';
import { businessTree } from '../bench/extraction/tree.ts';
import { memoryHost } from './hosts.ts';

type Edit = (files: Map<string, string>, path: string) => void;

const change =
  (edit: (text: string) => string): Edit =>
  (files, path) =>
    void files.set(path, edit(files.get(path) ?? ''));

/** What people do to a file; where an edit finds nothing to change, saving it changes nothing. */
const EDITS: Readonly<Record<string, Edit>> = {
  'a comment moves all lines': change((text) => `// seen\n${text}`),
  'a statement': change((text) => text.replace(/\n {4}return /, "\n    String('seen');\n    return ")),
  'another first state': change((text) => text.replace(/Status = '(\w+)' \| '(\w+)'/, "Status = '$2' | '$1'")),
  'a state in the middle': change((text) => text.replace(/Status = ('\w+')/, "Status = $1 | 'held'")),
  'a guard less': change((text) => text.replace(/\n {4}if \(this\.status !== .*/, '')),
  'a field': change((text) =>
    text.replace(/(\n {2}readonly id: string;)/, "$1\n  seal: 'whole' | 'broken' = 'whole';"),
  ),
  'a class of another name': change((text) => text.replaceAll(/class (\w+)Service/g, 'class $1Desk')),
  'an export less': change((text) => text.replace(/^export \* .*\n/, '')),
  'a syntax error': change((text) => text.replace('{', '{{')),
  'the file is gone': (files, path) => void files.delete(path),
  'a file more': (files, path) => void files.set(path.replace(/\.ts$/, 'Copy.ts'), files.get(path) ?? ''),
};

test('after any edits a second reading says what a first one says (seed 11)', () => {
  const tree = businessTree(1100, 5).files;
  const paths = [...tree.keys()].filter((path) => !path.startsWith('kernel/'));
  const edits = fc.array(fc.record({ edit: fc.constantFrom(...Object.keys(EDITS)), path: fc.constantFrom(...paths) }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(edits, (steps) => {
      const reader = createSourceReader();
      const files = new Map(tree);
      reader.read(['/app'], memoryHost(Object.fromEntries(files)));
      for (const { edit, path } of steps) {
        EDITS[edit]?.(files, path);
        const host = memoryHost(Object.fromEntries(files));
        assert.deepEqual(reader.read(['/app'], host), readSources(['/app'], host), `${edit} in ${path}`);
      }
    }),
    { seed: 11, numRuns: 8 },
  );
});

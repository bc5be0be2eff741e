// The catalogue of errors: every code the program throws is documented, once, and nothing else is.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

const documented = [...readFileSync(join(root, 'docs/errors.md'), 'utf8').matchAll(/^\| (`.*?) \|/gm)].flatMap((row) =>
  [...(row[1] ?? '').matchAll(/`([a-z0-9-]+)`/g)].map((code) => code[1] ?? ''),
);

test('every error code is documented, and once', () => {
  const texts = sources(join(root, 'src'));
  const thrown = new Set(
    texts.flatMap((text) => [...text.matchAll(/new Failure\(\s*'([a-z0-9-]+)'/g)].map((m) => m[1] ?? '')),
  );
  assert.ok(thrown.size > 40);
  assert.deepEqual([...thrown].filter((code) => !documented.includes(code)).sort(), [], 'add them to docs/errors.md');
  assert.deepEqual(
    documented.filter((code, n) => documented.indexOf(code) !== n),
    [],
    'documented twice',
  );
  const all = texts.join('\n');
  assert.deepEqual(
    documented.filter((code) => !all.includes(`'${code}'`)),
    [],
    'documented and thrown by nothing',
  );
});

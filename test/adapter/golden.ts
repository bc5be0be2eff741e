// Compares a text with its golden file. A missing one fails: goldens are written on purpose, with UPDATE_GOLDENS=1.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIRECTORY = join(dirname(fileURLToPath(import.meta.url)), '../goldens/adapter');

export function assertGolden(name: string, text: string): void {
  const path = join(DIRECTORY, `${name}.txt`);
  if (process.env['UPDATE_GOLDENS'] === '1') {
    mkdirSync(DIRECTORY, { recursive: true });
    writeFileSync(path, text);
  }
  assert.ok(existsSync(path), `${path} is missing: run with UPDATE_GOLDENS=1 and read what it wrote`);
  assert.equal(text, readFileSync(path, 'utf8'));
}

// Whole programs of three styles, from their source to the whole model, as text a person can check against the program.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { extractModel } from '../../src/extract/index.ts';
import { readSources } from '../../src/source/index.ts';
import { diskHost } from '../source/hosts.ts';
import { modelText } from './modelText.ts';

const here = dirname(fileURLToPath(import.meta.url));

const PROGRAMS: Readonly<Record<string, string>> = {
  repair: 'plain records, a reducer, states as tagged records',
  festival: 'aggregates that keep their data in one record, ids as value objects, domain events',
  parking: 'untyped JavaScript, lists and a Map in a module, constants as states',
};

for (const [name, style] of Object.entries(PROGRAMS)) {
  test(`${name}: ${style}`, () => {
    const code = readSources([resolve(here, '../fixtures/extract', name)], diskHost);
    compare(`extract/${name}.txt`, modelText(extractModel({ code }).model));
  });
}

function compare(name: string, actual: string): void {
  const file = resolve(here, '../goldens', name);
  if (process.env['UPDATE_GOLDENS'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  assert.ok(existsSync(file), `${file} is missing: UPDATE_GOLDENS=1 writes it, then check it by eye`);
  assert.equal(actual, readFileSync(file, 'utf8'));
}

// package.json, its texts and the docs say what the code says.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withContributes, withDescriptions, withTable } from '../../.ci/contributes.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const texts = (name: string): { [key: string]: string } => JSON.parse(read(name)) as { [key: string]: string };
/** Tables are padded by the formatter. */
const squeezed = (text: string): string => text.replace(/[ -]{2,}/g, ' ').replace(/ - /g, ' --- ');

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: { readonly [menu: string]: readonly { readonly command: string }[] };
    readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly markdown: string } }[] }[];
    readonly jsonValidation: readonly { readonly url: string }[];
  };
}
const manifest = JSON.parse(read('package.json')) as Manifest;

test('launch attributes in package.json, its texts and the docs come from src/present/launch.ts', () => {
  const hint = 'run `node .ci/node24.mjs --no-build .ci/contributes.ts`';
  assert.deepEqual(JSON.parse(withContributes(read('package.json'))), JSON.parse(read('package.json')), hint);
  assert.deepEqual(JSON.parse(withDescriptions(read('package.nls.json'))), texts('package.nls.json'), hint);
  const docs = read('docs/debugging.md');
  assert.equal(squeezed(withTable(docs)), squeezed(docs), hint);
});

test('every %text% of package.json exists in English and in Chinese', () => {
  const used = [...new Set([...read('package.json').matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ''))].sort();
  assert.ok(used.length > 20);
  for (const name of ['package.nls.json', 'package.nls.zh-cn.json']) {
    const there = texts(name);
    assert.deepEqual(
      used.filter((key) => !there[key]),
      [],
      name,
    );
    assert.deepEqual(
      Object.keys(there).filter((key) => !used.includes(key)),
      [],
      `${name} has texts that nothing uses`,
    );
  }
});

test('every l10n text of the editor is translated, with the same placeholders', () => {
  const folder = join(root, 'src/editor');
  const source = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const used = new Set(
    source.flatMap((text) => [...text.matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)].map((m) => m[1] ?? '')),
  );
  const translated = texts('l10n/bundle.l10n.zh-cn.json');
  assert.ok(used.size > 20);
  assert.deepEqual([...used].filter((text) => !translated[text]).sort(), []);
  assert.deepEqual(
    Object.keys(translated).filter((text) => !used.has(text)),
    [],
    'translations that nothing uses',
  );
  const holes = (text: string): string[] => [...text.matchAll(/\{\d\}/g)].map(String).sort();
  for (const [text, translation] of Object.entries(translated)) assert.deepEqual(holes(translation), holes(text), text);
});

test('commands of package.json are those that are registered, and menus name no other', () => {
  const declared = manifest.contributes.commands.map(({ command }) => command).sort();
  const registered = [...read('src/editor/activate.ts').matchAll(/'(semstate\.\w+)':/g)].map((m) => m[1]).sort();
  assert.deepEqual(declared, registered);
  for (const entries of Object.values(manifest.contributes.menus))
    for (const { command } of entries) assert.ok(declared.includes(command), command);
});

test('files that package.json names are there', () => {
  const named = [
    ...manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
    ...manifest.contributes.jsonValidation.map(({ url }) => url),
    'media/icon.svg',
  ];
  for (const name of named) assert.ok(existsSync(join(root, name)), name);
});

// A program that is one minified file, its map with the sources inside and no directory of source says what its sources say: the same
// model, with the names and places that people wrote.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { buildSync, transformSync } from 'esbuild';
import { extractModel } from '../../src/extract/index.ts';
import { carriedSource, readSources, type CodeModel, type SourceHost } from '../../src/source/index.ts';
import { businessTree, writeTree } from '../bench/extraction/tree.ts';
import { diskHost, libraries, memoryHost } from '../source/hosts.ts';

const tests = resolve(import.meta.dirname, '..');

/** A directory of source and the file that the bundler starts from. */
const PROGRAMS: Readonly<Record<string, readonly [directory: string, entry: string]>> = {
  repair: ['fixtures/extract/repair', 'shop.ts'],
  festival: ['fixtures/extract/festival', 'app.ts'],
  parking: ['fixtures/extract/parking', 'server.js'],
  parcels: ['fixtures/parcels/src', 'main.ts'],
  shop: ['demo/shop/src', 'main.ts'],
  workshop: ['fixtures/orm/src', 'main.ts'],
};

/** Nothing but the compiler's own libraries is read. */
const nothingElse: SourceHost = {
  ...diskHost,
  readFile: (path) => (path.startsWith(libraries) ? diskHost.readFile(path) : undefined),
  fileExists: (path) => path.startsWith(libraries) && diskHost.fileExists(path),
};

function sourcesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[jt]s$/.test(name));
}

/** A bundler leaves out what only the compiler needs. */
function isOnlyTypes(path: string): boolean {
  const loader = path.endsWith('.ts') ? 'ts' : 'js';
  return /^(?:import ".*";\s*)*$/.test(transformSync(readFileSync(path, 'utf8'), { loader }).code);
}

/** Files come in the order in which they import each other; which that is, a file that was written again does not say. */
function inOrder(code: CodeModel): CodeModel {
  const byText = <T>(list: readonly T[], textOf: (item: T) => string): T[] =>
    list.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  return {
    ...code,
    lines: 0,
    types: byText(code.types, ({ key }) => key),
    transitions: byText(code.transitions, (each) => JSON.stringify(each)),
    literals: byText(code.literals ?? [], (each) => JSON.stringify(each)),
  };
}

function compare(directory: string, entry: string): void {
  const script = join(directory, '..', 'dist', 'main.js');
  const { outputFiles } = buildSync({
    entryPoints: [join(directory, entry)],
    outfile: script,
    bundle: true,
    minify: true,
    sourcemap: 'external',
    platform: 'node',
    packages: 'external',
    write: false,
    logLevel: 'error',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  });
  const [sourceMap, text] = ['.js.map', '.js'].map((end) => outputFiles.find(({ path }) => path.endsWith(end))?.text);
  assert.ok(sourceMap !== undefined && text !== undefined);
  const carried = carriedSource([{ id: 1, url: `file://${script}`, text, sourceMap }], nothingElse);
  assert.ok(carried);

  const map = JSON.parse(sourceMap) as { readonly sources: readonly string[] };
  const held = new Set(map.sources.map((source) => resolve(script, '..', source)));
  // What only passes on what others export is in no bundle, and is written again.
  const kept = sourcesIn(directory).filter((name) => held.has(join(directory, name)) || name.endsWith('index.ts'));
  const left = sourcesIn(directory).filter((name) => !kept.includes(name) && !isOnlyTypes(join(directory, name)));
  assert.deepEqual(left, [], 'only files of types are left out of a bundle');
  const below = carried.roots[0] === directory ? '' : relative(directory, carried.roots[0] ?? directory);
  const files = kept.map((name) => [relative(below, name), readFileSync(join(directory, name), 'utf8')] as const);

  const source = readSources(['/app'], { ...memoryHost(Object.fromEntries(files)), isAllSource: true });
  const bundled = readSources(carried.roots, carried.host);
  assert.ok(source.types.length > 0);
  assert.deepEqual(inOrder(bundled), inOrder(source));
  const [one, other] = [bundled, source].map((code) => extractModel({ code: inOrder(code) }).model);
  assert.deepEqual(one, other);
}

for (const [name, [directory, entry]] of Object.entries(PROGRAMS))
  test(`${name}: its minified bundle says what its sources say`, () => compare(join(tests, directory), entry));

test('modules that are imported by their directory say the same as one minified bundle', () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'semstate-bundled-')));
  try {
    const tree = businessTree(1500, 3);
    // Nobody asks for the reports, so that no bundle has them.
    const asked = new Map([...tree.files].filter(([path]) => !path.endsWith('Report.ts')));
    writeTree({ ...tree, files: asked }, join(directory, 'src'));
    compare(join(directory, 'src'), 'app.ts');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

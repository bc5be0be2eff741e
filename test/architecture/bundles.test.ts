// What ends up in which bundle, and how large it may be. Raise a ceiling only in the commit that needs it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '../..');

interface Output {
  readonly entryPoint?: string;
  readonly inputs: { readonly [file: string]: unknown };
  readonly imports: readonly { readonly path: string; readonly external?: boolean; readonly kind: string }[];
}

const { outputs } = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8')) as {
  outputs: { readonly [file: string]: Output };
};

/** The entry's own file and every chunk it loads, now or later. */
function filesOf(entry: string): string[] {
  const start = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === entry);
  assert.ok(start, `${entry} is not built`);
  const found = new Set<string>([start]);
  for (const file of found)
    for (const { path, external } of outputs[file]?.imports ?? []) if (!external && outputs[path]) found.add(path);
  return [...found];
}

const inputsOf = (entry: string): string[] =>
  filesOf(entry).flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
const externalsOf = (entry: string): string[] =>
  filesOf(entry).flatMap((file) => (outputs[file]?.imports ?? []).filter((i) => i.external).map((i) => i.path));
const kilobytes = (file: string): number => gzipSync(readFileSync(join(root, file))).length / 1000;

test('the command line, the adapter and the worker know nothing of VS Code', () => {
  for (const entry of ['src/cli.ts', 'src/debugAdapter.ts', 'src/worker.ts']) {
    assert.ok(!externalsOf(entry).includes('vscode'), `${entry} loads vscode`);
    const editor = inputsOf(entry).filter((file) => file.startsWith('src/editor/'));
    assert.deepEqual(editor, [], entry);
  }
});

test('the command line and the adapter start without the compiler, which the worker loads', () => {
  const compiler = (entry: string): boolean =>
    inputsOf(entry).some((file) => file.includes('node_modules/typescript/'));
  assert.deepEqual(['src/cli.ts', 'src/debugAdapter.ts', 'src/worker.ts'].filter(compiler), ['src/worker.ts']);
});

test('the extension host loads the editor, and neither session, compiler nor container client', () => {
  const inputs = inputsOf('src/extension.ts');
  const foreign = inputs.filter(
    (file) =>
      /^src\/(?!extension|editor|model|present|laws)/.test(file) ||
      /node_modules\/(typescript|dockerode|ws)\//.test(file),
  );
  assert.deepEqual(foreign, []);
});

test('the panel contains nothing of src', () => {
  assert.deepEqual(
    inputsOf('webview/panel.ts').filter((file) => file.startsWith('src/')),
    [],
  );
});

test('bundles stay small', () => {
  const ceilings: { readonly [entry: string]: number } = { 'webview/panel.ts': 80, 'src/extension.ts': 40 };
  for (const [entry, ceiling] of Object.entries(ceilings)) {
    const size = filesOf(entry).reduce((sum, file) => sum + kilobytes(file), 0);
    assert.ok(size <= ceiling, `${basename(entry)} has ${size.toFixed(1)} kB compressed; ${ceiling} are allowed`);
  }
});

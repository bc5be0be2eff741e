// The join from a running script to the source: real maps made by the compiler and by esbuild, container paths, bundles, none at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build, transform } from 'esbuild';
import ts from 'typescript';
import { createSourceJoin, readSources } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

const GATE = `// a gate
export class Gate {
  open = false;
  constructor(readonly no: number) { this.open = no > 1; }
}

export class Fence {
  gates: Gate[] = [];
}
`;

/** Zero-based place of the text that V8 would report. */
function placeOf(code: string, text: string): { line: number; column: number } {
  const offset = code.indexOf(text);
  assert.ok(offset >= 0, `no ${text} in the output`);
  const before = code.slice(0, offset).split('\n');
  return { line: before.length - 1, column: before.at(-1)?.length ?? 0 };
}

test('positions in compiled code come back as the constructor positions of the code model', () => {
  const host = memoryHost({ 'src/gate.ts': GATE });
  const out = ts.transpileModule(GATE, {
    fileName: 'gate.ts',
    compilerOptions: { sourceMap: true, module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const map = JSON.stringify({ ...JSON.parse(out.sourceMapText ?? ''), sources: ['../src/gate.ts'] });
  const join = createSourceJoin([{ id: 3, url: '/srv/service/dist/gate.js', sourceMap: map }], ['/app/src'], host);
  const gate = placeOf(out.outputText, '(no)');
  const fence = placeOf(out.outputText, 'class Fence');
  const types = readSources(['/app/src'], host).types;
  for (const [at, name] of [
    [gate, 'Gate'],
    [fence, 'Fence'],
  ] as const) {
    assert.deepEqual(join({ script: 3, ...at }), types.find((t) => t.name === name)?.constructorAt);
  }
  assert.equal(join({ script: 9, line: 0, column: 0 }), undefined);
});

test('a minified bundle with webpack addresses finds its files by the end of their paths', async () => {
  const { outputFiles } = await build({
    stdin: { contents: `${GATE}; globalThis.keep = [new Gate(1), new Fence()];`, sourcefile: 'gate.ts', loader: 'ts' },
    minify: true,
    bundle: true,
    write: false,
    sourcemap: 'external',
    outfile: 'bundle.js',
  });
  const [map, code] = [outputFiles[0]?.text ?? '', outputFiles[1]?.text ?? ''];
  const addressed = JSON.stringify({
    ...JSON.parse(map),
    sources: ['webpack://svc/./src/gate.ts?4f1a'],
    sourcesContent: null,
  });
  const host = memoryHost({ 'src/gate.ts': GATE, 'src/other.ts': 'export const x = 1;' });
  const join = createSourceJoin([{ id: 1, url: 'file:///srv/bundle.js', sourceMap: addressed }], ['/app'], host);
  const at = placeOf(code, 'constructor(');
  const found = join({ script: 1, line: at.line, column: at.column + 'constructor'.length });
  assert.deepEqual(found, { file: 'src/gate.ts', line: 4, column: 14 });
});

test('the source that runs is its own map; libraries and the runtime have no source', () => {
  const host = memoryHost({ 'lib/box.js': 'class Box { constructor(a) { this.a = a; } }\nmodule.exports = Box;\n' });
  const scripts = [
    { id: 1, url: '/usr/src/app/lib/box.js' },
    { id: 2, url: '/usr/src/app/node_modules/x/lib/box.js' },
    { id: 3, url: 'node:events' },
  ];
  const join = createSourceJoin(scripts, ['/app'], host);
  assert.deepEqual(join({ script: 1, line: 0, column: 23 }), { file: 'lib/box.js', line: 1, column: 24 });
  assert.equal(join({ script: 2, line: 0, column: 23 }), undefined);
  assert.equal(join({ script: 3, line: 0, column: 0 }), undefined);
});

test('without the source its text inside the map serves, and files of one name are told apart by their text', async () => {
  const { code, map } = await transform(GATE, { loader: 'ts', sourcemap: 'external', sourcefile: 'gate.ts' });
  const at = placeOf(code, '(no)');
  const script = { id: 1, url: '/srv/out/gate.js', sourceMap: map };
  const alone = createSourceJoin([script], [], memoryHost({}));
  assert.deepEqual(alone({ script: 1, ...at }), { file: 'srv/out/gate.ts', line: 4, column: 14 });
  const twins = memoryHost({ 'a/gate.ts': 'export class Other {}\n', 'b/gate.ts': GATE });
  assert.equal(createSourceJoin([script], ['/app'], twins)({ script: 1, ...at })?.file, 'b/gate.ts');
  const torn = createSourceJoin([{ ...script, sourceMap: '{"version":3' }], ['/app'], twins);
  assert.equal(torn({ script: 1, ...at }), undefined);
});

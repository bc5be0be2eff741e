// A program nobody has the source of: read from what its scripts bring along, in maps or as what runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { carriedSource, createSourceJoin, readSources, type CarriedScript } from '../../src/source/index.ts';
import { diskHost, memoryHost } from './hosts.ts';

const FERRY = `export type FerryState = 'moored' | 'sailing';
export class Ferry {
  state: FerryState = 'moored';
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
  sail(): void {
    if (this.state !== 'moored') throw new Error('at sea');
    this.state = 'sailing';
  }
}
`;
const FLEET = `import { Ferry } from './ferry';
const ferries = new Map<string, Ferry>();
export function launch(id: string): Ferry {
  const ferry = new Ferry(id);
  ferries.set(ferry.id, ferry);
  return ferry;
}
`;

function compiled(name: string, text: string, sourcesContent = true): CarriedScript {
  const { code, map } = transformSync(text, {
    loader: 'ts',
    format: 'cjs',
    sourcemap: 'external',
    sourcefile: `../src/${name}.ts`,
    sourcesContent,
  });
  return { id: name === 'ferry' ? 1 : 2, url: `file:///srv/dist/${name}.js`, sourceMap: map, text: code };
}

function stepsOf(scripts: readonly CarriedScript[]): string[] {
  const source = carriedSource(scripts, diskHost);
  assert.ok(source);
  const { types, transitions } = readSources(source.roots, source.host);
  return transitions
    .map(({ type, from, to }) => `${types.find(({ key }) => key === type)?.name}: ${String(from)} > ${String(to)}`)
    .sort();
}

const STEPS = ['Ferry: moored > sailing', 'Ferry: new > moored'];

test('the sources that maps hold are read as the files they were, and what runs is joined to them', () => {
  const scripts = [compiled('ferry', FERRY), compiled('fleet', FLEET)];
  const library = { ...compiled('ferry', FERRY), id: 77, url: 'file:///srv/node_modules/boats/ferry.js' };
  const source = carriedSource([...scripts, library], diskHost);
  assert.ok(source);
  const model = readSources(source.roots, source.host);
  assert.deepEqual([model.files, source.roots], [2, ['/srv/src']], 'dependencies are none of it');
  assert.deepEqual(stepsOf(scripts), STEPS);
  const text = String(scripts[0]?.text);
  const line = text.slice(0, text.indexOf('constructor(')).split('\n').length - 1;
  const column = text.split('\n')[line]?.indexOf('constructor') ?? -1;
  const at = createSourceJoin(source.scripts, source.roots, source.host)({ script: 1, line, column });
  assert.deepEqual([at?.file, at?.line], ['ferry.ts', 5]);
  assert.deepEqual(
    at,
    model.types.find(({ name }) => name === 'Ferry')?.constructorAt,
    'where objects of it are found',
  );
});

test('where no map holds the sources, what runs is read, one module after the other', () => {
  const scripts = [compiled('ferry', FERRY, false), compiled('fleet', FLEET, false)];
  const source = carriedSource(scripts, diskHost);
  assert.deepEqual(source?.roots, ['/srv/dist']);
  assert.deepEqual(stepsOf(scripts), STEPS);
  assert.equal(carriedSource([{ id: 1, url: 'node:fs', text: 'x' }], diskHost), undefined);
});

const STORE = `export function createStore() {
  const boats = new Map();
  return { add(id, draught) { const boat = { id, draught, state: 'moored' }; boats.set(id, boat); return boat; },
    sail(id) { const boat = boats.get(id); if (boat.state !== 'moored') throw new Error(); boat.state = 'sailing'; } };
}
`;
const MAIN = `import { createStore } from './store';
import * as store from './store';
const harbour = createStore();
export function depart(id) { harbour.sail(id); }
export const second = store.createStore();
`;

test('what compilers make of import and export is followed as the modules were, at the places that run', () => {
  const forms = {
    esbuild: (text: string) => transformSync(text, { format: 'cjs' }).code,
    minified: (text: string) => transformSync(text, { format: 'cjs' }).code.replace(/\n\/\/ Annotate[\s\S]*$/, '\n'),
    typescript: (text: string) =>
      ts.transpileModule(text, {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
      }).outputText,
  };
  for (const [compiler, compile] of Object.entries(forms)) {
    const files = { 'store.js': compile(STORE), 'main.js': compile(MAIN) };
    const { types, transitions, problems } = readSources(['/app'], memoryHost(files));
    assert.deepEqual(problems, [], compiler);
    const boat = types.find(({ name }) => name.toLowerCase() === 'boat');
    assert.ok(boat, compiler);
    const step = transitions.find(({ type, to }) => type === boat.key && to.includes('sailing' as never));
    assert.deepEqual(step?.from, ['moored'], compiler);
    const line = files['store.js']
      .split('\n')
      .findIndex((text) => text.includes('state = "sailing"') || text.includes("state = 'sailing'"));
    assert.equal(step?.source.line, line + 1, compiler);
  }
});

// What the declarations of a program say: types of every form, what their fields hold, where instances are made.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources, type CodeModel, type CodeType } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

function typeNamed(model: CodeModel, name: string): CodeType {
  const type = model.types.find((t) => t.name === name);
  assert.ok(type, `no type ${name}`);
  return type;
}

function fieldsOf(model: CodeModel, name: string): Record<string, string> {
  return Object.fromEntries(
    typeNamed(model, name).fields.map((f) => [
      f.name,
      `${f.type.kind}${f.optional ? '?' : ''}${f.derived ? ' derived' : ''}${f.type.domain ? ` ${f.type.domain.map((d) => d.value).join('|')}` : ''}${f.type.target ? ` -> ${f.type.target.split('#')[1]}` : ''}`,
    ]),
  );
}

test('a class gives stored fields with their domains, getters as derived, and where V8 sees its constructor', () => {
  const model = readSources(
    ['/app'],
    memoryHost({
      'vessel.ts': `export type Berth = { pier: string };
export enum Draft { Shallow = 1, Deep = 4 }
export class Vessel {
  #phase: 'moored' | 'sailing' = 'moored';
  insured = false;
  crew: Sailor[] = [];
  berth: Berth | null = null;
  log = new Map<string, Sailor>();
  constructor(readonly imo: string, private draft: Draft, readonly built: Date) {}
  get afloat(): boolean { return this.#phase === 'sailing'; }
  sail(): void { this.#phase = 'sailing'; }
}
export class Sailor { name = ''; mate?: Sailor; }
`,
    }),
  );
  assert.deepEqual(model.problems, []);
  assert.deepEqual(fieldsOf(model, 'Vessel'), {
    '#phase': 'enum moored|sailing',
    insured: 'boolean false|true',
    crew: 'list -> Sailor',
    berth: 'reference? -> Berth',
    log: 'map -> Sailor',
    imo: 'string',
    draft: 'enum 1|4',
    built: 'date',
    afloat: 'boolean derived false|true',
  });
  const vessel = typeNamed(model, 'Vessel');
  assert.deepEqual(vessel.constructorAt, { file: 'vessel.ts', line: 9, column: 14 });
  assert.deepEqual(typeNamed(model, 'Sailor').constructorAt, { file: 'vessel.ts', line: 13, column: 8 });
  const draft = vessel.fields.find((f) => f.name === 'draft');
  assert.deepEqual(draft?.type.domain, [
    { value: 1, label: 'Shallow' },
    { value: 4, label: 'Deep' },
  ]);
  const phase = vessel.fields.find((f) => f.name === '#phase');
  assert.deepEqual(
    phase?.writes.map((w) => [w.phase, w.values, w.inFunction]),
    [
      ['initial', ['moored'], undefined],
      ['change', ['sailing'], 'sail'],
    ],
  );
});

test('a discriminated union is one type with the fields of all its members', () => {
  const model = readSources(
    ['/app'],
    memoryHost({
      'claim.ts': `interface Base { readonly no: number }
type Filed = Base & { stage: 'filed' };
type Paid = Base & { stage: 'paid'; paidAt: Date };
export type Claim = Filed | Paid;
export function pay(claim: Filed): Paid { return { ...claim, stage: 'paid', paidAt: new Date() }; }
`,
    }),
  );
  assert.deepEqual(fieldsOf(model, 'Claim'), { no: 'number', stage: 'enum filed|paid', paidAt: 'date?' });
  assert.deepEqual(typeNamed(model, 'Claim').members, ['claim.ts#Filed', 'claim.ts#Paid']);
});

test('a constructor function with a prototype is a class', () => {
  const model = readSources(
    ['/app'],
    memoryHost({
      'parcel.js': `function Parcel(code) { this.code = code; this.sealed = false; }
Parcel.prototype.seal = function () { this.sealed = true; };
module.exports = { Parcel };
`,
    }),
  );
  const parcel = typeNamed(model, 'Parcel');
  assert.equal(parcel.form, 'class');
  assert.deepEqual(parcel.constructorAt, { file: 'parcel.js', line: 1, column: 16 });
  assert.deepEqual(
    parcel.fields.find((f) => f.name === 'sealed')?.writes.map((w) => [w.phase, w.values, w.inFunction]),
    [
      ['initial', [false], 'Parcel'],
      ['change', [true], 'seal'],
    ],
  );
});

test('paths of tsconfig and packages of the workspace resolve', () => {
  const model = readSources(
    ['/app'],
    memoryHost({
      'tsconfig.json': `{ /* comment */ "compilerOptions": { "baseUrl": ".", "paths": { "@core/*": ["core/src/*"] } } }`,
      'core/src/money.ts': 'export class Money { amount = 0; }',
      'lib/package.json': '{ "name": "@acme/people", "main": "dist/index.js" }',
      'lib/src/index.ts': 'export class Person { name = ""; }',
      'web/src/bill.ts': `import { Money } from '@core/money'; import { Person } from '@acme/people';
export class Bill { total: Money = new Money(); payer: Person | null = null; }`,
    }),
  );
  assert.deepEqual(fieldsOf(model, 'Bill'), { total: 'reference -> Money', payer: 'reference? -> Person' });
});

test('odd input gives problems, not exceptions', () => {
  const huge = `export const x = "${'a'.repeat(2_100_000)}";`;
  const model = readSources(
    ['/app', '/nowhere'],
    memoryHost({
      'a.ts': '\uFEFFexport class A { x = 1; constructor( { }',
      'b.js': 'const { y } = require("./missing"); class B extends y {}',
      'huge.ts': huge,
      'node_modules/c/index.js': 'class Hidden {}',
      'dist/a.js': 'class Built {}',
      'bin.ts': '\u0000\u0001',
    }),
  );
  assert.deepEqual(model.problems.map((p) => p.code).sort(), [
    'binary-file',
    'file-too-large',
    'no-such-source',
    'syntax-error',
  ]);
  assert.deepEqual(model.types.map((t) => t.name).sort(), ['A', 'B']);
  assert.deepEqual(readSources([], memoryHost({})).types, []);
});

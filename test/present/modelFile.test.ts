// The model as a kept file: the same meaning is the same text, and the text is a model that the schemas accept.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Model } from '../../src/model/index.ts';
import { diffModels, meaningOf, modelFile, readModel } from '../../src/present/index.ts';
import { assertGolden } from './golden.ts';
import { hostile } from './hostile.ts';
import { recorded } from './recording.ts';
import { SHOP } from './shopModel.ts';

const media = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../media/${name}`, import.meta.url), 'utf8')) as object;
const isModelFile = new Ajv({ allErrors: true, strict: false }).compile(media('semstate.model.schema.json'));
const contract = new Ajv2020({ strict: false }).addSchema(media('contract.schema.json'), 'contract');
const isModel = contract.getSchema('contract#/$defs/model') ?? assert.fail('no schema of models');

function assertValid(text: string): void {
  const value: unknown = JSON.parse(text);
  assert.ok(isModelFile(value), JSON.stringify(isModelFile.errors));
  assert.ok(isModel(value), JSON.stringify(isModel.errors));
}

test('the file is the one that was agreed on, and both schemas accept it', () => {
  const text = modelFile(SHOP);
  assertGolden('shop.model.json', text);
  assertValid(text);
  assert.doesNotMatch(text, /evidence|instances|"count"|"line"|snapshot|v22/, 'nothing that changes from run to run');
});

test('with its evidence it keeps every fact', () => {
  const text = modelFile(SHOP, true);
  assertValid(text);
  const kept = JSON.parse(text) as Model;
  assert.equal(kept.entities.find(({ name }) => name === 'Order')?.instances, 3);
  assert.ok(kept.transitions.every(({ evidence }) => (evidence?.length ?? 0) > 0));
  assert.equal(kept.problems.length, 1);
  assert.deepEqual(diffModels(kept, SHOP).changes, []);
});

/** Another reading of the same service: all in another order, other counts, lines, snapshots, problems. */
const reading = fc
  .record({
    seed: fc.integer({ min: 1, max: 1000 }),
    entities: fc.shuffledSubarray([...SHOP.entities], { minLength: SHOP.entities.length }),
    relations: fc.shuffledSubarray([...SHOP.relations], { minLength: SHOP.relations.length }),
    transitions: fc.shuffledSubarray([...SHOP.transitions], { minLength: SHOP.transitions.length }),
  })
  .map(({ seed, entities, relations, transitions }): Model => ({
    ...SHOP,
    entities: entities.map((entity) => ({
      ...entity,
      instances: seed,
      source: { file: 'elsewhere.ts', line: seed },
      evidence: [{ by: 'instance', count: seed, snapshot: String(seed) }],
      attributes: [...entity.attributes].reverse().map((attribute) => ({
        ...attribute,
        ...(attribute.states && { states: [...attribute.states].reverse() }),
      })),
    })),
    relations: relations.map((relation) => ({ ...relation, observed: { min: 0, max: seed } })),
    transitions: transitions.map((transition) => ({ ...transition, count: seed, evidence: [] })),
    problems: [{ code: 'unreadable-values', message: `${seed} values` }],
  }));

test('two readings of the same meaning are the same text (seed 41)', () => {
  fc.assert(
    fc.property(reading, (other) => {
      assert.equal(modelFile(other), modelFile(SHOP));
      assert.deepEqual(diffModels(other, SHOP).changes, []);
    }),
    { seed: 41, numRuns: 50 },
  );
});

test('what was written is read again, hostile names and minus zero included', (t) => {
  const model = recorded(t, hostile).model() ?? assert.fail('no model');
  const text = modelFile({
    ...model,
    transitions: [{ object: 'a', attribute: 'b', preState: -0, postState: 0, status: 'observed' }],
  });
  assertValid(text);
  const read = readModel(text);
  assert.ok('model' in read);
  assert.equal(modelFile(read.model), text);
  assert.ok(Object.is(read.model.transitions[0]?.preState, -0));
  const shop = readModel(modelFile(SHOP));
  assert.ok('model' in shop);
  assert.deepEqual(diffModels(shop.model, meaningOf(SHOP)).changes, []);
});

const WRONG: readonly [string, RegExp][] = [
  ['{', /it is no JSON/],
  ['[]', /it is no object/],
  ['{"document": "state"}', /"document" is "state", not "model"/],
  ['{"document": "model", "version": 2}', /"version" is 2/],
  [JSON.stringify({ ...SHOP, entities: {} }), /entities is no list/],
  [JSON.stringify({ ...SHOP, entities: [{ name: 'A', status: 'declared' }] }), /entities\[0\]\.attributes is no list/],
  [
    JSON.stringify({ ...SHOP, entities: [{ name: 'A', status: 'declared', attributes: [{ name: 'b' }] }] }),
    /entities\[0\]\.attributes\[0\] has no "type"/,
  ],
  [JSON.stringify({ ...SHOP, relations: [{ ...SHOP.relations[0], cardinality: '2' }] }), /relations\[0\]\.cardinality/],
  [JSON.stringify({ ...SHOP, transitions: [{ object: 'A', attribute: 'b' }] }), /transitions\[0\] has no "preState"/],
  [JSON.stringify({ ...SHOP, context: {} }), /context\.space is no list/],
];
for (const [text, fault] of WRONG)
  test(`no model: ${text.slice(0, 40)} … ${String(fault)}`, () => {
    const read = readModel(text);
    assert.ok('fault' in read);
    assert.match(read.fault, fault);
  });

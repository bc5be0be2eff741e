// Each fact says how sure it is: by what it rests on, never surer than what it stands on, and the same whenever it is asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredRate, withConfidence } from '../../src/extract/confidence.ts';
import { extractModel, type ObservedTransition } from '../../src/extract/index.ts';
import { RATES } from '../../src/extract/rates.ts';
import type { Model } from '../../src/model/index.ts';
import { code } from './codeBuilder.ts';
import { heapOf } from './heapOf.ts';

const PROGRAM = code(
  {
    Ferry: {
      form: 'interface',
      fields: {
        id: 'string',
        name: 'string',
        phase: { is: "'docked'|'sailing'", starts: 'docked', becomes: { leave: 'sailing' } },
        routeId: '@Route',
      },
      kept: { ferries: 'id' },
    },
    Route: { form: 'interface', fields: { id: 'string', from: 'string', to: 'string' }, kept: { routes: 'id' } },
  },
  [{ type: 'Ferry', attribute: 'phase', from: ['docked'], to: ['sailing'], name: 'leave' }],
);
const HEAP = {
  ferries: new Map(
    ['f1', 'f2', 'f3', 'f4'].map((id, n) => [
      id,
      { id, name: `ferry ${id}`, phase: n % 2 ? 'docked' : 'sailing', routeId: 'r1' },
    ]),
  ),
  routes: new Map([['r1', { id: 'r1', from: 'A', to: 'B' }]]),
};

function confidences(model: Model): number[] {
  return [
    ...model.entities.flatMap((entity) => [
      entity.confidence,
      ...entity.attributes.flatMap((a) => [
        a.confidence,
        ...(a.role === 'state' ? [a.stateConfidence, ...(a.states ?? []).map((state) => state.confidence)] : []),
      ]),
    ]),
    ...model.relations.map(({ confidence }) => confidence),
    ...model.transitions.map(({ confidence }) => confidence),
  ].map((value) => value ?? NaN);
}

test('every fact has a confidence between 0 and 1', () => {
  for (const input of [{ code: PROGRAM }, { graph: heapOf(HEAP) }, { code: PROGRAM, graph: heapOf(HEAP) }]) {
    const all = confidences(extractModel(input).model);
    assert.ok(all.length > 8);
    for (const value of all) assert.ok(value > 0 && value <= 1, String(value));
  }
});

test('what stands on another fact is not surer than that', () => {
  for (const entity of extractModel({ code: PROGRAM, graph: heapOf(HEAP) }).model.entities) {
    for (const attribute of entity.attributes) {
      assert.ok((attribute.confidence ?? 1) <= (entity.confidence ?? 0));
      for (const state of attribute.role === 'state' ? (attribute.states ?? []) : [])
        assert.ok((state.confidence ?? 1) <= (attribute.stateConfidence ?? 0));
    }
  }
});

test('what was also seen is surer than what is only declared', () => {
  const event: ObservedTransition = {
    entity: 'Ferry',
    attribute: 'phase',
    preState: 'docked',
    postState: 'sailing',
    count: 2,
  };
  const step = (model: Model): number =>
    model.transitions.find(({ type }) => type === 'leave')?.confidence ?? assert.fail('no such transition');
  const [declared, seen] = [extractModel({ code: PROGRAM }), extractModel({ code: PROGRAM, events: [event] })];
  assert.ok(step(seen.model) >= step(declared.model));
  const attribute = (model: Model): number => model.entities[1]?.attributes[0]?.confidence ?? assert.fail('none');
  assert.ok(attribute(extractModel({ code: PROGRAM, graph: heapOf(HEAP) }).model) > attribute(declared.model));
});

test('asked again the confidences are the same', () => {
  const { model } = extractModel({ code: PROGRAM, graph: heapOf(HEAP) });
  assert.deepEqual(withConfidence(model), model);
});

test('rates are shares, and what was never measured is even', () => {
  for (const [basis, rate] of Object.entries(RATES)) assert.ok(rate > 0 && rate < 1, basis);
  assert.equal(measuredRate('nothing of the kind'), 0.5);
});

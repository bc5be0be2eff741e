// Whatever was recorded, however odd the model: every page and document is built, and is plain data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NEW, NO_CONTEXT, type Model, type Transition } from '../../src/model/index.ts';
import {
  cursorOf,
  describeFrame,
  detailsPage,
  diffPage,
  eventsPage,
  exportAs,
  graphPage,
  lanesPage,
  modelDocument,
  overviewPage,
  stateDocument,
  statesPage,
} from '../../src/present/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';
import { anyPoint, anyRef, anyValue } from '../timeline/arbitraryPoints.ts';
import { scratchFile } from '../timeline/scratch.ts';
import { ocelFaults } from './ocelChecker.ts';

const SEED = 1871;
const ENTITIES = ['Order', '__proto__', '\ud800'];
const ATTRIBUTES = ['status', '__proto__', 'constructor', ''];

const anyTransition: fc.Arbitrary<Transition> = fc
  .tuple(
    fc.constantFrom(...ENTITIES),
    fc.constantFrom(...ATTRIBUTES),
    fc.oneof(anyValue, fc.constant(NEW), fc.constant({ $any: true as const })),
    anyValue,
  )
  .map(([object, attribute, preState, postState]) => ({ object, attribute, preState, postState, status: 'declared' }));

const anyModel: fc.Arbitrary<Model> = fc
  .tuple(fc.array(anyTransition, { maxLength: 6 }), fc.array(fc.constantFrom(...ATTRIBUTES), { maxLength: 3 }))
  .map(([transitions, states]) => ({
    ...{ document: 'model', version: 1, context: NO_CONTEXT, problems: [], transitions },
    entities: ENTITIES.map((name) => ({
      ...{ name, status: 'confirmed', instances: 2, identity: ATTRIBUTES.slice(0, 1) },
      attributes: states.map((attribute) => ({ name: attribute, type: 'enum', role: 'state' })),
    })),
    relations: ENTITIES.map((name) => ({
      subject: name,
      predicate: '__proto__',
      object: 'Order',
      cardinality: '*',
      status: 'declared',
    })),
  }));

test(`pages and documents of random recordings and models (seed ${SEED})`, (t) => {
  const file = scratchFile(t);
  let run = 0;
  fc.assert(
    fc.property(fc.array(anyPoint, { maxLength: 30 }), anyModel, anyRef, fc.nat(31), (points, model, focus, seq) => {
      const store = openTimeline(`${file}${run++}`);
      try {
        store.saveModel(model);
        store.append(points);
        for (const scene of [
          { store, model, seq, live: true },
          { store, model, seq, live: false, focus },
        ]) {
          const pages = [
            cursorOf(scene),
            overviewPage(scene),
            lanesPage(scene, {}),
            lanesPage(scene, { all: true, from: 0, to: 5 }),
            eventsPage(scene, { offset: 0, limit: 50, around: seq }),
            detailsPage(scene, { ref: focus }),
            graphPage(scene),
            ...ENTITIES.map((entity) => statesPage(scene, { entity })),
            diffPage(scene, { from: 1 }),
            stateDocument(store.stateAt(seq), { seq, time: 0 }),
            store.page({ companions: true }, 0, 50).points.map(describeFrame),
          ];
          for (const page of pages)
            assert.deepEqual(JSON.parse(JSON.stringify(page)), JSON.parse(JSON.stringify(structuredClone(page))));
          for (const { segments } of lanesPage(scene, { all: true }).lanes)
            for (const { from, to } of segments) assert.ok(to === undefined || from < to, 'an interval has a length');
        }
        assert.deepEqual(ocelFaults(exportAs('ocel2', store)), []);
        assert.ok(
          exportAs('csv', store).endsWith('\r\n') &&
            exportAs('mermaid', store).length > 0 &&
            modelDocument(model).length > 0,
        );
      } finally {
        store.dispose();
      }
    }),
    { seed: SEED, numRuns: 60 },
  );
});

// Keepers and rules that are made by functions: what each was made with, and given, is told apart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources, type CodeModel } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

function read(files: { readonly [path: string]: string }): CodeModel {
  const model = readSources(['/app'], memoryHost(files));
  assert.deepEqual(model.problems, []);
  return model;
}

function transitions(model: CodeModel): string[] {
  const text = (values: unknown): string => (Array.isArray(values) ? values.join('/') : String(values));
  return model.transitions.map((t) => `${t.type.split('#')[1]}.${t.attribute}: ${text(t.from)} > ${text(t.to)}`).sort();
}

test('one keeper for everything: the kinds it is given are told apart by who keeps them', () => {
  const model = read({
    'harbour.js': `
      function createCollection(kind, key) {
        const byKey = new Map();
        return {
          insert(record) { byKey.set(record[key], record); return record; },
          need(id) { if (!byKey.has(id)) throw new Error(kind); return byKey.get(id); },
        };
      }
      const boats = createCollection('boat', 'id');
      const crews = createCollection('crew', 'no');
      exports.addBoat = (id) => boats.insert({ id, name: 'x', afloat: false, draft: 3 });
      exports.addCrew = (no) => crews.insert({ no, ready: true, size: 2 });
      exports.launch = function (id) { const boat = boats.need(id); if (boat.afloat) throw new Error(); boat.afloat = true; };
      exports.rest = function (no) { crews.need(no).ready = false; };`,
  });
  const kept = model.types.flatMap((type) =>
    type.stores.map((s) => `${type.name} in ${s.name} by ${s.keyField ?? '?'}`),
  );
  assert.deepEqual(kept, ['boat in boats by id', 'crew in crews by no']);
  assert.deepEqual(transitions(model), [
    'boat.afloat: false > true',
    'boat.afloat: new > false',
    'crew.ready: any > false',
    'crew.ready: new > true',
  ]);
});

test('a table handed to what makes the rule is the guard of every step', () => {
  const model = read({
    'course.js': `
      const STAGE = Object.freeze({ PLAN: 'plan', RUN: 'run', OVER: 'over' });
      function defineFlow(name, moves) {
        const allowed = (from, to) => (moves[from] || []).includes(to);
        return {
          step(record, field, next) {
            const from = record[field];
            if (!allowed(from, next)) throw new Error(name);
            record[field] = next;
            return record;
          },
        };
      }
      const flow = defineFlow('course', { [STAGE.PLAN]: [STAGE.RUN, STAGE.OVER], [STAGE.RUN]: [STAGE.OVER] });
      const courses = new Map();
      exports.add = (id) => { const course = { id, title: 't', stage: STAGE.PLAN }; courses.set(id, course); return course; };
      exports.start = (id) => flow.step(courses.get(id), 'stage', STAGE.RUN);
      exports.end = (id) => flow.step(courses.get(id), 'stage', STAGE.OVER);`,
  });
  assert.deepEqual(transitions(model), [
    'course.stage: new > plan',
    'course.stage: plan > over',
    'course.stage: plan > run',
    'course.stage: run > over',
  ]);
});

test('what comes out of a machine of the program is the state it led to, from the state it was in', () => {
  const model = read({
    'book.js': `
      function createMachine(config) {
        const edges = (value, type) => {
          const edge = config.states[value]?.on?.[type];
          if (edge === undefined) return [];
          return (Array.isArray(edge) ? edge : [edge]).map((e) => (typeof e === 'string' ? { target: e } : e));
        };
        return {
          initialState: config.initial,
          transition(value, type) {
            const edge = edges(value, type).find((e) => !e.cond || e.cond());
            if (!edge) throw new Error(type);
            return edge.target;
          },
        };
      }
      const machine = createMachine({
        initial: 'draft',
        states: { draft: { on: { QUOTE: 'quoted' } }, quoted: { on: { NO: [{ target: 'draft' }] } } },
      });
      const books = new Map();
      exports.add = (id) => { const book = { id, title: 't', stage: machine.initialState }; books.set(id, book); return book; };
      exports.quote = (id) => { const book = books.get(id); book.stage = machine.transition(book.stage, 'QUOTE'); };
      exports.refuse = (id) => { const book = books.get(id); book.stage = machine.transition(book.stage, 'NO'); };`,
  });
  assert.deepEqual(transitions(model), [
    'book.stage: draft > quoted',
    'book.stage: new > draft',
    'book.stage: quoted > draft',
  ]);
});

// Any model, with any names: every form is read by its reader, every transition is walked, and the kept file and its comparison agree.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { Parser } from 'n3';
import { createMachine, getInitialSnapshot, getNextSnapshot } from 'xstate';
import {
  canonicalText,
  NO_CONTEXT,
  type Attribute,
  type Entity,
  type Model,
  type Transition,
  type Value,
} from '../../src/model/index.ts';
import { diffModels, exportAs, modelFile, readModel } from '../../src/present/index.ts';
import { recorded } from './recording.ts';

const SEED = 44;
const names = fc.oneof(
  fc.constantFrom('Order', 'status', 'a.b', '#x', '*', 'xstate.init', '__proto__', 'constructor', '.', '(new)', ' '),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const values: fc.Arbitrary<Value> = fc.oneof(
  names,
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom<Value>(-0, true, false, null, { $type: 'bigint', value: '7' }, { $type: 'undefined' }),
);
const status = fc.constantFrom('confirmed' as const, 'declared' as const, 'observed' as const);
const distinct = <T>(each: fc.Arbitrary<T>, by: (one: T) => string, maxLength: number): fc.Arbitrary<T[]> =>
  fc.uniqueArray(each, { selector: by, maxLength });

const attributes: fc.Arbitrary<Attribute> = fc.oneof(
  fc.record(
    {
      name: names,
      type: fc.constantFrom('string', 'number', 'date', 'list', 'unknown', 'bigint'),
      optional: fc.boolean(),
      status,
    },
    { requiredKeys: ['name', 'type'] },
  ),
  fc.record({
    name: names,
    type: fc.constant('enum' as const),
    role: fc.constant('state' as const),
    states: distinct(fc.record({ value: values, status }), ({ value }) => canonicalText(value), 5),
    status,
  }),
);
const entities: fc.Arbitrary<Entity> = fc.record({
  name: names,
  status,
  attributes: distinct(attributes, ({ name }) => name, 4),
});

const models: fc.Arbitrary<Model> = distinct(entities, ({ name }) => name, 3).chain((all) => {
  const machines = all.flatMap(({ name, attributes: own }) =>
    own.flatMap((each) =>
      each.role === 'state' && each.states?.length ? [{ object: name, attribute: each.name, states: each.states }] : [],
    ),
  );
  const ends = machines.map(({ object, attribute, states }) => {
    const state = fc.constantFrom(...states.map(({ value }) => value));
    return fc.record(
      {
        object: fc.constant(object),
        attribute: fc.constant(attribute),
        preState: fc.oneof(state, fc.constantFrom({ $any: true as const }, { $new: true as const })),
        postState: fc.oneof(state, fc.constant({ $gone: true as const })),
        type: fc.oneof(fc.constantFrom('go', 'stop'), names),
        guard: names,
        status,
      },
      { requiredKeys: ['object', 'attribute', 'preState', 'postState', 'status'] },
    );
  });
  const known = all.map(({ name }) => name);
  const relations =
    known.length === 0
      ? fc.constant([])
      : fc.array(
          fc.record({
            subject: fc.constantFrom(...known),
            predicate: names,
            object: fc.oneof(fc.constantFrom(...known), names),
            cardinality: fc.constantFrom('1' as const, '0..1' as const, '*' as const),
            status,
          }),
          { maxLength: 3 },
        );
  const transitions: fc.Arbitrary<Transition[]> =
    ends.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...ends), { maxLength: 8 });
  return fc.record({
    ...{ document: fc.constant('model' as const), version: fc.constant(1 as const), entities: fc.constant(all) },
    ...{ relations, transitions, context: fc.constant(NO_CONTEXT), problems: fc.constant([]) },
  });
});

interface Candidate {
  readonly target: string;
  readonly guard?: { readonly type: string };
}
interface Region {
  readonly initial: string;
  readonly meta: { readonly entity: string; readonly attribute: string };
  readonly on?: { readonly [event: string]: readonly Candidate[] };
  readonly states: {
    readonly [name: string]: {
      readonly meta?: { readonly value: unknown };
      readonly on?: { readonly [event: string]: readonly Candidate[] };
    };
  };
}

/** Every way that a region leads from one state to another, in XState's own interpreter with one guard open at a time. */
function waysOf(region: Region): Set<string> {
  const base = createMachine({ type: 'parallel', states: { it: region } } as unknown as Parameters<
    typeof createMachine
  >[0]);
  const all = [region.on ?? {}, ...Object.values(region.states).map(({ on }) => on ?? {})];
  const guards = new Set(
    all.flatMap((on) =>
      Object.values(on)
        .flat()
        .flatMap(({ guard }) => (guard ? [guard.type] : [])),
    ),
  );
  const textOf = (name: string): string => {
    const { meta } = region.states[name] ?? {};
    return meta ? canonicalText(meta.value) : name;
  };
  const ways = new Set<string>();
  for (const open of [undefined, ...guards]) {
    const machine = base.provide({
      guards: Object.fromEntries([...guards].map((name) => [name, () => name === open])),
    });
    for (const from of Object.keys(region.states))
      for (const event of new Set(all.flatMap((on) => Object.keys(on)))) {
        const before = machine.resolveState({ value: { it: from }, context: {} });
        if (!machine.events.includes(event)) continue;
        const { it: to } = getNextSnapshot(machine, before, { type: event }).value as { it: string };
        ways.add(`${textOf(from)} > ${textOf(to)}`);
      }
  }
  return ways;
}

test(`any model leaves in every form, and each transition can be walked (seed ${SEED})`, (t) => {
  const store = recorded(t, () => undefined);
  fc.assert(
    fc.property(models, (model) => {
      store.saveModel(model);
      const config = JSON.parse(exportAs('xstate', store)) as { readonly states: { readonly [name: string]: Region } };
      getInitialSnapshot(createMachine(config as unknown as Parameters<typeof createMachine>[0]));
      for (const region of Object.values(config.states)) {
        const { entity, attribute } = region.meta;
        const ways = waysOf(region);
        for (const { object, attribute: own, preState, postState } of model.transitions) {
          if (object !== entity || own !== attribute) continue;
          const isMark = (mark: string): boolean =>
            typeof preState === 'object' && preState !== null && mark in preState;
          if (isMark('$new')) continue;
          const to =
            typeof postState === 'object' && postState !== null && '$gone' in postState
              ? '(gone)'
              : canonicalText(postState);
          const found = isMark('$any')
            ? [...ways].some((way) => way.endsWith(` > ${to}`))
            : ways.has(`${canonicalText(preState)} > ${to}`);
          assert.ok(found, `${canonicalText(preState)} > ${to} is not in ${[...ways].join(', ')}`);
        }
      }
      new Parser().parse(exportAs('shacl', store));
      new Ajv2020({ strict: false, validateFormats: false }).compile(
        JSON.parse(exportAs('json-schema', store)) as object,
      );
      const read = readModel(modelFile(model));
      assert.ok('model' in read);
      assert.equal(modelFile(read.model), modelFile(model));
      assert.deepEqual(diffModels(model, read.model).changes, []);
    }),
    { seed: SEED, numRuns: 100 },
  );
});

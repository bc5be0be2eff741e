// The model in standard forms, read back by the readers of those standards: XState, Mermaid, a SHACL validator, a JSON Schema validator.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { createMachine, getNextSnapshot, getInitialSnapshot, type AnyStateMachine } from 'xstate';
import { canonicalText, isRedacted, type Model, type Value } from '../../src/model/index.ts';
import { exportAs, type ExportForm } from '../../src/present/index.ts';
import { assertGolden } from './golden.ts';
import { hostile, HOSTILE } from './hostile.ts';
import { readMermaid } from './mermaidReader.ts';
import { recorded } from './recording.ts';
import { conforms, dataOf } from './shaclReader.ts';
import { SHOP } from './shopModel.ts';

const exported = (t: TestContext, form: ExportForm, model: Model = SHOP): string =>
  exportAs(
    form,
    recorded(t, (store) => store.saveModel(model)),
  );

interface Region {
  readonly initial: string;
  readonly meta: { readonly entity: string; readonly attribute: string };
  readonly states: { readonly [name: string]: { readonly meta?: { readonly value: Value } } };
}
interface Exported {
  readonly states: { readonly [name: string]: Region };
}

function machineOf(text: string): { readonly machine: AnyStateMachine; readonly config: Exported } {
  const config = JSON.parse(text) as Exported;
  return { machine: createMachine(JSON.parse(text) as Parameters<typeof createMachine>[0]), config };
}

/** The region's state before and after an event, in XState's own interpreter. */
function step(machine: AnyStateMachine, region: string, from: string, event: string): unknown {
  const before = machine.resolveState({
    value: { ...(getInitialSnapshot(machine).value as { [name: string]: string }), [region]: from },
    context: {},
  });
  const after = getNextSnapshot(machine, before, { type: event });
  return (after.value as { readonly [name: string]: unknown })[region];
}

test('XState: loads, begins where instances are created, and walks every declared transition', (t) => {
  const text = exported(t, 'xstate');
  assertGolden('shop.xstate.json', text);
  const { machine, config } = machineOf(text);
  assert.deepEqual(getInitialSnapshot(machine).value, {
    'Order·status': 'placed',
    'Payment·state': 'authorized',
    'Shipment·status': 'packed',
  });
  let walked = 0;
  for (const { object, attribute, preState, postState, type } of SHOP.transitions) {
    if (typeof preState === 'object' && preState !== null && '$new' in preState) continue;
    const region = `${object}·${attribute}`;
    const isAny = typeof preState === 'object' && preState !== null && '$any' in preState;
    const froms = isAny ? Object.keys(config.states[region]?.states ?? {}) : [preState as string];
    for (const from of froms) {
      assert.equal(step(machine, region, from, type ?? ''), postState, `${region}: ${from} -${type}->`);
      walked++;
    }
  }
  assert.equal(walked, 11);
  assert.equal(step(machine, 'Order·status', 'placed', 'OrderShipped'), 'placed', 'what is not declared leads nowhere');
});

test('XState: several ways in, one event to several states, removal', (t) => {
  const order = (
    preState: Model['transitions'][number]['preState'],
    postState: Model['transitions'][number]['postState'],
    type: string,
    guard?: string,
  ) => ({
    ...{ object: 'Order', attribute: 'status', preState, postState, type, status: 'declared' as const },
    ...(guard !== undefined && { guard }),
  });
  const transitions = [
    order({ $new: true }, 'placed', 'place'),
    order({ $new: true }, 'paid', 'import'),
    order('placed', 'paid', 'pay', 'amount > 0'),
    order('placed', 'cancelled', 'pay', 'amount <= 0'),
    order('cancelled', { $gone: true }, 'forget'),
  ];
  const { machine } = machineOf(exported(t, 'xstate', { ...SHOP, transitions }));
  const at = 'Order·status';
  assert.equal(step(machine, at, '(new)', 'place'), 'placed');
  assert.equal(step(machine, at, '(new)', 'import'), 'paid');
  assert.equal(step(machine, at, 'cancelled', 'forget'), '(gone)');
  const provided = (answer: string): AnyStateMachine =>
    machine.provide({
      guards: Object.fromEntries(['amount > 0', 'amount <= 0'].map((name) => [name, () => name === answer])),
    });
  assert.equal(step(provided('amount > 0'), at, 'placed', 'pay'), 'paid');
  assert.equal(step(provided('amount <= 0'), at, 'placed', 'pay'), 'cancelled');
});

test('XState: hostile names load, and each state keeps its exact value', (t) => {
  const { config } = machineOf(exportAs('xstate', recorded(t, hostile)));
  assert.equal(Object.keys(config.states).length, HOSTILE.length ** 2);
  for (const [name, region] of Object.entries(config.states)) {
    const values = Object.values(region.states).flatMap(({ meta }) => (meta ? [canonicalText(meta.value)] : []));
    assert.equal(new Set(values).size, HOSTILE.length, name);
  }
  // One transition for each entity's attribute of the same name: `name -> backtick`.
  const moved = Object.entries(config.states).filter(([, { meta }]) => meta.entity === meta.attribute);
  assert.equal(moved.length, HOSTILE.length);
  for (const [region, one] of moved) {
    const { states, meta } = one;
    const { machine } = machineOf(JSON.stringify({ type: 'parallel', states: { [region]: one } }));
    const nameOf = (value: string): string =>
      Object.keys(states).find((key) => states[key]?.meta?.value === value) ?? assert.fail(`no state ${value}`);
    const event = machine.events.find((type) => step(machine, region, nameOf(meta.entity), type) === nameOf('`'));
    assert.ok(event !== undefined, `nothing leads from ${JSON.stringify(meta.entity)}`);
  }
});

test('Mermaid: its own parser reads every entity, relation, state and transition', async (t) => {
  const { entities, relations, machines } = await readMermaid(exported(t, 'mermaid'));
  assert.deepEqual(
    entities,
    SHOP.entities.map(({ name, attributes }) => [name, attributes.map((each) => each.name)]),
  );
  assert.deepEqual(
    relations,
    SHOP.relations.map(({ subject, predicate, object }) => [subject, predicate, object]),
  );
  const ends = (end: unknown): string =>
    typeof end === 'string' ? end : end !== null && typeof end === 'object' && '$any' in end ? 'any state' : '[*]';
  for (const [entity, attribute] of [
    ['Order', 'status'],
    ['Payment', 'state'],
    ['Shipment', 'status'],
  ] as const) {
    const own = SHOP.transitions.filter((each) => each.object === entity && each.attribute === attribute);
    assert.deepEqual(
      machines.get(`${entity}.${attribute}`),
      own.map(({ preState, postState }) => [ends(preState), ends(postState)]),
    );
  }
});

test('Mermaid: its own parser reads hostile names and gives them back', async (t) => {
  // The machines of the first entity: those of the others differ in nothing but their titles.
  const fences = exportAs('mermaid', recorded(t, hostile))
    .split('\n\n')
    .slice(0, 1 + HOSTILE.length);
  const { entities, machines } = await readMermaid(fences.join('\n\n'));
  assert.equal(entities.length, HOSTILE.length);
  assert.ok(entities.some(([name]) => name === '</script><img onerror=x>'));
  // A name without a character that can be shown is called (empty), and two are.
  assert.equal(machines.size, HOSTILE.length - 1);
});

test('SHACL: the recorded state conforms; a wrong state, a missing value and a reference to nothing do not', async (t) => {
  const store = recorded(t);
  const shapes = exportAs('shacl', store);
  assertGolden('shop.shacl.ttl', shapes);
  const last = store.summary().last?.seq ?? 0;
  const state = [...store.stateAt(last).values()];
  const data = dataOf(state);
  assert.deepEqual(await conforms(shapes, data), []);
  const wrong = state.map((each) =>
    each.entity === 'Order' ? { ...each, attributes: { ...each.attributes, status: 'lost' } } : each,
  );
  assert.deepEqual(await conforms(shapes, dataOf(wrong)), [
    'InConstraintComponent Order/status',
    'InConstraintComponent Order/status',
  ]);
  const empty = state.map((each) => (each.id === 'P-9' ? { ...each, attributes: { id: 'P-9' } } : each));
  assert.deepEqual(await conforms(shapes, dataOf(empty)), [
    'MinCountConstraintComponent Payment/cardNumber',
    'MinCountConstraintComponent Payment/state',
  ]);
  const alone = state.filter(({ entity }) => entity !== 'Customer');
  assert.deepEqual([...new Set(await conforms(shapes, dataOf(alone)))], ['ClassConstraintComponent Order/placedBy']);
});

test('SHACL: hostile names are Turtle that a parser reads', async (t) => {
  const store = recorded(t, hostile);
  assert.deepEqual(await conforms(exportAs('shacl', store), ''), []);
});

const plain = (value: Value): unknown => (isRedacted(value) ? 'xxxx' : value);

test('JSON Schema: instances as JSON are valid, and what is no instance is not', (t) => {
  const store = recorded(t);
  const text = exportAs('json-schema', store);
  assertGolden('shop.schema.json', text);
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  ajv.addSchema(JSON.parse(text) as object, 'shop');
  const faults = (entity: string, instance: unknown): string[] => {
    const validate = ajv.getSchema(`shop#/$defs/${entity}`) ?? assert.fail(`no definition of ${entity}`);
    return validate(instance)
      ? []
      : (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
  };
  const last = store.summary().last?.seq ?? 0;
  const jsons = [...store.stateAt(last).values()].map(
    ({ entity, attributes, links }): [string, Record<string, unknown>] => [
      entity,
      {
        ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, plain(value)])),
        ...Object.fromEntries(Object.entries(links).map(([name, refs]) => [name, refs[0]?.id ?? null])),
      },
    ],
  );
  assert.ok(jsons.length >= 4);
  for (const [entity, json] of jsons) assert.deepEqual(faults(entity, json), [], entity);
  const [, order] = jsons.find(([entity]) => entity === 'Order') ?? assert.fail('no order');
  assert.deepEqual(faults('Order', { ...order, status: 'lost' }), ['/status enum']);
  assert.deepEqual(faults('Order', { ...order, total: '80' }), ['/total type']);
  assert.deepEqual(faults('Order', { ...order, total: undefined }), [' required']);
  assert.ok(faults('Order', { ...order, placedBy: null }).length > 0);
  assert.deepEqual(faults('Order', { ...order, placedBy: { name: 'Anna' } }), [], 'a nested instance');
});

test('JSON Schema: hostile names make a schema that compiles and finds its definitions', (t) => {
  const schema = JSON.parse(exportAs('json-schema', recorded(t, hostile))) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  assert.equal(validate(7), false);
});

test('an empty model is an empty document of each form', async (t) => {
  const empty: Model = { ...SHOP, entities: [], relations: [], transitions: [] };
  const { machine } = machineOf(exported(t, 'xstate', empty));
  assert.deepEqual(getInitialSnapshot(machine).value, {});
  assert.deepEqual(await conforms(exported(t, 'shacl', empty), ''), []);
  assert.ok(new Ajv2020({ strict: false }).compile(JSON.parse(exported(t, 'json-schema', empty)) as object));
  assert.deepEqual((await readMermaid(exported(t, 'mermaid', empty))).entities, []);
});

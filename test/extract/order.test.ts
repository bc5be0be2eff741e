// The rules of a stage may be applied in any order, and the model and state depend on nothing but the input.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { extractModel, type RuleOrder } from '../../src/extract/index.ts';
import { gather } from '../../src/extract/gather.ts';
import { canonicalText } from '../../src/model/index.ts';
import { code } from './codeBuilder.ts';
import { heapOf } from './heapOf.ts';

const SEED = 20_261;

const PROGRAM = code(
  {
    Depot: { fields: { code: 'string', city: 'string' }, kept: { depots: 'code' } },
    Asked: { form: 'alias', fields: { id: 'string', phase: "'asked'", depotCode: 'string' } },
    Sent: { form: 'alias', fields: { id: 'string', phase: "'sent'", depotCode: 'string', driverId: 'string' } },
    Delivery: { form: 'union', members: ['Asked', 'Sent'], kept: { deliveries: 'id' } },
    DeliveryRow: { form: 'interface', fields: { id: 'string', ph: 'string' }, roles: ['row'] },
    Driver: {
      fields: {
        id: 'string',
        email: 'string',
        password: 'string',
        busy: { is: 'boolean', starts: false, becomes: { send: true } },
      },
      kept: { drivers: 'id' },
    },
    DeliverySent: { fields: { deliveryId: 'string' }, roles: ['event'] },
  },
  [{ type: 'Delivery', attribute: 'phase', from: ['asked'], to: ['sent'], name: 'send' }],
);
const HEAP = {
  depots: new Map([['D1', { code: 'D1', city: 'Bern' }]]),
  drivers: new Map(['a', 'b', 'c'].map((id) => [id, { id, email: `${id}@x`, password: 'p', busy: id === 'a' }])),
  deliveries: {
    x1: { id: 'x1', phase: 'asked', depotCode: 'D1' },
    x2: { id: 'x2', phase: 'sent', depotCode: 'D2', driverId: 'a' },
  },
};

function run(order?: RuleOrder): string {
  const { model, state } = extractModel({ code: PROGRAM, graph: heapOf(HEAP), snapshotId: 's' }, order);
  return canonicalText([model, [...state]]);
}

test(`rules of each stage in any order give the same model and state (seed ${SEED})`, () => {
  const expected = run();
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
      const order: RuleOrder = (rules) =>
        rules
          .map((rule) => ({ rule, at: numbers.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ rule }) => rule);
      assert.equal(run(order), expected);
    }),
    { seed: SEED, numRuns: 25 },
  );
});

test(`the order of declarations and of objects in the heap changes nothing (seed ${SEED})`, () => {
  const names = (input: Parameters<typeof extractModel>[0]): string => {
    const { model, state } = extractModel(input);
    const withoutIds = [...state.values()].map(({ heapId: _, ...instance }) => instance);
    return canonicalText([
      model.entities.map(({ evidence: _, ...entity }) => entity.name),
      model.relations.map((r) => [r.subject, r.predicate, r.object]),
      withoutIds,
    ]);
  };
  const expected = names({ code: PROGRAM, graph: heapOf(HEAP) });
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...PROGRAM.types], { minLength: PROGRAM.types.length }),
      fc.shuffledSubarray(Object.entries(HEAP), { minLength: 3 }),
      (types, roots) => {
        assert.equal(names({ code: { ...PROGRAM, types }, graph: heapOf(Object.fromEntries(roots)) }), expected);
      },
    ),
    { seed: SEED, numRuns: 15 },
  );
});

test('a rule that breaks on odd input leaves the others standing and is named', () => {
  const rules = [
    { id: 'broken', find: () => [1].map((): string => assert.fail('odd')) },
    { id: 'sound', find: () => ['fact'] },
  ];
  const { facts, problems } = gather(rules, {});
  assert.deepEqual(facts, ['fact']);
  assert.deepEqual(problems, [{ code: 'rule-failed', message: 'Rule broken could not be applied: odd' }]);
});

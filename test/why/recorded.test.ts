// In recordings of running services, where only the driver knows why an order is stuck, the true cause stands among the five steps of
// the answer, and mostly first.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { table, type Judged } from './judged.ts';
import { answersOf, judgeRecorded, recordMarket, withoutGuards, type Driven } from './recordedCauses.ts';
import { recordShop } from './shopCauses.ts';

suite('why an order of a running service is stuck', { timeout: 300_000 }, () => {
  const recorded: Driven[] = [];
  const judged: Judged[] = [];
  after(() => {
    for (const { recording } of recorded) recording[Symbol.dispose]();
  });
  const share = (list: readonly Judged[], of: (place: number) => boolean): number => {
    const places = list.flatMap((each) => each.places);
    return places.filter(of).length / places.length;
  };

  for (const [name, record, kinds] of [
    ['a market with fifteen kinds of causes', recordMarket, 15],
    ['the demo shop with three', recordShop, 3],
  ] as const)
    test(`${name} is recorded, and every kind is judged`, async () => {
      const driven = await record();
      recorded.push(driven);
      const places = judgeRecorded(driven);
      judged.push(...places);
      assert.equal(places.length, kinds);
    });

  test('nine in ten of the true causes are among the steps, six in ten are first', (context) => {
    context.diagnostic(table(judged));
    const answers = recorded.map(answersOf).join('\n');
    assert.ok(share(judged, (place) => place > 0) >= 0.9, `${table(judged)}\n${answers}`);
    assert.ok(share(judged, (place) => place === 1) >= 0.6, `${table(judged)}\n${answers}`);
  });

  test('without guards in the model fewer are first, most are found all the same', () => {
    const poorer = recorded.map(withoutGuards).flatMap(judgeRecorded);
    assert.ok(share(poorer, (place) => place > 0) >= 0.6, table(poorer));
    assert.ok(share(poorer, (place) => place === 1) < share(judged, (place) => place === 1), table(poorer));
  });
});

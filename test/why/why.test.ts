// The true cause of a stuck order stands among the five steps of the answer, and mostly first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, table, WITHOUT_GUARDS } from './judged.ts';

for (const seed of [1042, 7]) {
  test(`of twelve kinds of causes at least nine in ten are among the steps, six in ten are the first (seed ${seed})`, () => {
    const judged = judge(seed);
    const places = judged.flatMap((each) => each.places);
    const share = (of: (place: number) => boolean): number => places.filter(of).length / places.length;
    assert.ok(share((place) => place > 0) >= 0.9, table(judged));
    assert.ok(share((place) => place === 1) >= 0.6, table(judged));
    for (const { kind, places: each } of judged)
      assert.ok(
        each.some((place) => place > 0),
        `${kind} is never found\n${table(judged)}`,
      );
  });
}

test('without guards fewer are found, most all the same', () => {
  const judged = judge(1042, WITHOUT_GUARDS);
  const places = judged.flatMap((each) => each.places);
  assert.ok(places.filter((place) => place > 0).length >= places.length * 0.6, table(judged));
});

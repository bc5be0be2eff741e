// Threads number their scripts each for themselves: the source of a class is found whichever thread it is of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NODE_MAJORS } from '../containers/index.ts';
import { binaryOf, graphOf, startProgram, takeMemory } from './account.ts';

const WORKERS = 4;

for (const major of NODE_MAJORS) {
  const binary = binaryOf(major);
  const skip = binary ? false : 'npm has no binary of this Node for this machine';
  test(`Node ${major}: classes of ${WORKERS + 1} threads lead to their source`, { skip }, async () => {
    await using program = await startProgram(binary as string, 'threads.cjs', [String(WORKERS)]);
    const graph = graphOf((await takeMemory(program.pid)).bytes);
    const own = [...graph.scripts.values()].filter(({ url }) => url.endsWith('/threads.cjs'));
    assert.equal(own.length, WORKERS + 1, 'the file once in each thread');
    for (const [name, line] of [
      ['Order', 8],
      ['Job', 18],
    ] as const) {
      const found = graph.classes().filter((each) => each.name === name);
      assert.equal(
        found.reduce((sum, { instances }) => sum + instances.length, 0),
        name === 'Order' ? 7 : 3 * WORKERS,
      );
      for (const { location } of found) {
        const script = graph.scripts.get(location?.script ?? -1);
        assert.ok(script && script.url.endsWith('/threads.cjs'), `${name} leads to ${script?.url ?? 'none'}`);
        assert.match(script.text ?? '', /class Order/);
        assert.equal((location?.line ?? 0) + 1, line);
      }
    }
  });
}

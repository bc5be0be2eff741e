// A script that several processes run is planned once, whatever else each of them loads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedScript, RecordingPlan, WatchedEntity } from '../../src/record/index.ts';
import { ScriptPlans } from '../../src/session/scriptPlans.ts';

const script = (id: number, url: string, text = url): PlannedScript => ({ id, url, isModule: false, text });

test('planned once, numbered over all, with the script numbers of each process', async () => {
  const asked: string[][] = [];
  const plans = new ScriptPlans((scripts, firstSite) => {
    asked.push(scripts.map(({ url }) => url));
    const sites = scripts.map(
      (_, n) => ({ id: firstSite + n, kind: 'write', entities: [0], phase: 'change' }) as const,
    );
    const plan: RecordingPlan = {
      entities: [{ name: 'Ticket' } as WatchedEntity],
      sites,
      scripts: scripts.map(({ id, url, text }, n) => ({
        ...{ scriptId: id, url, original: text, edited: text, edits: [], points: [], suspending: [] },
        sites: [firstSite + n],
      })),
      files: ['a.js'],
      problems: scripts.map(({ url }) => ({ code: 'not-recorded', message: url })),
    };
    return Promise.resolve(plan);
  });
  const of = async (...scripts: readonly PlannedScript[]): Promise<string[]> => {
    const plan = await plans.of(scripts, {});
    assert.deepEqual([plan.entities.map(({ name }) => name), plan.files], [['Ticket'], ['a.js']]);
    assert.deepEqual(
      plan.sites.map(({ id }) => id),
      plan.scripts.flatMap(({ sites }) => sites),
    );
    return plan.scripts.map(({ scriptId, url, sites }) => `${scriptId} ${url} ${sites.join()}`);
  };
  // Also one that has loaded nothing yet knows what it is to look for.
  const [none, primary, child, other] = await Promise.all([
    of(),
    of(script(5, 'a'), script(6, 'b')),
    of(script(9, 'b'), script(8, 'a')),
    of(script(1, 'a'), script(2, 'c'), script(3, 'b', 'newer')),
  ]);
  assert.deepEqual(none, []);
  assert.deepEqual(primary, ['5 a 0', '6 b 1']);
  assert.deepEqual(child, ['9 b 1', '8 a 0']);
  assert.deepEqual(other, ['1 a 0', '2 c 2', '3 b 3']);
  assert.deepEqual(asked, [[], ['a', 'b'], ['c', 'b']]);
});

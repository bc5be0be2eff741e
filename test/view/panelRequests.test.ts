// The requests of a panel, answered by the view: what they give, and that nothing a client sends breaks it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isFailure } from '../../src/model/index.ts';
import { openView } from './openView.ts';
import { MODEL, TARGET } from './orderService.ts';

describe('requests of a panel', () => {
  it('are answered from where the view stands', async () => {
    const { view } = openView();
    view.enter();
    assert.equal((await view.handle('semantic/goto', { seq: 7 })).text, 'Order 1042: paid -> shipped');
    const overview = await view.handle('semantic/overview', {});
    assert.equal(overview.phase, 'ready');
    assert.deepEqual(overview.focus, { entity: 'Order', id: '1042' });
    assert.deepEqual(overview.targets, [{ name: TARGET }]);
    const details = await view.handle('semantic/details', { ref: { entity: 'Order', id: '1042' } });
    assert.equal(details.state, 'shipped');
    assert.equal((await view.handle('semantic/events', { offset: 0, limit: 3 })).total, 11);
    assert.equal((await view.handle('semantic/lanes', { all: true })).total, 10);
    assert.equal((await view.handle('semantic/states', { entity: 'Order' })).attribute, 'status');
    assert.equal((await view.handle('semantic/graph', {})).types.length, 4);
    assert.ok((await view.handle('semantic/diff', {})).total > 0);
    assert.equal(await view.handle('semantic/model', {}), MODEL);
    assert.match((await view.handle('semantic/document', {})).markdown, /Order/);
    assert.match((await view.handle('semantic/export', { as: 'csv' })).text, /1042/);
    assert.deepEqual(
      (await view.handle('semantic/search', { query: 'order 104' })).hits.map(({ text }) => text),
      ['Order 1040', 'Order 1041', 'Order 1042', 'Order 1043'],
    );
    const focused = await view.handle('semantic/focus', { ref: { entity: 'Customer', id: 7 } });
    assert.deepEqual(focused.focus, { entity: 'Customer', id: 7 });
  });

  it('are refused where they make no sense, never crash', async () => {
    const { view } = openView();
    const refused = async (name: string, args: unknown): Promise<string> =>
      view.handle(name as 'semantic/goto', args as never).then(
        () => 'answered',
        (error: unknown) => (isFailure(error) ? error.code : `not a failure: ${String(error)}`),
      );
    assert.equal(await refused('semantic/nothing', {}), 'unknown-request');
    assert.equal(await refused('toString', {}), 'unknown-request');
    assert.equal(await refused('semantic/goto', {}), 'bad-arguments');
    assert.equal(await refused('semantic/goto', { step: 'sideways' }), 'bad-arguments');
    assert.equal(await refused('semantic/goto', { seq: 'x' }), 'bad-arguments');
    assert.equal(await refused('semantic/details', { ref: { entity: 3 } }), 'bad-arguments');
    assert.equal(await refused('semantic/export', { as: 'pdf' }), 'bad-arguments');
    assert.equal(await refused('semantic/attach', { target: 'docker:x' }), 'already-open');
    assert.equal(await refused('semantic/takeSnapshot', {}), 'no-target');
    const names = ['overview', 'goto', 'focus', 'lanes', 'events', 'details', 'graph', 'states', 'diff', 'search'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.anything({ maxDepth: 2 }), async (name, args) => {
        assert.doesNotMatch(await refused(`semantic/${name}`, args), /not a failure/);
      }),
      { seed: 7, numRuns: 300 },
    );
    const fields = fc.record(
      {
        offset: fc.double(),
        limit: fc.double(),
        from: fc.double(),
        to: fc.double(),
        around: fc.double(),
        seq: fc.double(),
        time: fc.double(),
        entity: fc.string(),
        query: fc.string(),
        ref: fc.record({ entity: fc.string(), id: fc.oneof(fc.string(), fc.double()) }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fields, async (name, args) => {
        assert.doesNotMatch(await refused(`semantic/${name}`, args), /not a failure/);
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});

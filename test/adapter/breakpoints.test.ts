// Breakpoints as a client sets them, and where they stop the view. As text, from the user's side.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { assertGolden } from './golden.ts';
import { ORDER, start } from './startSession.ts';

describe('breakpoints', () => {
  it('are placed on lines, transitions, attributes and laws, and are met in both directions', async () => {
    const { client } = await start();
    client.note('placing');
    await client.told('setBreakpoints', {
      source: ORDER,
      breakpoints: [{ line: 21 }, { line: 25, condition: 'object.total > 1000' }, { line: 3 }],
    });
    await client.told('setBreakpoints', { source: { path: '/elsewhere/other.ts' }, breakpoints: [{ line: 1 }] });
    await client.told('breakpointLocations', { source: ORDER, line: 1, endLine: 40 });
    await client.told('setFunctionBreakpoints', {
      breakpoints: [
        { name: 'Order.status: paid -> shipped' },
        { name: 'Order.status: * ->' },
        { name: 'Order.status: shipped -> *', condition: 'total <' },
      ],
    });
    await client.told('dataBreakpointInfo', { name: 'Order.status' });
    await client.told('dataBreakpointInfo', { name: 'Order.colour' });
    const { dataId } = await client.told<{ dataId: string }>('dataBreakpointInfo', { name: 'Payment["p1"].state' });
    await client.told('setDataBreakpoints', { breakpoints: [{ dataId }] });
    await client.told('setExceptionBreakpoints', {
      filters: ['references-resolve'],
      filterOptions: [{ filterId: 'declared-transitions', condition: 'object.total < 100' }],
    });
    await client.told('configurationDone');
    await client.event('stopped');
    client.note('backward, then forward');
    for (const command of ['reverseContinue', 'continue']) {
      for (let i = 0; i < 6; i++) {
        await client.told(command, { threadId: 1 }, false);
        await client.event('stopped');
        if (i > 1) continue;
        await client.told('exceptionInfo', { threadId: 1 });
      }
    }
    assertGolden('breakpoints', client.transcript);
  });

  it('are found from the Variables view', async () => {
    const { client } = await start();
    await client.request('configurationDone');
    await client.event('stopped');
    const { variablesReference } = await client.request<{ variablesReference: number }>('evaluate', {
      expression: 'Order["1042"]',
    });
    await client.told('dataBreakpointInfo', { variablesReference, name: 'status' });
    await client.told('dataBreakpointInfo', { variablesReference, name: 'customer' });
    await client.told('dataBreakpointInfo', { variablesReference, name: 'nothing' });
    client.note('a type or an entity as a whole: its state');
    const { scopes } = await client.request<{ scopes: DebugProtocol.Scope[] }>('scopes', { frameId: 1000 });
    const entities = scopes.find(({ name }) => name === 'Entities')?.variablesReference;
    await client.told('dataBreakpointInfo', { variablesReference: entities, name: 'Order' });
    await client.told('dataBreakpointInfo', { variablesReference: entities, name: 'Product' });
    const { variables } = await client.request<{ variables: DebugProtocol.Variable[] }>('variables', {
      variablesReference: entities,
    });
    await client.told('dataBreakpointInfo', { variablesReference: variables[0]?.variablesReference, name: '1040' });
    assertGolden('data-breakpoint-info', client.transcript);
  });

  it('goes to what happened at a line', async () => {
    const { client } = await start();
    await client.request('configurationDone');
    await client.event('stopped');
    const { targets } = await client.request<{ targets: DebugProtocol.GotoTarget[] }>('gotoTargets', {
      source: ORDER,
      line: 21,
    });
    assert.deepEqual(
      targets.map(({ label, line }) => [label, line]),
      [['10:30:05.250 Order 1042: draft -> paid', 21]],
    );
    await client.request('goto', { threadId: 1, targetId: targets[0]?.id });
    const stopped = await client.event<DebugProtocol.StoppedEvent['body']>('stopped');
    assert.equal(stopped.reason, 'goto');
    assert.equal(stopped.text, 'Order 1042: draft -> paid');
  });
});

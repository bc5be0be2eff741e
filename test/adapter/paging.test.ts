// Thousands of entities as variables: in pages for clients that page, cut short and saying so for those that do not.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NEW, type NewPoint } from '../../src/model/index.ts';
import { at, TARGET } from '../view/orderService.ts';
import type { DapClient } from './dapClient.ts';
import { start } from './startSession.ts';

const MANY = 6000;

async function list(client: DapClient, args: object): Promise<readonly string[]> {
  const { variables } = await client.request<{ variables: DebugProtocol.Variable[] }>('variables', args);
  return variables.map(({ name }) => name);
}

describe('thousands of entities', () => {
  it('are paged', async () => {
    const { client, session } = await start();
    session.push(
      ...Array.from({ length: MANY }, (_, n): NewPoint => {
        const instance = { entity: 'Visit', id: n, attributes: { id: n }, links: {} };
        return {
          kind: 'event',
          time: at('11:00:00') + n,
          object: { entity: 'Visit', id: n },
          preState: NEW,
          postState: 'open',
          observed: 'recorded',
          target: TARGET,
          change: { kind: 'created', instance },
        };
      }),
    );
    await client.request('configurationDone');
    await client.request('goto', { threadId: 1, targetId: session.store.summary().last?.seq });
    const visits = await client.request<DebugProtocol.EvaluateResponse['body']>('evaluate', { expression: 'Visit' });
    assert.equal(visits.result, `Visit: ${MANY} instances`);
    assert.equal(visits.indexedVariables, MANY);
    const { variablesReference } = visits;
    const page = { variablesReference, filter: 'indexed', start: 5990, count: 100 };
    assert.deepEqual(await list(client, page), [
      '5990',
      '5991',
      '5992',
      '5993',
      '5994',
      '5995',
      '5996',
      '5997',
      '5998',
      '5999',
    ]);
    assert.deepEqual(await list(client, { variablesReference, filter: 'named' }), []);
    assert.deepEqual(await list(client, { ...page, start: 7000 }), []);
    assert.deepEqual(await list(client, { ...page, start: -3, count: 2 }), ['0', '1']);
    const everything = await list(client, { variablesReference });
    assert.equal(everything.length, 5001);
    assert.equal(everything.at(-1), '…');
  });
});

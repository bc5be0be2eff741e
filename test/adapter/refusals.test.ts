// What the adapter refuses and how it says so, and clients that count and write paths differently.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Failure } from '../../src/model/index.ts';
import { DapClient } from './dapClient.ts';
import { assertGolden } from './golden.ts';
import { cleanup, ORDER, start } from './startSession.ts';

describe('what cannot be done', () => {
  it('is said, and the next request is answered as ever', async () => {
    const client = new DapClient({
      openSession: () => {
        throw new Failure('engine-unreachable', 'Docker does not answer.', 'Start Docker.');
      },
      directory: '/project',
    });
    cleanup.push(() => client.dispose());
    await client.told('threads');
    await client.told('initialize', { adapterID: 'semantic' }, false);
    for (const [command, args] of [
      ['attach', {}],
      ['attach', { target: 7 }],
      ['attach', { targets: ['docker:a', 'docker:b'] }],
      ['launch', { target: 'docker:shop' }],
      ['launch', {}],
      ['attach', { target: 'docker:shop' }],
      ['semantic/overview', {}],
      ['restart', {}],
      ['setVariable', { variablesReference: 1, name: 'a', value: '1' }],
      ['restartFrame', { frameId: 1 }],
      ['readMemory', { memoryReference: '0', count: 1 }],
      ['__proto__', {}],
      ['constructor', {}],
    ] as const) {
      await client.told(command, args);
    }
    assertGolden('refusals', client.transcript);
  });

  it('a client that counts from zero and speaks in URIs is understood', async () => {
    const { client } = await start({ initialize: { linesStartAt1: false, columnsStartAt1: false, pathFormat: 'uri' } });
    await client.request('configurationDone');
    await client.event('stopped');
    const path = `file://${ORDER.path}`;
    const { breakpoints } = await client.request<{ breakpoints: DebugProtocol.Breakpoint[] }>('setBreakpoints', {
      source: { path },
      breakpoints: [{ line: 20 }],
    });
    assert.deepEqual(
      breakpoints.map(({ verified, line, message }) => [verified, line, message]),
      [[true, 20, undefined]],
    );
    await client.request('reverseContinue', { threadId: 1 });
    await client.event('stopped');
    const { stackFrames } = await client.request<{ stackFrames: DebugProtocol.StackFrame[] }>('stackTrace', {
      threadId: 1,
      levels: 1,
    });
    assert.deepEqual(
      stackFrames.map(({ line, column, source }) => [line, column, source?.path]),
      [[20, 4, path]],
    );
  });
});

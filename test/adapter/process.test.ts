// The real adapter process, as an editor starts it: with the client library of the protocol, and with a client that means harm.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import fc from 'fast-check';
import { recordOrderService } from '../view/orderService.ts';
import { ADAPTER, RawClient } from './rawClient.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const SOURCE = join(HERE, '../fixtures/order-service');

const recorded = recordOrderService();
recorded.store.dispose();
after(() => recorded[Symbol.dispose]());

describe('the adapter process', () => {
  it('serves a whole session to the client library', async () => {
    const client = new DebugClient(process.execPath, ADAPTER, 'semantic', { stdio: 'pipe' });
    await client.start();
    try {
      const { body: capabilities } = await client.initializeRequest();
      assert.equal(capabilities?.supportsStepBack, true);
      assert.deepEqual(
        capabilities?.exceptionBreakpointFilters?.map(({ filter }) => filter),
        ['all', 'new', 'references-resolve', 'cardinalities-hold', 'identity-unique', 'declared-transitions'],
      );
      const initialized = client.waitForEvent('initialized');
      await client.launchRequest({ store: recorded.file, source: [SOURCE] } as DebugProtocol.LaunchRequestArguments);
      await initialized;
      const placed = await client.setBreakpointsRequest({
        source: { path: join(SOURCE, 'src/order.ts') },
        breakpoints: [{ line: 21 }],
      });
      assert.equal(placed.body.breakpoints[0]?.verified, true);
      const entry = client.waitForEvent('stopped');
      await client.configurationDoneRequest();
      assert.equal((await entry).body.reason, 'entry');
      const hit = client.assertStoppedLocation('breakpoint', {
        path: join(SOURCE, 'src/order.ts'),
        line: 21,
        column: 5,
      });
      await client.reverseContinueRequest({ threadId: 1 });
      await hit;
      const { body } = await client.evaluateRequest({ expression: 'Order["1042"].status', context: 'watch' });
      assert.equal(body.result, '"paid"');
      const back = client.waitForEvent('stopped');
      await client.stepBackRequest({ threadId: 1 });
      assert.equal((await back).body.text, 'Snapshot snapshot-1 (heap, 31 ms, consistent)');
      const overview = await client.customRequest('semantic/overview', {});
      assert.equal((overview.body as { phase: string }).phase, 'ready');
    } finally {
      await client.stop();
    }
  });

  it('survives whatever a client sends, and leaves when the client is gone', async (t) => {
    const raw = new RawClient();
    t.after(() => raw.kill());
    raw.write('Content-Length: 4\r\n\r\nnull');
    raw.write('Content-Length: 2\r\n\r\n{]');
    raw.write('Content-Length: -5\r\n\r\n');
    raw.write('Content-Length: many\r\n\r\n');
    raw.write('Nonsense\r\n\r\n');
    raw.message([]);
    raw.message({ type: 'request' });
    raw.message({ type: 'request', seq: 'x', command: 17 });
    raw.message({ type: 'response', request_seq: 99 });
    assert.equal((await raw.request('initialize', { adapterID: 'semantic' })).success, true);
    assert.equal((await raw.request('launch', { store: recorded.file, source: [SOURCE] })).success, true);
    assert.equal((await raw.request('configurationDone', {})).success, true);
    const commands = [
      ...['threads', 'stackTrace', 'scopes', 'variables', 'evaluate', 'completions', 'setBreakpoints', 'source'],
      ...['breakpointLocations', 'setFunctionBreakpoints', 'dataBreakpointInfo', 'setDataBreakpoints', 'modules'],
      ...['setExceptionBreakpoints', 'exceptionInfo', 'next', 'stepBack', 'stepIn', 'stepOut', 'continue', 'goto'],
      ...['reverseContinue', 'gotoTargets', 'loadedSources', 'cancel', 'setVariable', 'readMemory', 'attach', 'pause'],
      ...['semantic/goto', 'semantic/events', 'semantic/details', 'semantic/search', 'semantic/lanes', 'no such thing'],
    ];
    const path = fc.constantFrom(...['file://elsewhere/x', 'file:///%', '/', '\0', join(SOURCE, 'src/order.ts'), 3]);
    const source = fc.record({ path, sourceReference: fc.nat(3) }, { requiredKeys: [] });
    const item = fc.record({ line: fc.nat(40), name: fc.string(), filterId: fc.string(), dataId: fc.string() });
    const value = fc.oneof(fc.anything({ maxDepth: 2 }), fc.nat(12), fc.nat(12), fc.string(), source, fc.array(item));
    const args = fc.oneof(
      fc.anything({ maxDepth: 1 }),
      fc.record(
        Object.fromEntries(
          ['threadId', 'frameId', 'variablesReference', 'expression', 'text', 'column', 'source', 'breakpoints']
            .concat([
              'name',
              'filters',
              'targetId',
              'line',
              'start',
              'count',
              'seq',
              'ref',
              'query',
              'levels',
              'format',
            ])
            .map((name) => [name, value]),
        ),
        { requiredKeys: [] },
      ),
    );
    const answered = await Promise.all(
      fc
        .sample(fc.tuple(fc.constantFrom(...commands), args), { seed: 1042, numRuns: 1500 })
        .map(([command, sent]) => raw.request(command, plain(sent))),
    );
    assert.equal(answered.length, 1500, 'every request is answered');
    const faults = answered.filter(({ body }) => /\[internal\]|internal/.test(JSON.stringify(body ?? null)));
    assert.deepEqual(
      faults.map(({ command, message }) => `${command}: ${message}`),
      [],
      'malformed arguments are refused by name, never a fault of ours',
    );
    assert.equal((await raw.request('threads', {})).success, true);
    assert.equal(await raw.leave(), 0);
  });
});

/** What JSON can carry of an arbitrary value. */
function plain(value: unknown): unknown {
  try {
    return JSON.parse(
      JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one)) ?? 'null',
    );
  } catch {
    return null;
  }
}

// Sessions over a live one: breakpoints, expressions, progress, live points, the end. As text, from the user's side.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Failure } from '../../src/model/index.ts';
import { at, recordOrderService, TARGET, type Recorded } from '../view/orderService.ts';
import { RecordedSession } from '../view/recordedSession.ts';
import { DapClient, showStop, showVariables } from './dapClient.ts';
import { assertGolden } from './golden.ts';

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/order-service');
const ORDER = { path: join(SOURCE, 'src/order.ts') };

const cleanup: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

interface Started {
  readonly client: DapClient;
  readonly session: RecordedSession;
  readonly recorded: Recorded;
}

async function start(
  options: { readonly connected?: boolean; readonly attach?: object; readonly initialize?: object } = {},
): Promise<Started> {
  const recorded = recordOrderService();
  const session = new RecordedSession(recorded.store, { connected: options.connected ?? false, source: [SOURCE] });
  const client = new DapClient({ openSession: () => Promise.resolve(session) }, (text) =>
    text.replaceAll(recorded.file, '<store>').replaceAll(SOURCE, '<source>'),
  );
  cleanup.push(
    () => recorded[Symbol.dispose](),
    () => client.dispose(),
  );
  await client.request('initialize', { adapterID: 'semantic', ...options.initialize });
  const target = options.connected ? { target: TARGET } : { store: recorded.file };
  await client.request('attach', { ...target, ...options.attach });
  await client.event('initialized');
  return { client, session, recorded };
}

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

describe('expressions', () => {
  it('are answered, unfolded and completed; what is wrong is pointed at', async () => {
    const { client } = await start();
    await client.request('configurationDone');
    await client.event('stopped');
    const expressions = [
      'Order["1042"]',
      'Order["1042"].total',
      'Order["1042"].tags',
      'Order["1042"].lines',
      'Order[status="draft" and total>5]',
      'count(Payment[state="failed"])',
      'Order.status',
      'Customer[7].password',
      'Order["1041"].total',
      'Order["1042"].status @ -6',
      'Order["1042"] @ 1',
      'Order',
      'Order["1042"].statsu',
      'Order[status=paid]',
      'Order["1042',
    ];
    for (const expression of expressions) {
      const { response } = client.send('evaluate', { expression, context: 'repl' });
      const { success, body, message } = await response;
      client.say(`> ${expression}`);
      if (!success) client.say(String(message).replace(/^/gm, '  '));
      else {
        const { result, variablesReference } = body as { result: string; variablesReference: number };
        client.say(`  ${result}`);
        if (variablesReference > 0) await showVariables(client, variablesReference, 0, '    ');
      }
    }
    client.note('completion, the cursor at |');
    for (const text of [
      '|',
      'Or|',
      'Order[|',
      'Order["10|',
      'Order["1042"].|',
      'Order[st|',
      'Order[status="|"]',
      'Order[status="paid" |',
      'Order["1042"].customer.n|',
      'count(Pay|',
      'Order[customer.|',
      'Order @ |',
    ]) {
      const column = text.indexOf('|') + 1;
      const { targets } = await client.request<{ targets: DebugProtocol.CompletionItem[] }>('completions', {
        text: text.replace('|', ''),
        column,
      });
      client.say(`> ${text}`);
      for (const { label, text: insert, type, start: from, length, detail } of targets) {
        client.say(`  ${label} (${type}${detail ? `, ${detail}` : ''}) -> ${insert} at ${from}+${length}`);
      }
    }
    assertGolden('expressions', client.transcript);
  });

  it('show whole numbers in hex where asked, and the clipboard gets everything', async () => {
    const { client } = await start();
    await client.request('configurationDone');
    const ask = async (expression: string, more: object): Promise<string> =>
      (await client.request<{ result: string }>('evaluate', { expression, ...more })).result;
    assert.equal(await ask('Order["1040"].total', { format: { hex: true } }), '0x14');
    assert.equal(await ask('Order["1040"].total', {}), '20');
    assert.equal(await ask('Order["1042"].status', {}), '"shipped"');
    assert.equal(await ask('Order["1042"].status', { context: 'clipboard' }), 'shipped');
    assert.match(await ask('Order["1042"].tags', { context: 'clipboard' }), /"web"/);
    const hover = await client.send('evaluate', { expression: 'this.status', context: 'hover' }).response;
    assert.equal((hover.body as { error: DebugProtocol.Message }).error.showUser, false);
  });
});

describe('an attached service', () => {
  it('is snapshotted at once, followed, paused, and left', async () => {
    const { client, session } = await start({
      connected: true,
      attach: { trace: true },
      initialize: { supportsProgressReporting: true, supportsInvalidatedEvent: true },
    });
    await client.told('configurationDone');
    await client.event('stopped');
    await showStop(client, {});
    await client.told('continue', { threadId: 1 });
    await client.event('continued');
    client.note('the service goes on');
    session.push({
      kind: 'event',
      time: at('10:41:00.000'),
      object: { entity: 'Order', id: '1041' },
      attribute: 'status',
      preState: 'draft',
      postState: 'paid',
      observed: 'recorded',
      target: TARGET,
      source: { file: 'src/order.ts', line: 21, column: 5 },
      change: {
        kind: 'attribute',
        ref: { entity: 'Order', id: '1041' },
        attribute: 'status',
        before: 'draft',
        after: 'paid',
      },
    });
    await client.event('output');
    await client.told('pause', { threadId: 1 });
    await client.event('stopped');
    client.note('the service dies');
    session.disconnect('the container stopped.');
    await client.event('output');
    await client.told('pause', { threadId: 1 });
    await client.event('stopped');
    await client.told('modules');
    await client.told('disconnect');
    assertGolden('attached', client.transcript);
    await client.ended;
    assert.equal(session.connected, false, 'the session is closed');
  });

  it('stays live without stopOnEntry', async () => {
    const { client } = await start({ connected: true, attach: { stopOnEntry: false } });
    await client.request('configurationDone');
    await client.request('threads');
    await client.request('semantic/overview');
    assert.ok(!client.events.some(({ event }) => event === 'stopped'));
    const { live } = (await client.request<{ cursor: { live: boolean } }>('semantic/overview')).cursor;
    assert.equal(live, true);
  });

  it('cancels a snapshot by request and by progress', async () => {
    const { client, session } = await start({ connected: true, initialize: { supportsProgressReporting: true } });
    await client.request('configurationDone');
    session.captured = new Promise(() => undefined);
    for (const by of ['requestId', 'progressId'] as const) {
      const paused = client.send('pause', { threadId: 1 });
      const { progressId } = await client.event<{ progressId: string }>('progressStart');
      await client.request('cancel', by === 'requestId' ? { requestId: paused.seq } : { progressId });
      const { success, message } = await paused.response;
      assert.deepEqual([success, message], [false, 'cancelled']);
      await client.event('progressEnd');
    }
  });

  it('is left as it was when the client hangs up in the middle of an attach', async () => {
    const recorded = recordOrderService();
    const session = new RecordedSession(recorded.store, { connected: true });
    session.captured = new Promise(() => undefined);
    const client = new DapClient({ openSession: () => Promise.resolve(session) });
    cleanup.push(
      () => recorded[Symbol.dispose](),
      () => client.dispose(),
    );
    await client.request('initialize', {});
    void client.send('attach', { target: TARGET });
    await client.event('output');
    client.hangUp();
    await client.ended;
    assert.equal(session.connected, false);
  });
});

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

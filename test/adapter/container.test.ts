// The adapter process on a real container: attach, three snapshots, back through the life of the order that is stuck, and gone
// without a trace.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { requireEngine } from '../containers/index.ts';
import { shopInContainer } from '../demo/service.ts';
import { firstPhase, secondPhase, shopClient, STUCK_ORDER, thirdPhase } from '../demo/traffic.ts';

const ADAPTER = join(dirname(fileURLToPath(import.meta.url)), '../../src/debugAdapter.ts');

it('steps back through the state of a service in a container', { timeout: 180_000 }, async (t) => {
  const engine = await requireEngine(t);
  if (!engine) return;
  await using shop = await shopInContainer(engine);
  const traffic = shopClient(shop.address);
  await firstPhase(traffic);
  const directory = mkdtempSync(join(tmpdir(), 'semstate-adapter-'));
  const client = new DebugClient(process.execPath, ADAPTER, 'semantic', {
    env: { ...process.env, DOCKER_HOST: engine.host },
  });
  client.defaultTimeout = 60_000;
  const stopped = async (request: Promise<unknown>): Promise<DebugProtocol.StoppedEvent['body']> => {
    const [event] = await Promise.all([client.waitForEvent('stopped', 60_000), request]);
    return event.body as DebugProtocol.StoppedEvent['body'];
  };
  const ask = async (expression: string): Promise<string> =>
    (await client.evaluateRequest({ expression, context: 'repl' })).body.result;
  try {
    await client.start();
    await client.initializeRequest();
    const store = join(directory, 'shop.semstate');
    const attach = { target: shop.target, source: [shop.source], store } as DebugProtocol.AttachRequestArguments;
    await Promise.all([client.waitForEvent('initialized', 60_000), client.attachRequest(attach)]);
    const entry = await stopped(client.configurationDoneRequest());
    assert.equal(entry.reason, 'entry');

    await secondPhase(traffic);
    await stopped(client.pauseRequest({ threadId: 1 }));
    assert.equal(await ask(`Order["${STUCK_ORDER}"].status`), '"placed"');
    await thirdPhase(traffic);
    const third = await stopped(client.pauseRequest({ threadId: 1 }));
    assert.equal(third.reason, 'pause');
    assert.equal(await ask(`Order["${STUCK_ORDER}"].status`), '"paid"');
    assert.equal(await ask(`Order["${STUCK_ORDER}"].status @ -1`), '"paid"');

    const { breakpoints } = (
      await client.setFunctionBreakpointsRequest({
        breakpoints: [{ name: 'Order.status: placed -> paid', condition: `object.id = "${STUCK_ORDER}"` }],
      })
    ).body;
    assert.deepEqual(
      breakpoints.map(({ verified, message }) => [verified, message]),
      [[true, undefined]],
    );
    const paid = await stopped(client.reverseContinueRequest({ threadId: 1 }));
    assert.equal(paid.reason, 'function breakpoint');
    assert.equal(paid.text, `Order ${STUCK_ORDER}: placed -> paid`);
    const { stackFrames } = (await client.stackTraceRequest({ threadId: 1 })).body;
    assert.match(stackFrames[0]?.source?.path ?? '', /order\.ts$/, 'the frame leads to the line that writes it');

    await stopped(client.stepBackRequest({ threadId: 1 }));
    assert.notEqual(await ask(`count(Order)`), '0');
    const overview = (await client.customRequest('semantic/overview', {})).body as { snapshots: unknown[] };
    assert.equal(overview.snapshots.length, 3);
  } finally {
    await client.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});

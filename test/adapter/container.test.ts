// The adapter process on a real container: attach, three snapshots, back through the life of the order that is stuck, and gone
// without a trace.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import { setTimeout } from 'node:timers/promises';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { requireEngine } from '../containers/index.ts';
import { shopInContainer } from '../demo/service.ts';
import { ADAPTER, RawClient } from './rawClient.ts';
import { firstPhase, secondPhase, shopClient, STUCK_ORDER, thirdPhase } from '../demo/traffic.ts';

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

/** The moment in which the service writes its heap down. */
const capturing = (event: DebugProtocol.Event): boolean =>
  event.event === 'progressUpdate' &&
  String((event as DebugProtocol.ProgressUpdateEvent).body.message).startsWith('Taking a snapshot');

interface Attached extends AsyncDisposable {
  readonly client: RawClient;
  readonly target: string;
  readonly store: string;
  attach(client: RawClient): Promise<DebugProtocol.Response>;
  pids(): readonly string[];
  run(verb: string): void;
}

async function attachShop(t: TestContext): Promise<Attached | undefined> {
  const engine = requireEngine(t);
  if (!engine) return undefined;
  const shop = await shopInContainer(engine);
  const directory = mkdtempSync(join(tmpdir(), 'semstate-adapter-'));
  const store = join(directory, 'shop.semstate');
  const docker = (...args: string[]): string =>
    execFileSync(engine.command.program, [...engine.command.args, ...args], {
      env: engine.command.env,
      encoding: 'utf8',
    });
  const attach = async (client: RawClient): Promise<DebugProtocol.Response> => {
    await client.request('initialize', { adapterID: 'semantic', supportsProgressReporting: true });
    return client.request('attach', { target: shop.target, source: [shop.source], store });
  };
  await firstPhase(shopClient(shop.address));
  return {
    ...{ client: new RawClient(), target: shop.target, store, attach },
    pids: () => docker('top', shop.name, '-eo', 'pid,args').trim().split('\n').slice(1),
    run: (verb) => void docker(verb, shop.name),
    async [Symbol.asyncDispose]() {
      await shop[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

it(
  'a container that is killed in mid-snapshot: said at once, and what was recorded stays open',
  { timeout: 120_000 },
  async (t) => {
    await using shop = await attachShop(t);
    if (!shop) return;
    const { client } = shop;
    try {
      assert.equal((await shop.attach(client)).success, true);
      await client.request('configurationDone', {});
      const [progress, gone] = [client.event(capturing), client.event(({ body }) => isImportant(body))];
      const pause = client.request('pause', { threadId: 1 });
      await progress;
      shop.run('kill');
      const { success, message } = await pause;
      assert.equal(success, false);
      assert.ok(message);
      await gone;
      const orders = await client.request('evaluate', { expression: 'count(Order)' });
      assert.equal((orders.body as { result: string }).result, '38');
      assert.equal((await client.request('stepBack', { threadId: 1 })).success, true);
    } finally {
      assert.equal(await client.leave(), 0);
    }
  },
);

function isImportant(body: unknown): boolean {
  return (body as { category?: unknown } | undefined)?.category === 'important';
}

it(
  'an adapter that is killed in mid-snapshot: the service goes on, and can be attached again',
  { timeout: 120_000 },
  async (t) => {
    await using shop = await attachShop(t);
    if (!shop) return;
    t.after(() => shop.client.kill());
    assert.equal((await shop.attach(shop.client)).success, true);
    const progress = shop.client.event(capturing);
    void shop.client.request('pause', { threadId: 1 });
    await progress;
    await shop.client.kill();
    // What carried the bytes inside the container notices, closes the inspector it had opened, and leaves.
    for (const until = Date.now() + 30_000; shop.pids().length > 1 && Date.now() < until;) await setTimeout(200);
    assert.equal(shop.pids().length, 1, `nothing runs in the container but the service: ${shop.pids().join(', ')}`);
    const again = new RawClient();
    try {
      const attached = await shop.attach(again);
      assert.equal(attached.success, true, attached.message);
      const { body } = await again.request('semantic/overview', {});
      const { snapshots } = body as { snapshots: unknown[] };
      assert.equal(snapshots.length, 2, 'the snapshot that was cut off left nothing in the timeline');
    } finally {
      assert.equal(await again.leave(), 0);
    }
  },
);

// `npm start`: the main job on a small shop. It is started, used, attached to and looked at; the panel opens on a page of this machine.
//   npm start               until Ctrl+C
//   npm start -- --once     ends by itself
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeLife, describeModel, servePanel } from '../../src/cli/index.ts';
import { isFailure, messageOf, type Work } from '../../src/model/index.ts';
import { createApp, createView, type Session } from '../../src/session/index.ts';
import { findEngine, shopAsProcess, shopInContainer, type RunningShop } from './service.ts';
import { firstPhase, fourthPhase, secondPhase, shopClient, STUCK_ORDER, thirdPhase } from './traffic.ts';

const once = process.argv.includes('--once');
const say = (text = ''): void => void process.stdout.write(`${text}\n`);

async function startShop(): Promise<RunningShop> {
  const engine = findEngine();
  if (!engine) {
    say('No Docker Engine answers: the shop runs as a process of this machine.');
    return shopAsProcess();
  }
  try {
    return await shopInContainer(engine);
  } catch (error) {
    say(`The shop could not be started in a container (${messageOf(error).split('\n')[0]}): it runs as a process.`);
    return shopAsProcess();
  }
}

async function snapshot(session: Session, work: Work): Promise<void> {
  const { id, pauseMs, bytes, targetGrowthBytes, entities, consistency } = await session.takeSnapshot({}, work);
  const growth =
    targetGrowthBytes === undefined ? '' : `, its memory grew by ${(targetGrowthBytes / 1e6).toFixed(0)} MB`;
  say(
    `  snapshot ${id}: ${(bytes / 1e6).toFixed(1)} MB, the shop stood still for ${pauseMs.toFixed(0)} ms${growth}; ` +
      `${entities} entities, ${consistency}`,
  );
}

async function main(signal: AbortSignal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-demo-'));
  try {
    await using shop = await startShop();
    say(`Shop: ${shop.where}`);
    const client = shopClient(shop.address);
    await firstPhase(client);
    const work: Work = { signal };
    await using app = createApp();
    const options = { target: shop.target, source: [shop.source], store: join(folder, 'shop.semstate') };
    const session = await app.openSession(options, work);
    say(`Attached to ${shop.target}; nothing was installed in it, nothing was restarted.\n`);
    await snapshot(session, work);
    for (const phase of [secondPhase, thirdPhase, fourthPhase]) {
      await phase(client);
      await snapshot(session, work);
    }
    say('\nThe model, from code and memory:\n');
    say(describeModel(session.model()));
    say(`Why is order ${STUCK_ORDER} still paid? Its life:\n`);
    say(describeLife(session.store, { entity: 'Order', id: STUCK_ORDER }));
    const view = createView(session);
    view.enter();
    view.setFocus({ entity: 'Order', id: STUCK_ORDER });
    await using page = await servePanel(view);
    say(`Panel: ${page.url}`);
    if (once) return;
    say('Ctrl+C ends it.');
    await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => ending.abort());
try {
  await main(ending.signal);
} catch (error) {
  if (!ending.signal.aborted) {
    process.stderr.write(
      isFailure(error) ? `error [${error.code}]: ${error.message} ${error.action}\n` : `${String(error)}\n`,
    );
    process.exitCode = 1;
  }
}

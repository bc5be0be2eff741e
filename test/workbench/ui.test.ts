// What a person does: picks a running container, takes three snapshots while the shop works, presses Step Back in the toolbar,
// opens the panel, clicks an event. In VS Code's real workbench, on a real container; the last screen is kept as a picture.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { requireEngine } from '../containers/index.ts';
import { shopInContainer } from '../demo/service.ts';
import { firstPhase, fourthPhase, secondPhase, shopClient, STUCK_ORDER, thirdPhase } from '../demo/traffic.ts';
import { panelFrame, root, runCommand, startWorkbench, withPicture, workbenchIsHere } from './workbench.ts';

const out = join(root, 'test/out');
const toolbar = (page: Page, icon: string) => page.locator(`.debug-toolbar .codicon-debug-${icon}`);
/** Top of the call stack: what the view stands at. */
const topFrame = (page: Page) => page.locator('.debug-call-stack .stack-frame').first();

async function takeSnapshot(page: Page, ordinal: number): Promise<void> {
  await runCommand(page, 'Semantic State: Take Snapshot');
  await topFrame(page)
    .filter({ hasText: `Snapshot ${ordinal} ` })
    .waitFor({ timeout: 60_000 });
}

test('pick a container, three snapshots, Step Back, the panel, an event', async (t) => {
  if (!workbenchIsHere(t)) return;
  const engine = requireEngine(t);
  if (!engine) return;
  await using shop = await shopInContainer(engine);
  const client = shopClient(shop.address);
  await firstPhase(client);
  await using workbench = await startWorkbench({ env: { DOCKER_HOST: process.env['DOCKER_HOST'] ?? '' } });
  const { page } = workbench;
  mkdirSync(out, { recursive: true });
  await withPicture(page, join(out, 'workbench-failed.png'), async () => {
    await workbench.open({ folder: shop.source, extension: root });
    await page.locator('.part.statusbar').waitFor({ timeout: 60_000 });

    await runCommand(page, 'Semantic State: Attach to Container');
    const entry = page.locator('.quick-input-list .monaco-list-row', { hasText: shop.name });
    await entry.first().waitFor({ timeout: 30_000 });
    await page.screenshot({ path: join(out, 'workbench-picker.png') });
    await entry.first().click();
    await toolbar(page, 'step-back').waitFor({ timeout: 60_000 });

    await secondPhase(client);
    await takeSnapshot(page, 2);
    await thirdPhase(client);
    await takeSnapshot(page, 3);
    await fourthPhase(client);
    await takeSnapshot(page, 4);

    await toolbar(page, 'step-back').click();
    await topFrame(page)
      .filter({ hasText: /→|->|created/ })
      .waitFor({ timeout: 20_000 });

    await runCommand(page, 'Semantic State: Open Panel');
    const panel = await panelFrame(page);
    const search = panel.getByRole('searchbox').or(panel.locator('input[type="search"], input[type="text"]')).first();
    await search.fill(`Order ${STUCK_ORDER}`);
    await panel
      .getByRole('option', { name: new RegExp(`Order ${STUCK_ORDER}`) })
      .first()
      .waitFor();
    await search.press('Enter');
    const step = panel.locator('.steps button', { hasText: /placed.*paid/ }).first();
    await step.waitFor({ timeout: 20_000 });
    await step.click();
    await page
      .locator('.debug-call-stack .stack-frame', { hasText: new RegExp(`Order ${STUCK_ORDER}.*placed.*paid`) })
      .first()
      .waitFor({ timeout: 20_000 });
    await page
      .locator('.debug-variables .monaco-list-row', { hasText: 'Changed' })
      .first()
      .waitFor({ timeout: 20_000 });
    await page.screenshot({ path: join(out, 'workbench.png') });
    if (process.env['UPDATE_SCREENSHOTS'] === '1') {
      mkdirSync(join(root, 'docs/images'), { recursive: true });
      copyFileSync(join(out, 'workbench.png'), join(root, 'docs/images/workbench.png'));
    }
  });
});

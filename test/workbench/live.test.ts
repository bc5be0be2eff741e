// The story of live recording as a person lives it: attach to a container of the demo shop, consent to recording with the files named,
// watch an order go through its states without a snapshot, set a breakpoint on a transition, Reverse Continue to it, read its stack.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { requireEngine } from '../containers/index.ts';
import { shopInContainer } from '../demo/service.ts';
import { firstPhase, shopClient } from '../demo/traffic.ts';
import { panelFrame, root, runCommand, startWorkbench, withPicture, workbenchIsHere } from './workbench.ts';

const out = join(root, 'test/out');
const toolbar = (page: Page, icon: string) => page.locator(`.debug-toolbar .codicon-debug-${icon}`);
const frames = (page: Page) => page.locator('.debug-call-stack .stack-frame');

/** Waits for the offer to record and accepts it, as a person would: the files are named before anything is edited. */
async function consent(page: Page): Promise<void> {
  // Under test the workbench keeps notifications in their list instead of popping them up.
  await runCommand(page, 'Notifications: Show Notifications');
  const offer = page.locator('.notifications-center .notification-list-item', {
    hasText: 'can be recorded as it happens',
  });
  await offer.waitFor({ timeout: 60_000 });
  await offer.getByRole('button', { name: 'Record…' }).click();
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.waitFor({ timeout: 20_000 });
  const text = await dialog.innerText();
  assert.match(text, /order\.ts: \d+ places/);
  assert.match(text, /Files on disk stay as they are/);
  await page.screenshot({ path: join(out, 'live-consent.png') });
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
}

test('an order is recorded live, and Reverse Continue leads to the transition and its stack', async (t) => {
  if (!workbenchIsHere(t)) return;
  const engine = requireEngine(t);
  if (!engine) return;
  await using shop = await shopInContainer(engine);
  const client = shopClient(shop.address);
  await firstPhase(client);
  await using workbench = await startWorkbench({
    env: { DOCKER_HOST: process.env['DOCKER_HOST'] ?? '' },
    settings: { 'remote.autoForwardPorts': false },
  });
  const { page } = workbench;
  mkdirSync(out, { recursive: true });
  await withPicture(page, join(out, 'live-failed.png'), async () => {
    await workbench.open({ folder: shop.source, extension: root });
    await page.locator('.part.statusbar').waitFor({ timeout: 60_000 });
    await runCommand(page, 'Semantic State: Attach to Container');
    const entry = page.locator('.quick-input-list .monaco-list-row', { hasText: shop.name });
    await entry.first().click({ timeout: 30_000 });
    await toolbar(page, 'step-back').waitFor({ timeout: 60_000 });
    await consent(page);

    await runCommand(page, 'Semantic State: Open Panel');
    const panel = await panelFrame(page);
    await panel.locator('.recording').waitFor({ timeout: 30_000 });

    // While the view stands at the first snapshot, what happens is counted; Continue returns to now.
    const id = await client.place('c-1', [{ sku: 'SKU-2', quantity: 1 }]);
    await panel.locator('.newer', { hasText: /\d+ new/ }).waitFor({ timeout: 20_000 });
    await toolbar(page, 'continue').click();
    await panel.locator('[data-key=live][aria-pressed=true]').waitFor({ timeout: 20_000 });

    const search = panel.locator('.search input');
    await search.fill(`Order ${id}`);
    await panel
      .getByRole('option', { name: new RegExp(`Order ${id}`) })
      .first()
      .waitFor();
    await search.press('Enter');
    const head = panel.locator('.detailsHead', { hasText: `Order ${id}` });
    const shows = (state: string) => head.filter({ hasText: state }).waitFor({ timeout: 20_000 });
    await shows('placed');
    for (const [action, state] of [
      ['pay', 'paid'],
      ['pack', 'packed'],
      ['ship', 'shipped'],
    ] as const) {
      await client.act(id, action);
      await shows(state);
    }

    await toolbar(page, 'pause').click();
    await frames(page)
      .first()
      .filter({ hasText: /Snapshot 2/ })
      .waitFor({ timeout: 60_000 });
    await runCommand(page, 'Add Function Breakpoint');
    await page.locator('.debug-breakpoints .inputBoxContainer input').first().fill('Order.status: placed -> paid');
    await page.keyboard.press('Enter');
    await toolbar(page, 'reverse-continue').click();
    await frames(page)
      .first()
      .filter({ hasText: new RegExp(`Order ${id} · status: placed -> paid`) })
      .waitFor({ timeout: 20_000 });
    await shows('paid');
    const stack = await frames(page).allInnerTexts();
    assert.ok(stack.length >= 3, `the call stack was recorded: ${stack.join(' | ')}`);
    assert.match(stack.slice(1).join(' | '), /pay/);
    await page
      .locator('.debug-variables .monaco-list-row', { hasText: 'Changed' })
      .first()
      .waitFor({ timeout: 20_000 });
    await page.mouse.move(700, 650);
    await page.locator('.workbench-hover').first().waitFor({ state: 'hidden' });
    await page.screenshot({ path: join(out, 'live.png') });
    await runCommand(page, 'Semantic State: Stop Recording');
    await panel.locator('.recording').waitFor({ state: 'detached', timeout: 20_000 });
    if (process.env['UPDATE_SCREENSHOTS'] === '1') {
      mkdirSync(join(root, 'docs/images'), { recursive: true });
      copyFileSync(join(out, 'live.png'), join(root, 'docs/images/live.png'));
    }
  });
});

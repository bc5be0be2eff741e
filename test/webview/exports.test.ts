// What leaves the panel: the view as a picture that stands alone, the story and the link by the clipboard, all of it by keyboard.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Bench, callsOf, settled, skipReason, STUCK, until, type Opened } from './browser.ts';

const bench = new Bench();

interface Shared {
  readonly form: string;
  readonly name: string;
  readonly content: string;
}

/** A host that has files and a clipboard takes what is shared. */
const TAKEN = { 'semantic/share': { done: true } };

async function shared(page: Page): Promise<Shared> {
  await until(page, `host.calls.some((call) => call.name === 'semantic/share')`);
  return (await callsOf(page, 'semantic/share')).at(-1) as Shared;
}

async function pictureOf(options: Opened, key?: string): Promise<{ page: Page; svg: string; texts: string[] }> {
  const page = await bench.open({ ...options, instead: TAKEN });
  if (key !== undefined) await page.keyboard.press(key);
  await settled(page);
  await page.evaluate(`host.wish('svg')`);
  const { form, content } = await shared(page);
  assert.equal(form, 'svg');
  const texts = await page.evaluate(`(() => {
    globalThis.read = new DOMParser().parseFromString(${JSON.stringify(content)}, 'image/svg+xml');
    return [...read.querySelectorAll('text')].map((one) => one.textContent);
  })()`);
  return { page, svg: content, texts: texts as string[] };
}

suite('what leaves the panel', { skip: skipReason() }, () => {
  before(() => bench.start());
  after(() => bench.stop());

  test('the view is an SVG with the words and lanes that are seen, in colours of its own', async () => {
    for (const theme of ['dark', 'light'] as const) {
      const { page, svg, texts } = await pictureOf({ theme });
      for (const said of ['Order 5120', '10:30', 'draft', 'none yet, created by OrderPacked', 'Values'])
        assert.ok(
          texts.some((text) => text.includes(said)),
          `${said} is not in the picture`,
        );
      assert.doesNotMatch(svg, /var\(|currentColor|class=|style=|<script|foreignObject/);
      assert.doesNotMatch(svg, /Export and share|Picture/, 'nothing that floats above');
      const ids = [...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id);
      for (const id of new Set(ids)) assert.ok(svg.includes(`id="${id}"`), `#${id} is not in the picture`);
      assert.deepEqual(bench.faults(page), []);
    }
  });

  test('every view and shape has its picture, and it looks like the page', async () => {
    for (const [shape, key, said] of [
      ['panel', 'g', 'paidBy'],
      ['tab', 's', 'placed'],
      ['tab', 't', 'Event at the cursor'],
      ['sidebar', 't', 'HoldAbandoned'],
    ] as const) {
      const { page, svg, texts } = await pictureOf({ shape }, key);
      assert.ok(
        texts.some((text) => text.includes(said)),
        `${shape} ${key}: ${said} is not in the picture`,
      );
      const different = await page.evaluate(
        `(async ([screen, picture]) => {
          const load = async (source) => { const image = new Image(); image.src = source; await image.decode(); return image; };
          const pixels = (image) => {
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [innerWidth / 4, innerHeight / 4];
            const pen = canvas.getContext('2d');
            pen.drawImage(image, 0, 0, canvas.width, canvas.height);
            return pen.getImageData(0, 0, canvas.width, canvas.height).data;
          };
          const [a, b] = [pixels(await load(screen)), pixels(await load(picture))];
          let far = 0;
          for (let at = 0; at < a.length; at += 4)
            if (Math.abs(a[at] - b[at]) + Math.abs(a[at + 1] - b[at + 1]) + Math.abs(a[at + 2] - b[at + 2]) > 90) far++;
          return far / (a.length / 4);
        })(${JSON.stringify([
          `data:image/png;base64,${(await page.screenshot()).toString('base64')}`,
          `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`,
        ])})`,
      );
      assert.ok(
        Number(different) < 0.05,
        `${shape} ${key}: ${(Number(different) * 100).toFixed(1)} % of it looks different`,
      );
    }
  });

  test('hostile names are text in it too, and what XML cannot hold is left out', async () => {
    const { page, texts } = await pictureOf({ hostile: true, focus: undefined });
    assert.ok(texts.some((text) => text.includes('<img src=x')));
    assert.equal(
      await page.evaluate(`read.querySelectorAll('script, img, [onerror], [onmouseover], parsererror').length`),
      0,
    );
    assert.equal(await page.evaluate('globalThis.hit'), undefined);
  });

  test('by keyboard: e opens the menu, arrows move in it, Enter copies the story, Escape goes back', async () => {
    const page = await bench.open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.focus('[data-key=lanes]');
    await page.keyboard.press('e');
    const menu = page.getByRole('menu', { name: 'Export and share' });
    await menu.waitFor();
    assert.deepEqual(
      (await menu.getByRole('menuitem').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()),
      [
        'Copy the story of Order 5120 Markdown',
        'Copy a link to this point',
        'Save the view as a picture SVG',
        'Save the view as a picture PNG',
      ],
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.notice:has-text("clipboard")');
    assert.deepEqual((await callsOf(page, 'semantic/story')).at(-1), { ref: STUCK });
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), '## Order 5120\n');
    assert.equal(await menu.isVisible(), false);
    await page.keyboard.press('e');
    await page.keyboard.press('End');
    assert.equal(await page.evaluate('document.activeElement.dataset.key'), 'export png');
    await page.keyboard.press('Escape');
    assert.equal(await menu.isVisible(), false);
    assert.deepEqual(bench.faults(page), []);
  });

  test('a page of its own saves the picture itself, a PNG twice as fine as the screen', async () => {
    const page = await bench.open();
    const saved = page.waitForEvent('download');
    await page.keyboard.press('e');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    const download = await saved;
    assert.match(download.suggestedFilename(), /^Order-5120-\d+\.png$/);
    const bytes = readFileSync(await download.path());
    assert.equal(bytes.subarray(1, 4).toString('latin1'), 'PNG');
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [2800, 760]);
  });

  test('without a focus there is no story, and it says so', async () => {
    const page = await bench.open({ focus: undefined });
    await page.keyboard.press('e');
    assert.equal(await page.getByRole('menuitem', { name: /Copy the story/ }).isDisabled(), true);
    await page.keyboard.press('Escape');
    await page.evaluate(`host.wish('markdown')`);
    await page.waitForSelector('.notice:has-text("Focus an entity first")');
    assert.deepEqual(await callsOf(page, 'semantic/share'), []);
  });
});

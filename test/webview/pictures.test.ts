// A few pictures of the panel are kept in docs, beside those of the design: what the panel shows now still looks like them. Fonts and
// their edges differ between machines, so pictures are compared at a fraction of their size and with tolerance.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Bench, settled, skipReason, until, type Opened } from './browser.ts';

const bench = new Bench();
const KEPT = join(import.meta.dirname, '../../docs/images/panel');

/** Pixels of a kept picture for each that is compared; letters are smaller. */
const COARSE = 10;
/** A pixel is another one from this difference on, of all three colours together; and as many may be. */
const FAR = 40;
const MOST_FAR = 0.05;

const PICTURES: { readonly [name: string]: Opened & { readonly key?: string } } = {
  'panel-dark': { shape: 'panel', theme: 'dark' },
  'tab-light': { shape: 'tab', theme: 'light' },
  'tab-high-contrast': { shape: 'tab', theme: 'high-contrast' },
  'sidebar-dark': { shape: 'sidebar', theme: 'dark' },
  'states-light': { shape: 'panel', theme: 'light', key: 's' },
  'diff-dark': { shape: 'tab', theme: 'dark', key: 'd' },
  'graph-dark': { shape: 'panel', theme: 'dark', key: 'g' },
  'order-axis-light': { shape: 'panel', theme: 'light', key: 'o' },
  'huge-dark': { shape: 'panel', theme: 'dark', focus: undefined, events: 20_000, minutes: 240 },
};

/** The share of pixels that differ, of two pictures of one size. */
function difference(page: Page, a: Buffer, b: Buffer): Promise<number> {
  const source = (picture: Buffer): string => `data:image/png;base64,${picture.toString('base64')}`;
  return page.evaluate(`(async ([first, second]) => {
    const pixels = async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width / ${COARSE}, image.height / ${COARSE}];
      const pen = canvas.getContext('2d');
      pen.imageSmoothingQuality = 'high';
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      return { size: image.width + 'x' + image.height, data: pen.getImageData(0, 0, canvas.width, canvas.height).data };
    };
    const [a, b] = [await pixels(first), await pixels(second)];
    if (a.size !== b.size) return 1;
    let far = 0;
    for (let at = 0; at < a.data.length; at += 4)
      if (Math.abs(a.data[at] - b.data[at]) + Math.abs(a.data[at + 1] - b.data[at + 1]) + Math.abs(a.data[at + 2] - b.data[at + 2]) > ${FAR}) far++;
    return far / (a.data.length / 4);
  })(${JSON.stringify([source(a), source(b)])})`);
}

suite('kept pictures', { skip: skipReason() }, () => {
  before(() => bench.start());
  after(() => bench.stop());

  for (const [name, { key, ...open }] of Object.entries(PICTURES))
    test(`${name} looks as it is kept`, async () => {
      const page = await bench.open(open);
      if (key !== undefined) await page.keyboard.press(key);
      if (open.events !== undefined)
        await until(page, `Number(document.querySelector('.density canvas')?.dataset.layers) > 5`);
      await settled(page);
      const now = await page.screenshot({ animations: 'disabled' });
      const file = join(KEPT, `${name}.png`);
      if (process.env['UPDATE_GOLDENS'] === '1') {
        mkdirSync(KEPT, { recursive: true });
        writeFileSync(file, now);
      }
      assert.ok(existsSync(file), `There is no ${file}; run with UPDATE_GOLDENS=1 and look at it.`);
      const far = await difference(page, now, readFileSync(file));
      assert.ok(
        far <= MOST_FAR,
        `${(far * 100).toFixed(1)} % of ${name} looks different; UPDATE_GOLDENS=1 keeps the new picture`,
      );
    });

  test('a picture of something else does not pass for one', async () => {
    const page = await bench.open();
    const far = await difference(
      page,
      readFileSync(join(KEPT, 'panel-dark.png')),
      readFileSync(join(KEPT, 'graph-dark.png')),
    );
    assert.ok(far > 2 * MOST_FAR, `${(far * 100).toFixed(1)} %`);
  });
});

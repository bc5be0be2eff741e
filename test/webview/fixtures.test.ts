// Recordings of every kind in every view: the parts are there, all that can be used is reached and used without a mouse, no serious
// accessibility fault in four themes.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { findings, OF_COLOURS } from './axe.ts';
import { Bench, callsOf, picture, settled, skipReason, STUCK, THEMES, type Opened } from './browser.ts';

const bench = new Bench();

const FIXTURES: {
  readonly [name: string]: { readonly open: Opened; readonly says: readonly RegExp[]; readonly lanes: number };
} = {
  nothing: { open: { fixture: 'nothing', focus: undefined }, says: [/0 events · 0 entities/], lanes: 0 },
  one: { open: { fixture: 'one', focus: undefined }, says: [/1 event · 1 entity/, /OrderOpened/], lanes: 1 },
  'the story': { open: {}, says: [/Order 5120/, /14 lost/, /paid-is-held/, /none yet/], lanes: 5 },
  torn: { open: { fixture: 'torn' }, says: [/112 lost/, /Order 5120/], lanes: 5 },
  'right to left': { open: { fixture: 'rightToLeft', focus: undefined }, says: [/שולם|طلب/], lanes: 5 },
};

const VIEWS = ['t', 'g', 's', 'd'] as const;

/** What can be used: in the page, on the screen, and not by arrows within something else. */
const USABLE = `[...document.querySelectorAll('.frame button, .frame [tabindex="0"], .frame input, .frame a[href]')]
  .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0)`;

/** Goes through the page by Tab until it begins again. @returns what was not reached */
async function notReached(page: Page): Promise<string[]> {
  await page.evaluate(`(() => {
    document.activeElement?.blur();
    globalThis.wanted = new Set(${USABLE});
    globalThis.wantedCount = wanted.size;
    document.addEventListener('focusin', ({ target }) => wanted.delete(target));
  })()`);
  const count = Number(await page.evaluate('wantedCount'));
  for (let n = 0; n < count + 2; n++) await page.keyboard.press('Tab');
  return page.evaluate(`[...wanted].filter((one) => one.isConnected).map((one) => one.outerHTML.slice(0, 120))`);
}

suite('recordings of every kind', { skip: skipReason() }, () => {
  before(() => bench.start());
  after(() => bench.stop());

  for (const [name, { open, says, lanes }] of Object.entries(FIXTURES)) {
    test(`${name}: every view stands, is reached by Tab, and has no serious fault in four themes`, async () => {
      const page = await bench.open({ shape: 'tab', ...open });
      const text = await page.innerText('.frame');
      const drawn = await page.evaluate(
        `[...document.querySelectorAll('.frame svg text')].map((one) => one.textContent).join(' ')`,
      );
      for (const part of says) assert.match(`${text} ${String(drawn)}`, part);
      const there = await page.locator('.laneRow').count();
      assert.ok(there >= lanes, `${there} lanes`);
      for (const view of VIEWS) {
        await page.keyboard.press(view);
        await settled(page);
        await picture(page, `fixture-${name.replaceAll(' ', '-')}-${view}`);
        // The story has all that the views of the others have.
        if (name === 'the story' || view === 't') assert.deepEqual(await notReached(page), [], `${name} ${view}`);
      }
      await page.keyboard.press('t');
      await settled(page);
      assert.deepEqual(await findings(page), [], name);
      for (const [theme, classes] of Object.entries(THEMES)) {
        if (theme === 'dark') continue;
        await page.evaluate(`document.body.className = ${JSON.stringify(classes)}`);
        await settled(page);
        assert.deepEqual(await findings(page, OF_COLOURS), [], `${name} ${theme}`);
      }
      const wide = await page.evaluate(`document.documentElement.scrollWidth - innerWidth`);
      assert.ok(Number(wide) <= 0, `the page is ${wide} pixels too wide`);
      assert.deepEqual(bench.faults(page), []);
    });
  }

  test('the graph, the states, the diff and the details are used by keys alone', async () => {
    const page = await bench.open({ shape: 'tab' });
    const focused = (): Promise<string> => page.evaluate(`document.activeElement?.dataset.key ?? ''`);
    const tabTo = async (wanted: RegExp): Promise<void> => {
      for (let n = 0; n < 120; n++) {
        if (wanted.test(await focused())) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`${wanted} was not reached`);
    };
    await page.keyboard.press('g');
    await settled(page);
    await tabTo(/^item Payment/);
    await page.keyboard.press('Enter');
    await settled(page);
    assert.deepEqual((await callsOf(page, 'semantic/focus')).at(-1), { ref: { entity: 'Payment', id: 'P-120' } });
    await page.evaluate(`host.move(host.seq, ${JSON.stringify(STUCK)})`);
    await settled(page);
    await tabTo(/^step /);
    await page.keyboard.press('Enter');
    await settled(page);
    assert.ok('seq' in ((await callsOf(page, 'semantic/goto')).at(-1) as object), 'a step of the answer');
    await tabTo(/^minimap$/);
    const window = await page.getAttribute('.minimap', 'aria-valuetext');
    await page.keyboard.press('ArrowLeft');
    await settled(page);
    assert.notEqual(await page.getAttribute('.minimap', 'aria-valuetext'), window, 'the window moved');
    await tabTo(/^events$/);
    const seq = Number(await page.evaluate('host.seq'));
    await page.keyboard.press('ArrowUp');
    await settled(page);
    assert.deepEqual(
      (await callsOf(page, 'semantic/goto')).at(-1),
      { seq: seq - 1 },
      'up in the list is the event before',
    );
    await page.keyboard.press('Shift+Enter');
    await page.waitForSelector('.notice');
    assert.equal((await callsOf(page, 'semantic/open')).length, 1, 'the line of the event');
    assert.equal(await focused(), 'events', 'the list keeps the keyboard');
    assert.deepEqual(bench.faults(page), []);
  });

  test(
    'a million events come on the screen and can be gone through',
    { skip: process.env['MILLION'] !== '1' && 'MILLION=1' },
    async () => {
      const page = await bench.open({ focus: undefined, events: 1_000_000, minutes: 4800 });
      await page.waitForSelector('.density:not([hidden])');
      assert.match(await page.innerText('[data-counts]'), /^99\d,\d{3} events/);
      await page.keyboard.press('ArrowLeft');
      await settled(page);
      assert.deepEqual((await callsOf(page, 'semantic/goto')).at(-1), { step: 'previous' });
      assert.deepEqual(bench.faults(page), []);
    },
  );
});

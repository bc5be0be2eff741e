// The panel in a real browser, over a recording: what is asked, what is shown, what keys and clicks do.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Bench, callsOf, settled, skipReason, STUCK } from './browser.ts';

const bench = new Bench();

suite('the panel in Chromium', { skip: skipReason() }, () => {
  before(() => bench.start());
  after(() => bench.stop());

  test('says why an order is stuck, with numbers that stand on the lanes too', async () => {
    const page = await bench.open();
    const why = await page.innerText('.why');
    assert.match(why, /Since 10:\d\d:\d\d, for \d+ m/);
    assert.match(why, /\d+× the median/);
    assert.match(why, /by OrderPaid #\d+, Payment P-120, order\.ts:88/);
    assert.match(why, /paid-is-held a paid order holds its stock/);
    assert.match(why, /paid → packed is held back: line\.held = 0 \(Stock TEA-9\)\s+lines\.every.* packing\.ts:31/s);
    assert.match(why, /→ cancelled when refund !== undefined/);
    const steps = await page.locator('.steps li').count();
    const badges = await page.locator('.badgeText').allTextContents();
    assert.equal(Math.max(...badges.flatMap((text) => text.split('–').map(Number))), steps);
    assert.deepEqual(bench.faults(page), []);
  });

  test('asks only for the window and the lanes in view', async () => {
    const page = await bench.open({ focus: undefined, events: 20_000, minutes: 240, seq: 400 });
    await page.keyboard.press('f');
    await page.locator('.option', { hasText: 'Order' }).click();
    await settled(page);
    const asked = (await callsOf(page, 'semantic/lanes')) as {
      all?: boolean;
      entity?: string;
      limit?: number;
      from?: number;
    }[];
    const last = asked.at(-1);
    assert.equal(last?.entity, 'Order');
    assert.ok((last?.limit ?? Infinity) <= 40, `limit ${last?.limit}`);
    assert.ok(
      (await page.locator('.lanesScroll:not([hidden]) .laneRow').count()) <= 40,
      'only rows in view are in the page',
    );
  });

  test('a click on an event goes to it, beside it to the time, on a name to the entity', async () => {
    const page = await bench.open();
    const mark = (await page.evaluate(`(() => {
      const path = [...document.querySelectorAll('.picture path[fill="var(--fg)"]')].find((one) => one.getAttribute('d').endsWith('z'));
      const box = path.getBoundingClientRect();
      return { x: box.x + box.width / 2 + 3, y: box.y + 12 };
    })()`)) as { x: number; y: number };
    await page.mouse.click(mark.x, mark.y);
    await settled(page);
    const [first] = await callsOf(page, 'semantic/goto');
    assert.ok(first && typeof first === 'object' && 'seq' in first, JSON.stringify(first));
    const box = await page.locator('.lanes').boundingBox();
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) * 0.8, (box?.y ?? 0) + 190);
    await settled(page);
    assert.ok('time' in ((await callsOf(page, 'semantic/goto')).at(-1) as object));
    await page.locator('.laneName', { hasText: 'Payment P-120' }).click();
    await settled(page);
    assert.deepEqual((await callsOf(page, 'semantic/focus')).at(-1), { ref: { entity: 'Payment', id: 'P-120' } });
    assert.match(await page.innerText('.detailsHead'), /Payment P-120/);
  });

  test('follows a cursor that someone else moves', async () => {
    const page = await bench.open();
    const place = () => page.evaluate(`document.querySelector('.overlay .slides').style.transform`);
    const before = await place();
    await page.evaluate(
      `host.move(host.recording.events.find((row) => row.type === 'OrderPlaced' && row.ref.id === 5120).seq)`,
    );
    await settled(page);
    assert.notEqual(await place(), before);
    assert.match(await page.innerText('.detailsHead'), /placed/);
    assert.match(await page.innerText('.why'), /Since this event/);
    assert.match(
      (await page.textContent('[data-voice]')) ?? '',
      /Order 5120: draft → placed, 10:\d\d:\d\d\.\d\d\d, event \d+ of \d+/,
    );
  });

  test('the whole way by keyboard', async () => {
    const page = await bench.open({ focus: undefined });
    const gotos = async () => (await callsOf(page, 'semantic/goto')).map((args) => JSON.stringify(args));
    await page.keyboard.press('/');
    await page.keyboard.type('Order 5120');
    await page.waitForSelector('.answers [role=option] bdi');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await settled(page);
    assert.deepEqual((await callsOf(page, 'semantic/focus')).at(-1), { ref: STUCK });
    const keys = ['ArrowLeft', 'ArrowRight', 'Alt+ArrowLeft', 'Alt+ArrowRight', '[', ']', 'Home', 'End'];
    for (const key of keys) await page.keyboard.press(key);
    await settled(page);
    const steps = [
      'previous',
      'next',
      'previousOfFocus',
      'nextOfFocus',
      'previousSnapshot',
      'nextSnapshot',
      'first',
      'live',
    ];
    assert.deepEqual(
      await gotos(),
      steps.map((step) => JSON.stringify({ step })),
    );
    for (const [key, shown] of [
      ['g', '.graphPicture'],
      ['s', '.machinePicture svg'],
      ['d', '.ends'],
      ['t', '.lanes'],
    ] as const) {
      await page.keyboard.press(key);
      await page.waitForSelector(`.main ${shown}`);
    }
    await page.keyboard.press('ArrowDown');
    assert.match(await page.evaluate('document.activeElement.dataset.lane'), /^Stock TEA-9$/);
    await page.keyboard.press('Enter');
    await settled(page);
    assert.deepEqual((await callsOf(page, 'semantic/focus')).at(-1), { ref: { entity: 'Stock', id: 'TEA-9' } });
    const window = () => page.getAttribute('.minimap', 'aria-valuetext');
    const wide = await window();
    await page.keyboard.press('+');
    await settled(page);
    assert.notEqual(await window(), wide, 'zoom');
    await page.keyboard.press('o');
    await page.waitForSelector('[data-key=axis][aria-pressed=true]');
    await page.keyboard.press('a');
    await page.waitForSelector('[data-key=scope]:has-text("All")');
    await page.keyboard.press('c');
    await page.waitForSelector('.notice');
    assert.equal((await callsOf(page, 'semantic/takeSnapshot')).length, 1);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.notice', { state: 'detached' });
    await page.keyboard.press('f');
    await page.waitForSelector('.menu:not([hidden])');
    assert.deepEqual(bench.faults(page), []);
  });

  test('a held key never builds up a queue of page requests', async () => {
    const page = await bench.open();
    const before = (await callsOf(page, 'semantic/details')).length;
    await page.evaluate(`for (let seq = 300; seq > 200; seq--) host.move(seq)`);
    await settled(page);
    const asked = (await callsOf(page, 'semantic/details')).length - before;
    assert.ok(asked >= 1 && asked <= 3, `${asked} requests for 100 moves`);
    assert.match(await page.innerText('.position'), /201 of/);
  });

  test('shape follows the measured size, and the side bar tells time downwards', async () => {
    const page = await bench.open({ shape: 'tab' });
    assert.ok(await page.isVisible('.eventList'));
    await page.setViewportSize({ width: 1400, height: 380 });
    await page.waitForSelector('.frame.panel');
    assert.ok(await page.isVisible('.tabs'));
    await page.setViewportSize({ width: 320, height: 800 });
    await page.waitForSelector('.frame.sidebar .storyRow');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('.storyRow.current');
    assert.match(await page.innerText('.storyRow.current'), /OrderOpened/);
    assert.deepEqual(bench.faults(page), []);
  });

  test('dragging on the axis zooms there, the minimap moves the window, the wheel zooms at the pointer, the edge resizes', async () => {
    const page = await bench.open();
    const span = async () =>
      (await page.evaluate(
        `[...document.querySelector('.minimap .selection').attributes].filter((a) => /^(x|width)$/.test(a.name)).map((a) => Number(a.value))`,
      )) as [number, number];
    const drag = async (selector: string, from: number, to: number, y = 8) => {
      const box = await page.locator(selector).boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + from, box.y + y);
      await page.mouse.down();
      await page.mouse.move(box.x + (from + to) / 2, box.y + y, { steps: 3 });
      await page.mouse.move(box.x + to, box.y + y, { steps: 3 });
      await page.mouse.up();
      await settled(page);
    };
    const [, wide] = await span();
    await drag('.axis', 200, 500);
    const [x, narrow] = await span();
    assert.ok(narrow < wide * 0.6, `${narrow} of ${wide}`);
    await drag('.minimap', x + narrow / 2, x + narrow / 2 - 100, 15);
    const [moved, same] = await span();
    assert.ok(Math.abs(moved - (x - 100)) < 4 && Math.abs(same - narrow) < 2, `${moved}, ${same}`);
    await page.mouse.move(600, 200);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, 200);
    await page.keyboard.up('Control');
    await settled(page);
    assert.ok((await span())[1] > same, 'the wheel zooms out');
    const before = (await page.locator('.side').boundingBox())?.width ?? 0;
    await drag('.resizer', 3, -57, 100);
    assert.ok(Math.abs(((await page.locator('.side').boundingBox())?.width ?? 0) - before - 60) < 4);
    assert.deepEqual(await callsOf(page, 'semantic/goto'), [], 'nothing of it moved the cursor');
    assert.deepEqual(bench.faults(page), []);
  });

  test('where it is narrow, the details are a drawer', async () => {
    const page = await bench.open();
    await page.setViewportSize({ width: 700, height: 380 });
    await page.waitForSelector('.frame.drawer .side[hidden]', { state: 'attached' });
    await page.keyboard.press('Enter');
    await page.waitForSelector('.side .why');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.side', { state: 'hidden' });
    const right = await page.evaluate(`document.querySelector('.toolbar .status').getBoundingClientRect().right`);
    assert.ok(Number(right) <= 700, `the toolbar ends at ${right}`);
  });

  test('new points move the window only while the view follows live', async () => {
    const page = await bench.open();
    const grow = `(() => { host.recording.last += 60e6; host.changed(); })()`;
    const window = () => page.getAttribute('.minimap', 'aria-valuetext');
    const still = await window();
    await page.evaluate(grow);
    await page.waitForTimeout(150);
    await settled(page);
    assert.equal(await window(), still);
    await page.keyboard.press('End');
    await settled(page);
    await page.evaluate(grow);
    await page.waitForTimeout(150);
    await settled(page);
    assert.notEqual(await window(), still);
  });

  test('keeps what was chosen, and comes back with it', async () => {
    const page = await bench.open({ kept: { view: 'states', tab: 'Values', axis: 'order', nonsense: '<b>' } });
    await page.waitForSelector('.machinePicture svg');
    await page.keyboard.press('t');
    await page.waitForSelector('.lanes');
    await settled(page);
    assert.equal(await page.evaluate('kept.view'), 'timeline');
    assert.match(await page.innerText('.tabs [aria-selected=true]'), /Values/);
    assert.equal(await page.evaluate('kept.axis'), 'order');
  });

  test('values, event, context, laws and evidence each have their place', async () => {
    const page = await bench.open({ shape: 'tab' });
    await page.evaluate(`host.move(host.recording.events.find((row) => row.type === 'HoldFailed').seq)`);
    await settled(page);
    const text = await page.innerText('.details');
    for (const part of [
      /redacted at source/,
      /pending → failed/,
      /HoldFailed #\d+/,
      /retry\.ts:44/,
      /container tea-shop/,
      /paid-is-held broken since/,
      /snapshot S6, 20 seen/,
    ])
      assert.match(text, part);
    assert.equal(await page.locator('.details del').first().innerText(), 'pending');
    await page.locator('.details .link', { hasText: 'order.ts:12' }).first().click();
    await page.waitForSelector('.notice');
    assert.match(await page.innerText('.notice'), /orders\/order\.ts:12/);
  });
});

// The panel while a service is recorded: what is new and how it is recorded, events that stream in, causes across services, and what
// helps who is lost: keys, a search that finds nothing, types beyond the edge, labels of the axis that never overlap.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Bench, callsOf, settled, skipReason } from './browser.ts';

const bench = new Bench();

/** Answers from now on as the host would, with changes made to the page of one request. */
function change(page: Page, name: string, args: unknown, edit: string): Promise<unknown> {
  return page.evaluate(`host.request(${JSON.stringify(name)}, ${JSON.stringify(args)}).then((page) => {
    (${edit})(page);
    host.instead[${JSON.stringify(name)}] = page;
    host.changed();
    return new Promise((done) => setTimeout(done, 300));
  })`);
}

suite('the panel over a live recording', { skip: skipReason() }, () => {
  before(() => bench.start());
  after(() => bench.stop());

  test('says how many events came while one looks at the past, and what is recorded; Live goes to now', async () => {
    const page = await bench.open({ seq: 300 });
    assert.equal(await page.locator('.newer').count(), 0);
    await change(
      page,
      'semantic/overview',
      {},
      `(page) => { page.cursor.newer = 12; page.recording = { sites: 31, notRecorded: ['one'], complete: false }; }`,
    );
    assert.equal(await page.innerText('[data-key=live] .newer'), '12 new');
    assert.equal(await page.getAttribute('[data-key=live]', 'aria-label'), 'Follow live, 12 new events');
    assert.match((await page.getAttribute('.recording', 'title')) ?? '', /^31 places .*1 could not be recorded$/);
    await page.click('[data-key=live]');
    await settled(page);
    assert.deepEqual((await callsOf(page, 'semantic/goto')).at(-1), { step: 'live' });
    assert.deepEqual(bench.faults(page), []);
  });

  test('events that stream in are appended: rows that say the same stay in the page', async () => {
    const page = await bench.open({ shape: 'tab' });
    const rows = `[...document.querySelectorAll('.eventRow')]`;
    await page.evaluate(`globalThis.kept = ${rows}`);
    const added = (await page.evaluate(`(() => {
      const { events } = host.recording;
      const last = events.at(-1);
      for (let n = 1; n <= 3; n++)
        events.push({ ...last, seq: last.seq + n, time: last.time + n * 1000, text: 'Order 5120: paid -> packed', type: 'Streamed' });
      host.changed();
      return new Promise((done) => setTimeout(() => done(${rows}.filter((row) => row.textContent.includes('Streamed')).length), 500));
    })()`)) as number;
    assert.equal(added, 3);
    const [stayed, before] = (await page.evaluate(
      `[kept.filter((row) => row.isConnected).length, kept.length]`,
    )) as number[];
    assert.ok((before ?? 0) > 10, `${before} rows`);
    assert.equal(stayed, before, 'none of them was drawn again');
    const tops = (await page.evaluate(`${rows}.map((row) => parseInt(row.style.top))`)) as number[];
    assert.deepEqual(
      tops,
      [...tops].sort((a, b) => a - b),
      'in order',
    );
  });

  test('the event says how it was seen, and what caused it in another service, with a line between the lanes', async () => {
    const page = await bench.open({ seq: 213 });
    await change(page, 'semantic/overview', {}, `(page) => { page.targets = [{ name: 'shop' }, { name: 'pay' }]; }`);
    await change(
      page,
      'semantic/details',
      { ref: { entity: 'Order', id: 5120 } },
      `(page) => {
        const row = host.recording.events.findLast((one) => one.seq <= host.seq && one.ref?.id === 5120);
        const paid = host.recording.events.findLast((one) => one.seq < row.seq && one.ref?.id === 'P-120');
        host.move(row.seq);
        page.event = { ...row, stack: [], effects: [], method: 'breakpoint', thread: 'worker 2', target: 'docker:shop',
          trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736' }, cause: { ...paid, target: 'docker:pay' } };
      }`,
    );
    await page.click('#tab-Event');
    const text = await page.innerText('#tabPanel');
    assert.match(text, /recorded, by a breakpoint/);
    assert.match(text, /thread\s+worker 2/);
    assert.match(text, /service\s+docker:shop/);
    assert.match(text, /trace\s+4bf92f3577b34da6a3ce929d0e0e4736/);
    assert.match(text, /caused by\s+Payment P-120 .*docker:pay/s);
    assert.equal(await page.locator('.overlay .traceLink').count(), 1);
    await page.click('#tabPanel [title="in the same trace"]');
    await settled(page);
    assert.ok('seq' in ((await callsOf(page, 'semantic/goto')).at(-1) as object));
    assert.deepEqual(bench.faults(page), []);
  });

  test('? shows the keys, and closes them again where the keyboard was', async () => {
    const page = await bench.open();
    await page.focus('[data-key=lanes]');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.waitFor();
    assert.match(await help.innerText(), /previous, next event/);
    await page.keyboard.press('Escape');
    assert.equal(await help.isVisible(), false);
    assert.equal(await page.evaluate(`document.activeElement.dataset.key`), 'lanes');
  });

  test('a search that finds nothing says so, with what can be searched for', async () => {
    const page = await bench.open();
    await page.keyboard.press('/');
    await page.keyboard.type('qwx zz');
    const answer = page.locator('.answers .none');
    await answer.waitFor();
    assert.match(await answer.innerText(), /Nothing matches qwx zz at the cursor\.\s+Search for an id/);
    assert.match((await page.textContent('[data-voice]')) ?? '', /Nothing matches/);
    await page.keyboard.press('Enter');
    assert.equal(await answer.isVisible(), true, 'what was typed is not thrown away');
  });

  test('types beyond the edge of the graph are counted and can be brought into view', async () => {
    const names = ['Order', ...'ABCDEFGHIJKLM'].map((one) => `${one}Type`);
    const types = names.map((entity) => ({ entity, count: 0, states: [], broken: 0 }));
    const graph = { types, relations: [], instances: [], links: [] };
    const page = await bench.open({ shape: 'tab', instead: { 'semantic/graph': graph } });
    const more = page.locator('.graphMore');
    assert.match(await more.innerText(), /^\d+ more types ›$/);
    const before = Number.parseInt(await more.innerText());
    await more.click();
    await page.locator('.graphMore.before').waitFor();
    const after = await page.locator('.graphMore.after').allInnerTexts();
    assert.ok((after[0] === undefined ? 0 : Number.parseInt(after[0])) < before);
    assert.deepEqual(bench.faults(page), []);
  });

  test('labels of times never overlap, however short or long the window', async () => {
    for (const minutes of [0.002, 0.05, 1, 46, 600, 20_000]) {
      const page = await bench.open({ shape: 'tab', events: 200, minutes, focus: undefined });
      for (const key of ['+', '+', '+', 'o']) {
        await page.keyboard.press(key);
        await settled(page);
        const boxes = (await page.evaluate(
          `[...document.querySelectorAll('.axis .tick')].map((one) => one.getBoundingClientRect()).map(({ left, right }) => [left, right])`,
        )) as [number, number][];
        boxes.sort(([a], [b]) => a - b);
        boxes.forEach(([left], at) => {
          const [, right] = boxes[at - 1] ?? [0, -Infinity];
          assert.ok(left >= right, `${minutes} minutes, ${key}: ${left} begins before ${right}`);
        });
      }
    }
  });
});

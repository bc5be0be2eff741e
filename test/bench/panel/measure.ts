// How soon the panel shows a recording of so many events, and what its frames and steps cost: node measure.ts EVENTS, one line of JSON.
// In Chromium, over the fixture page of the panel's tests.
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM, QUIET, SHAPES } from '../../webview/browser.ts';
import { serveFixtures } from '../../webview/fixturePage.ts';
import { MEASURES } from './inPage.ts';

/** Milliseconds, the median and the slowest of a hundred. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

export interface PanelCost {
  readonly events: number;
  readonly entities: number;
  readonly firstPaintMs: number;
  /** Frames while panning and zooming: all types as density, all lanes of a short window, the lanes around one entity. */
  readonly density: Spread;
  readonly lanes: Spread;
  readonly focus: Spread;
  /** A step to the frame that shows it, and until every page was drawn. */
  readonly step: Spread;
  readonly stepWhole: Spread;
  readonly live: Spread & { readonly longestGapMs: number; readonly eventsPerSecond: number };
  /** What the panel holds: with it and without it in the page, after a collection. */
  readonly heapBytes: number;
  readonly nodes: number;
}

const FRAMES = 160;
const STEPS = 60;
const LIVE_SECONDS = 4;
const LIVE_RATE = 1000;
const FIRST_PAINTS = 3;

function spread(costs: readonly number[]): Spread {
  const sorted = [...costs].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

export async function measurePanel(events: number): Promise<PanelCost> {
  const server = await serveFixtures();
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...QUIET, '--js-flags=--max-old-space-size=8000', '--disable-background-timer-throttling'],
  });
  try {
    const page = await (await browser.newContext({ viewport: SHAPES.tab })).newPage();
    page.setDefaultTimeout(180_000);
    await page.goto(server.address);
    await page.evaluate(MEASURES);
    const minutes = Math.max(46, (events / 100_000) * 480);
    const options = { events, minutes };
    const run = <T>(code: string): Promise<T> => page.evaluate(`(async () => ${code})()`);
    const firsts: number[] = [];
    for (let n = 0; n < (events > 200_000 ? 1 : FIRST_PAINTS); n++)
      firsts.push(await run<number>(`measure.first(${JSON.stringify(options)})`));
    await page.waitForSelector('.density:not([hidden]) .flow, .lanes .picture', { state: 'attached' });
    const density = spread(await run<number[]>(`measure.frames(${FRAMES})`));
    const nodes = await run<number>('measure.nodes()');
    const entities = await run<number>('host.recording.entities.size');
    // Until lanes come back there is a share of the events in view that lanes can show.
    await run(`measure.zoomIn(${Math.max(4, Math.ceil(Math.log(events / 1500) / Math.log(1.3)))})`);
    const lanes = spread(await run<number[]>(`measure.frames(${FRAMES})`));
    await run(`(async () => { const row = host.recording.events.findLast((one) => one.ref?.entity === 'Order');
      host.move(row.seq, row.ref); await measure.settled(); })()`);
    const focus = spread(await run<number[]>(`measure.frames(${FRAMES})`));
    const [step, whole] = await run<[number[], number[]]>(`measure.steps(${STEPS})`);
    const begun = Date.now();
    const [live, gaps, told] = await run<[number[], number[], number]>(`measure.live(${LIVE_RATE}, ${LIVE_SECONDS})`);
    const seconds = (Date.now() - begun) / 1000;
    const mounted = await heapOf(page);
    // Whoever can unmount it holds it.
    await page.evaluate('(() => { unmount(); globalThis.unmount = undefined; })()');
    const grown = await run<number>('host.recording.events.length');
    const without = await heapOf(page);
    return {
      ...{ events: grown - told, entities, firstPaintMs: spread(firsts).p50, density, lanes, focus },
      step: spread(step),
      stepWhole: spread(whole),
      live: { ...spread(live), longestGapMs: Math.max(...gaps), eventsPerSecond: Math.round(told / seconds) },
      heapBytes: Math.max(0, mounted - without),
      nodes,
    };
  } finally {
    await browser.close();
    server.close();
  }
}

if (import.meta.main) {
  process.stdout.write(`${JSON.stringify(await measurePanel(Number(process.argv[2] ?? 100_000)))}\n`);
}

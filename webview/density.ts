// Too much for lanes: for each type a strip of how often its entities change, and how many are in which state over time.
// Final states are a number, or they would drown the rest. Lanes are read in pages and counted into bins once.
import { area, curveStepAfter, max, scaleLinear, stack } from 'd3';
import { el, replace, svg, textWidth } from './elements.ts';
import { countLanes, emptyBins, type TypeBins } from './densityBins.ts';
import { count, cut } from './format.ts';
import { inkOf, patternOf } from './colours.ts';
import { Inputs, type Stage } from './stage.ts';
import { asNotice } from './notice.ts';
import type { TimeScale } from './timeScale.ts';
import type { TypeSummary } from './contract.ts';
import { t } from './texts.ts';

const PAGE = 200;
/** What was counted so far is drawn after each of so many pages. */
const PAGES_SHOWN = 8;
/** Lanes beyond this many are not read; the row says how many were. */
const MOST_READ = 20_000;
const LEAST_ROW = 52;
const MOST_ROW = 150;
const STRIP = 6;

export class Density {
  readonly node = el('div', {
    class: 'lanesScroll density',
    'data-key': 'density',
    tabindex: 0,
    'aria-label': t('Entities by type and state over time'),
    role: 'region',
  });
  readonly #stage: Stage;
  readonly #inputs = new Inputs();
  #bins: ReadonlyMap<string, TypeBins> = new Map();
  #version = -1;
  #reading = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Stops reading; what was counted stays. */
  rest(): void {
    if (this.#reading === 0) return;
    this.#reading = 0;
    this.#version = -1;
  }

  render(scale: TimeScale, width: number, theme: number): void {
    const { store } = this.#stage;
    const { overview, cursor } = store.data;
    if (!overview) return;
    if (this.#version !== store.version) {
      this.#version = store.version;
      void this.#read().catch((error: unknown) => store.tell(asNotice(error)));
    }
    if (!this.#inputs.changed(scale, width, theme, overview, cursor, this.#bins, this.node.clientHeight)) return;
    const height = Math.max(LEAST_ROW, Math.min(MOST_ROW, this.node.clientHeight / Math.max(1, overview.types.length)));
    replace(
      this.node,
      el(
        'div',
        { class: 'gutter rows' },
        overview.types.map((type) => this.#name(type, height)),
      ),
      svg(
        'svg',
        {
          width,
          height: height * overview.types.length,
          class: 'picture',
          role: 'img',
          'aria-label': t('States of all types over time'),
        },
        overview.types.flatMap((type, at) => this.#row(type, scale, width, at * height, height)),
        cursor && [
          !cursor.live &&
            svg('rect', {
              class: 'veil',
              x: scale.x(cursor.time),
              y: 0,
              width: Math.max(0, width - scale.x(cursor.time)),
              height: height * overview.types.length,
            }),
          svg('path', {
            d: `M${scale.x(cursor.time)} 0v${height * overview.types.length}`,
            stroke: 'var(--focus)',
            'stroke-width': 2,
          }),
        ],
      ),
    );
  }

  #name(type: TypeSummary, height: number): HTMLElement {
    const { store } = this.#stage;
    const rest = type.states.filter((state) => state.final).reduce((sum, state) => sum + state.count, 0);
    const bins = this.#bins.get(type.entity);
    const partly = bins && bins.read < bins.of ? ` · ${t('{0} of {1} drawn', count(bins.read), count(bins.of))}` : '';
    const stays = type.states.some((state) => state.final)
      ? t('{0} in flight, {1} at rest', count(Math.max(0, type.count - rest)), count(rest))
      : type.stateAttribute === undefined
        ? t('no state')
        : t('no final state');
    return el(
      'div',
      { class: 'laneRow flows', style: { height: `${height}px` } },
      el(
        'button',
        {
          type: 'button',
          class: 'laneName',
          'data-key': `type ${type.entity}`,
          title: t('Lanes of this type only'),
          click: () => store.choose({ types: [type.entity] }),
        },
        el(
          'span',
          { class: 'line' },
          el('b', { class: 'shrinks' }, cut(type.entity)),
          el(
            'span',
            { class: 'state dim' },
            type.broken > 0 && el('span', { class: 'law' }, `⚠ ${count(type.broken)}`),
            count(type.count),
          ),
        ),
        el('span', { class: 'because dim' }, stays + partly),
      ),
    );
  }

  #row(type: TypeSummary, scale: TimeScale, width: number, top: number, height: number): SVGElement[] {
    const colours = this.#stage.store.data.overview?.colours ?? {};
    const bins = this.#bins.get(type.entity);
    const line = svg('path', { d: `M0 ${top + height - 0.5}h${width}`, stroke: 'var(--grid)' });
    if (!bins) return [line];
    const states = type.states
      .filter((state) => !state.final && bins.states.has(state.state))
      .map((state) => state.state);
    const times = Array.from(bins.rate, (_, at) => bins.from + at * bins.step);
    const most = Math.max(1, max(bins.rate) ?? 1);
    const inView = times.map((time, at) => ({ x: scale.x(time), at })).filter(({ x }) => x > -20 && x < width + 20);
    const step = Math.max(1, scale.x(bins.from + bins.step) - scale.x(bins.from));
    const strip = inView
      .filter(({ at }) => (bins.rate[at] ?? 0) > 0)
      .map(({ x, at }) =>
        svg('rect', {
          x,
          y: top + 5,
          width: step + 0.4,
          height: STRIP,
          fill: 'var(--dim)',
          opacity: 0.15 + 0.85 * ((bins.rate[at] ?? 0) / most),
        }),
      );
    const layers = stack<{ x: number; at: number }>()
      .keys(states)
      .value(({ at }, state) => bins.states.get(state)?.[at] ?? 0)(inView);
    const tallest = max(layers.at(-1) ?? [], (point) => point[1]) ?? 1;
    const y = scaleLinear([0, Math.max(1, tallest)], [top + height - 6, top + STRIP + 12]);
    const shape = area<(typeof layers)[number][number]>()
      .x((point) => point.data.x)
      .y0((point) => y(point[0]))
      .y1((point) => y(point[1]))
      .curve(curveStepAfter);
    const fills = layers.flatMap((layer) => {
      const d = shape(layer) ?? '';
      const pattern = patternOf(colours, layer.key);
      return [
        svg('path', { d, class: 'flow', fill: `var(--${inkOf(colours, layer.key)})`, stroke: 'var(--bg)' }),
        ...(pattern ? [svg('path', { d, fill: `url(#pattern${pattern})`, opacity: 0.5 })] : []),
      ];
    });
    const labels = layers.flatMap((layer) => {
      const text = cut(layer.key, 24);
      const [thick] = layer.slice(4, -4).sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
      if (!thick || y(thick[0]) - y(thick[1]) < 14) return [];
      const left = Math.max(4, scale.x(bins.from) + 4);
      const x = Math.max(left, Math.min(width - textWidth(text) - 8, thick.data.x - textWidth(text) / 2));
      return [svg('text', { x, y: (y(thick[0]) + y(thick[1])) / 2 + 4, class: 'halo' }, text)];
    });
    return [...fills, ...strip, ...labels, line];
  }

  /** Counts lanes page by page, smallest types first so that something is there early; draws after each page. */
  async #read(): Promise<void> {
    const { store } = this.#stage;
    const { overview } = store.data;
    if (!overview) return;
    const turn = ++this.#reading;
    const found = new Map<string, TypeBins>();
    for (const type of [...overview.types].sort((a, b) => a.count - b.count)) {
      const bins = emptyBins(overview.first, overview.last);
      for (let offset = 0; offset < MOST_READ;) {
        const page = await store.host.request('semantic/lanes', {
          all: true,
          entity: type.entity,
          offset,
          limit: PAGE,
        });
        if (turn !== this.#reading) return;
        // Drawing comes first, and a panel that nobody sees reads nothing.
        await new Promise(requestAnimationFrame);
        countLanes(bins, page.lanes, overview.last);
        offset += page.lanes.length;
        bins.read = offset;
        bins.of = page.total;
        const done = page.lanes.length === 0 || offset >= page.total;
        if (done || (offset / PAGE) % PAGES_SHOWN === 0) {
          found.set(type.entity, { ...bins });
          this.#bins = new Map(found);
          store.redraw();
        }
        if (done) break;
      }
    }
  }
}

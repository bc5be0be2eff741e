// Too much for lanes: for each type a strip of how often its entities change, and how many are in which state over time.
// Final states are a number, or they would drown the rest. Lanes are read in pages and counted into bins once.
import { paintType } from './densityPicture.ts';
import { el, replace, svg } from './elements.ts';
import { countLanes, emptyBins, type TypeBins } from './densityBins.ts';
import { count, cut } from './format.ts';
import { Measured } from './measured.ts';
import { Palette, penOf } from './shapes.ts';
import { Inputs, type Stage } from './stage.ts';
import { wheeled } from './wheel.ts';
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

export class Density {
  readonly node = el('div', {
    class: 'lanesScroll density',
    'data-key': 'density',
    tabindex: 0,
    'aria-label': t('Entities by type and state over time'),
    role: 'region',
  });
  readonly #stage: Stage;
  readonly #gutter = el('div', { class: 'gutter rows' });
  readonly #canvas = el('canvas', {
    class: 'picture',
    role: 'img',
    'aria-label': t('States of all types over time'),
  });
  readonly #over = svg('svg', { class: 'overlay', 'aria-hidden': 'true' });
  readonly #size: Measured;
  readonly #names = new Inputs();
  readonly #looks = new Inputs();
  readonly #inputs = new Inputs();
  readonly #places = new Inputs();
  #palette: Palette | undefined;
  #scale: TimeScale | undefined;
  #bins: ReadonlyMap<string, TypeBins> = new Map();
  #version = -1;
  #reading = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#size = new Measured(this.node, () => stage.store.redraw());
    this.node.append(this.#gutter, el('div', { class: 'flowPlace' }, this.#canvas, this.#over));
    this.node.addEventListener('wheel', (event) => wheeled(event, this.#canvas, stage.store, this.#scale), {
      passive: false,
    });
    this.#canvas.addEventListener('click', (event) => {
      if (this.#scale) stage.store.goto({ time: this.#scale.time(event.offsetX) });
    });
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
    this.#scale = scale;
    if (this.#version !== store.version) {
      this.#version = store.version;
      void this.#read().catch((error: unknown) => store.tell(asNotice(error)));
    }
    const { types, colours } = overview;
    const { height: room } = this.#size;
    const height = Math.max(LEAST_ROW, Math.min(MOST_ROW, room / Math.max(1, types.length)));
    if (this.#names.changed(types, this.#bins, height))
      replace(
        this.#gutter,
        types.map((type) => this.#name(type, height)),
      );
    if (this.#looks.changed(theme, store.shape) || !this.#palette) this.#palette = new Palette(this.node);
    const whole = height * types.length;
    if (this.#inputs.changed(scale, width, this.#palette, types, colours, this.#bins, height)) {
      const pen = penOf(this.#canvas, width, whole);
      const scene = { scale, width, colours, palette: this.#palette };
      let layers = 0;
      if (pen)
        types.forEach((type, at) => {
          layers += paintType(pen, type, this.#bins.get(type.entity), at * height, height, scene);
        });
      this.#canvas.dataset['layers'] = String(layers);
    }
    if (cursor && this.#places.changed(scale, width, cursor, whole)) {
      const x = scale.x(cursor.time);
      this.#over.setAttribute('width', String(width));
      this.#over.setAttribute('height', String(whole));
      replace(
        this.#over,
        !cursor.live && svg('rect', { class: 'veil', x, y: 0, width: Math.max(0, width - x), height: whole }),
        svg('path', { d: `M${x} 0v${whole}`, stroke: 'var(--focus)', 'stroke-width': 2 }),
      );
    }
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

// The lanes on the screen: gutter, picture (SVG, or canvas when there is much), cursor with veil, badges of the answer's steps.
// Only rows in view are drawn; clicks go to the nearest event.
import { bisector } from 'd3';
import { drawLanes, type Hit, type LanePicture, type LaneRow } from './lanePicture.ts';
import { el, parts, replace, svg } from './elements.ts';
import { gutterRow } from './gutter.ts';
import { duration, refKey, refText, sameRef } from './format.ts';
import { Inputs, type Stage } from './stage.ts';
import { stateChip } from './colours.ts';
import { Measured } from './measured.ts';
import { Palette, toCanvas, toSvg, type Shape } from './shapes.ts';
import type { Lane, Micros } from './contract.ts';
import type { TimeScale } from './timeScale.ts';
import { liveEdge } from './timeWindow.ts';
import { eventText } from './eventText.ts';
import { stepBadges } from './stepBadges.ts';
import { traceLinks } from './traceLinks.ts';
import { t } from './texts.ts';
import { wheeled } from './wheel.ts';

const ROW = 32;
const FOCUS_ROW = 44;
/** Up to this many shapes of marks and segments SVG is quick enough; above, a canvas. */
const MOST_SVG = 200;
/** A click this near to an event goes to it. */
const NEAR = 12;
const nearest = bisector((hit: Hit) => hit.x);

export class LanesView {
  readonly node = el('div', { class: 'lanesScroll' });
  readonly #stage: Stage;
  readonly #gutter = el('div', { class: 'gutter rows', role: 'list', 'aria-label': t('Entities with a lane') });
  readonly #area = el('div', {
    class: 'lanes',
    role: 'application',
    tabindex: 0,
    'data-key': 'lanes',
    'aria-roledescription': t('timeline'),
    'aria-label': t('Timeline. Left and right arrows step through events, up and down move between entities.'),
  });
  readonly #svg = svg('svg', { class: 'picture', 'aria-hidden': 'true' });
  readonly #canvas = el('canvas', { class: 'picture', 'aria-hidden': 'true' });
  readonly #overlay = svg('svg', { class: 'overlay', 'aria-hidden': 'true' });
  readonly #bands = svg('g');
  readonly #cursor = svg('g', { class: 'slides' });
  readonly #links = svg('g');
  readonly #badges = svg('g');
  readonly #picture = new Inputs();
  readonly #over = new Inputs();
  readonly #names = new Inputs();
  readonly #looks = new Inputs();
  readonly #size: Measured;
  #palette: Palette | undefined;
  /** How far it is scrolled down. */
  #top = 0;
  #rows: readonly LaneRow[] = [];
  #hits: LanePicture['hits'] = new Map();
  #scale: TimeScale | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#overlay.append(this.#bands, this.#cursor, this.#links, this.#badges);
    this.#area.append(this.#svg, this.#canvas, this.#overlay);
    this.node.append(this.#gutter, this.#area);
    this.#size = new Measured(this.node, () => {
      // Put back into the page it begins at its top again.
      this.#top = this.node.scrollTop;
      stage.store.redraw();
    });
    this.node.addEventListener(
      'scroll',
      () => {
        this.#top = this.node.scrollTop;
        this.#scrolled();
      },
      { passive: true },
    );
    this.#area.addEventListener('pointermove', (event) => this.#hover(event));
    this.#area.addEventListener('pointerleave', () => stage.tooltip.hide());
    this.#area.addEventListener('click', (event) => this.#click(event));
    this.#area.addEventListener('wheel', (event) => wheeled(event, this.#area, stage.store, this.#scale), {
      passive: false,
    });
  }

  /** As high as it is on the screen. */
  get height(): number {
    return this.#size.height;
  }

  /** Lanes after the filters, with their places. */
  static rowsOf({ store }: Stage): readonly LaneRow[] {
    const { choices, data } = store;
    const shown = data.lanes.filter(
      (lane) =>
        sameRef(lane.ref, data.focus) ||
        ((choices.types.length === 0 || choices.types.includes(lane.ref.entity)) &&
          (choices.states.length === 0 || (lane.state !== undefined && choices.states.includes(lane.state)))),
    );
    let y = store.all() ? data.laneOffset * ROW : 0;
    return shown.map((lane) => {
      const focused = sameRef(lane.ref, data.focus);
      const height = focused && !store.all() ? FOCUS_ROW : ROW;
      y += height;
      return { lane, y: y - height, height, focused };
    });
  }

  render(scale: TimeScale, rows: readonly LaneRow[], width: number, theme: number): void {
    const { store } = this.#stage;
    const { overview, cursor, details, focusEvents, focus } = store.data;
    if (!overview) return;
    this.#rows = rows;
    this.#scale = scale;
    const filtered = store.choices.states.length > 0 || store.choices.types.length > 1;
    const end = rows.at(-1);
    const below = end ? end.y + end.height : 0;
    const height = store.all() && !filtered ? Math.max(store.data.laneTotal * ROW, below) : below;
    const seq = cursor?.seq;
    if (
      this.#picture.changed(
        scale,
        rows,
        width,
        theme,
        overview.colours,
        overview.last,
        seq,
        focusEvents,
        details?.steps,
      )
    )
      this.#draw(scale, width, theme);
    // Lanes come anew with every move of the window; what stands beside them seldom changes.
    const said = rows.map(({ lane, y, height: high }) => [
      lane.ref,
      lane.state,
      lane.because,
      lane.broken.length,
      y,
      high,
    ]);
    if (this.#names.changed(JSON.stringify(said), cursor?.time, focus, overview.colours, focusEvents?.total)) {
      replace(
        this.#gutter,
        rows.map((row) => gutterRow(this.#stage, row)),
      );
      this.#gutter.style.setProperty('height', `${height}px`);
      this.#area.style.setProperty('height', `${height}px`);
    }
    if (this.#over.changed(scale, cursor, details, rows, width, height)) this.#drawOverlay(scale, width, height);
    this.#scrolled();
  }

  #draw(scale: TimeScale, width: number, theme: number): void {
    const { store } = this.#stage;
    const { overview, cursor, focusEvents, details } = store.data;
    if (this.#looks.changed(theme, store.shape) || !this.#palette) this.#palette = new Palette(this.node);
    const tint = this.#palette.number('tint');
    const picture = drawLanes({
      rows: this.#rows,
      x: (time) => scale.x(time),
      width,
      last: liveEdge(overview),
      cursorSeq: cursor?.seq,
      badged: new Set(details?.steps.map((step) => step.seq)),
      colours: overview?.colours ?? {},
      tint,
      outlined: tint === 0,
      events: focusEvents?.rows ?? [],
      all: store.all(),
    });
    this.#hits = picture.hits;
    const top = this.#rows[0]?.y ?? 0;
    const end = this.#rows.at(-1);
    const height = end ? end.y + end.height - top : 0;
    const grid: Shape[] = scale.ticks().map(({ x }) => ({ kind: 'path', d: `M${x} ${top}v${height}`, stroke: 'grid' }));
    const shapes = [...grid, ...picture.shapes];
    // Lanes of all entities are gone through quickly: there each frame counts.
    const many = store.all() || shapes.length > MOST_SVG;
    this.#svg.toggleAttribute('hidden', many);
    this.#canvas.hidden = !many;
    if (many) {
      this.#svg.replaceChildren();
      this.#canvas.style.setProperty('top', `${top}px`);
      toCanvas(this.#canvas, width, height, shapes, this.#palette, -top);
    } else {
      this.#svg.setAttribute('width', String(width));
      this.#svg.setAttribute('height', String(height));
      this.#svg.setAttribute('viewBox', `0 ${top} ${width} ${height}`);
      this.#svg.style.setProperty('top', `${top}px`);
      this.#svg.replaceChildren(...toSvg(shapes));
    }
  }

  #drawOverlay(scale: TimeScale, width: number, height: number): void {
    const { overview, cursor, details } = this.#stage.store.data;
    this.#overlay.setAttribute('width', String(width));
    this.#overlay.setAttribute('height', String(height));
    const live = scale.x(liveEdge(overview));
    replace(
      this.#bands,
      (overview?.gaps ?? []).map((gap) => {
        const x = scale.x(gap.since);
        if (gap.lost === undefined || x > width) return undefined;
        const box = { x: x - 2, y: 0, width: Math.max(5, scale.x(gap.time) - x), height };
        return svg('rect', { ...box, fill: 'url(#hatch)', stroke: 'var(--warn)', 'stroke-width': 0.7 });
      }),
      live >= 0 &&
        live <= width &&
        svg('path', { d: `M${live} 0V${height}`, stroke: 'var(--fg)', 'stroke-dasharray': '2 2' }),
    );
    replace(
      this.#links,
      traceLinks(details, cursor?.seq, this.#rows, (time) => scale.x(time), width),
    );
    const x = cursor && scale.x(cursor.time);
    const shown = x !== undefined && x <= width;
    this.#cursor.toggleAttribute('hidden', !shown);
    if (shown) {
      replace(
        this.#cursor,
        !cursor?.live && svg('rect', { class: 'veil', x: 1, y: 0, width: Math.max(0, width - x), height }),
        x >= 0 && svg('path', { d: `M0 0V${height}`, stroke: 'var(--focus)', 'stroke-width': 2 }),
      );
      this.#cursor.style.setProperty('transform', `translateX(${x}px)`);
    }
    replace(
      this.#badges,
      stepBadges(details?.steps ?? [], this.#rows, (time) => scale.x(time), width),
    );
  }

  #scrolled(): void {
    const { store } = this.#stage;
    if (!store.all()) return;
    const rows = { offset: Math.floor(this.#top / ROW), limit: Math.ceil(this.#size.height / ROW) + 1 };
    if (rows.offset === store.rows.offset && rows.limit === store.rows.limit) return;
    store.rows = rows;
    store.refresh();
  }

  #at(event: MouseEvent): { lane: Lane; hit: Hit | undefined; time: Micros } | undefined {
    const box = this.#area.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const row = this.#rows.find((one) => y >= one.y && y < one.y + one.height);
    if (!row || !this.#scale) return undefined;
    const hits = this.#hits.get(refKey(row.lane.ref)) ?? [];
    const at = nearest.center(hits, x);
    const hit = hits[at];
    return { lane: row.lane, hit: hit && Math.abs(hit.x - x) <= NEAR ? hit : undefined, time: this.#scale.time(x) };
  }

  #click(event: MouseEvent): void {
    const found = this.#at(event);
    if (found) this.#stage.store.goto(found.hit ? { seq: found.hit.mark.seq } : { time: found.time });
  }

  #hover(event: PointerEvent): void {
    const found = this.#at(event);
    const { store, tooltip } = this.#stage;
    const colours = store.data.overview?.colours ?? {};
    if (!found || found.lane.ghost) return tooltip.hide();
    if (found.hit) return tooltip.show(event, ...eventText(store, found.lane, found.hit.mark));
    const last = liveEdge(store.data.overview);
    const segment = found.lane.segments.find(({ from, to }) => from <= found.time && found.time < (to ?? last));
    if (!segment) return tooltip.hide();
    const stay = duration((segment.to ?? last) - segment.from);
    tooltip.show(
      event,
      el('b', {}, refText(found.lane.ref)),
      segment.unobserved
        ? el('div', { class: 'dim' }, t('not observed for {0}', stay))
        : el(
            'div',
            {},
            segment.to === undefined
              ? parts('{0} for {1} to live', stateChip(colours, segment.state), stay)
              : parts('{0} for {1}', stateChip(colours, segment.state), stay),
          ),
    );
  }
}

// The whole recording in thirty pixels: density, gaps, snapshots, broken laws, the window with its handles, the cursor.
import { brushX, pointer, scaleLinear, select, type BrushBehavior, type D3BrushEvent } from 'd3';
import { replace, svg } from './elements.ts';
import { clock } from './format.ts';
import { Inputs, type Stage } from './stage.ts';
import { fitWindow } from './timeWindow.ts';
import type { Window } from './panelData.ts';
import { t } from './texts.ts';

const HEIGHT = 30;
/** A window narrower than this many pixels could not be taken hold of. */
const NARROWEST = 6;

export class Minimap {
  readonly node = svg('svg', {
    class: 'minimap',
    height: HEIGHT,
    role: 'slider',
    tabindex: 0,
    'aria-label': t('Visible time window'),
    'data-key': 'minimap',
  });
  readonly #stage: Stage;
  readonly #back = svg('g');
  readonly #front = svg('g', { class: 'front' });
  readonly #brushed = svg('g', { class: 'window' });
  readonly #brush: BrushBehavior<unknown> = brushX<unknown>();
  readonly #inputs = new Inputs();
  #width = 0;
  #span: Window = { from: 0, to: 1 };

  constructor(stage: Stage) {
    this.#stage = stage;
    this.node.append(this.#back, this.#brushed, this.#front);
    this.#brush.on('brush end', (event: D3BrushEvent<unknown>) => this.#dragged(event));
    this.node.addEventListener('keydown', (event) => this.#key(event));
  }

  render(width: number): void {
    const { store } = this.#stage;
    const { overview, cursor, lanes } = store.data;
    if (!overview || !this.#inputs.changed(width, overview, cursor, lanes, store.window)) return;
    this.#width = width;
    this.#span = fitWindow(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, overview);
    const x = scaleLinear([this.#span.from, this.#span.to], [0, width]);
    this.node.setAttribute('width', String(width));

    const { first, last, density } = overview;
    const most = Math.max(1, ...density);
    const step = (x(last) - x(first)) / Math.max(1, density.length);
    const bars = density.map((count, at) => {
      if (count === 0) return '';
      const height = Math.max(1.5, (count / most) * (HEIGHT - 12));
      return `M${x(first) + at * step} ${HEIGHT - 4}h${Math.max(1, Math.min(step - 0.5, 4))}v${-height}h${-Math.max(1, Math.min(step - 0.5, 4))}z`;
    });
    replace(
      this.#back,
      svg('path', { d: bars.join(''), fill: 'var(--dim)', opacity: 0.85 }),
      overview.gaps.map((gap) =>
        svg('rect', {
          x: x(gap.since),
          y: 4,
          width: Math.max(2, x(gap.time) - x(gap.since)),
          height: HEIGHT - 8,
          fill: 'url(#hatch)',
        }),
      ),
      overview.snapshots.map((mark) => {
        const stroke = mark.consistency === 'broken' ? 'var(--law)' : 'var(--fg)';
        return svg('path', { d: `M${x(mark.time)} 1v4`, stroke, 'stroke-width': 1.5 });
      }),
      lanes.flatMap((lane) =>
        lane.broken.map(({ from }) => svg('path', { d: `M${x(from)} ${HEIGHT - 4}l-3 4h6z`, fill: 'var(--law)' })),
      ),
    );
    this.#renderWindow(x(store.window.from), x(store.window.to));
    replace(
      this.#front,
      cursor && svg('path', { d: `M${x(cursor.time)} 0v${HEIGHT}`, stroke: 'var(--focus)', 'stroke-width': 1.5 }),
    );
    const { from, to } = store.window;
    this.node.setAttribute('aria-valuemin', '0');
    this.node.setAttribute('aria-valuemax', '100');
    this.node.setAttribute('aria-valuenow', String(Math.round((x((from + to) / 2) / Math.max(1, width)) * 100)));
    this.node.setAttribute('aria-valuetext', t('{0} to {1}', clock(from), clock(to)));
  }

  #renderWindow(from: number, to: number): void {
    const width = this.#width;
    const [left, right] = [Math.max(0, from), Math.min(width, Math.max(to, from + NARROWEST))];
    this.#brush.extent([
      [0, 0],
      [width, HEIGHT],
    ]);
    const group = select<SVGGElement, unknown>(this.#brushed);
    this.#brush(group);
    this.#brush.move(group, [Math.min(left, width - NARROWEST), right]);
    for (const veil of this.#brushed.querySelectorAll('.veil')) veil.remove();
    const veil = (x: number, w: number) =>
      svg('rect', { class: 'veil', x, y: 0, width: Math.max(0, w), height: HEIGHT });
    const grip = (x: number) => svg('path', { class: 'veil grip', d: `M${x} ${HEIGHT / 2 - 5}v10` });
    this.#brushed.append(veil(0, left), veil(right, width - right), grip(left + 1), grip(right - 1));
  }

  #dragged(event: D3BrushEvent<unknown>): void {
    // A move by the program has no source; only a person's drag changes the window.
    if (!event.sourceEvent) return;
    const { store } = this.#stage;
    const toTime = (x: number) => this.#span.from + (x / Math.max(1, this.#width)) * (this.#span.to - this.#span.from);
    if (event.selection) {
      const [from, to] = event.selection as [number, number];
      if (to - from >= NARROWEST) store.choose({ window: fitWindow(toTime(from), toTime(to), store.data.overview) });
    } else if (event.type === 'end') {
      const middle = toTime(pointer(event.sourceEvent, this.node)[0]);
      const half = (store.window.to - store.window.from) / 2;
      store.choose({ window: fitWindow(middle - half, middle + half, store.data.overview) });
    }
  }

  #key(event: KeyboardEvent): void {
    const by = event.key === 'ArrowLeft' ? -0.1 : event.key === 'ArrowRight' ? 0.1 : 0;
    if (by === 0 || event.altKey) return;
    const { store } = this.#stage;
    store.pan(by * (store.window.to - store.window.from));
    event.preventDefault();
    event.stopPropagation();
  }
}

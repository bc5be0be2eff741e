// The axis of the timeline: times, and below them snapshots, lost events and the live edge. Dragging on it zooms there.
import { brushX, select, type BrushBehavior, type D3BrushEvent } from 'd3';
import { el, replace, svg, textWidth } from './elements.ts';
import { bytes, clock, clockMillis, count, fullTime } from './format.ts';
import { snapshotGlyph } from './snapshotGlyph.ts';
import type { Stage } from './stage.ts';
import type { SnapshotMark } from './contract.ts';
import type { TimeScale } from './timeScale.ts';
import { liveEdge } from './timeWindow.ts';

export const TIMES = 22;
const MARKS = 20;
export const AXIS_HEIGHT = TIMES + MARKS;
const LABEL_ROOM = 10;
/** A shorter drag is a click. */
const DRAG = 6;

export class Axis {
  readonly node = svg('svg', { class: 'axis', height: AXIS_HEIGHT, 'aria-hidden': 'true' });
  readonly #stage: Stage;
  readonly #brushed = svg('g', { class: 'zoomBrush' });
  readonly #content = svg('g');
  readonly #pill = svg('g', { class: 'slides' });
  readonly #brush: BrushBehavior<unknown> = brushX<unknown>();
  #scale: TimeScale | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.node.append(this.#brushed, this.#content, this.#pill);
    this.#brush.on('end', (event: D3BrushEvent<unknown>) => this.#dragged(event));
  }

  render(scale: TimeScale, width: number): void {
    this.#scale = scale;
    const { overview, cursor } = this.#stage.store.data;
    if (!overview) return;
    this.node.setAttribute('width', String(width));
    this.#brush.extent([
      [0, 0],
      [width, TIMES],
    ]);
    this.#brush(select<SVGGElement, unknown>(this.#brushed));
    const live = scale.x(liveEdge(overview));
    const text = (x: number, y: number, value: string, fill: string, more = {}) =>
      svg('text', { x, y, fill, ...more }, value);
    replace(
      this.#content,
      scale
        .ticks()
        .map((tick) => [
          svg('path', { d: `M${tick.x} ${TIMES - 4}v4`, stroke: 'var(--dim)' }),
          tick.x + 3 + textWidth(tick.text) < width && text(tick.x + 3, 14, tick.text, 'var(--dim)', { class: 'tick' }),
        ]),
      svg('path', { d: `M0 ${TIMES - 0.5}h${width}`, stroke: 'var(--line)' }),
      this.#gaps(scale, width),
      this.#snapshots(scale, width, live),
      live >= 0 &&
        live <= width && [
          svg('path', { d: `M${live} ${TIMES}v${MARKS}`, stroke: 'var(--fg)', 'stroke-dasharray': '2 2' }),
          live + 26 > width
            ? text(live - 4, TIMES + 14, 'live', 'var(--fg)', { 'text-anchor': 'end', 'font-weight': 600 })
            : text(live + 4, TIMES + 14, 'live', 'var(--fg)', { 'font-weight': 600 }),
        ],
    );
    this.#renderPill(cursor && scale.x(cursor.time), cursor?.time, width);
  }

  #renderPill(x: number | undefined, time: number | undefined, width: number): void {
    const shown = x !== undefined && time !== undefined && x >= 0 && x <= width;
    this.#pill.toggleAttribute('hidden', !shown);
    if (!shown) return;
    const label = clockMillis(time);
    const size = textWidth(label, 11, 600) + 10;
    const left = Math.max(0, Math.min(width - size, x - size / 2)) - x;
    replace(
      this.#pill,
      svg('path', { d: `M0 ${TIMES - 2}V${AXIS_HEIGHT}`, stroke: 'var(--focus)', 'stroke-width': 2 }),
      svg('rect', { x: left, y: 2, width: size, height: 17, rx: 2, fill: 'var(--focus)' }),
      svg('text', { x: left + size / 2, y: 14.5, 'text-anchor': 'middle', 'font-weight': 600, class: 'pill' }, label),
    );
    this.#pill.style.setProperty('transform', `translateX(${x}px)`);
  }

  #gaps(scale: TimeScale, width: number): (SVGElement | false)[] {
    const { overview } = this.#stage.store.data;
    return (overview?.gaps ?? []).flatMap((gap) => {
      const x = scale.x(gap.since);
      if (gap.lost === undefined || x < 0 || x > width - 54) return [];
      return [
        svg('path', { d: `M${x + 1} ${TIMES + 5}l5 9h-10z`, fill: 'none', stroke: 'var(--warn)', 'stroke-width': 1.3 }),
        svg('text', { x: x + 10, y: TIMES + 14, fill: 'var(--warn)' }, `${count(gap.lost)} lost`),
      ];
    });
  }

  #snapshots(scale: TimeScale, width: number, live: number): SVGElement[] {
    const marks = this.#stage.store.data.overview?.snapshots ?? [];
    const places = marks.map((mark) => ({ mark, x: scale.x(mark.time) })).filter(({ x }) => x >= -6 && x <= width + 6);
    return places.flatMap(({ mark, x }, at) => {
      const next = Math.min(places[at + 1]?.x ?? width, live > x + 6 ? live - 26 : width);
      const long = mark.consistency === 'consistent' ? mark.id : `${mark.id} ${mark.consistency}`;
      const label = [long, mark.id].find((one) => x + LABEL_ROOM + textWidth(one) + 8 < next);
      const glyph = snapshotGlyph(mark, x, TIMES + 10);
      glyph.classList.add('clickable');
      glyph.addEventListener('pointerenter', (event) => this.#stage.tooltip.show(event, ...snapshotText(mark)));
      glyph.addEventListener('pointerleave', () => this.#stage.tooltip.hide());
      glyph.addEventListener('click', () => this.#stage.store.goto({ seq: mark.seq }));
      const ink = mark.consistency === 'broken' ? 'var(--law)' : 'var(--dim)';
      return [
        glyph,
        ...(label === undefined ? [] : [svg('text', { x: x + LABEL_ROOM, y: TIMES + 14, fill: ink }, label)]),
      ];
    });
  }

  #dragged(event: D3BrushEvent<unknown>): void {
    if (!event.sourceEvent || !this.#scale) return;
    const { store } = this.#stage;
    const selection = event.selection as [number, number] | null;
    if (selection && selection[1] - selection[0] >= DRAG) {
      store.choose({ window: { from: this.#scale.time(selection[0]), to: this.#scale.time(selection[1]) } });
    } else if ('offsetX' in event.sourceEvent) {
      store.goto({ time: this.#scale.time(Number(event.sourceEvent.offsetX)) });
    }
    if (selection) this.#brush.clear(select<SVGGElement, unknown>(this.#brushed));
  }
}

/** What a snapshot is and what it cost, for tooltips. */
export function snapshotText(mark: SnapshotMark): (HTMLElement | string)[] {
  const grown = mark.targetGrowthBytes;
  return [
    el('b', {}, `Snapshot ${mark.id}`),
    el('span', { class: 'dim', title: fullTime(mark.time) }, ` ${clock(mark.time)}`),
    el('div', {}, `${mark.method}, ${bytes(mark.bytes)}, ${mark.consistency}`),
    el(
      'div',
      { class: 'dim' },
      `target paused ${Math.round(mark.pauseMs)} ms${grown === undefined ? '' : grown > 0 ? `, grew by ${bytes(grown)}` : ', did not grow'}`,
    ),
  ];
}

// The axis of the timeline: times, and below them snapshots, lost events and the live edge. Dragging on it zooms there.
import { brushX, pointer, select, type BrushBehavior, type D3BrushEvent } from 'd3';
import { el, replace, svg, textWidth } from './elements.ts';
import { bytes, clock, clockMillis, count, fullTime } from './format.ts';
import { snapshotGlyph } from './snapshotGlyph.ts';
import type { Stage } from './stage.ts';
import type { Micros, SnapshotMark } from './contract.ts';
import type { TimeScale } from './timeScale.ts';
import { liveEdge } from './timeWindow.ts';
import { list, t } from './texts.ts';
import { consistencyText, methodText } from './words.ts';

export const TIMES = 22;
const MARKS = 20;
export const AXIS_HEIGHT = TIMES + MARKS;
const LABEL_ROOM = 10;
/** Between two labels of times. */
const TICK_SPACE = 8;
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
    const pill = cursor && pillOf(scale.x(cursor.time), cursor.time, width);
    let edge = -Infinity;
    replace(
      this.#content,
      scale.ticks().map((tick) => {
        const end = tick.x + 3 + textWidth(tick.text);
        const hidden = end > width || tick.x < edge || (pill && end > pill.left && tick.x < pill.left + pill.size);
        if (!hidden) edge = end + TICK_SPACE;
        return [
          svg('path', { d: `M${tick.x} ${TIMES - 4}v4`, stroke: 'var(--dim)' }),
          !hidden && svg('text', { x: tick.x + 3, y: 14, fill: 'var(--dim)', class: 'tick' }, tick.text),
        ];
      }),
      svg('path', { d: `M0 ${TIMES - 0.5}h${width}`, stroke: 'var(--line)' }),
      live >= 0 &&
        live <= width &&
        svg('path', { d: `M${live} ${TIMES}v${MARKS}`, stroke: 'var(--fg)', 'stroke-dasharray': '2 2' }),
      this.#marks(scale, width, live),
    );
    this.#renderPill(pill);
  }

  #renderPill(pill: ReturnType<typeof pillOf>): void {
    this.#pill.toggleAttribute('hidden', !pill);
    if (!pill) return;
    const { x, size, label } = pill;
    const left = pill.left - x;
    replace(
      this.#pill,
      svg('path', { d: `M0 ${TIMES - 2}V${AXIS_HEIGHT}`, stroke: 'var(--focus)', 'stroke-width': 2 }),
      svg('rect', { x: left, y: 2, width: size, height: 17, rx: 2, fill: 'var(--focus)' }),
      svg('text', { x: left + size / 2, y: 14.5, 'text-anchor': 'middle', 'font-weight': 600, class: 'pill' }, label),
    );
    this.#pill.style.setProperty('transform', `translateX(${x}px)`);
  }

  /** Snapshots, lost events and the live edge; each has its label where it ends before the next one begins. */
  #marks(scale: TimeScale, width: number, live: number): SVGElement[] {
    const { overview } = this.#stage.store.data;
    const snapshots = (overview?.snapshots ?? []).map((mark): AxisMark => ({
      x: scale.x(mark.time),
      node: (x) => this.#snapshot(mark, x),
      labels:
        mark.consistency === 'consistent' ? [mark.id] : [`${mark.id} ${consistencyText(mark.consistency)}`, mark.id],
      ink: mark.consistency === 'broken' ? 'var(--law)' : 'var(--dim)',
    }));
    const lost = (overview?.gaps ?? []).flatMap(({ since, lost: n }): AxisMark[] =>
      n === undefined
        ? []
        : [{ x: scale.x(since), node: lostGlyph, labels: [t('{0} lost', count(n)), count(n)], ink: 'var(--warn)' }],
    );
    const edge: AxisMark = {
      x: live,
      labels: overview?.stored === true ? [] : [t('live')],
      ink: 'var(--fg)',
      weight: 600,
    };
    const marks = [...snapshots, ...lost, edge].filter(({ x }) => x >= -6 && x <= width + 6).sort((a, b) => a.x - b.x);
    return marks.flatMap((mark, at) => {
      // The live edge may stand where the last snapshot stands.
      const glyph = mark.node ?? (mark.x - (marks[at - 1]?.x ?? -Infinity) < LABEL_ROOM ? mark : undefined);
      const start = mark.x + (glyph ? LABEL_ROOM : 4);
      const end = (marks[at + 1]?.x ?? width + 12) - 8;
      const label = mark.labels.find((one) => start + textWidth(one, 11, mark.weight) < end);
      const more = { y: TIMES + 14, fill: mark.ink, 'font-weight': mark.weight };
      return [
        ...(mark.node ? [mark.node(mark.x)] : []),
        ...(label === undefined ? [] : [svg('text', { x: start, ...more }, label)]),
      ];
    });
  }

  #snapshot(mark: SnapshotMark, x: number): SVGElement {
    const glyph = snapshotGlyph(mark, x, TIMES + 10);
    glyph.classList.add('clickable');
    glyph.addEventListener('pointerenter', (event) => this.#stage.tooltip.show(event, ...snapshotText(mark)));
    glyph.addEventListener('pointerleave', () => this.#stage.tooltip.hide());
    glyph.addEventListener('click', () => this.#stage.store.goto({ seq: mark.seq }));
    return glyph;
  }

  #dragged(event: D3BrushEvent<unknown>): void {
    if (!event.sourceEvent || !this.#scale) return;
    const { store } = this.#stage;
    const selection = event.selection as [number, number] | null;
    if (selection && selection[1] - selection[0] >= DRAG) {
      store.choose({ window: { from: this.#scale.time(selection[0]), to: this.#scale.time(selection[1]) } });
    } else store.goto({ time: this.#scale.time(pointer(event.sourceEvent, this.node)[0]) });
    if (selection) this.#brush.clear(select<SVGGElement, unknown>(this.#brushed));
  }
}

interface AxisMark {
  readonly x: number;
  readonly node?: (x: number) => SVGElement;
  /** The longest first. */
  readonly labels: readonly string[];
  readonly ink: string;
  readonly weight?: number;
}

function lostGlyph(x: number): SVGElement {
  return svg('path', {
    d: `M${x + 1} ${TIMES + 5}l5 9h-10z`,
    fill: 'none',
    stroke: 'var(--warn)',
    'stroke-width': 1.3,
  });
}

/** Where the cursor's time stands; undefined where the cursor is out of view. */
function pillOf(x: number, time: Micros, width: number) {
  if (x < 0 || x > width) return undefined;
  const label = clockMillis(time);
  const size = textWidth(label, 11, 600) + 10;
  return { x, label, size, left: Math.max(0, Math.min(width - size, x - size / 2)) };
}

/** What a snapshot is and what it cost, for tooltips. */
export function snapshotText(mark: SnapshotMark): (HTMLElement | string)[] {
  return [
    el('b', {}, t('Snapshot {0}', mark.id)),
    el('span', { class: 'dim', title: fullTime(mark.time) }, ` ${clock(mark.time)}`),
    el('div', {}, list([methodText(mark.method), bytes(mark.bytes), consistencyText(mark.consistency)])),
    el('div', { class: 'dim' }, costText(mark)),
  ];
}

function costText({ pauseMs, targetGrowthBytes: grown }: SnapshotMark): string {
  const pause = Math.round(pauseMs);
  if (grown === undefined) return t('target paused {0} ms', pause);
  return grown > 0
    ? t('target paused {0} ms, grew by {1}', pause, bytes(grown))
    : t('target paused {0} ms, did not grow', pause);
}

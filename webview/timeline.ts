// The horizontal timeline: minimap, axis, and below them lanes, or density where there is too much for lanes.
import { Axis } from './axis.ts';
import { Density } from './density.ts';
import { el, replace } from './elements.ts';
import { count } from './format.ts';
import { icon } from './icons.ts';
import { LanesView } from './lanesView.ts';
import { Minimap } from './minimap.ts';
import { Measured } from './measured.ts';
import { Inputs, type Stage } from './stage.ts';
import { clockScale, orderScale, type TimeScale } from './timeScale.ts';
import { liveEdge } from './timeWindow.ts';
import type { LaneRow } from './lanePicture.ts';
import type { Micros } from './contract.ts';
import { plural, t } from './texts.ts';

/** More events than this in view, or more lanes, and lanes would be noise. */
const MOST_EVENTS = 5000;
const MOST_LANES = 60;
/** Room for the scroll bar of the lanes. */
const RIGHT = 10;

export class Timeline {
  readonly node = el('section', { class: 'timeline', 'aria-label': t('Timeline') });
  readonly minimap: Minimap;
  readonly #stage: Stage;
  readonly #counts = el('div', { class: 'gutter small dim', 'data-counts': '' });
  readonly #head = el('div', { class: 'gutter headButtons' });
  readonly #axis: Axis;
  readonly #lanes: LanesView;
  readonly #density: Density;
  readonly #size: Measured;
  readonly #headInputs = new Inputs();
  readonly #rowInputs = new Inputs();
  readonly #scaleInputs = new Inputs();
  readonly #axisInputs = new Inputs();
  #rows: readonly LaneRow[] = [];
  #scale: TimeScale = clockScale({ from: 0, to: 1 }, 1);

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#size = new Measured(this.node, () => stage.store.redraw());
    this.minimap = new Minimap(stage);
    this.#axis = new Axis(stage);
    this.#lanes = new LanesView(stage);
    this.#density = new Density(stage);
    this.node.append(
      el('div', { class: 'minimapRow' }, this.#counts, this.minimap.node),
      el('div', { class: 'axisRow' }, this.#head, this.#axis.node),
      this.#lanes.node,
      this.#density.node,
    );
  }

  /** Height the lanes want, so that a tab gives them no more. */
  get wanted(): number {
    const end = this.#rows.at(-1);
    const { store } = this.#stage;
    return store.all() ? Math.max(store.data.laneTotal, 3) * 32 : end ? end.y + end.height : 120;
  }

  /** Stops what still runs by itself. */
  dispose(): void {
    this.#density.rest();
  }

  render(theme: number): void {
    const { store } = this.#stage;
    const { overview, cursor, lanes } = store.data;
    if (!overview) return;
    const gutter = store.shape === 'tab' ? 216 : 232;
    this.node.style.setProperty('--gutter', `${gutter}px`);
    const width = Math.max(60, this.#size.width - gutter - RIGHT);
    const dense = this.#dense();
    if (this.#rowInputs.changed(lanes, store.choices.types, store.choices.states, store.all(), store.data.focus))
      this.#rows = LanesView.rowsOf(this.#stage);
    const order = store.choices.axis === 'order' && !dense;
    if (this.#scaleInputs.changed(store.window, width, order && this.#rows, overview.last))
      this.#scale = order
        ? orderScale(store.window, width, this.#knots(), liveEdge(overview))
        : clockScale(store.window, width);
    this.minimap.render(width);
    if (this.#axisInputs.changed(this.#scale, cursor, overview, theme)) this.#axis.render(this.#scale, width);
    this.#renderHead(dense);
    this.#lanes.node.hidden = dense;
    this.#density.node.hidden = !dense;
    if (dense) this.#density.render(this.#scale, width, theme);
    else {
      this.#density.rest();
      this.#lanes.render(this.#scale, this.#rows, width, theme);
    }
  }

  /** True where lanes would be noise: all entities at once, and too many of them or of their events in view. */
  #dense(): boolean {
    const { store } = this.#stage;
    const { overview } = store.data;
    if (!overview || !store.all() || store.choices.types.length > 0 || store.choices.states.length > 0) return false;
    const { first, last, density } = overview;
    const step = (last - first) / Math.max(1, density.length);
    const inView = density.reduce((sum, n, at) => {
      const from = first + at * step;
      return from + step >= store.window.from && from <= store.window.to ? sum + n : sum;
    }, 0);
    return inView > MOST_EVENTS || this.#lanes.height / 32 > MOST_LANES;
  }

  #knots(): Micros[] {
    const { store } = this.#stage;
    return this.#rows
      .flatMap(({ lane, focused }) =>
        lane.marks.filter((mark) => focused || mark.kind !== 'change').map((mark) => mark.time),
      )
      .concat(store.data.cursor?.time ?? []);
  }

  #renderHead(dense: boolean): void {
    const { store } = this.#stage;
    const { overview, laneTotal } = store.data;
    const { choices } = store;
    if (!this.#headInputs.changed(overview, laneTotal, choices.scope, choices.axis, store.data.focus, dense)) return;
    const events = overview?.events ?? 0;
    replace(
      this.#counts,
      el(
        'div',
        {},
        `${plural(events, '{0} event', '{0} events', count(events))} · ${entityText(overview?.entities ?? 0)}`,
      ),
      dense && el('div', {}, t('rate above, in flight by state below')),
    );
    const all = store.all();
    const order = choices.axis === 'order';
    replace(
      this.#head,
      el(
        'button',
        {
          type: 'button',
          class: 'textButton small',
          title: t('Which entities have a lane ({0})', 'a'),
          'data-key': 'scope',
          disabled: !store.data.focus,
          click: () => store.choose({ scope: all ? 'around' : 'all' }),
        },
        all ? t('All {0}', entityText(laneTotal || (overview?.entities ?? 0))) : t('Around focus'),
        icon('down', 12),
      ),
      !dense &&
        el(
          'button',
          {
            type: 'button',
            class: 'textButton small right',
            title: t('Axis: clock time, or the same step for each event ({0})', 'o'),
            'data-key': 'axis',
            'aria-pressed': String(order),
            click: () => store.choose({ axis: order ? 'clock' : 'order' }),
          },
          icon(order ? 'order' : 'clock', 13),
          order ? t('Event order') : t('Clock'),
        ),
    );
  }
}

function entityText(n: number): string {
  return plural(n, '{0} entity', '{0} entities', count(n));
}

// The state machine of a type: states in declared order, transitions as thick as they are frequent, the path of the focus as
// a pale band; and the same facts as a table beside it.
import { stateBoxes } from './colours.ts';
import type { StatesPage } from './contract.ts';
import { el, fitText, name, replace, svg, textWidth } from './elements.ts';
import { count, cut, duration, isolated, shortDuration } from './format.ts';
import { placeStates, routeOf, type StatePlace } from './machineLayout.ts';
import { drawRoute } from './machineRoutes.ts';
import { Measured } from './measured.ts';
import { Inputs, type Stage } from './stage.ts';
import { transitionTable } from './transitionTable.ts';
import { list, t } from './texts.ts';
import { statusText } from './words.ts';

const NODE_HEIGHT = 38;
const WIDEST = 124;
const UPRIGHT_BELOW = 480;

export interface Frame {
  readonly upright: boolean;
  readonly width: number;
  readonly height: number;
  place(state: string): { readonly x: number; readonly y: number } | undefined;
  at(state: string): StatePlace | undefined;
}

export class MachineView {
  readonly node = el('div', { class: 'view machine' });
  readonly #stage: Stage;
  readonly #size: Measured;
  readonly #inputs = new Inputs();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#size = new Measured(this.node, () => stage.store.redraw());
  }

  render(): void {
    const { store } = this.#stage;
    const { states, overview, details, focus, cursor } = store.data;
    const { width } = this.#size;
    const entity = store.stateType();
    if (!overview || !this.#inputs.changed(states, overview, details, focus, width, entity, store.shape)) return;
    if (entity === undefined)
      return replace(this.node, el('p', { class: 'padded dim' }, t('No type has a state yet.')));
    if (!states || states.entity !== entity) return replace(this.node);
    const wide = width > 1100;
    const room = wide ? width - 410 : width;
    const here = focus?.entity === entity && details?.ref.entity === entity ? details : undefined;
    const since =
      here?.since && cursor && !here.since.unobserved
        ? duration(Math.max(0, cursor.time - here.since.time))
        : undefined;
    const path = new Set(
      (here?.steps ?? []).filter((step) => step.ref?.entity === entity).map((step) => `${step.before}>${step.after}`),
    );
    this.node.classList.toggle('beside', wide);
    replace(
      this.node,
      el(
        'div',
        { class: 'machinePicture', tabindex: 0, role: 'region', 'aria-label': t('State machine') },
        this.#draw(states, room, path, here?.state, here && hereText(cut(String(here.ref.id), 24), since)),
        legend(here && t('path of {0}', `${cut(here.ref.entity)} ${cut(String(here.ref.id), 24)}`)),
      ),
      el(
        'div',
        { class: 'machineTable', tabindex: 0, role: 'region', 'aria-label': t('Transitions') },
        transitionTable(store, states),
      ),
    );
  }

  #draw(
    page: StatesPage,
    room: number,
    path: ReadonlySet<string>,
    current: string | undefined,
    here: string | undefined,
  ): SVGSVGElement {
    const upright = room < UPRIGHT_BELOW;
    const { places, length, rows } = placeStates(page);
    const longest = Math.max(60, ...page.states.map((one) => textWidth(cut(one.state, 24), 12, 600)));
    const width = upright ? 116 : Math.min(WIDEST, Math.max(longest + 36, 84));
    const step = upright ? 72 : Math.max(width + 36, (room - 44 - width) / Math.max(1, length - 1));
    const arcs = page.transitions.filter((one) => {
      const [from, to] = [places.get(one.from ?? ''), places.get(one.to ?? '')];
      return from && to && routeOf(from, to) === 'arc';
    }).length;
    const top = upright ? 12 : 30 + Math.min(60, arcs * 22);
    const frame: Frame = {
      upright,
      width,
      height: NODE_HEIGHT,
      at: (state) => places.get(state),
      place(state) {
        const one = places.get(state);
        if (!one) return undefined;
        return upright
          ? { x: 20 + one.across * 160, y: top + one.along * step + (one.across ? 34 : 0) }
          : { x: 22 + one.along * step, y: top + one.across * 88 };
      },
    };
    const height = upright ? top + length * step + 30 : top + (rows - 1) * 88 + NODE_HEIGHT + 26;
    const total = upright ? 20 + rows * 160 : Math.max(room, 22 + (length - 1) * step + width + 22);
    return svg(
      'svg',
      {
        width: total,
        height,
        role: 'img',
        'aria-label': t('State machine of {0}; the same facts are in the table', cut(page.entity)),
      },
      page.transitions.map((one, at) => drawRoute(frame, one, at, path.has(`${one.from}>${one.to}`))),
      page.states.map((one) => this.#state(frame, one, one.state === current)),
      page.states.map((one) => {
        const at = frame.place(one.state);
        // Upright there is no room for words; the frame of the state says it.
        if (!at || upright || one.state !== current || here === undefined) return undefined;
        const own = places.get(one.state)?.across ?? 0;
        const below = page.transitions.some((t) => t.from === one.state && (places.get(t.to ?? '')?.across ?? 0) > own);
        const x = at.x + width / 2 + (below ? 12 : 0);
        const more = { 'text-anchor': below ? 'start' : 'middle', 'font-weight': 600, class: 'halo' };
        return svg('text', { x, y: at.y + NODE_HEIGHT + 14, ...more }, `▲ ${isolated(here)}`);
      }),
    );
  }

  #state(frame: Frame, state: StatesPage['states'][number], here: boolean): SVGElement | undefined {
    const at = frame.place(state.state);
    if (!at) return undefined;
    const colours = this.#stage.store.data.overview?.colours ?? {};
    const { width } = frame;
    const declared = state.status === 'declared';
    const facts =
      t('{0} now', count(state.now)) + (state.medianStay === undefined ? '' : ` · ${shortDuration(state.medianStay)}`);
    return svg(
      'g',
      { transform: `translate(${at.x} ${at.y})` },
      svg('title', {}, t('{0}: {1}', state.state, list([facts, statusText(state.status)])).slice(0, 300)),
      svg('rect', {
        x: 0.5,
        y: 0.5,
        width: width - 1,
        height: NODE_HEIGHT - 1,
        rx: state.final ? 3 : 10,
        fill: 'var(--bg)',
        stroke: here ? 'var(--focus)' : state.status === 'observed' ? 'var(--law)' : 'var(--wline)',
        'stroke-width': here ? 2 : 1,
        'stroke-dasharray': declared ? '2 3' : state.status === 'observed' ? '6 3' : undefined,
      }),
      state.final &&
        svg('rect', {
          x: 3,
          y: 3,
          width: width - 6,
          height: NODE_HEIGHT - 6,
          rx: 2,
          fill: 'none',
          stroke: 'var(--wline)',
        }),
      stateBoxes(colours, state.state, 9, 9, 9, 9, 1),
      svg(
        'text',
        { x: 23, y: 17.5, 'font-size': 12, 'font-weight': 600 },
        fitText(isolated(cut(state.state, 30)), width - 30, 12, 600),
      ),
      svg('text', { x: 9, y: 31, fill: 'var(--dim)', 'font-size': 10.5 }, fitText(facts, width - 14, 10.5)),
    );
  }
}

function hereText(id: string, since: string | undefined): string {
  return since === undefined ? t('{0} is here', id) : t('{0} is here, {1}', id, since);
}

function legend(path: string | undefined): HTMLElement {
  const line = (text: string, stroke: string, width: number, dash?: string, opacity = 1) =>
    el(
      'span',
      { class: 'chip' },
      svg(
        'svg',
        { width: 26, height: 8, 'aria-hidden': 'true' },
        svg('path', { d: 'M0 4h26', stroke, 'stroke-width': width, 'stroke-dasharray': dash, opacity }),
      ),
      name(text),
    );
  return el(
    'div',
    { class: 'legend small dim' },
    line(t('confirmed'), 'var(--fg)', 2),
    line(t('declared, never seen'), 'var(--dim)', 1, '2 4'),
    line(t('seen, undeclared'), 'var(--law)', 2, '7 3'),
    path !== undefined && line(path, 'var(--focus)', 5, undefined, 0.45),
    el('span', { class: 'right' }, t('in a state: instances now · median stay')),
  );
}

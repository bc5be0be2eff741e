// The toolbar: views, search, filter, step controls, where the cursor stands, live, recording, lost events, snapshot.
// A control never shows a position that does not exist.
import { VIEWS, type ViewName } from './choices.ts';
import { el, name, replace } from './elements.ts';
import { Exports } from './exports.ts';
import { FilterMenu } from './filters.ts';
import { clockMillis, count, cut, fullTime } from './format.ts';
import { icon, iconButton } from './icons.ts';
import { Search } from './search.ts';
import { Measured } from './measured.ts';
import { Inputs, type Stage } from './stage.ts';
import type { Goto } from './contract.ts';
import { list, plural, t } from './texts.ts';
import { cursorText } from './words.ts';

function viewText(view: ViewName): string {
  return { timeline: t('Timeline'), graph: t('Graph'), states: t('States'), diff: t('Diff') }[view];
}

export class Toolbar {
  readonly node = el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': t('Semantic State Debugger') });
  readonly search: Search;
  readonly filters: FilterMenu;
  readonly exports: Exports;
  readonly #stage: Stage;
  readonly #before = el('div', { class: 'group' });
  readonly #after = el('div', { class: 'group grows' });
  readonly #size: Measured;
  readonly #inputs = new Inputs();

  constructor(stage: Stage, picture: () => HTMLElement) {
    this.#stage = stage;
    this.#size = new Measured(this.node, () => stage.store.redraw());
    this.exports = new Exports(stage, picture);
    this.search = new Search(stage);
    this.filters = new FilterMenu(stage);
  }

  render(): void {
    const { store } = this.#stage;
    const { overview, cursor } = store.data;
    const { view, drawer, types, states } = store.choices;
    this.filters.render();
    this.search.render();
    if (!this.#inputs.changed(overview, cursor, view, drawer, store.shape, types, states, this.#narrow())) return;
    const ready = overview?.phase === 'ready' || overview?.phase === 'disconnected';
    if (!ready || !overview) {
      const names = list((overview?.targets ?? []).map((target) => target.name));
      const what = {
        empty: t('No session'),
        loading: t('attaching'),
        error: t('not attached'),
        'no-model': t('attached'),
      } as const;
      const phase =
        overview && overview.phase !== 'ready' && overview.phase !== 'disconnected' ? what[overview.phase] : '';
      return replace(this.node, el('span', { class: 'small dim' }, list([cut(names), phase])));
    }
    const sidebar = store.shape === 'sidebar';
    replace(this.#before, store.shape === 'panel' && [viewTabs(this.#stage, VIEWS), separator()]);
    replace(
      this.#after,
      sidebar && viewTabs(this.#stage, VIEWS),
      !sidebar && separator(),
      this.#steps(),
      !sidebar && this.#position(),
      this.#live(),
      this.#status(sidebar),
    );
    // The search keeps its place in the page, or it would lose what is being typed.
    if (this.search.node.parentElement !== this.node)
      replace(
        this.node,
        this.#before,
        this.search.node,
        this.filters.opener,
        this.#after,
        this.exports.opener,
        this.filters.chips,
      );
  }

  #narrow(): boolean {
    return this.#size.width < 860;
  }

  #steps(): HTMLElement {
    const go = (step: Extract<Goto, { step: unknown }>['step']) => () => this.#stage.store.goto({ step });
    return el(
      'span',
      { class: 'group' },
      iconButton('previousSnapshot', t('Previous snapshot'), '[', go('previousSnapshot')),
      iconButton('previous', t('Step back'), '←', go('previous')),
      iconButton('next', t('Step forward'), '→', go('next')),
      iconButton('nextSnapshot', t('Next snapshot'), ']', go('nextSnapshot')),
    );
  }

  #position(): HTMLElement | undefined {
    const { cursor, overview } = this.#stage.store.data;
    if (!cursor || cursor.of === 0) return undefined;
    return el(
      'span',
      { class: 'position small', title: `${fullTime(cursor.time)}\n${cut(cursorText(cursor, overview), 200)}` },
      el('b', {}, clockMillis(cursor.time)),
      el('span', { class: 'dim' }, ` ${t('{0} of {1}', count(cursor.ordinal), count(cursor.of))}`),
    );
  }

  #live(): HTMLElement {
    const { store } = this.#stage;
    const live = store.data.cursor?.live === true;
    const stored = store.data.overview?.stored === true;
    const does = stored ? t('Go to the end') : t('Follow live');
    const newer = store.data.cursor?.newer ?? 0;
    const attributes = {
      type: 'button',
      class: 'textButton',
      title: `${does} (End)`,
      'data-key': 'live',
      'aria-label': newer > 0 ? plural(newer, '{0}, {1} new event', '{0}, {1} new events', does, count(newer)) : does,
      'aria-pressed': String(live),
    } as const;
    return el(
      'button',
      { ...attributes, click: () => store.goto({ step: 'live' }) },
      icon('live'),
      store.shape !== 'sidebar' && el('span', { class: 'label' }, stored ? t('End') : t('Live')),
      newer > 0 &&
        el('span', { class: 'newer' }, store.shape === 'sidebar' ? `+${count(newer)}` : t('{0} new', count(newer))),
    );
  }

  #status(sidebar: boolean): HTMLElement {
    const { store } = this.#stage;
    const { overview } = store.data;
    const gone = overview?.phase === 'disconnected';
    const recording = gone ? undefined : overview?.recording;
    const seconds = overview ? (overview.last - overview.first) / 1e6 : 0;
    const rate = overview && seconds > 0 ? overview.events / seconds : 0;
    const names = cut(list((overview?.targets ?? []).map((target) => target.name)), 28);
    const pace = rate > 0 ? t('{0} events/s', rate < 10 ? rate.toFixed(1) : count(Math.round(rate))) : '';
    const stored = overview?.stored === true;
    const text = gone
      ? t('disconnected, the recording stays')
      : stored
        ? list([names, t('stored recording')])
        : list([names || t('stored recording'), !this.#narrow() && pace]);
    return el(
      'span',
      { class: 'status small right' },
      !sidebar &&
        el(
          'span',
          { class: gone ? 'warn' : 'dim target', title: list([names, pace]) },
          el('span', { class: gone || stored ? 'dot hollow' : 'dot' }),
          name(text),
        ),
      recording !== undefined &&
        el(
          'span',
          {
            class: 'chip recording',
            title: list([
              t('{0} places of the running program tell their changes', count(recording.sites)),
              recording.notRecorded.length > 0 && t('{0} could not be recorded', count(recording.notRecorded.length)),
            ]),
          },
          el('span', { class: 'dot' }),
          !sidebar && t('recording'),
        ),
      overview !== undefined &&
        overview.lost > 0 &&
        el(
          'span',
          { class: 'warn chip', title: t('Events that could not be recorded') },
          icon('warning', 13),
          t('{0} lost', count(overview.lost)),
        ),
      !sidebar &&
        this.#narrow() &&
        iconButton('details', t('Details'), 'Enter', () => store.choose({ drawer: !store.choices.drawer }), {
          'aria-pressed': String(store.choices.drawer),
        }),
      !gone &&
        !stored &&
        overview !== undefined &&
        overview.targets.length > 0 &&
        iconButton('snapshot', t('Take a snapshot now'), 'c', () => store.takeSnapshot()),
    );
  }
}

function separator(): HTMLElement {
  return el('span', { class: 'separator', 'aria-hidden': 'true' });
}

/** The views as tabs; in a tab they stand over the lower pane and the timeline is no view of its own. */
export function viewTabs(stage: Stage, views: readonly ViewName[]): HTMLElement {
  const { store } = stage;
  const { view } = store.choices;
  const chosen = views.includes(view) ? view : views[0];
  const sidebar = store.shape === 'sidebar';
  return el(
    'span',
    { class: 'group', role: 'tablist', 'aria-label': t('Views') },
    views.map((one) =>
      el(
        'button',
        {
          type: 'button',
          class: 'textButton',
          role: 'tab',
          'data-key': `view ${one}`,
          'aria-selected': String(one === chosen),
          'aria-label': viewText(one),
          title: `${viewText(one)} (${one[0]})`,
          click: () => store.choose({ view: one }),
        },
        icon(one === 'timeline' && sidebar ? 'story' : one),
        !sidebar && el('span', { class: 'label' }, viewText(one)),
      ),
    ),
  );
}

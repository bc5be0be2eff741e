// Details of the entity in focus: tabs in the panel, sections in the tab, the answer alone on top of the side bar.
// Without a focus: what stands out.
import { TABS, type Tab } from './choices.ts';
import { isState, stateChip } from './colours.ts';
import type { Context, Details, ValueRow } from './contract.ts';
import { el, listOf, name, parts, replace, type Child } from './elements.ts';
import { eventSection } from './eventSection.ts';
import { clock, count, cut, duration, refText } from './format.ts';
import { icon } from './icons.ts';
import { empty, pairs, type Pair } from './pairs.ts';
import { contextValue, isRedacted } from './plainValue.ts';
import { Inputs, type Stage } from './stage.ts';
import { findingsSection } from './findingsTable.ts';
import { refLink, sourceLink, whySection } from './why.ts';
import { list, plural, t } from './texts.ts';
import { dimensionText, evidenceText } from './words.ts';

const MOST_LINKS = 20;

/** What a tab is called, and its section where all are shown. */
function tabText(tab: Tab): readonly [string, string] {
  const texts: { readonly [one in Tab]: readonly [string, string] } = {
    Why: [t('Why'), t('Why this state')],
    Values: [t('Values'), t('Values at the cursor')],
    Event: [t('Event'), t('Event at the cursor')],
    Context: [t('Context'), t('Context')],
    Laws: [t('Laws'), t('Laws')],
    Evidence: [t('Evidence'), t('Evidence')],
  };
  return texts[tab];
}

export class DetailsView {
  readonly node = el('aside', { class: 'details', 'aria-label': t('Details') });
  readonly #stage: Stage;
  readonly #body = el('div', {
    class: 'scroll ruled',
    tabindex: 0,
    role: 'region',
    'aria-label': t('Details of the focus'),
    'data-key': 'details',
  });
  readonly #inputs = new Inputs();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  render(): void {
    const { store } = this.#stage;
    const { overview, details, focus, findings, focusEvents } = store.data;
    // Where the cursor went, the details follow: what is said of the place before would only be drawn twice.
    if (!this.#inputs.changed(overview, details, focus, findings, store.choices.tab, store.shape, focusEvents?.total))
      return;
    if (!focus) return replace(this.node, findingsSection(store));
    // Between two entities the old answer would be a wrong one.
    if (!details) return replace(this.node, el('div', { class: 'detailsHead' }, el('h2', {}, name(refText(focus)))));
    if (store.shape === 'sidebar') return replace(this.node, this.#head(details), whySection(store, details));
    if (store.shape === 'panel') return replace(this.node, this.#head(details), ...this.#tabs(details));
    // The scrolled part stays in the page, and with it the place it is scrolled to.
    replace(
      this.#body,
      TABS.map((tab) =>
        el('section', { class: 'section' }, el('h3', {}, tabText(tab)[1]), this.#section(tab, details)),
      ),
    );
    const head = this.#head(details);
    if (this.#body.parentElement !== this.node) return replace(this.node, head, this.#body);
    this.node.firstElementChild?.replaceWith(head);
  }

  #head(details: Details): HTMLElement {
    const { store } = this.#stage;
    const laws = details.laws.map((law) => law.id);
    return el(
      'div',
      { class: 'detailsHead' },
      el('h2', { title: `${details.ref.entity} ${details.ref.id}`.slice(0, 300) }, name(refText(details.ref))),
      details.state !== undefined && stateChip(store.data.overview?.colours ?? {}, details.state),
      !details.present && el('span', { class: 'dim' }, t('not there')),
      laws.length > 0
        ? el('span', { class: 'law chip small right' }, icon('warning', 13), cut(laws.join(' '), 28))
        : el('span', { class: 'dim small right' }, t('laws hold')),
    );
  }

  #tabs(details: Details): HTMLElement[] {
    const { store } = this.#stage;
    const chosen = store.choices.tab;
    const tabs = TABS.map((tab) =>
      el(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: `tab-${tab}`,
          'data-key': `tab ${tab}`,
          'aria-selected': String(tab === chosen),
          'aria-controls': 'tabPanel',
          tabindex: tab === chosen ? 0 : -1,
          click: () => store.choose({ tab }),
        },
        tabText(tab)[0],
      ),
    );
    const list = el('div', { class: 'tabs', role: 'tablist', 'aria-label': t('Details') }, tabs);
    list.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (by === 0 || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      const next = TABS[(TABS.indexOf(chosen) + by + TABS.length) % TABS.length] ?? chosen;
      store.choose({ tab: next });
      requestAnimationFrame(() => this.node.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
    });
    return [
      list,
      el(
        'div',
        { class: 'scroll', id: 'tabPanel', role: 'tabpanel', 'aria-labelledby': `tab-${chosen}`, tabindex: 0 },
        this.#section(chosen, details),
      ),
    ];
  }

  #section(tab: Tab, details: Details): Child {
    switch (tab) {
      case 'Why':
        return whySection(this.#stage.store, details);
      case 'Values':
        return this.#values(details);
      case 'Event':
        return eventSection(this.#stage.store, details);
      case 'Context':
        return this.#context(details.event?.context);
      case 'Laws':
        return this.#laws(details);
      case 'Evidence':
        return this.#evidence(details);
    }
  }

  #values(details: Details): HTMLElement {
    if (details.values.length === 0) return empty(t('No values are known at the cursor.'));
    return pairs(details.values.map((row) => [name(cut(row.name)), this.#value(row)]));
  }

  #value(row: ValueRow): Child {
    const { store } = this.#stage;
    const colours = store.data.overview?.colours ?? {};
    if (isRedacted(row.value))
      return el(
        'span',
        { class: 'chip dim small', title: t('The value never left the target: its name looks like a secret') },
        icon('lock', 12),
        t('redacted at source'),
      );
    if (row.role === 'relation' || row.links) {
      const links = row.links ?? [];
      if (links.length === 0) return el('span', { class: 'dim' }, t('none'));
      const shown = listOf(links.slice(0, MOST_LINKS).map((ref) => refLink(store, ref)));
      return links.length > MOST_LINKS ? parts('{0} and {1} more', shown, count(links.length - MOST_LINKS)) : shown;
    }
    const shown = (text: string) =>
      row.role === 'state' && isState(colours, text) ? stateChip(colours, text) : name(cut(text, 300));
    if (row.before === undefined) return shown(row.text);
    return el('span', {}, el('del', {}, shown(row.before)), ' → ', el('ins', {}, shown(row.text)));
  }

  #context(context: Context | undefined): HTMLElement {
    const rows = (['space', 'time', 'subject', 'device'] as const).flatMap((dimension): Pair[] => {
      const parameters = context?.[dimension] ?? [];
      return parameters.length === 0
        ? []
        : [
            [
              dimensionText(dimension),
              parameters.map((one) =>
                el(
                  'div',
                  { title: one.from ? t('from {0}', one.from).slice(0, 200) : undefined },
                  el('span', { class: 'dim' }, `${cut(one.name)} `),
                  name(contextValue(one.value)),
                ),
              ),
            ],
          ];
    });
    return rows.length ? pairs(rows) : empty(t('No context was recorded with this point.'));
  }

  #laws(details: Details): Child {
    const all = this.#stage.store.data.overview?.laws ?? [];
    if (details.laws.length === 0)
      return empty(
        all.length === 0
          ? t('No laws are checked.')
          : plural(
              all.length,
              'The one law holds for this entity at the cursor.',
              'All {0} laws hold for this entity at the cursor.',
              count(all.length),
            ),
      );
    return details.laws.map((law) =>
      el(
        'div',
        { class: 'padded' },
        el(
          'div',
          { class: 'law' },
          '⚠ ',
          parts(
            '{0} broken since {1}, for {2}',
            el('b', {}, cut(law.id)),
            clock(law.since),
            duration(Math.max(0, (this.#stage.store.data.cursor?.time ?? law.since) - law.since)),
          ),
        ),
        el('div', {}, name(cut(law.message, 400))),
        el('div', { class: 'small dim' }, name(cut(all.find((one) => one.id === law.id)?.title ?? '', 200))),
      ),
    );
  }

  #evidence(details: Details): HTMLElement {
    const { store } = this.#stage;
    const rows = details.evidence.map((one): Pair => [
      evidenceText(one.by),
      [
        sourceLink(store, one.source),
        one.source && ' ',
        list([
          one.snapshot !== undefined && t('snapshot {0}', one.snapshot),
          one.count !== undefined && t('{0} seen', count(one.count)),
        ]),
        one.note !== undefined && el('div', { class: 'dim' }, name(cut(one.note, 200))),
      ],
    ]);
    if (details.source) rows.unshift([t('declared'), sourceLink(store, details.source)]);
    return rows.length ? pairs(rows) : empty(t('No evidence was kept.'));
  }
}

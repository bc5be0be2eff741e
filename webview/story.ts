// Time turned vertical for narrow shapes: one rail for each entity, the focus thicker, and one row for each event.
import { inkOf, patternOf, swatch } from './colours.ts';
import type { EventRow, Lane, Micros } from './contract.ts';
import { el, name, replace, svg, type Child } from './elements.ts';
import { clockAfter, count, cut, refKey, refText, sameRef } from './format.ts';
import { snapshotIcon } from './snapshotGlyph.ts';
import { storyItems, type StoryItem } from './storyItems.ts';
import { Measured } from './measured.ts';
import { Inputs, type Stage } from './stage.ts';
import { changeOf } from './why.ts';
import { list, plural, t } from './texts.ts';
import { consistencyText, methodText } from './words.ts';

const MOST_RAILS = 4;
const RAIL = 12;
const EVENT_ROW = 38;
const MARK_ROW = 24;

export class Story {
  readonly node = el('section', { class: 'story', 'aria-label': t('Story') });
  readonly #stage: Stage;
  readonly #rails = el('div', { class: 'rails small dim' });
  readonly #list = el('div', { class: 'storyList', role: 'listbox', tabindex: 0, 'data-key': 'lanes' });
  readonly #size: Measured;
  readonly #inputs = new Inputs();

  constructor(stage: Stage) {
    this.#stage = stage;
    // With more or less room, what is looked at is still to be seen.
    this.#size = new Measured(this.#list, () => this.#reveal());
    this.node.append(this.#rails, this.#list);
  }

  render(theme: number): void {
    const { store } = this.#stage;
    const { overview, lanes, cursor, focus, focusEvents, details } = store.data;
    if (!overview || !this.#inputs.changed(overview, lanes, cursor, focus, focusEvents, details, theme)) return;
    const rails = lanes.filter((lane) => !lane.ghost).slice(0, MOST_RAILS);
    this.#list.setAttribute('aria-label', focus ? t('Story of {0}', refText(focus)) : t('Story'));
    replace(
      this.#rails,
      rails.map((lane) =>
        el(
          'span',
          { class: `chip${sameRef(lane.ref, focus) ? ' focused' : ''}` },
          lane.state !== undefined && swatch(overview.colours, lane.state, 8),
          name(cut(String(lane.ref.id), 14)),
        ),
      ),
    );
    const items = storyItems(rails, focus, focusEvents?.rows ?? [], overview);
    const width = 12 + rails.length * RAIL + 4;
    replace(
      this.#list,
      items.length === 0 &&
        el(
          'div',
          { class: 'padded dim', role: 'option', 'aria-selected': 'false' },
          t('No events of this entity yet.'),
        ),
      items.map((item, at) => this.#row(item, items[at - 1], rails, width)),
    );
    const current = this.#list.querySelector('.current');
    if (current) this.#list.setAttribute('aria-activedescendant', current.id);
    else this.#list.removeAttribute('aria-activedescendant');
    this.#reveal();
  }

  #reveal(): void {
    const current = this.#list.querySelector<HTMLElement>('.current');
    // The cursor may stand at an event of someone else: then the last row before it is brought into view.
    const place = current ?? [...this.#list.querySelectorAll<HTMLElement>('.storyRow:not(.future)')].at(-1);
    if (place) this.#list.scrollTop = Math.max(0, place.offsetTop - this.#size.height * 0.62);
  }

  #row(item: StoryItem, before: StoryItem | undefined, rails: readonly Lane[], width: number): HTMLElement {
    const { store } = this.#stage;
    const { cursor, focus } = store.data;
    const current = item.seq !== undefined && item.seq === cursor?.seq;
    const height = item.kind === 'event' ? EVENT_ROW : MARK_ROW;
    const { seq } = item;
    const more = seq === undefined ? {} : { id: `story${seq}`, 'data-seq': seq, click: () => store.goto({ seq }) };
    return el(
      'div',
      {
        role: 'option',
        class: `storyRow${current ? ' current' : ''}${cursor && item.time > cursor.time ? ' future' : ''}`,
        'aria-selected': String(current),
        style: { height: `${height}px` },
        ...more,
      },
      this.#drawRails(item, rails, width, height),
      item.kind === 'event'
        ? this.#event(item.row, item, before?.time, focus)
        : el('div', { class: 'storyText mark small' }, this.#mark(item)),
    );
  }

  #mark(item: Exclude<StoryItem, { kind: 'event' }>): Child {
    if (item.kind === 'gap')
      return el(
        'span',
        { class: 'warn' },
        item.gap.lost === undefined
          ? t('unobserved: {0}', cut(item.gap.reason, 80))
          : plural(item.gap.lost, '{0} event lost here', '{0} events lost here', count(item.gap.lost)),
      );
    const { mark } = item;
    return [
      snapshotIcon(mark),
      el(
        'span',
        { class: mark.consistency === 'broken' ? 'law' : 'dim' },
        list([`${mark.id} ${methodText(mark.method)}`, consistencyText(mark.consistency)]),
      ),
    ];
  }

  #event(row: EventRow, item: StoryItem, before: Micros | undefined, focus: EventRow['ref']): HTMLElement {
    const { store } = this.#stage;
    const own = sameRef(row.ref, focus);
    const step = store.data.details?.steps.findIndex((one) => one.seq === row.seq) ?? -1;
    return el(
      'div',
      { class: 'storyText' },
      el(
        'div',
        { class: 'line' },
        el('span', { class: 'when dim small' }, clockAfter(item.time, before)),
        el(
          'span',
          { class: 'shrinks' },
          own
            ? el('b', {}, name(cut(row.type ?? (row.ref ? refText(row.ref) : t('change')))))
            : row.ref && name(refText(row.ref)),
        ),
        step >= 0 && el('span', { class: 'number right' }, step + 1),
      ),
      el(
        'div',
        { class: 'line second' },
        row.breaks?.length
          ? el('span', { class: 'law', title: t('breaks {0}', cut(row.breaks.join(', '), 100)) }, '⚠ ')
          : undefined,
        row.likely === true && [el('span', { class: 'warn' }, t('likely')), ' '],
        row.observed === 'between-snapshots' &&
          el('span', { class: 'dim', title: t('seen between snapshots: order and cause not observed') }, '≈ '),
        changeOf(store, row, !own),
      ),
    );
  }

  #drawRails(item: StoryItem, rails: readonly Lane[], width: number, height: number): SVGElement {
    const { store } = this.#stage;
    const colours = store.data.overview?.colours ?? {};
    const middle = item.kind === 'event' ? 11 : height / 2;
    const last = store.data.overview?.last ?? 0;
    const at = (lane: Lane, time: Micros) =>
      lane.segments.find(({ from, to }) => from <= time && time < (to ?? last + 1));
    const parts = rails.flatMap((lane, index) => {
      const x = 10 + index * RAIL;
      const half = index === 0 ? 4.5 : 2.5;
      return [[0, middle, at(lane, item.time - 1)] as const, [middle, height, at(lane, item.time)] as const].flatMap(
        ([top, bottom, segment]) => {
          if (!segment) return [];
          const thin = segment.final ? 1.2 : half;
          const box = { x: x - thin, y: top, width: thin * 2, height: bottom - top };
          if (segment.unobserved) return [svg('rect', { ...box, fill: 'url(#hatch)' })];
          const pattern = patternOf(colours, segment.state);
          return [
            svg('rect', { ...box, fill: `var(--${inkOf(colours, segment.state)})` }),
            ...(pattern ? [svg('rect', { ...box, fill: `url(#pattern${pattern})` })] : []),
          ];
        },
      );
    });
    const node = svg('svg', { width, height, 'aria-hidden': 'true' }, parts);
    if (item.kind === 'gap')
      node.append(svg('rect', { x: 2, y: 4, width: width - 4, height: height - 8, fill: 'url(#hatch)' }));
    if (item.kind !== 'event') return node;
    const keys = rails.map((lane) => refKey(lane.ref));
    const place = (ref: EventRow['ref']) => (ref ? keys.indexOf(refKey(ref)) : -1);
    const [object, subject] = [place(item.row.ref), place(item.row.subject)];
    const x = (index: number) => 10 + index * RAIL;
    if (object >= 0 && subject >= 0 && object !== subject) {
      node.append(svg('path', { d: `M${x(object)} ${middle}H${x(subject)}`, stroke: 'var(--fg)' }));
      node.append(svg('circle', { cx: x(subject), cy: middle, r: 2.5, fill: 'var(--bg)', stroke: 'var(--fg)' }));
    }
    if (object >= 0)
      node.append(
        svg('circle', {
          cx: x(object),
          cy: middle,
          r: 4.5,
          fill: item.changesState ? 'var(--fg)' : 'var(--bg)',
          stroke: item.changesState ? 'var(--bg)' : 'var(--fg)',
          'stroke-width': 1.3,
        }),
      );
    return node;
  }
}

// Two points compared: each changed attribute A → B with the event that explains it; what no event explains says unobserved.
// A is the last consistent snapshot unless another one is chosen, B is the cursor.
import { inkOf, isState, patternOf, stateChip, type Colours } from './colours.ts';
import type { DiffPage, Lane, Micros } from './contract.ts';
import { el, name, replace, svg, textWidth, type Child } from './elements.ts';
import { clock, count, cut, refKey, refText, sameRef } from './format.ts';
import { Measured } from './measured.ts';
import { Inputs, type Stage } from './stage.ts';
import { list, t } from './texts.ts';
import { consistencyText } from './words.ts';

const MOST_ROWS = 400;

type Row = DiffPage['rows'][number];

export class DiffView {
  readonly node = el('div', {
    class: 'view diff',
    role: 'region',
    'aria-label': t('Differences'),
    tabindex: 0,
    'data-key': 'diff',
  });
  readonly #stage: Stage;
  readonly #size: Measured;
  readonly #inputs = new Inputs();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#size = new Measured(this.node, () => stage.store.redraw());
  }

  render(): void {
    const { store } = this.#stage;
    const { diff, diffLanes, overview, focus } = store.data;
    const { width } = this.#size;
    if (!diff || !overview || !this.#inputs.changed(diff, diffLanes, overview.colours, focus, width, store.shape))
      return;
    const narrow = store.shape === 'sidebar';
    const snapshot = overview.snapshots.find((mark) => mark.seq === diff.from.seq);
    const [a, b] = [
      snapshot ? `${snapshot.id} ${clock(diff.from.time)}` : clock(diff.from.time),
      t('cursor {0}', clock(diff.to.time)),
    ];
    const heads = narrow ? [t('entity'), 'A → B'] : [t('entity'), t('attribute'), 'A → B', t('explained by')];
    replace(
      this.node,
      el(
        'div',
        { class: 'ends' },
        this.#end('A', a, diffLanes, diff.from.time, width, narrow),
        this.#end('B', b, diffLanes, diff.to.time, width, narrow),
      ),
      diff.rows.length === 0
        ? el('p', { class: 'padded dim' }, t('Nothing differs between A and B.'))
        : el(
            'table',
            { class: 'grid' },
            el(
              'thead',
              {},
              el(
                'tr',
                {},
                heads.map((text) => el('th', { scope: 'col' }, text)),
              ),
            ),
            groupsOf(diff.rows, focus).map(([entity, rows]) => this.#group(entity, rows, narrow)),
          ),
      diff.total > MOST_ROWS &&
        el(
          'p',
          { class: 'padded small dim' },
          t(
            '{0} differences in all; the first {1} are listed.',
            count(diff.total),
            count(Math.min(MOST_ROWS, diff.rows.length)),
          ),
        ),
    );
  }

  #end(
    letter: string,
    text: string,
    lanes: readonly Lane[] | undefined,
    time: Micros,
    width: number,
    narrow: boolean,
  ): HTMLElement {
    const colours = this.#stage.store.data.overview?.colours ?? {};
    const bar =
      lanes && lanes.length > 0 && !narrow
        ? distribution(colours, lanes, time, Math.max(120, Math.min(640, width - 170)), lanes.length)
        : undefined;
    return el('div', { class: 'end' }, el('b', {}, letter), el('span', { class: 'small' }, text), bar);
  }

  #group(entity: string, rows: readonly Row[], narrow: boolean): HTMLElement {
    const { store } = this.#stage;
    const changed = new Set(rows.map((row) => refKey(row.ref))).size;
    const fresh = rows.filter((row) => row.kind === 'created').length;
    let before: Row | undefined;
    return el(
      'tbody',
      {},
      el(
        'tr',
        { class: 'group' },
        el(
          'th',
          { colspan: narrow ? 2 : 4, scope: 'rowgroup' },
          name(cut(entity)),
          el('span', { class: 'dim' }, ` ${t('{0} changed, {1} new', count(changed), count(fresh))}`),
        ),
      ),
      rows.map((row) => {
        const first = !before || !sameRef(before.ref, row.ref);
        before = row;
        const focused = sameRef(row.ref, store.data.focus);
        const label = narrow ? cut(String(row.ref.id), 24) : refText(row.ref);
        return el(
          'tr',
          {},
          el(
            'td',
            {},
            first &&
              el(
                'button',
                {
                  type: 'button',
                  class: 'plain',
                  'data-key': `diff ${refKey(row.ref)}`,
                  click: () => store.focus(row.ref),
                },
                el(focused ? 'b' : 'span', {}, name(label)),
              ),
          ),
          !narrow && el('td', { class: 'dim' }, name(cut(row.attribute ?? ''))),
          el(
            'td',
            { class: 'wraps' },
            narrow &&
              row.attribute !== undefined &&
              row.kind !== 'created' &&
              el('span', { class: 'dim' }, name(cut(row.attribute)), ' '),
            this.#change(row),
          ),
          !narrow && el('td', {}, this.#explained(row)),
        );
      }),
    );
  }

  #change(row: Row): Child {
    const colours = this.#stage.store.data.overview?.colours ?? {};
    const { stateAttribute } =
      this.#stage.store.data.overview?.types.find((type) => type.entity === row.ref.entity) ?? {};
    const ofState = row.attribute === undefined || row.attribute === stateAttribute;
    const shown = (text: string) =>
      ofState && isState(colours, text) ? stateChip(colours, text) : name(cut(text, 160));
    if (row.kind === 'created')
      return [
        el('span', { class: 'dim' }, t('new')),
        row.after !== undefined && [' → ', el('ins', {}, shown(row.after))],
      ];
    if (row.kind === 'removed')
      return [
        row.before !== undefined && [el('del', {}, shown(row.before)), ' → '],
        el('span', { class: 'dim' }, t('gone')),
      ];
    const side = (tag: 'del' | 'ins', text: string | undefined) =>
      text === undefined ? el('span', { class: 'dim' }, t('none')) : el(tag, {}, shown(text));
    return [side('del', row.before), ' → ', side('ins', row.after)];
  }

  #explained({ event }: Row): Child {
    const { store } = this.#stage;
    if (!event) return el('span', { class: 'warn small' }, t('unobserved'));
    const unseen = event.observed === 'between-snapshots';
    return [
      el(
        'button',
        {
          type: 'button',
          class: 'link small',
          title: cut(event.text, 200),
          click: () => store.goto({ seq: event.seq }),
        },
        name(cut(event.type ?? t('change'), 40)),
        ` #${event.seq}`,
      ),
      event.likely === true && [' ', el('span', { class: 'warn small' }, t('likely'))],
      unseen && [
        ' ',
        el('span', { class: 'dim small', title: t('order and cause not observed') }, t('between snapshots')),
      ],
    ];
  }
}

/** Rows by type, the focus first; the rows of one entity stay together. */
function groupsOf(rows: readonly Row[], focus: Row['ref'] | undefined): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  const first = (row: Row) => (sameRef(row.ref, focus) ? 0 : 1);
  for (const row of [...rows].sort((a, b) => first(a) - first(b)).slice(0, MOST_ROWS)) {
    const group = groups.get(row.ref.entity);
    if (group) group.push(row);
    else groups.set(row.ref.entity, [row]);
  }
  for (const group of groups.values()) {
    const order = [...new Set(group.map((row) => refKey(row.ref)))];
    group.sort((a, b) => order.indexOf(refKey(a.ref)) - order.indexOf(refKey(b.ref)));
  }
  return [...groups];
}

/** How many were in which state at one moment, as a bar; both bars have the same scale. */
function distribution(
  colours: Colours,
  lanes: readonly Lane[],
  time: Micros,
  width: number,
  scale: number,
): SVGSVGElement {
  const counts = new Map<string, number>();
  for (const lane of lanes) {
    const state = lane.segments.find(
      ({ from, to, unobserved }) => !unobserved && from <= time && time <= (to ?? Infinity),
    )?.state;
    if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const order = Object.keys(colours);
  let x = 0;
  const parts = [...counts]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([state, n]) => {
      const size = Math.max(1, (width * n) / scale - 1);
      const ink = `var(--${inkOf(colours, state)})`;
      const pattern = patternOf(colours, state);
      const label = [`${count(n)} ${cut(state, 24)}`, count(n)].find((text) => textWidth(text) + 8 < size);
      const part = svg(
        'g',
        { transform: `translate(${x} 0)` },
        svg('title', {}, `${n} ${state}`.slice(0, 200)),
        svg('rect', { width: size, height: 18, fill: ink, class: 'tinted', stroke: ink }),
        svg('rect', { y: 14, width: size, height: 4, fill: ink }),
        pattern > 0 && svg('rect', { y: 14, width: size, height: 4, fill: `url(#pattern${pattern})` }),
        label !== undefined && svg('text', { x: 4, y: 11.5 }, label),
      );
      x += size + 1;
      return part;
    });
  const text = list([...counts].map(([state, n]) => `${n} ${state}`));
  return svg('svg', { width, height: 18, role: 'img', 'aria-label': text.slice(0, 400) || t('none') }, parts);
}

/** The snapshots to choose A from. */
export function diffChoices({ store }: Stage): HTMLElement {
  const { overview, diff } = store.data;
  const marks = (overview?.snapshots ?? []).filter((mark) => mark.seq < (store.data.cursor?.seq ?? Infinity)).slice(-8);
  return el(
    'span',
    { class: 'group', role: 'group', 'aria-label': t('A of the comparison') },
    el('span', { class: 'dim small' }, 'A'),
    marks.map((mark) =>
      el(
        'button',
        {
          type: 'button',
          class: 'textButton small',
          'data-key': `from ${mark.seq}`,
          title: list([mark.id, clock(mark.time), consistencyText(mark.consistency)]),
          'aria-pressed': String(diff?.from.seq === mark.seq),
          click: () => store.choose({ diffFrom: mark.seq }),
        },
        cut(mark.id, 16),
      ),
    ),
    el('span', { class: 'dim small' }, t('B = cursor')),
  );
}

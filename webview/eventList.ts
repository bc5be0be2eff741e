// All events as a table that holds what the picture shows. Virtual: rows in view and a page around them are fetched and drawn.
import type { EventRow } from './contract.ts';
import { el, name } from './elements.ts';
import { clockMillis, cut, refText, sameRef } from './format.ts';
import { snapshotIcon } from './snapshotGlyph.ts';
import { Measured } from './measured.ts';
import { Inputs, type Stage } from './stage.ts';
import { asNotice } from './notice.ts';
import { changeOf, sourceLink } from './why.ts';
import { t } from './texts.ts';
import { hostText, snapshotSentence } from './words.ts';

const ROW = 22;
const SPARE = 6;
const PAGE = 120;

interface Drawn {
  readonly node: HTMLElement;
  readonly from: string;
}

export class EventList {
  readonly node = el('div', { class: 'eventList', role: 'table', 'aria-label': t('All events') });
  readonly #stage: Stage;
  readonly #scroll = el('div', {
    class: 'eventScroll',
    role: 'rowgroup',
    tabindex: 0,
    'data-key': 'events',
    'aria-label': t('Events'),
  });
  readonly #rows = el('div', { class: 'eventRows', role: 'presentation' });
  readonly #size: Measured;
  readonly #inputs = new Inputs();
  readonly #places = new Inputs();
  #page: { readonly rows: readonly EventRow[]; readonly offset: number; readonly total: number } = {
    rows: [],
    offset: 0,
    total: 0,
  };
  #asked = '';
  /** How far it is scrolled down. */
  #top = 0;
  /** Rows in the page by their seq, with what they were drawn from: a row that says the same stays as it is. */
  #drawn = new Map<number, Drawn>();

  constructor(stage: Stage) {
    this.#stage = stage;
    const heads = [t('time'), t('event'), t('entity'), t('change'), t('subject'), t('source')];
    const head = heads.map((text) => el('div', { role: 'columnheader' }, text));
    this.#scroll.append(this.#rows);
    this.node.append(
      el('div', { role: 'rowgroup' }, el('div', { class: 'eventHead', role: 'row' }, head)),
      this.#scroll,
    );
    this.#scroll.addEventListener('keydown', (event) => this.#key(event));
    this.#size = new Measured(this.#scroll, () => stage.store.redraw());
    this.#scroll.addEventListener(
      'scroll',
      () => {
        this.#top = this.#scroll.scrollTop;
        this.#scrolled();
      },
      { passive: true },
    );
  }

  /** To be called when the list was put back into the page, which makes it forget how far it was scrolled. */
  shown(): void {
    this.#top = 0;
    this.#places.forget();
    this.#inputs.forget();
  }

  render(): void {
    const { store } = this.#stage;
    const { cursor, overview, focus } = store.data;
    if (!cursor || !overview) return;
    if (this.#places.changed(cursor.seq, store.version, this.#size.height)) {
      const known = this.#page.rows.some((row) => row.seq === cursor.seq);
      if (known && this.#asked.startsWith(`${store.version} `)) this.#reveal();
      else this.#ask({ offset: 0, limit: PAGE, around: cursor.seq }, () => this.#reveal());
    }
    if (this.#inputs.changed(this.#page, cursor, focus, overview.colours)) this.#draw();
  }

  #ask(args: { offset: number; limit: number; around?: number }, then?: () => void): void {
    const { store } = this.#stage;
    const key = `${store.version} ${JSON.stringify(args)}`;
    if (key === this.#asked) return;
    this.#asked = key;
    store.host.request('semantic/events', args).then(
      (page) => {
        if (key !== this.#asked) return;
        this.#page = page;
        this.render();
        then?.();
      },
      (error: unknown) => store.tell(asNotice(error)),
    );
  }

  #reveal(): void {
    const at = this.#page.rows.findIndex((row) => row.seq === this.#stage.store.data.cursor?.seq);
    if (at < 0) return;
    const top = (this.#page.offset + at) * ROW;
    const { height } = this.#size;
    if (top < this.#top || top + ROW > this.#top + height) {
      this.#top = Math.max(0, top - height * 0.6);
      this.#rows.style.setProperty('height', `${this.#page.total * ROW}px`);
      this.#scroll.scrollTop = this.#top;
    }
    this.#draw();
  }

  #scrolled(): void {
    const first = Math.floor(this.#top / ROW);
    const shown = Math.ceil(this.#size.height / ROW);
    const { offset, rows, total } = this.#page;
    if (first < offset || Math.min(first + shown, total) > offset + rows.length)
      this.#ask({ offset: Math.max(0, Math.min(total, first + shown / 2) - PAGE / 2) | 0, limit: PAGE });
    this.#draw();
  }

  #draw(): void {
    const { rows, offset, total } = this.#page;
    this.#rows.style.setProperty('height', `${total * ROW}px`);
    this.node.setAttribute('aria-rowcount', String(total));
    const first = Math.max(0, Math.floor(this.#top / ROW) - SPARE - offset);
    const end = first + Math.ceil(this.#size.height / ROW) + 2 * SPARE;
    const before = this.#drawn;
    this.#drawn = new Map();
    const nodes = rows.slice(first, end).map((row, at) => this.#kept(row, offset + first + at, before));
    nodes.forEach((node, at) => {
      const there = this.#rows.children[at];
      if (there !== node) this.#rows.insertBefore(node, there ?? null);
    });
    while (this.#rows.children.length > nodes.length) this.#rows.lastElementChild?.remove();
  }

  #kept(row: EventRow, place: number, before: ReadonlyMap<number, Drawn>): HTMLElement {
    const { cursor, focus, overview } = this.#stage.store.data;
    const seen = cursor ? Math.sign(row.seq - cursor.seq) : 0;
    const touches = sameRef(row.ref, focus) || sameRef(row.subject, focus);
    const from = JSON.stringify([place, seen, touches, overview?.colours, row]);
    const known = before.get(row.seq);
    const one = known?.from === from ? known : { node: this.#row(row, place), from };
    this.#drawn.set(row.seq, one);
    return one.node;
  }

  /** The list is one stop of the keyboard: what its rows hold is reached by their keys. */
  #source({ source }: EventRow): HTMLElement | undefined {
    const link = sourceLink(this.#stage.store, source);
    link?.setAttribute('tabindex', '-1');
    return link;
  }

  /** Up and down are the events before and after; Enter focuses the entity of the current one, with Shift it opens its line. */
  #key(event: KeyboardEvent): void {
    const { store } = this.#stage;
    const { rows } = this.#page;
    const at = rows.findIndex((row) => row.seq === store.data.cursor?.seq);
    const page = Math.max(1, Math.floor(this.#size.height / ROW) - 1);
    const here = rows[at];
    const by: { readonly [key: string]: number } = { ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page };
    const step = by[event.key];
    if (step !== undefined && at >= 0) {
      const to = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
      if (to) store.goto({ seq: to.seq });
    } else if (event.key === 'Enter' && event.shiftKey && here?.source) store.open(here.source);
    else if (event.key === 'Enter' && !event.shiftKey && here?.ref) store.focus(here.ref);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #row(row: EventRow, place: number): HTMLElement {
    const { store } = this.#stage;
    const { cursor, focus, overview } = store.data;
    const current = row.seq === cursor?.seq;
    const cell = (content: Parameters<typeof el>[2], more = {}) => el('div', { role: 'cell', ...more }, content);
    const touches = sameRef(row.ref, focus) || sameRef(row.subject, focus);
    const snapshot = overview?.snapshots.find((mark) => mark.seq === row.seq);
    return el(
      'div',
      {
        role: 'row',
        class: `eventRow${current ? ' current' : ''}${cursor && row.seq > cursor.seq ? ' future' : ''}`,
        style: { top: `${place * ROW}px` },
        'data-key': `row ${row.seq}`,
        'data-seq': row.seq,
        'aria-rowindex': place + 1,
        'aria-current': current ? 'true' : undefined,
        tabindex: -1,
        click: () => store.goto({ seq: row.seq }),
      },
      cell(clockMillis(row.time), { class: 'dim' }),
      row.kind === 'event'
        ? [
            cell([
              row.breaks?.length ? el('span', { class: 'law', title: cut(row.breaks.join(', ')) }, '⚠ ') : undefined,
              row.likely === true && [el('span', { class: 'warn' }, t('likely')), ' '],
              name(cut(row.type ?? '')),
            ]),
            cell(row.ref && el(touches ? 'b' : 'span', {}, name(refText(row.ref)))),
            cell(
              row.observed === 'between-snapshots' && row.before === undefined && row.after === undefined
                ? name(cut(row.text, 100))
                : changeOf(store, row, false),
            ),
            cell(row.subject && name(refText(row.subject)), { class: 'dim' }),
            cell(this.#source(row)),
          ]
        : cell(
            [
              snapshot && snapshotIcon(snapshot),
              el(
                'span',
                { class: row.kind === 'gap' ? 'warn' : 'dim' },
                name(cut(snapshot ? snapshotSentence(snapshot) : hostText(row.text), 160)),
              ),
            ],
            { class: 'wide' },
          ),
    );
  }
}

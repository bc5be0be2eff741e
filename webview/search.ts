// The search field with its answers: `Order 1042`, `state:paid`, `type:Payment`, `10:31`, or the query form. Answers are as of
// the cursor, broken laws first; the host finds them.
import { isState, stateChip } from './colours.ts';
import type { SearchHit } from './contract.ts';
import { el, name, parts, replace } from './elements.ts';
import { cut } from './format.ts';
import { icon } from './icons.ts';
import { asNotice } from './notice.ts';
import { Inputs, type Stage } from './stage.ts';
import { t } from './texts.ts';

const MOST = 40;

export class Search {
  readonly node = el('div', { class: 'search', role: 'search' });
  readonly #stage: Stage;
  readonly #input = el('input', {
    type: 'text',
    role: 'combobox',
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-label': t('Search entities, states and times'),
    'aria-expanded': 'false',
    'aria-controls': 'answers',
    'aria-autocomplete': 'list',
    'data-key': 'search',
  });
  readonly #list = el('div', {
    class: 'popup answers',
    role: 'listbox',
    id: 'answers',
    'aria-label': t('Found'),
    hidden: true,
  });
  readonly #inputs = new Inputs();
  #hits: readonly SearchHit[] = [];
  #problem: string | undefined;
  #chosen = 0;
  #turn = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.node.append(icon('search', 14), this.#input, el('kbd', { 'aria-hidden': 'true' }, '/'), this.#list);
    this.#input.addEventListener('input', () => this.#ask());
    this.#input.addEventListener('focus', () => this.#ask());
    this.#input.addEventListener('blur', () => this.#close());
    this.#input.addEventListener('keydown', (event) => this.#key(event));
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  render(): void {
    const { shape } = this.#stage.store;
    if (!this.#inputs.changed(shape)) return;
    this.#input.placeholder =
      shape === 'sidebar' ? 'Order 1042, state:paid' : t('Search: Order 1042, state:paid, 10:31');
  }

  #ask(): void {
    const query = this.#input.value.trim();
    const turn = ++this.#turn;
    if (query === '') return this.#close();
    this.#stage.store.host.request('semantic/search', { query, limit: MOST }).then(
      ({ hits, problem }) => {
        if (turn !== this.#turn) return;
        [this.#hits, this.#problem, this.#chosen] = [hits, problem, 0];
        this.#show();
      },
      (error: unknown) => {
        if (turn !== this.#turn) return;
        [this.#hits, this.#problem, this.#chosen] = [[], asNotice(error).text, 0];
        this.#show();
      },
    );
  }

  #show(): void {
    const colours = this.#stage.store.data.overview?.colours ?? {};
    replace(
      this.#list,
      this.#hits.map((hit, at) =>
        el(
          'div',
          {
            role: 'option',
            id: `answer${at}`,
            'aria-selected': String(at === this.#chosen),
            pointerdown: (event: Event) => {
              event.preventDefault();
              this.#take(hit);
            },
          },
          el('span', { class: 'shrinks' }, name(cut(hit.text, 80))),
          isState(colours, hit.detail)
            ? stateChip(colours, hit.detail)
            : el('span', { class: 'dim shrinks' }, name(cut(hit.detail, 80))),
          hit.broken === true && el('span', { class: 'law right', title: t('a law is broken') }, '⚠'),
        ),
      ),
      this.#hits.length === 0 &&
        el(
          'div',
          { class: 'none', role: 'option', 'aria-selected': 'false', 'aria-disabled': 'true' },
          this.#problem === undefined
            ? [
                el(
                  'div',
                  { class: 'nothing' },
                  parts('Nothing matches {0} at the cursor.', name(cut(this.#input.value.trim(), 60))),
                ),
                el(
                  'div',
                  { class: 'small' },
                  t('Search for an id, a type, an event, or: Order 1042, state:paid, type:Payment, 10:31'),
                ),
              ]
            : el('div', { class: 'nothing' }, name(cut(this.#problem, 200))),
        ),
    );
    this.#list.hidden = false;
    if (this.#hits.length === 0) this.#stage.announce(this.#list.textContent ?? '');
    this.#input.setAttribute('aria-expanded', 'true');
    if (this.#hits.length) this.#input.setAttribute('aria-activedescendant', `answer${this.#chosen}`);
    this.#list.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }

  #close(): void {
    this.#turn++;
    this.#list.hidden = true;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }

  #take(hit: SearchHit): void {
    const { store } = this.#stage;
    if (hit.kind === 'state' && hit.seq === undefined) {
      this.#input.value = hit.text.startsWith('state:') ? hit.text : `state:${hit.text}`;
      return this.#ask();
    }
    if (hit.kind === 'type')
      store.choose({ types: [hit.ref?.entity ?? hit.text.replace(/^type:/, '')], scope: 'all', view: 'timeline' });
    else if (hit.kind === 'entity' && hit.ref) store.focus(hit.ref);
    if (hit.seq !== undefined) store.goto({ seq: hit.seq });
    this.#leave();
  }

  #leave(): void {
    this.#input.value = '';
    this.#close();
    this.#input.blur();
    document.querySelector<HTMLElement>('[data-key=lanes]')?.focus();
  }

  #key(event: KeyboardEvent): void {
    // Single keys are letters in here, not commands.
    event.stopPropagation();
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0 && this.#hits.length > 0) {
      event.preventDefault();
      this.#chosen = (this.#chosen + by + this.#hits.length) % this.#hits.length;
      this.#show();
    } else if (event.key === 'Enter') {
      const hit = this.#hits[this.#chosen];
      if (hit && !this.#list.hidden) this.#take(hit);
    } else if (event.key === 'Escape') this.#leave();
  }
}

// The keyboard of the panel as a table to look at: opened and closed by `?`, over whatever is shown.
import { el } from './elements.ts';
import { iconButton } from './icons.ts';
import { t } from './texts.ts';

export class KeyHelp {
  readonly node = el('div', { class: 'keyHelp', role: 'dialog', 'aria-modal': 'false', hidden: true });
  /** Where the keyboard was before: it goes back there. */
  #before: Element | null = null;

  get open(): boolean {
    return !this.node.hidden;
  }

  toggle(): void {
    if (this.open) return this.close();
    this.#before = document.activeElement;
    const close = iconButton('close', t('Close'), 'Esc', () => this.close());
    const head = el('div', { class: 'keyHelpHead' }, el('h2', {}, t('Keys')), close);
    this.node.setAttribute('aria-label', t('Keys'));
    this.node.replaceChildren(head, el('table', { class: 'pairs' }, el('tbody', {}, ...rows())));
    this.node.hidden = false;
    close.focus();
  }

  close(): void {
    if (!this.open) return;
    this.node.hidden = true;
    this.node.replaceChildren();
    if (this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true });
  }
}

function rows(): HTMLElement[] {
  const keys: readonly (readonly [readonly string[], string])[] = [
    [['←', '→'], t('previous, next event')],
    [['Alt ←', 'Alt →'], t('previous, next event of the focus')],
    [['[', ']'], t('previous, next snapshot')],
    [['Home', 'End'], t('first event, live')],
    [['↑', '↓', 'Enter'], t('move between entities, focus one')],
    [['⇧ Enter'], t('open the line of the event, in the list')],
    [['/'], t('search')],
    [['t', 'g', 's', 'd'], t('timeline, graph, states, diff')],
    [['z', '+', '-'], t('zoom to the steps of the answer, in, out')],
    [['o'], t('axis: clock or order of events')],
    [['a'], t('around the focus, or all entities')],
    [['f', 'c'], t('filter, take a snapshot')],
    [['e'], t('export and share')],
    [['?'], t('this help')],
  ];
  return keys.map(([all, text]) =>
    el(
      'tr',
      {},
      el(
        'th',
        { scope: 'row' },
        all.flatMap((key) => [el('kbd', {}, key), ' ']),
      ),
      el('td', {}, text),
    ),
  );
}

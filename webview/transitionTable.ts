// The transitions of a type as a table: what is broken first, then by how often they were seen.
import { stateChip } from './colours.ts';
import type { StatesPage } from './contract.ts';
import { el, name, type Child } from './elements.ts';
import { count, cut } from './format.ts';
import type { PanelStore } from './store.ts';
import { sourceLink } from './why.ts';
import { t } from './texts.ts';

export function transitionTable(store: PanelStore, page: StatesPage): HTMLElement {
  const colours = store.data.overview?.colours ?? {};
  const side = (state: string | undefined, none: string): Child =>
    state === undefined
      ? el('span', { class: 'dim' }, none)
      : state === '*'
        ? el('span', { class: 'dim' }, t('any'))
        : stateChip(colours, state);
  const rows = [...page.transitions].sort((a, b) => Number(b.undeclared) - Number(a.undeclared) || b.count - a.count);
  if (rows.length === 0) return el('p', { class: 'padded dim' }, t('No transitions are declared, and none were seen.'));
  return el(
    'table',
    { class: 'grid' },
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        el('th', { scope: 'col' }, t('transition')),
        el('th', { scope: 'col', class: 'amount' }, t('seen')),
        el('th', { scope: 'col' }, t('evidence')),
      ),
    ),
    el(
      'tbody',
      {},
      rows.map((row) =>
        el(
          'tr',
          {},
          el(
            'td',
            { title: row.type === undefined ? undefined : cut(row.type, 100) },
            side(row.from, t('new')),
            ' → ',
            side(row.to, t('gone')),
          ),
          el('td', { class: 'amount' }, row.count > 0 ? count(row.count) : '–'),
          el(
            'td',
            {},
            row.undeclared
              ? el('span', { class: 'law' }, `⚠ ${t('undeclared')}`)
              : row.count > 0
                ? row.status === 'observed'
                  ? t('several steps at once')
                  : t('confirmed')
                : el('span', { class: 'dim never' }, t('declared only')),
            row.type !== undefined && el('span', { class: 'dim' }, ' ', name(cut(row.type, 40))),
            row.source && ['  ', sourceLink(store, row.source)],
          ),
        ),
      ),
    ),
  );
}

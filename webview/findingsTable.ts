// What stands out: the way in for whoever has no order number.
import { stateChip } from './colours.ts';
import { el, name } from './elements.ts';
import { count, cut, factorText, refKey, shortDuration } from './format.ts';
import type { PanelStore } from './store.ts';
import { list, t } from './texts.ts';

export function findingsSection(store: PanelStore): HTMLElement {
  const { findings, overview } = store.data;
  const head = el(
    'div',
    { class: 'detailsHead' },
    el('h2', {}, t('What stands out')),
    findings &&
      el('span', { class: 'dim small right' }, t('{0} of {1}', count(findings.rows.length), count(findings.of))),
  );
  if (!findings) return el('div', { class: 'fills' }, head, el('div', { class: 'padded dim' }, t('Looking…')));
  const colours = overview?.colours ?? {};
  const partly =
    findings.seen < findings.of && t('Stays were compared for the first {0} entities.', count(findings.seen));
  const note = findings.rows.length
    ? t(
        'Ranked by law broken, then time in state against the median of that state. Enter opens the story of an entity.',
      )
    : t(
        'No law is broken, no transition undeclared, no stay far above the median. Search for an entity, or click a lane.',
      );
  return el(
    'div',
    { class: 'fills' },
    head,
    el(
      'div',
      {
        class: 'scroll ruled',
        tabindex: 0,
        role: 'region',
        'aria-label': t('What stands out'),
        'data-key': 'findings',
      },
      findings.rows.length > 0 &&
        el(
          'table',
          { class: 'grid findings' },
          el(
            'thead',
            {},
            el(
              'tr',
              {},
              [t('entity'), t('stuck in'), t('for, × median'), t('law')].map((text) =>
                el('th', { scope: 'col' }, text),
              ),
            ),
          ),
          el(
            'tbody',
            {},
            findings.rows.map((row) =>
              el(
                'tr',
                { class: 'clickable', click: () => store.focus(row.ref) },
                el(
                  'td',
                  {},
                  el(
                    'button',
                    { type: 'button', class: 'plain', 'data-key': `finding ${refKey(row.ref)}` },
                    el('span', { class: 'dim' }, `${cut(row.ref.entity, 24)} `),
                    el('b', {}, name(cut(String(row.ref.id), 24))),
                  ),
                ),
                el('td', {}, row.state === undefined ? '' : stateChip(colours, row.state)),
                el(
                  'td',
                  {},
                  list([
                    row.stay !== undefined && shortDuration(row.stay),
                    row.factor !== undefined && `${factorText(row.factor)}×`,
                  ]),
                ),
                el(
                  'td',
                  { title: list(row.laws).slice(0, 300) || undefined },
                  row.laws.length > 0 && el('span', { class: 'law' }, `⚠ ${cut(row.laws.join(' '), 24)}`),
                  row.laws.length === 0 && row.undeclared && el('span', { class: 'law' }, `⚠ ${t('undeclared')}`),
                ),
              ),
            ),
          ),
        ),
      el('div', { class: 'padded small dim' }, note, partly && el('div', {}, partly)),
    ),
  );
}

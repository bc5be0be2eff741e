// What hovering over an event says: as much as the panel knows of it.
import type { EventRow, Lane, Mark } from './contract.ts';
import { el, name, parts } from './elements.ts';
import { changeText, clockMillis, cut, refText } from './format.ts';
import type { PanelStore } from './store.ts';
import { t } from './texts.ts';
import { hostText } from './words.ts';

/** The row of an event, where one of the lists on the screen has it. */
function rowOf(store: PanelStore, seq: number): EventRow | undefined {
  const { details, focusEvents } = store.data;
  return [...(details?.steps ?? []), ...(focusEvents?.rows ?? [])].find((row) => row.seq === seq);
}

export function eventText(store: PanelStore, lane: Lane, mark: Mark): HTMLElement[] {
  const row = rowOf(store, mark.seq);
  const lines = [
    el(
      'div',
      {},
      el('b', {}, name(cut(row?.type ?? refText(lane.ref)))),
      el('span', { class: 'dim' }, `  ${clockMillis(mark.time)}`),
    ),
    el(
      'div',
      {},
      parts('{0}: {1}', name(refText(lane.ref)), name(cut(hostText(row ? changeText(row) : mark.text), 120))),
    ),
  ];
  if (row?.subject) lines.push(el('div', { class: 'dim' }, parts('by {0}', name(refText(row.subject)))));
  if (row?.observed === 'between-snapshots')
    lines.push(el('div', { class: 'warn' }, t('seen between snapshots: order and cause not observed')));
  if (mark.undeclared) lines.push(el('div', { class: 'law' }, `⚠ ${t('undeclared transition')}`));
  for (const law of row?.breaks ?? []) lines.push(el('div', { class: 'law' }, `⚠ ${t('breaks {0}', cut(law))}`));
  return lines;
}

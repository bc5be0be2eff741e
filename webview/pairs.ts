// Names with their values as a table of two columns.
import { el, type Child } from './elements.ts';

export type Pair = readonly [Child, Child];

export function pairs(rows: readonly (Pair | undefined | false)[]): HTMLElement {
  return el(
    'table',
    { class: 'pairs' },
    el(
      'tbody',
      {},
      rows.map((row) => row && el('tr', {}, el('th', { scope: 'row' }, row[0]), el('td', {}, row[1]))),
    ),
  );
}

export function empty(text: string): HTMLElement {
  return el('div', { class: 'padded dim' }, text);
}

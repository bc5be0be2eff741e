// The line at the bottom: what failed and what to do about it, or what was done. It goes when it is dismissed.
import { el } from './elements.ts';
import { cut } from './format.ts';
import { iconButton } from './icons.ts';
import type { PanelStore } from './store.ts';
import { t } from './texts.ts';

export function noticeBar(store: PanelStore): HTMLElement | undefined {
  const { notice } = store;
  if (!notice) return undefined;
  return el(
    'div',
    { class: 'notice', role: notice.code === undefined ? 'status' : 'alert' },
    el(
      'span',
      { class: 'wraps' },
      cut(notice.text, 300),
      notice.action === undefined ? '' : ` ${cut(notice.action, 300)}`,
    ),
    notice.code !== undefined && el('span', { class: 'dim small' }, cut(notice.code)),
    notice.code === 'no-headroom' &&
      el(
        'button',
        { type: 'button', class: 'button secondary', 'data-key': 'force', click: () => store.takeSnapshot(true) },
        t('Take it anyway'),
      ),
    iconButton('close', t('Dismiss'), 'Esc', () => store.tell(undefined)),
  );
}

// The event of the focus at the cursor: what, when, by whom, where in the source, and how sure that is.
import type { Details } from './contract.ts';
import { el, name, type Child } from './elements.ts';
import { clock, clockMillis, cut, fullTime } from './format.ts';
import { empty, pairs } from './pairs.ts';
import type { PanelStore } from './store.ts';
import { t } from './texts.ts';
import { cursorText } from './words.ts';
import { changeOf, refLink, sourceLink } from './why.ts';

export function eventSection(store: PanelStore, details: Details): Child {
  const { event } = details;
  if (!event) {
    const { cursor } = store.data;
    return empty(
      cursor
        ? t(
            '{0}: {1}. No event of this entity.',
            clockMillis(cursor.time),
            cut(cursorText(cursor, store.data.overview), 200),
          )
        : t('No event at the cursor.'),
    );
  }
  const unseen = event.observed === 'between-snapshots';
  return [
    pairs([
      [
        t('event'),
        [
          el('b', {}, name(cut(event.type ?? t('change')))),
          event.likely === true && [' ', el('span', { class: 'warn' }, t('likely'))],
          el('span', { class: 'dim' }, `  #${event.seq}`),
        ],
      ],
      [
        t('time'),
        el(
          'span',
          { title: fullTime(event.time) },
          unseen && event.since !== undefined
            ? t('{0} to {1}', clock(event.since), clock(event.time))
            : clockMillis(event.time),
        ),
      ],
      event.subject && [t('subject'), refLink(store, event.subject)],
      event.ref && [t('object'), refLink(store, event.ref)],
      [t('change'), changeOf(store, event)],
      event.source && [t('source'), sourceLink(store, event.source)],
      [
        t('evidence'),
        unseen ? el('span', { class: 'warn' }, t('between snapshots: order and cause not observed')) : t('recorded'),
      ],
      event.breaks?.length
        ? [t('breaks'), el('span', { class: 'law' }, `⚠ ${cut(event.breaks.join(', '), 120)}`)]
        : undefined,
    ]),
    event.stack.length > 0 &&
      el(
        'div',
        { class: 'stack', 'aria-label': t('Call stack') },
        event.stack.map((frame) =>
          el(
            'div',
            frame.source ? {} : { class: 'dim' },
            el('span', { class: 'shrinks' }, name(cut(frame.name))),
            sourceLink(store, frame.source),
          ),
        ),
      ),
  ];
}

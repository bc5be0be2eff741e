// The event of the focus at the cursor: what, when, by whom, where in the source, and how sure that is.
import type { Details, EventRow } from './contract.ts';
import { el, name, type Child } from './elements.ts';
import { clock, clockMillis, cut, fullTime, refText } from './format.ts';
import { empty, pairs } from './pairs.ts';
import type { PanelStore } from './store.ts';
import { list, t } from './texts.ts';
import { cursorText, recordingText } from './words.ts';
import { changeOf, refLink, sourceLink } from './why.ts';

function several({ data }: PanelStore): boolean {
  return (data.overview?.targets.length ?? 0) > 1;
}

/** An event of another entity in the same trace, as a way to it. */
function traced(store: PanelStore, row: EventRow): Child {
  return [
    el(
      'button',
      {
        type: 'button',
        class: 'link',
        title: t('in the same trace'),
        click: () => store.goto({ seq: row.seq }),
      },
      name(cut(row.ref ? refText(row.ref) : (row.type ?? t('change')))),
    ),
    ' ',
    changeOf(store, row),
    several(store) && row.target !== undefined && el('span', { class: 'dim' }, ' ', name(cut(row.target, 40))),
  ];
}

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
        unseen
          ? el('span', { class: 'warn' }, t('between snapshots: order and cause not observed'))
          : list([t('recorded'), event.method && recordingText(event.method)]),
      ],
      event.thread !== undefined && [t('thread'), name(cut(event.thread))],
      several(store) && event.target !== undefined && [t('service'), name(cut(event.target))],
      event.trace && [t('trace'), el('span', { class: 'mono' }, cut(event.trace.traceId, 40))],
      event.cause && [t('caused by'), traced(store, event.cause)],
      event.effects.length > 0 && [t('led to'), event.effects.map((one) => el('div', {}, traced(store, one)))],
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

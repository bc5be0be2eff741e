// The names beside the lanes: which entity, its state at the cursor, why it is here.
import type { LaneRow } from './lanePicture.ts';
import { swatch } from './colours.ts';
import { el, name } from './elements.ts';
import { count, cut, refKey, refText } from './format.ts';
import type { Stage } from './stage.ts';
import { plural, t } from './texts.ts';

export function gutterRow({ store }: Stage, { lane, y, height, focused }: LaneRow): HTMLElement {
  const { overview, focusEvents } = store.data;
  const text = lane.ghost ? cut(lane.ref.entity) : refText(lane.ref);
  const state = lane.ghost ? t('none') : (lane.state ?? (lane.present ? '' : t('not yet')));
  const events = focusEvents?.total ?? 0;
  const why =
    focused && !store.all()
      ? plural(events, 'in focus · {0} event', 'in focus · {0} events', count(events))
      : (lane.because ?? '');
  const now = store.data.cursor?.time ?? 0;
  const law = lane.broken.some(({ from, to }) => from <= now && (to ?? Infinity) >= now);
  const row = el(
    'button',
    {
      type: 'button',
      class: `laneName${lane.ghost ? ' dim' : ''}`,
      'data-key': `lane ${refKey(lane.ref)}`,
      'data-lane': refText(lane.ref),
      title: `${lane.ref.entity} ${lane.ref.id}`.slice(0, 300),
      tabindex: focused ? 0 : -1,
      'aria-disabled': lane.ghost ? 'true' : undefined,
      'aria-current': focused ? 'true' : undefined,
      click: () => lane.ghost || store.focus(lane.ref),
    },
    el(
      'span',
      { class: 'line' },
      el('span', { class: 'shrinks' }, name(text)),
      el(
        'span',
        { class: 'state' },
        law && el('span', { class: 'law', title: t('a law is broken') }, '⚠'),
        lane.state !== undefined && swatch(overview?.colours ?? {}, lane.state),
        el('span', lane.state === undefined ? { class: 'dim shrinks' } : { class: 'shrinks' }, name(cut(state))),
      ),
    ),
    why !== '' && el('span', { class: 'because dim' }, name(cut(why, 80))),
  );
  const style = { height: `${height}px`, top: `${y}px` };
  return el('div', { role: 'listitem', class: `laneRow${focused ? ' current' : ''}`, style }, row);
}

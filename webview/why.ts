// The answer in words: since when, how unusual, by which event and line, what is broken, what may come next, and the steps
// that led here with the numbers they have on the lanes. Nothing is said that was not seen or declared.
import type { Details, EventRow, StepRow } from './contract.ts';
import { isState, stateChip } from './colours.ts';
import { el, listOf, name, parts, type Child } from './elements.ts';
import {
  clock,
  factorText,
  cut,
  duration,
  fullTime,
  refText,
  sameRef,
  sourcePath,
  sourceText,
  changeText,
  sidesOf,
} from './format.ts';
import type { PanelStore } from './store.ts';
import type { SourcePosition } from './contract.ts';
import { t } from './texts.ts';
import { hostText } from './words.ts';

/** From this factor on a stay is called unusual. */
const UNUSUAL = 2;

export function sourceLink(store: PanelStore, source: SourcePosition | undefined): HTMLElement | undefined {
  if (!source) return undefined;
  return el(
    'button',
    {
      type: 'button',
      class: 'link mono',
      title: t('Open {0}', sourcePath(source)).slice(0, 400),
      click: (event: Event) => {
        event.stopPropagation();
        store.open(source);
      },
    },
    sourceText(source),
  );
}

export function refLink(store: PanelStore, ref: NonNullable<EventRow['ref']>): HTMLElement {
  return el('button', { type: 'button', class: 'link', click: () => store.focus(ref) }, name(refText(ref)));
}

export function whySection(store: PanelStore, details: Details): HTMLElement {
  return el(
    'div',
    { class: 'why' },
    lead(store, details),
    ...heldBack(store, details),
    ...details.laws.map((law) =>
      el(
        'div',
        { class: 'lawBlock' },
        el('b', {}, `⚠ ${cut(law.id)} `),
        name(cut(law.message, 300)),
        el('div', { class: 'small dim' }, t('broken since {0}', clock(law.since))),
      ),
    ),
    nextSteps(store, details),
    steps(store, details),
  );
}

function lead(store: PanelStore, details: Details): HTMLElement {
  const { cursor } = store.data;
  if (!details.present) return el('div', { class: 'lead dim' }, t('Not there at the cursor.'));
  const { since, medianStay } = details;
  if (!since)
    return el(
      'div',
      { class: 'lead dim' },
      details.state === undefined ? t('This type has no state.') : t('Since before the recording.'),
    );
  const { event } = since;
  const stay = Math.max(0, (cursor?.time ?? since.time) - since.time);
  const factor = medianStay && !isFinal(store, details) ? stay / medianStay : 0;
  const text = since.unobserved
    ? event?.since === undefined
      ? t('Since {0} or before, not observed', clock(since.time))
      : t('Since some time between {0} and {1}, not observed', clock(event.since), clock(event.time))
    : event?.seq === cursor?.seq && stay === 0
      ? t('Since this event, {0}', clock(since.time))
      : t('Since {0}, for {1}', clock(since.time), duration(stay));
  return el(
    'div',
    {},
    el(
      'div',
      { class: 'lead', title: fullTime(since.time) },
      text,
      factor > UNUSUAL && el('b', { class: 'warn' }, ` · ${t('{0}× the median', factorText(factor))}`),
    ),
    event &&
      el(
        'div',
        { class: 'small dim' },
        parts(
          'by {0}',
          listOf([
            [
              event.likely === true && [likely(t('concluded from the only declared transition that fits')), ' '],
              name(cut(event.type ?? t('change'))),
              ` #${event.seq}`,
            ],
            event.subject && name(refText(event.subject)),
            sourceLink(store, event.source),
          ]),
        ),
      ),
  );
}

function likely(why?: string): HTMLElement {
  return el('span', { class: 'warn', title: why }, t('likely'));
}

function isFinal(store: PanelStore, details: Details): boolean {
  const type = store.data.overview?.types.find((one) => one.entity === details.ref.entity);
  return type?.states.some((one) => one.state === details.state && one.final) ?? false;
}

/** What the code declares may follow, and is not known to be held back. */
function nextSteps(store: PanelStore, details: Details): HTMLElement | undefined {
  const free = details.next.filter((one) => !isHeld(one));
  if (free.length === 0 || !details.present) return undefined;
  return el(
    'div',
    { class: 'next small' },
    el('div', { class: 'dim' }, t('May go on to, as declared')),
    ...free
      .slice(0, 6)
      .map((one) =>
        el(
          'div',
          {},
          '→ ',
          stateChip(store.data.overview?.colours ?? {}, one.to),
          one.type !== undefined && el('span', { class: 'dim' }, ' ', parts('by {0}', name(cut(one.type)))),
          one.guard !== undefined &&
            el('span', { class: 'dim' }, ' ', parts('when {0}', el('code', {}, cut(one.guard, 120)))),
          ' ',
          sourceLink(store, one.source),
        ),
      ),
  );
}

/** What stops a declared transition now, in the values that its guard reads: the answer of most who ask why. */
function heldBack(store: PanelStore, details: Details): HTMLElement[] {
  const { state, next } = details;
  const colours = store.data.overview?.colours ?? {};
  return next
    .filter(isHeld)
    .slice(0, 3)
    .map(({ to, guard, source, heldBack: readings }) =>
      el(
        'div',
        { class: 'heldBlock' },
        el(
          'div',
          {},
          el(
            'b',
            {},
            parts('{0} is held back', [
              state !== undefined && [stateChip(colours, state), ' → '],
              stateChip(colours, to),
            ]),
          ),
          ': ',
          readings
            .slice(0, 4)
            .map(({ text, value, ref }, n) => [
              n > 0 && ', ',
              el('code', {}, cut(text, 60)),
              ' = ',
              name(cut(value, 40)),
              !sameRef(ref, details.ref) && [' ', el('span', { class: 'together' }, '(', refLink(store, ref), ')')],
            ]),
        ),
        el('div', { class: 'small dim' }, el('code', {}, cut(guard, 160)), ' ', sourceLink(store, source)),
      ),
    );
}

type Next = Details['next'][number];

function isHeld(one: Next): one is Next & Required<Pick<Next, 'heldBack' | 'guard'>> {
  return one.guard !== undefined && (one.heldBack?.length ?? 0) > 0;
}

function steps(store: PanelStore, details: Details): HTMLElement | undefined {
  if (details.steps.length === 0) return undefined;
  return el(
    'ol',
    { class: 'steps', 'aria-label': t('What led here') },
    details.steps.map((step, at) => stepItem(store, details, step, at)),
  );
}

function stepItem(store: PanelStore, details: Details, step: StepRow, at: number): HTMLElement {
  const current = step.seq === store.data.cursor?.seq;
  return el(
    'li',
    { class: current ? 'current' : '' },
    el(
      'button',
      {
        type: 'button',
        'data-key': `step ${step.seq}`,
        'aria-current': current ? 'step' : undefined,
        title: `${step.type ?? ''} ${step.text}`.trim().slice(0, 300),
        click: () => store.goto({ seq: step.seq }),
      },
      el('span', { class: 'number' }, at + 1),
      el('span', { class: 'dim small' }, clock(step.time)),
      el(
        'span',
        { class: 'shrinks' },
        step.breaks?.length ? el('span', { class: 'law' }, `⚠ ${cut(step.breaks.join(' '), 30)} `) : undefined,
        step.ref && !sameRef(step.ref, details.ref) ? [el('b', {}, name(refText(step.ref))), ' '] : undefined,
        step.likely === true && [likely(), ' '],
        changeOf(store, step),
        step.subject &&
          !sameRef(step.subject, details.ref) &&
          el('span', { class: 'dim' }, ' ', parts('by {0}', name(refText(step.subject)))),
        step.because !== undefined && el('div', { class: 'dim small' }, name(cut(hostText(step.because), 160))),
      ),
    ),
  );
}

/** The change of an event: states with their colours, other changes in words, after the event's type where `named`. */
export function changeOf(store: PanelStore, row: EventRow, named = true): Child {
  const colours = store.data.overview?.colours ?? {};
  const { before, after } = row.before === undefined && row.after === undefined ? sidesOf(changeText(row)) : row;
  const words = changeText(row);
  // Where the words name an attribute, its value only happens to be called like a state.
  const ofState = before === undefined || after === undefined || words === `${before} → ${after}`;
  if (!ofState || (!isState(colours, before) && !isState(colours, after)))
    return [
      named && row.type !== undefined && [name(cut(row.type)), ' '],
      el('span', { class: 'dim' }, name(cut(hostText(words), 120))),
    ];
  const side = (value: string | undefined, none: string): Child =>
    value === undefined
      ? el('span', { class: 'dim' }, none)
      : isState(colours, value)
        ? stateChip(colours, value)
        : name(cut(value, 80));
  return [side(before, t('new')), ' → ', side(after, t('gone'))];
}

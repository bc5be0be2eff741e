// The story of one entity at the cursor as Markdown to paste into a ticket: the answer first, then the steps that led here with their
// lines of code, then its life and its values. Says what the panel says; a value redacted at its source stays redacted.
import { refKey, showRef, toIso, type EntityRef, type Micros } from '../../model/index.ts';
import type { Details, EventRow, StepRow } from '../requests.ts';
import { detailsPage } from '../pages/details.ts';
import { cursorOf, eventRow } from '../pages/describe.ts';
import type { Scene } from '../pages/scene.ts';
import { code, counted, position, prose, table } from './markdown.ts';

/** Events of its life that are written out, the latest ones: a ticket is read by people. */
const MOST_EVENTS = 30;
/** From this factor on a stay is called unusual. */
const UNUSUAL = 2;

/** @param link opens the timeline where the story was written */
export function storyDocument(scene: Scene, ref: EntityRef, link?: string): string {
  const details = detailsPage(scene, { ref });
  const { time, ordinal, of } = cursorOf(scene);
  const targets = scene.store.summary().targets.map(code).join(', ');
  const blocks = [
    title(details),
    answer(details, time),
    ...heldBack(details),
    ...details.laws.map(({ id, message, since }) => `**Broken law** ${code(id)} since ${at(since)}: ${prose(message)}`),
    steps(details),
    life(scene, ref),
    values(details),
    [
      `At ${at(time)}, stop ${ordinal} of ${of}${targets === '' ? '' : `, recorded from ${targets}`}.`,
      ...(link === undefined ? [] : [`[Open this point in the debugger](${link})`]),
    ].join(' '),
  ];
  return `${blocks.filter((block) => block !== undefined).join('\n\n')}\n`;
}

function title({ ref, state, present }: Details): string {
  const where = present ? (state === undefined ? '' : ` is ${code(state)}`) : ' is not there';
  return `## ${prose(showRef(ref))}${where}`;
}

function at(time: Micros): string {
  // Milliseconds are as much as a reader compares.
  return `${toIso(time).slice(0, 23).replace('T', ' ')} UTC`;
}

function span(micros: Micros): string {
  const seconds = micros / 1e6;
  if (seconds < 1) return `${Math.round(micros / 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function answer({ since, medianStay }: Details, now: Micros): string | undefined {
  if (!since) return undefined;
  if (since.unobserved)
    return `In this state since ${at(since.time)} or before; when it came into it was not observed.`;
  const stay = Math.max(0, now - since.time);
  const factor = medianStay ? stay / medianStay : 0;
  const unusual = factor > UNUSUAL ? `, ${factor < 10 ? factor.toFixed(1) : Math.round(factor)} times the median` : '';
  const { event } = since;
  const by = event ? `, by ${eventName(event)}${sourceOf(event)}` : '';
  return `Since ${at(since.time)}, for ${span(stay)}${unusual}${by}.`;
}

function eventName({ type, seq, subject, likely }: EventRow): string {
  const name = `${likely ? 'likely ' : ''}${type === undefined ? 'a change' : code(type)} #${seq}`;
  return subject ? `${name} of ${prose(showRef(subject))}` : name;
}

function sourceOf({ source }: Pick<EventRow, 'source'>): string {
  return source ? ` (${position(source)})` : '';
}

function heldBack({ next, state, ref }: Details): string[] {
  return next.flatMap((one) => {
    if (!one.heldBack || one.guard === undefined) return [];
    const readings = one.heldBack.map(({ text, value, ref: of }) => {
      const other = refKey(of) === refKey(ref) ? '' : ` of ${prose(showRef(of))}`;
      return `${code(text)} is ${code(value)}${other}`;
    });
    const because = readings.length === 0 ? '' : `: ${readings.join(', ')}`;
    return [
      `**Held back** ${code(state ?? '')} → ${code(one.to)}${because}. It needs ${code(one.guard)}${sourceOf(one)}.`,
    ];
  });
}

function steps({ steps: all, ref }: Details): string | undefined {
  if (all.length === 0) return undefined;
  const lines = all.map((step, n) => `${n + 1}. ${at(step.time)} ${stepText(step, ref)}`);
  return `### What led here\n\n${lines.join('\n')}`;
}

function stepText(step: StepRow, ref: EntityRef): string {
  const own = step.ref !== undefined && refKey(step.ref) === refKey(ref);
  const who = step.ref && !own ? `**${prose(showRef(step.ref))}** ` : '';
  const law = step.breaks?.length ? ` breaks ${step.breaks.map(code).join(', ')}` : '';
  const why = step.because === undefined ? '' : ` — ${step.likely ? 'likely: ' : ''}${prose(step.because)}`;
  return `${who}${change(step)}${step.type === undefined ? '' : ` by ${code(step.type)}`}${sourceOf(step)}${law}${why}`;
}

/** The change without the name of its object, which stands beside it. */
function change(row: EventRow): string {
  const start = row.ref ? `${showRef(row.ref)}: ` : '';
  const text = start !== '' && row.text.startsWith(start) ? row.text.slice(start.length) : row.text;
  return prose(text.replaceAll(' -> ', ' → '));
}

function life({ store, seq }: Scene, ref: EntityRef): string | undefined {
  const { total } = store.page({ object: ref }, 0, 0);
  const rows = store
    .page({ object: ref }, Math.max(0, total - 2 * MOST_EVENTS), 2 * MOST_EVENTS)
    .points.filter((point) => point.seq <= seq)
    .slice(-MOST_EVENTS)
    .map(eventRow)
    .map((row) => [
      at(row.time),
      change(row),
      row.type === undefined ? '' : code(row.type),
      row.subject ? prose(showRef(row.subject)) : '',
      row.source ? position(row.source) : '',
    ]);
  const all = table(['time', 'change', 'event', 'by', 'source'], rows);
  if (all === undefined) return undefined;
  const more = rows.length < total ? ` (the last ${rows.length} of ${total})` : '';
  return `### Its ${counted(rows.length, 'event')}${more}\n\n${all}`;
}

function values({ values: all }: Details): string | undefined {
  const rows = all.map(({ name, text, before }) => [
    code(name),
    before === undefined ? code(text) : `${code(before)} → ${code(text)}`,
  ]);
  const shown = table(['value', 'at this point'], rows);
  return shown === undefined ? undefined : `### Values\n\n${shown}`;
}

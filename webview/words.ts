// What the contract says in one word of a fixed few, in the panel's language.
import type { Context, Cursor, Details, EventRow, Overview, SnapshotMark, StatesPage } from './contract.ts';
import { retold, t } from './texts.ts';

export function methodText(method: SnapshotMark['method']): string {
  const words: { readonly [one in SnapshotMark['method']]: string } = {
    heap: t('heap'),
    memory: t('memory'),
    objects: t('objects'),
    checkpoint: t('checkpoint'),
    core: t('core'),
  };
  return words[method];
}

/** By what an event was seen while it happened. */
export function recordingText(method: NonNullable<EventRow['method']>): string {
  const words: { readonly [one in NonNullable<EventRow['method']>]: string } = {
    edit: t('by an edited place'),
    breakpoint: t('by a breakpoint'),
    snapshot: t('by a snapshot'),
  };
  return words[method];
}

export function consistencyText(consistency: SnapshotMark['consistency']): string {
  return { consistent: t('consistent'), broken: t('broken'), unknown: t('unknown') }[consistency];
}

export function statusText(status: StatesPage['states'][number]['status']): string {
  return { confirmed: t('confirmed'), declared: t('declared'), observed: t('observed') }[status];
}

export function dimensionText(dimension: keyof Context): string {
  return { space: t('space'), time: t('time'), subject: t('subject'), device: t('device') }[dimension];
}

/** Where a fact comes from. */
export function evidenceText(by: Details['evidence'][number]['by']): string {
  const words: { readonly [one in Details['evidence'][number]['by']]: string } = {
    declaration: t('declaration'),
    write: t('write'),
    guard: t('guard'),
    table: t('table'),
    schema: t('schema'),
    instance: t('instance'),
    value: t('value'),
    reference: t('reference'),
    event: t('event'),
    law: t('law'),
  };
  return words[by];
}

/** The host's own sentences, as far as their form is known here; names of the program in them stay as they are. */
export function hostText(text: string): string {
  return retold(
    text,
    'by it the state was entered',
    'its own change before',
    'a transition that the program does not declare',
    'in the same request',
    '{0} events were lost',
    '{0} is gone',
    '{0} broke {1}',
    '{0} is {1}, {2} waits for it',
    '{0}: {1}, where few end',
    '{0}: {1} far longer than usual',
    'none yet, created by {0}',
    'none yet',
    'Nothing has been observed yet',
    'Nothing observed: {0}',
    '{0} event lost: {1}',
    '{0} events lost: {1}',
    'created as {0}',
    'created',
    'removed from {0}',
    'removed',
  );
}

export function snapshotSentence(mark: SnapshotMark): string {
  return t(
    'Snapshot {0} ({1}, {2} ms, {3})',
    mark.id,
    methodText(mark.method),
    Math.round(mark.pauseMs),
    consistencyText(mark.consistency),
  );
}

/** Where the cursor stands: a snapshot by its mark, an event by its object and what happened to it. */
export function cursorText(cursor: Cursor, overview: Overview | undefined): string {
  const mark = overview?.snapshots.find((one) => one.seq === cursor.seq);
  if (mark) return snapshotSentence(mark);
  const text = cursor.text.replaceAll(' -> ', ' → ');
  const [, object, change] = /^(.+?): (.+)$/s.exec(text) ?? [];
  if (object === undefined || change === undefined || hostText(text) !== text) return hostText(text);
  return t('{0}: {1}', object, hostText(change));
}

// Laws that what was recorded suggests. They are proposals, in force only once a person has written them into `semstate.json`.
import { mineLaws, type Proposal } from '../laws/index.ts';
import type { EventPoint, WorkspaceFile } from '../model/index.ts';
import type { TimelineStore } from '../timeline/index.ts';
import { EMPTY_MODEL } from './storedSession.ts';

/** States that are looked at, spread over the recording; and events, the latest ones. */
const MOST_SAMPLES = 60;
const MOST_EVENTS = 50_000;

export function proposeLaws(store: TimelineStore, file: Pick<WorkspaceFile, 'laws' | 'rejected'> = {}): Proposal[] {
  const last = store.summary().last?.seq;
  if (last === undefined) return [];
  const count = Math.min(MOST_SAMPLES, last);
  const places = new Set(Array.from({ length: count }, (_, n) => Math.round(((n + 1) / count) * last)));
  const samples = [...places].flatMap((seq) => {
    const point = store.point(seq);
    return point ? [{ time: point.time, state: store.stateAt(seq) }] : [];
  });
  const { total } = store.page({ kinds: ['event'] }, 0, 0);
  const { points } = store.page({ kinds: ['event'] }, Math.max(0, total - MOST_EVENTS), MOST_EVENTS);
  const events = points.filter((point): point is EventPoint => point.kind === 'event');
  return mineLaws({ model: store.model() ?? EMPTY_MODEL, samples, events }, file);
}

// How long entities of a type stay in each state, from the latest of their changes.
import { refKey, showValue, type EventPoint, type Model } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import { stepViolations } from './broken.ts';
import { valueOf } from './describe.ts';
import type { Machine } from './machines.ts';

/** Changes looked at, the latest ones: enough for a median, and no more in a long recording than in a short one. */
const MOST_CHANGES = 2000;
const FEWEST_STAYS = 3;

export interface Stays {
  /** Microseconds; only of states in which at least three stays ended. */
  readonly median: ReadonlyMap<string, number>;
  /** How often each pair of states followed another, `[from, to]` as JSON; creation and removal as null. */
  readonly counts: ReadonlyMap<string, number>;
  /** Those pairs that happened although the program does not declare them. */
  readonly undeclared: ReadonlySet<string>;
}

interface Kept {
  readonly total: number;
  readonly model: Model;
  readonly stays: Stays;
}

const kept = new WeakMap<TimelineStore, Map<string, Kept>>();

/** Of the whole recording: how unusual a stay is does not depend on where the view stands. */
export function staysOf(store: TimelineStore, machine: Machine, model: Model): Stays {
  const known = kept.get(store) ?? new Map<string, Kept>();
  kept.set(store, known);
  const key = JSON.stringify([machine.entity, machine.attribute]);
  const filter = { entity: machine.entity, attribute: machine.attribute, companions: true };
  const { total } = store.page(filter, 0, 0);
  const before = known.get(key);
  if (before?.total === total && before.model === model) return before.stays;
  const { points } = store.page(filter, Math.max(0, total - MOST_CHANGES), MOST_CHANGES);
  const stays = measure(
    points.filter((point) => point.kind === 'event'),
    model,
  );
  known.set(key, { total, model, stays });
  return stays;
}

function measure(changes: readonly EventPoint[], model: Model): Stays {
  const undeclared = new Set<string>();
  const counts = new Map<string, number>();
  const durations = new Map<string, number[]>();
  const entered = new Map<string, EventPoint>();
  for (const event of changes) {
    const [from, to] = [shownEnd(event.preState), shownEnd(event.postState)];
    const step = stepKey(from, to);
    counts.set(step, (counts.get(step) ?? 0) + 1);
    if (stepViolations(event, model).length > 0) undeclared.add(step);
    const key = refKey(event.object);
    const before = entered.get(key);
    if (before && from !== undefined) add(durations, from, event.time - before.time);
    entered.set(key, event);
  }
  const median = new Map<string, number>();
  for (const [state, all] of durations) if (all.length >= FEWEST_STAYS) median.set(state, middle(all));
  return { median, counts, undeclared };
}

export function stepKey(from: string | undefined, to: string | undefined): string {
  return JSON.stringify([from ?? null, to ?? null]);
}

function shownEnd(end: EventPoint['preState'] | EventPoint['postState']): string | undefined {
  const value = valueOf(end);
  return value === undefined ? undefined : showValue(value);
}

function add(durations: Map<string, number[]>, state: string, duration: number): void {
  const known = durations.get(state);
  if (known) known.push(duration);
  else durations.set(state, [duration]);
}

function middle(durations: readonly number[]): number {
  const sorted = [...durations].sort((a, b) => a - b);
  const half = sorted.length >>> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[half - 1] ?? 0) + upper) / 2);
}

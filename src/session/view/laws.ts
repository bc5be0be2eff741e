// Which laws are broken where: in a state as a whole, and newly at a point. Answers are kept for the states just looked at.
import { sameRef, toIso, type EventPoint, type Model, type Point, type Violation } from '../../model/index.ts';
import { checkState, checkStep, LAWS, lawsOf } from '../../laws/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import type { LawFilter } from './contract.ts';

/** `all` and `new`, then each law by its name; before a model is known: those of every service. */
export function lawFilters(model?: Model): readonly LawFilter[] {
  return [
    { law: 'all', title: 'All laws', description: 'Stops wherever any law of the model does not hold.' },
    { law: 'new', title: 'Newly broken laws', description: 'Stops where a law that held before is broken.' },
    ...(model ? lawsOf(model) : LAWS).map(({ id, title }) => ({ law: id, title: id, description: title })),
  ];
}

export function knowsLaw(law: string, model: Model): boolean {
  return lawsOf(model).some(({ id }) => id === law);
}

export interface LawWatch {
  /** What does not hold at a point. Between snapshots the states on the way were not seen: only what an event is known to break. */
  violationsAt(point: Point): readonly Violation[];
  /** Ids of the laws broken at a point; newly: not before it. */
  broken(point: Point, newly: boolean): readonly string[];
}

/** Checking a state costs as much as the state is large: the last few answers are kept. */
const KEPT = 16;

export function createLawWatch(store: TimelineStore, model: () => Model): LawWatch {
  let of: Model | undefined;
  const kept = new Map<number, readonly Violation[]>();

  const inState = ({ seq, time }: Point): readonly Violation[] => {
    if (of !== model()) kept.clear();
    of = model();
    const known = kept.get(seq);
    if (known) return known;
    const found = checkState(store.stateAt(seq), of, time);
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value as number);
    kept.set(seq, found);
    return found;
  };
  /** Of a creation or removal, companions may carry what it breaks. */
  const brokenBy = (event: EventPoint): readonly string[] => {
    const { change } = event;
    if (change?.kind !== 'created' && change?.kind !== 'removed') return event.breaks ?? [];
    const laws = new Set(event.breaks);
    for (let seq = event.seq + 1; ; seq++) {
      const next = store.point(seq);
      if (next?.kind !== 'event' || next.change) return [...laws];
      for (const law of next.breaks ?? []) laws.add(law);
    }
  };
  const ofEvent = (event: EventPoint): readonly Violation[] => {
    const breaks = brokenBy(event);
    if (breaks.length === 0) return [];
    const about = inState(event).filter(({ subjects = [] }) => subjects.some((one) => sameRef(one, event.object)));
    const found = [...checkStep(event, store.stateAt(event.seq - 1), model()), ...about];
    return breaks.flatMap((law) => {
      const told = found.filter((one) => one.law === law);
      return told.length > 0 ? told : [unexplained(law, event, model())];
    });
  };
  const violationsAt = (point: Point): readonly Violation[] => {
    if (point.kind === 'event') return ofEvent(point);
    return point.kind === 'gap' || point.consistency === 'consistent' ? [] : inState(point);
  };
  return {
    violationsAt,
    broken(point, newly) {
      if (point.kind === 'event') return brokenBy(point);
      // Later snapshots break nothing newly: the events before them carry what they found.
      if (newly && store.previous(point.seq, { kinds: ['snapshot'] })) return [];
      return [...new Set(violationsAt(point).map(({ law }) => law))];
    },
  };
}

function unexplained(law: string, event: EventPoint, model: Model): Violation {
  const title = lawsOf(model).find(({ id }) => id === law)?.title ?? law;
  return { law, message: `Does not hold: ${title}`, at: toIso(event.time), subjects: [event.object] };
}

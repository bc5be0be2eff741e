// Which event names which change: said about the same object by the function that makes the change, or by one that lets it be made, after
// the change and before the next one of that field; or said beforehand, where the change follows within the same function.
import type { Happening } from './history.ts';
import type { EmitEntry, TraceEntry, Within } from './trace.ts';

/** By field for what is made, under the empty name otherwise. */
export type EventNames = Map<Happening, Map<string, Set<string>>>;

/** A change that no event has named so far. */
interface Open {
  readonly entry: Happening;
  readonly field: string;
}

interface Said {
  readonly entry: EmitEntry;
  readonly fields: Set<string>;
}

/** What an object has gone through on a path. */
interface Life {
  open: Open[];
  /** Said with no change before that it could be about. */
  waiting: Said | undefined;
  /** Names of the last event and whether anything has changed since: an event that is passed on is said again. */
  last: string | undefined;
}

export function nameByEvents(entries: readonly TraceEntry[], events: EventNames): void {
  const lives = new Map<number, Life>();
  const lifeOf = (id: number): Life => {
    const known = lives.get(id) ?? { open: [], waiting: undefined, last: undefined };
    lives.set(id, known);
    return known;
  };
  const give = ({ entry, field }: Open, names: readonly string[]): void => {
    const byField = events.get(entry) ?? new Map<string, Set<string>>();
    const key = entry.kind === 'create' ? field : '';
    const known = byField.get(key) ?? new Set<string>();
    for (const name of names) known.add(name);
    events.set(entry, byField.set(key, known));
  };

  for (const entry of entries) {
    if (entry.kind === 'emit') {
      const name = entry.names.join();
      const subjects = entry.subjects.filter((id) => lives.get(id)?.last !== name);
      if (subjects.length < entry.subjects.length) continue;
      const best = closest(subjects.map(lifeOf), entry.within);
      const life = best?.life ?? (subjects[0] === undefined ? undefined : lifeOf(subjects[0]));
      if (!life) continue;
      life.last = name;
      life.waiting = best ? undefined : { entry, fields: new Set() };
      for (const change of best?.changes ?? []) give(change, entry.names);
      if (best) life.open = life.open.filter((change) => !best.changes.includes(change));
      continue;
    }
    if (entry.obj === undefined || (entry.kind !== 'remove' && entry.event !== undefined)) continue;
    const life = lifeOf(entry.obj);
    if (entry.kind === 'write' && entry.next !== undefined) lives.set(entry.next, life);
    life.last = undefined;
    for (const change of changesOf(entry)) {
      // What was changed again is no longer what an event says.
      life.open = life.open.filter((other) => other.field !== change.field);
      const { waiting } = life;
      if (waiting && !waiting.fields.has(change.field) && isSaidFor(waiting.entry.within, entry.within)) {
        waiting.fields.add(change.field);
        give(change, waiting.entry.names);
      } else life.open.push(change);
    }
  }
}

function changesOf(entry: Happening): Open[] {
  if (entry.kind === 'write') return [{ entry, field: entry.field }];
  return entry.kind === 'create' ? [...entry.fields.keys()].map((field) => ({ entry, field })) : [{ entry, field: '' }];
}

/** Of the objects that an event may be about, the one with changes nearest to where it is said, and those changes. */
function closest(
  lives: readonly Life[],
  said: Within | undefined,
): { life: Life; changes: readonly Open[]; depth: number } | undefined {
  let best: { life: Life; changes: readonly Open[]; depth: number } | undefined;
  for (const life of lives) {
    for (let run = said; ; run = run.outer) {
      const changes = life.open.filter(({ entry }) => isInside(entry.within, run));
      if (changes.length > 0) {
        const depth = run?.depth ?? 0;
        if (!best || depth > best.depth) best = { life, changes, depth };
        break;
      }
      if (!run) break;
    }
  }
  return best;
}

/** Said in the function that makes the change or one that lets it be made, or by a helper of that function. */
function isSaidFor(said: Within | undefined, change: Within | undefined): boolean {
  return isInside(change, said) || isInside(said, change);
}

function isInside(inner: Within | undefined, outer: Within | undefined): boolean {
  if (!outer) return true;
  for (let run = inner; run && run.depth >= outer.depth; run = run.outer) if (run === outer) return true;
  return false;
}

// The state at any place: from the nearest state that is known (a keyframe, or one asked for lately) along the deltas
// between, forwards or backwards. A step from a known state costs one delta, however long the timeline is.
import { applyChanges, invert, refKey, type Change, type EntityInstance, type EntityRef } from '../model/index.ts';
import type { Database, Row } from './database.ts';
import type { Keyframe, Keyframes } from './keyframes.ts';
import { COLUMNS, deltaOf, FROM, WITH_OBJECT, type Delta } from './pointRows.ts';
import { StateDraft, StateMap } from './stateMap.ts';
import type { Vocabulary } from './vocabulary.ts';

/** States kept for the next step: a cursor, a comparison and a live edge need a few each. */
const MOST_STATES = 12;
/** What reading a keyframe is worth in deltas, so that a near known state is preferred to it. */
const KEYFRAME_COST = 64;

export class States {
  readonly #database: Database;
  readonly #words: Vocabulary;
  readonly #keyframes: Keyframes;
  /** In the order of use, the latest last. */
  readonly #known = new Map<number, StateMap>();
  #beginnings = 0;

  constructor(database: Database, words: Vocabulary, keyframes: Keyframes) {
    this.#database = database;
    this.#words = words;
    this.#keyframes = keyframes;
  }

  /** State after the point `seq`, which is there, or 0 for before all. */
  at(seq: number): StateMap {
    this.#followBeginnings();
    const exact = this.#known.get(seq);
    const state = exact ?? this.#reach(seq);
    this.keep(seq, state);
    return state;
  }

  instance(ref: EntityRef, seq: number): EntityInstance | undefined {
    this.#followBeginnings();
    const key = refKey(ref);
    const known = this.#known.get(seq);
    if (known) return known.get(key);
    const keyframe = this.#keyframes.before(seq);
    const start = keyframe && this.#keyframes.instance(keyframe, key);
    const one = new Map<string, EntityInstance>(start && [[key, start]]);
    for (const { changes } of this.#deltasOf(ref, keyframe?.seq ?? 0, seq)) applyChanges(one, changes);
    return one.get(key);
  }

  keep(seq: number, state: StateMap): void {
    this.#known.delete(seq);
    this.#known.set(seq, state);
    if (this.#known.size <= MOST_STATES) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }

  forget(): void {
    this.#known.clear();
  }

  /** A first state may be added to a point after its state was asked for, also by another process. */
  #followBeginnings(): void {
    const beginnings = this.#keyframes.beginnings();
    if (beginnings !== this.#beginnings) this.#known.clear();
    this.#beginnings = beginnings;
  }

  #reach(seq: number): StateMap {
    const keyframe = this.#keyframes.before(seq);
    const near = this.#nearest(seq, keyframe);
    if (near === undefined) {
      const start = keyframe ? this.#keyframes.state(keyframe) : StateMap.empty;
      return this.#forward(start, keyframe?.seq ?? 0, seq);
    }
    const start = this.#known.get(near) as StateMap;
    return near <= seq ? this.#forward(start, near, seq) : this.#backward(start, near, seq);
  }

  /** The known state from which `seq` is reached more cheaply than from the keyframe. */
  #nearest(seq: number, keyframe: Keyframe | undefined): number | undefined {
    const places = [...this.#known.keys()].sort((a, b) => Math.abs(a - seq) - Math.abs(b - seq));
    const cost = seq - (keyframe?.seq ?? 0) + (keyframe ? KEYFRAME_COST : 0);
    return places.find(
      (place) =>
        Math.abs(place - seq) <= cost && !this.#keyframes.beginsBetween(Math.min(place, seq), Math.max(place, seq)),
    );
  }

  #forward(start: StateMap, from: number, to: number): StateMap {
    const draft = new StateDraft(start);
    for (const { changes } of this.#deltas(from, to)) for (const change of changes) draft.apply(change);
    return draft.finish();
  }

  #backward(start: StateMap, from: number, to: number): StateMap {
    const draft = new StateDraft(start);
    for (const delta of this.#deltas(to, from).reverse()) for (const change of undoOf(delta)) draft.apply(change);
    return draft.finish();
  }

  /** After `from`, up to and including `to`, in order. */
  #deltas(from: number, to: number): Delta[] {
    if (from >= to) return [];
    const sql = `SELECT ${COLUMNS} FROM ${FROM} ${WITH_OBJECT}
      WHERE p.seq > ? AND p.seq <= ? AND p.delta > 0 ORDER BY p.seq`;
    return this.#read(this.#database.all(sql, from, to));
  }

  #deltasOf(ref: EntityRef, from: number, to: number): Delta[] {
    const object = this.#words.findRef(ref);
    const select = (condition: string): string =>
      `SELECT ${COLUMNS} FROM ${FROM} INDEXED BY ${condition} AND p.seq > ? AND p.seq <= ? ORDER BY p.seq`;
    const own =
      object === undefined
        ? []
        : this.#database.all(
            select(`points_object ${WITH_OBJECT} WHERE p.object = ? AND p.stop = 1`),
            object,
            from,
            to,
          );
    const learned = this.#database.all(select(`points_learned ${WITH_OBJECT} WHERE p.delta = 3`), from, to);
    return this.#read([...own, ...learned]).sort((a, b) => a.seq - b.seq);
  }

  #read(rows: readonly Row[]): Delta[] {
    return rows.map((row) => deltaOf(row, this.#words));
  }
}

function undoOf(delta: Delta): readonly Change[] {
  return delta.undo ?? [...delta.changes].reverse().map(invert);
}

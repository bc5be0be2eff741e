// The embedded store: one SQLite file, one writer, any number of readers. Knows nothing of heaps and of who is looking.
import type {
  EntityInstance,
  EntityRef,
  EventPoint,
  Micros,
  Model,
  NewPoint,
  Point,
  SemanticState,
  SnapshotPoint,
} from '../model/index.ts';
import { applyWithUndo, changesOf } from './batch.ts';
import { openDatabase, type Database } from './database.ts';
import { fromText, toText } from './exactJson.ts';
import { SinceKeyframe } from './keyframePolicy.ts';
import { Keyframes } from './keyframes.ts';
import { PointSearch } from './pointSearch.ts';
import { checkPoint, COLUMNS, FROM, insertPoint, pointOf, WITH_OBJECT } from './pointRows.ts';
import { VERSION } from './schema.ts';
import { StateDraft, StateMap } from './stateMap.ts';
import { States } from './states.ts';
import type { PointFilter, PointPage, StoreSummary, TimelineStore } from './store.ts';
import { locked, readOnly, storeFailure, wrongPoint } from './storeFailure.ts';
import { addTotals, saveTotals, totalsOf, type Totals } from './totals.ts';
import { Vocabulary } from './vocabulary.ts';

/** No key of a user's setting: those are kept as JSON text, in quotes. */
const MODEL_KEY = 'model';

/**
 * @throws Failure `store-missing`, `store-foreign`, `store-newer`, `store-older`, `store-locked`, `store-damaged`,
 * `store-unreachable`, `store-full`, `store-needs-node`
 */
export function openTimeline(file: string, options: { readonly readOnly?: boolean } = {}): TimelineStore {
  const database = openDatabase(file, options);
  try {
    return new SqliteStore(database);
  } catch (error) {
    database.close();
    throw storeFailure(error, file);
  }
}

class SqliteStore implements TimelineStore {
  readonly #database: Database;
  readonly #words: Vocabulary;
  readonly #keyframes: Keyframes;
  readonly #states: States;
  readonly #search: PointSearch;
  #latest: number;
  #sinceKeyframe: SinceKeyframe;

  constructor(database: Database) {
    this.#database = database;
    this.#words = new Vocabulary(database);
    this.#keyframes = new Keyframes(database);
    this.#states = new States(database, this.#words, this.#keyframes);
    this.#search = new PointSearch(database, this.#words);
    this.#latest = this.#last();
    this.#sinceKeyframe = new SinceKeyframe(this.#latest - (this.#keyframes.before(this.#latest)?.seq ?? 0));
  }

  get file(): string {
    return this.#database.file;
  }

  get readOnly(): boolean {
    return this.#database.readOnly;
  }

  summary(): StoreSummary {
    return this.#reading(() => {
      const { disorder: _, latest: _l, ...totals } = totalsOf(this.#database);
      const edge = (direction: 'ASC' | 'DESC'): { seq: number; time: Micros } | undefined => {
        const row = this.#database.get(`SELECT seq, time FROM points ORDER BY seq ${direction} LIMIT 1`);
        return row && { seq: Number(row['seq']), time: Number(row['time']) };
      };
      const [first, last] = [edge('ASC'), edge('DESC')];
      const targets = this.#database.all('SELECT name FROM targets ORDER BY name');
      return {
        version: VERSION,
        targets: targets.map((row) => this.#words.nameOf(Number(row['name']))),
        ...(first && { first }),
        ...(last && { last }),
        ...totals,
      };
    });
  }

  saveModel(model: Model): void {
    this.#save(MODEL_KEY, toText(model));
  }

  model(): Model | undefined {
    return this.#reading(() => {
      const text = this.#setting(MODEL_KEY);
      // Only `saveModel` writes there.
      return text === undefined ? undefined : (fromText(text) as Model);
    });
  }

  append(points: readonly NewPoint[], first?: SemanticState): readonly Point[] {
    for (const point of points) checkPoint(point);
    if (first && points.length === 0) throw wrongPoint('a first state needs a point at which it begins');
    return this.#writing(() => {
      const totals = totalsOf(this.#database);
      // The lock file may have been taken away by hand; the order itself may not be given twice.
      if (this.#last() !== this.#latest) throw locked(this.file);
      const draft = new StateDraft(this.#states.at(this.#latest));
      const added: Point[] = [];
      let running = totals;
      for (const point of points) {
        const placed = { ...point, seq: this.#latest + added.length + 1 } as Point;
        running = this.#insert(placed, draft, running);
        added.push(placed);
        if (added.length < points.length || !first) this.#keyframeWhenDue(placed.seq, draft);
      }
      const last = this.#latest + added.length;
      const state = first ? StateMap.from(first) : draft.finish();
      if (first) this.#saveKeyframe(last, state, true);
      if (running !== totals) saveTotals(this.#database, running);
      return { result: added, last, state };
    });
  }

  keyframe(seq: number, state: SemanticState): void {
    this.#writing(() => {
      if (this.#last() !== this.#latest) throw locked(this.file);
      if (seq < 1 || seq > this.#latest) throw wrongPoint(`there is no point ${seq} at which a state could begin`);
      const later = this.#database.get('SELECT seq FROM points WHERE seq > ? AND delta > 0 LIMIT 1', seq);
      if (later) throw wrongPoint(`changes follow point ${seq} already, so no state can begin there`);
      this.#database.run('DELETE FROM keyframes WHERE seq > ?', seq);
      this.#states.forget();
      const begun = StateMap.from(state);
      this.#saveKeyframe(seq, begun, true);
      return { result: undefined, last: this.#latest, state: begun };
    });
  }

  point(seq: number): Point | undefined {
    return this.#reading(() => {
      const row = this.#database.get(`SELECT ${COLUMNS} FROM ${FROM} ${WITH_OBJECT} WHERE p.seq = ?`, seq);
      return row && pointOf(row, this.#words);
    });
  }

  next(seq: number, filter: PointFilter = {}): Point | undefined {
    return this.#reading(() => this.#search.nearest(seq, 'next', filter));
  }

  previous(seq: number, filter: PointFilter = {}): Point | undefined {
    return this.#reading(() => this.#search.nearest(seq, 'previous', filter));
  }

  at(time: Micros): Point | undefined {
    return this.#reading(() => {
      const sql = 'SELECT seq, stop FROM points WHERE time <= ? ORDER BY time DESC, seq DESC LIMIT 1';
      const row = this.#database.get(sql, time);
      if (!row) return undefined;
      return this.#search.nearest(Number(row['seq']) + 1, 'previous', {});
    });
  }

  page(filter: PointFilter, offset: number, limit: number): PointPage {
    return this.#reading(() => this.#search.page(filter, offset, limit));
  }

  snapshots(): readonly SnapshotPoint[] {
    return this.#reading(() => {
      const sql = `SELECT ${COLUMNS} FROM ${FROM} INDEXED BY points_kind ${WITH_OBJECT}
        WHERE p.kind = 1 AND p.kind > 0 ORDER BY p.seq`;
      const points = this.#database.all(sql).map((row) => pointOf(row, this.#words));
      return points.filter((point) => point.kind === 'snapshot');
    });
  }

  life(ref: EntityRef): readonly EventPoint[] {
    return this.#reading(() => {
      const object = this.#words.findRef(ref);
      if (object === undefined) return [];
      const sql = `SELECT ${COLUMNS} FROM ${FROM} INDEXED BY points_object ${WITH_OBJECT} WHERE p.object = ? ORDER BY p.seq`;
      const points = this.#database.all(sql, object).map((row) => pointOf(row, this.#words));
      return points.filter((point) => point.kind === 'event');
    });
  }

  stateAt(seq: number): SemanticState {
    return this.#reading(() => this.#states.at(this.#place(seq)));
  }

  instanceAt(ref: EntityRef, seq: number): EntityInstance | undefined {
    return this.#reading(() => this.#states.instance(ref, this.#place(seq)));
  }

  ordinal(seq: number): number {
    return this.#reading(() => {
      const sql = 'SELECT ordinal FROM points WHERE seq <= ? ORDER BY seq DESC LIMIT 1';
      return Number(this.#database.get(sql, seq)?.['ordinal'] ?? 0);
    });
  }

  setting(key: string): string | undefined {
    return this.#reading(() => {
      const text = this.#setting(toText(key));
      return text === undefined ? undefined : String(fromText(text));
    });
  }

  saveSetting(key: string, value: string): void {
    this.#save(toText(key), toText(value));
  }

  dispose(): void {
    this.#states.forget();
    this.#database.close();
  }

  #insert(point: Point, draft: StateDraft, totals: Totals): Totals {
    const undo = applyWithUndo(draft, changesOf(point));
    const after = addTotals(totals, point);
    const length = insertPoint(this.#database, this.#words, point, after.stops, undo);
    this.#sinceKeyframe.add(length);
    if (point.kind !== 'gap' && point.target !== undefined)
      this.#database.run('INSERT OR IGNORE INTO targets (name) VALUES (?)', this.#words.addName(point.target));
    return after;
  }

  #keyframeWhenDue(seq: number, draft: StateDraft): void {
    if (this.#sinceKeyframe.isDue(() => this.#keyframes.unstored(draft.finish())))
      this.#saveKeyframe(seq, draft.finish(), false);
  }

  #saveKeyframe(seq: number, state: StateMap, origin: boolean): void {
    this.#keyframes.save(seq, state, origin);
    this.#sinceKeyframe = new SinceKeyframe(0);
  }

  #setting(key: string): string | undefined {
    const value = this.#database.get('SELECT value FROM settings WHERE key = ?', key)?.['value'];
    return value === undefined ? undefined : String(value);
  }

  #save(key: string, value: string): void {
    this.#database.transaction(() => {
      this.#database.run(
        'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        ...[key, value],
      );
    });
  }

  #last(): number {
    return Number(this.#database.get('SELECT max(seq) AS seq FROM points')?.['seq'] ?? 0);
  }

  /** The point whose state a place has; places are dense from 1, so it is the place itself between the edges. */
  #place(seq: number): number {
    if (this.#database.readOnly && seq > this.#latest) this.#latest = this.#last();
    return Math.max(0, Math.min(Math.floor(seq), this.#latest));
  }

  /** One transaction; what is remembered follows it, or is forgotten with it. */
  #writing<T>(work: () => { readonly result: T; readonly last: number; readonly state: StateMap }): T {
    if (this.#database.readOnly) throw readOnly(this.file);
    const since = this.#sinceKeyframe.copy();
    try {
      const { result, last, state } = this.#database.transaction(work);
      this.#latest = last;
      this.#states.keep(last, state);
      return result;
    } catch (error) {
      this.#words.forget();
      this.#keyframes.forget();
      this.#sinceKeyframe = since;
      throw storeFailure(error, this.file);
    }
  }

  /** Content that does not read as what was written is damage, told as such. */
  #reading<T>(work: () => T): T {
    try {
      return this.#database.reading(work);
    } catch (error) {
      throw storeFailure(error, this.file);
    }
  }
}

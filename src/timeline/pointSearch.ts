// Finding points: the nearest one that matches, and pages of all that do. Counts are kept and carried on, since a timeline
// only grows: asking again reads no more than what was added.
import type { SQLInputValue } from 'node:sqlite';
import type { Point } from '../model/index.ts';
import type { Database, Row } from './database.ts';
import { pointQuery, type PointQuery } from './pointQuery.ts';
import { COLUMNS, FROM, pointOf, WITH_OBJECT } from './pointRows.ts';
import type { PointFilter, PointPage } from './store.ts';
import { totalsOf } from './totals.ts';
import type { Vocabulary } from './vocabulary.ts';

export type Direction = 'next' | 'previous';

interface Counted {
  readonly upTo: number;
  readonly count: number;
}

/** Filters whose counts are kept; forgotten all at once beyond this. */
const MOST_COUNTS = 500;

export class PointSearch {
  readonly #database: Database;
  readonly #words: Vocabulary;
  readonly #counts = new Map<string, Counted>();

  constructor(database: Database, words: Vocabulary) {
    this.#database = database;
    this.#words = words;
  }

  /** The nearest matching point strictly after or before a place: one look-up in one index. */
  nearest(seq: number, direction: Direction, filter: PointFilter): Point | undefined {
    const query = pointQuery(filter, this.#words, this.#database);
    if (!query) return undefined;
    const found = kinds(query).map((stop) => this.#nearestRow(query, seq, direction, stop));
    const rows = found.filter((row) => row !== undefined);
    rows.sort((a, b) => (Number(a['seq']) - Number(b['seq'])) * (direction === 'next' ? 1 : -1));
    return rows[0] && pointOf(rows[0], this.#words);
  }

  page(filter: PointFilter, offset: number, limit: number): PointPage {
    const query = pointQuery(filter, this.#words, this.#database);
    if (!query) return { points: [], total: 0 };
    const [from, most] = [Math.max(0, Math.floor(offset)), Math.max(0, Math.floor(limit))];
    // Unfiltered, the place in the page is the place in the order: no row before it is touched.
    if (query.everything && query.companions) {
      const total = Number(this.#database.get('SELECT max(seq) AS seq FROM points')?.['seq'] ?? 0);
      return { points: this.#points('WHERE p.seq > ? ORDER BY p.seq LIMIT ?', from, most), total };
    }
    if (query.everything) {
      const points = this.#points('WHERE p.stop = 1 AND p.ordinal > ? ORDER BY p.ordinal LIMIT ?', from, most);
      return { points, total: totalsOf(this.#database).stops };
    }
    const total = this.#count(query);
    const length = Math.min(most, total - from);
    if (length <= 0) return { points: [], total };
    // From the nearer end: the latest of a long life cost as little as the first.
    const back = total - from - length;
    const places = from <= back ? this.#places(query, 'ASC', from, length) : this.#places(query, 'DESC', back, length);
    const points = this.#points(
      'WHERE p.seq IN (SELECT value FROM json_each(?)) ORDER BY p.seq',
      JSON.stringify(places),
    );
    return { points, total };
  }

  #points(sql: string, ...values: SQLInputValue[]): Point[] {
    const rows = this.#database.all(`SELECT ${COLUMNS} FROM ${FROM} ${WITH_OBJECT} ${sql}`, ...values);
    return rows.map((row) => pointOf(row, this.#words));
  }

  #nearestRow(query: PointQuery, seq: number, direction: Direction, stop: 0 | 1): Row | undefined {
    const [compare, order] = direction === 'next' ? ['>', 'ASC'] : ['<', 'DESC'];
    const where = [...query.where, `p.stop = ${stop}`, `p.seq ${compare} ?`].join(' AND ');
    return this.#database.get(
      `SELECT ${COLUMNS} FROM ${FROM} ${query.index} ${WITH_OBJECT} WHERE ${where} ORDER BY p.seq ${order} LIMIT 1`,
      ...query.values,
      seq,
    );
  }

  /** Places of a part of all that match, counted off in the index alone. */
  #places(query: PointQuery, order: 'ASC' | 'DESC', offset: number, length: number): number[] {
    const streams = kinds(query).map((stop) => {
      const where = [...query.where, `p.stop = ${stop}`].join(' AND ');
      return this.#database.all(
        `SELECT p.seq FROM ${FROM} ${query.index} WHERE ${where} ORDER BY p.seq ${order} LIMIT ?`,
        ...query.values,
        offset + length,
      );
    });
    const places = streams.flat().map((row) => Number(row['seq']));
    places.sort((a, b) => (order === 'ASC' ? a - b : b - a));
    return places.slice(offset, offset + length);
  }

  #count(query: PointQuery): number {
    const last = Number(this.#database.get('SELECT max(seq) AS seq FROM points')?.['seq'] ?? 0);
    const key = JSON.stringify([query.where, query.values, query.companions]);
    const known = this.#counts.get(key) ?? { upTo: 0, count: 0 };
    if (known.upTo === last) return known.count;
    let { count } = known;
    for (const stop of kinds(query)) {
      const where = [...query.where, `p.stop = ${stop}`, 'p.seq > ?'].join(' AND ');
      const sql = `SELECT count(*) AS n FROM ${FROM} ${query.index} WHERE ${where}`;
      count += Number(this.#database.get(sql, ...query.values, known.upTo)?.['n']);
    }
    if (this.#counts.size >= MOST_COUNTS) this.#counts.clear();
    this.#counts.set(key, { upTo: last, count });
    return count;
  }
}

/** Every index has stops and companions apart, each in order: two look-ups instead of a sort of all that match. */
function kinds(query: PointQuery): readonly (0 | 1)[] {
  return query.companions ? [1, 0] : [1];
}

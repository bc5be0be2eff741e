// Finding points: the nearest one that matches, and pages of all that do.
import type { SQLInputValue } from 'node:sqlite';
import type { Point } from '../model/index.ts';
import type { Database, Row } from './database.ts';
import { pointQuery, type PointQuery } from './pointQuery.ts';
import { COLUMNS, FROM, pointOf, WITH_OBJECT } from './pointRows.ts';
import type { PointFilter, PointPage } from './store.ts';
import { totalsOf } from './totals.ts';
import type { Vocabulary } from './vocabulary.ts';

export type Direction = 'next' | 'previous';

/** The nearest matching point strictly after or before a place: one look-up in one index. */
export function nearest(
  database: Database,
  words: Vocabulary,
  seq: number,
  direction: Direction,
  filter: PointFilter,
): Point | undefined {
  const query = pointQuery(filter, words, database);
  if (!query) return undefined;
  const found = [nearestRow(database, query, seq, direction, 1)];
  // Every index has stops and companions apart, each in order: two look-ups instead of a sort of all that match.
  if (query.companions) found.push(nearestRow(database, query, seq, direction, 0));
  const rows = found.filter((row) => row !== undefined);
  rows.sort((a, b) => (Number(a['seq']) - Number(b['seq'])) * (direction === 'next' ? 1 : -1));
  return rows[0] && pointOf(rows[0], words);
}

function nearestRow(
  database: Database,
  query: PointQuery,
  seq: number,
  direction: Direction,
  stop: 0 | 1,
): Row | undefined {
  const [compare, order] = direction === 'next' ? ['>', 'ASC'] : ['<', 'DESC'];
  const where = [...query.where, `p.stop = ${stop}`, `p.seq ${compare} ?`].join(' AND ');
  return database.get(
    `SELECT ${COLUMNS} FROM ${FROM} ${query.index} ${WITH_OBJECT} WHERE ${where} ORDER BY p.seq ${order} LIMIT 1`,
    ...query.values,
    seq,
  );
}

export function pageOf(
  database: Database,
  words: Vocabulary,
  filter: PointFilter,
  offset: number,
  limit: number,
): PointPage {
  const query = pointQuery(filter, words, database);
  if (!query) return { points: [], total: 0 };
  const [from, most] = [Math.max(0, Math.floor(offset)), Math.max(0, Math.floor(limit))];
  const points = (sql: string, ...values: SQLInputValue[]): Point[] =>
    database.all(`SELECT ${COLUMNS} FROM ${FROM} ${WITH_OBJECT} ${sql}`, ...values).map((row) => pointOf(row, words));
  // Unfiltered, the place in the page is the place in the order: no row before it is touched.
  if (query.everything && query.companions) {
    const total = Number(database.get('SELECT max(seq) AS seq FROM points')?.['seq'] ?? 0);
    return { points: points('WHERE p.seq > ? ORDER BY p.seq LIMIT ?', from, most), total };
  }
  if (query.everything) {
    const sql = 'WHERE p.stop = 1 AND p.ordinal > ? ORDER BY p.ordinal LIMIT ?';
    return { points: points(sql, from, most), total: totalsOf(database).stops };
  }
  const where = [...query.where, ...(query.companions ? [] : ['p.stop = 1'])].join(' AND ');
  const inIndex = `FROM ${FROM} ${query.index} WHERE ${where}`;
  const total = Number(database.get(`SELECT count(*) AS n ${inIndex}`, ...query.values)?.['n']);
  // The rows before the page are counted off in the index alone; only the page's own are read.
  const places = `SELECT p.seq ${inIndex} ORDER BY p.seq LIMIT ? OFFSET ?`;
  return { points: points(`WHERE p.seq IN (${places}) ORDER BY p.seq`, ...query.values, most, from), total };
}

// Filters as SQL. The index is named, because without statistics SQLite may prefer to walk the whole timeline.
import type { SQLInputValue } from 'node:sqlite';
import type { Database } from './database.ts';
import { kindNumber } from './pointRows.ts';
import type { PointFilter } from './store.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface PointQuery {
  /** `INDEXED BY ...`, or empty: the order of the points themselves. */
  readonly index: string;
  /** Conditions without the one on companions, and the values of their question marks. */
  readonly where: readonly string[];
  readonly values: readonly SQLInputValue[];
  readonly companions: boolean;
  /** No condition but perhaps the one on companions: pages are found by counting. */
  readonly everything: boolean;
}

/** Undefined: nothing can match, since a name in it was never recorded. */
export function pointQuery(filter: PointFilter, words: Vocabulary, database: Database): PointQuery | undefined {
  const where: string[] = [];
  const values: SQLInputValue[] = [];
  /** In rising order of how much they narrow: the last index named is used. */
  const indexes: string[] = [];
  const add = (condition: string, index: string | undefined, ...given: SQLInputValue[]): void => {
    where.push(condition);
    values.push(...given);
    if (index) indexes.push(index);
  };
  const named = (column: string, name: string, index: string | undefined): boolean => {
    const id = words.findName(name);
    if (id === undefined) return false;
    add(`p.${column} = ?`, index, id);
    return true;
  };
  if (filter.from !== undefined || filter.to !== undefined) {
    const span = spanOf(filter.from ?? -Infinity, filter.to ?? Infinity, database);
    if (!span) return undefined;
    add('p.seq BETWEEN ? AND ? AND p.time BETWEEN ? AND ?', undefined, ...span);
  }
  if (filter.kinds) {
    const kinds = [...new Set(filter.kinds)].map(kindNumber);
    if (kinds.length === 0) return undefined;
    // The index leaves events out, which are nearly all points, and says so in its own condition.
    const rare = kinds.every((kind) => kind > 0);
    if (kinds.length < 3)
      add(`p.kind IN (${kinds.join(', ')})${rare ? ' AND p.kind > 0' : ''}`, rare ? 'points_kind' : undefined);
  }
  if (filter.target !== undefined && !named('target', filter.target, 'points_target')) return undefined;
  if (filter.entity !== undefined && !named('entity', filter.entity, 'points_entity')) return undefined;
  if (filter.attribute !== undefined) {
    const index = filter.entity === undefined ? undefined : 'points_attribute';
    if (!named('attribute', filter.attribute, index)) return undefined;
  }
  if (filter.type !== undefined && !named('type', filter.type, 'points_type')) return undefined;
  if (filter.source) {
    if (!named('file', filter.source.file, 'points_file')) return undefined;
    if (filter.source.line !== undefined) add('p.line = ?', 'points_line', filter.source.line);
  }
  if (filter.object) {
    const id = words.findRef(filter.object);
    if (id === undefined) return undefined;
    add('p.object = ?', 'points_object', id);
  }
  const index = indexes.at(-1);
  return {
    index: index ? `INDEXED BY ${index}` : '',
    where,
    values,
    companions: filter.companions === true,
    everything: where.length === 0,
  };
}

/**
 * The points that can lie in a span of time, as a range of the order. Clocks of several targets may disagree, so times
 * may step back by at most `disorder`; within that the caller's condition on the time decides.
 */
function spanOf(from: number, to: number, database: Database): [number, number, number, number] | undefined {
  const disorder = Number(database.get('SELECT disorder FROM totals')?.['disorder']);
  const first = database.get('SELECT time FROM points WHERE time >= ? ORDER BY time LIMIT 1', from)?.['time'];
  const last = database.get('SELECT time FROM points WHERE time <= ? ORDER BY time DESC LIMIT 1', to)?.['time'];
  if (typeof first !== 'number' || typeof last !== 'number' || first > last) return undefined;
  const low = database.get('SELECT min(seq) AS seq FROM points WHERE time BETWEEN ? AND ?', first, first + disorder);
  const high = database.get('SELECT max(seq) AS seq FROM points WHERE time BETWEEN ? AND ?', last - disorder, last);
  return [Number(low?.['seq']), Number(high?.['seq']), from, to];
}

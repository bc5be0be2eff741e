// Fixed places for the entity graph: types as columns ordered by their relations, arcs above on levels that do not cross
// labels, instances below. Pure arithmetic; the same page gives the same picture.
import type { GraphPage } from './contract.ts';

export type Relation = GraphPage['relations'][number];
export type Instance = GraphPage['instances'][number];

export interface Arc {
  readonly relation: Relation;
  readonly from: number;
  readonly to: number;
  /** Places of both ends along the top of their heads, 0 to 1. */
  readonly start: number;
  readonly end: number;
  /** 0 is the lowest. */
  readonly level: number;
}

/** Subjects stand left of their objects; where relations go round in circles, the order of the host decides. */
export function columnsOf(page: GraphPage): string[] {
  const names = page.types.map((type) => type.entity);
  const left = new Set(names);
  const columns: string[] = [];
  while (left.size > 0) {
    const pointed = new Set(
      page.relations.filter((one) => one.subject !== one.object && left.has(one.subject)).map((one) => one.object),
    );
    const free = [...left].filter((one) => !pointed.has(one));
    const related = (one: string) => page.relations.some((r) => r.subject === one || r.object === one);
    // Types without any relation stand last.
    const next = free.find(related) ?? [...left].find(related) ?? free[0] ?? [...left][0];
    if (next === undefined) break;
    columns.push(next);
    left.delete(next);
  }
  return columns;
}

export function arcsOf(page: GraphPage, columns: readonly string[]): Arc[] {
  const spans = page.relations
    .map((relation) => ({ relation, from: columns.indexOf(relation.subject), to: columns.indexOf(relation.object) }))
    .filter(({ from, to }) => from >= 0 && to >= 0 && from !== to)
    .sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from) || a.from - b.from);
  const ends = new Map<number, { key: string; other: number }[]>();
  spans.forEach(({ from, to }, at) => {
    ends.set(from, [...(ends.get(from) ?? []), { key: `${at} from`, other: to }]);
    ends.set(to, [...(ends.get(to) ?? []), { key: `${at} to`, other: from }]);
  });
  const place = (column: number, key: string) => {
    const all = [...(ends.get(column) ?? [])].sort(
      // To the left first; on each side the farther end lies nearer to the middle, so that arcs nest.
      (a, b) => Number(a.other > column) - Number(b.other > column) || b.other - a.other,
    );
    return (all.findIndex((one) => one.key === key) + 1) / (all.length + 1);
  };
  const levels: { from: number; to: number }[][] = [];
  return spans.map(({ relation, from, to }, at) => {
    const start = place(from, `${at} from`);
    const end = place(to, `${at} to`);
    const [low, high] = from < to ? [from + start, to + end] : [to + end, from + start];
    let level = levels.findIndex((row) => row.every((one) => high < one.from || low > one.to));
    if (level < 0) level = levels.push([]) - 1;
    levels[level]?.push({ from: low, to: high });
    return { relation, from, to, start, end, level };
  });
}

/** Relations of a type to itself, for which there is no arc. */
export function loopsOf(page: GraphPage, column: string): Relation[] {
  return page.relations.filter((one) => one.subject === column && one.object === column);
}

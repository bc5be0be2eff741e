// Templates about two or three numbers: one never above another, one the sum or product of others, a parent the sum of its children.
import type { Entity, Relation } from '../../model/index.ts';
import { isDate, linked, magnitudeOf, wordsOf, type Evidence, type Version } from './evidence.ts';
import { againstChance, read, type Proposal } from './proposal.ts';

const FEWEST = 20;
/** Sums that could be right by chance need this many different results. */
const FEWEST_SUMS = 4;
/** Relative difference that rounding explains. */
const CLOSE = 1e-6;

interface Series {
  readonly name: string;
  readonly isDate: boolean;
  readonly values: readonly (number | undefined)[];
}

export function lawsOfNumbers(entity: Entity, evidence: Evidence): Proposal[] {
  const versions = evidence.versions.get(entity.name) ?? [];
  if (versions.length < FEWEST) return [];
  const series = entity.attributes.flatMap(({ name }): Series[] => {
    if (entity.identity?.includes(name)) return [];
    const values = versions.map(({ instance }) => magnitudeOf(instance, name));
    const known = values.filter((value) => value !== undefined);
    if (known.length < FEWEST || new Set(known).size < 2) return [];
    return [{ name, isDate: versions.some(({ instance }) => isDate(instance, name)), values }];
  });
  return [
    ...orderings(entity, series, evidence),
    ...equalities(entity, series, evidence),
    ...evidence.model.relations
      .filter(({ subject, cardinality }) => subject === entity.name && cardinality === '*')
      .flatMap((relation) => sumsOfChildren(entity, relation, series, versions, evidence)),
  ];
}

/** Where a pair drawn at random would often be the other way round, and no pair of one entity ever is. */
function orderings(entity: Entity, series: readonly Series[], evidence: Evidence): Proposal[] {
  return series.flatMap((low) =>
    series.flatMap((high): Proposal[] => {
      if (low === high || low.isDate !== high.isDate || !comparable(low, high)) return [];
      const pairs = low.values.flatMap((value, n) => {
        const other = high.values[n];
        return value === undefined || other === undefined ? [] : [[value, other] as const];
      });
      const different = pairs.filter(([a, b]) => a !== b);
      if (pairs.length < FEWEST || different.length < 5 || different.some(([a, b]) => a > b)) return [];
      const confidence = againstChance(distinct(different), otherWayRound(pairs));
      const [a, b] = [read('self', low.name), read('self', high.name)];
      const sets = low.values.some((value) => value === undefined) || high.values.some((value) => value === undefined);
      return [
        {
          law: {
            id: `${entity.name}.${low.name}-up-to-${high.name}`,
            for: entity.name,
            holds: `${sets ? `${a} == null || ${b} == null || ` : ''}${a} <= ${b}`,
            title: `${low.name} of ${entity.name} is never ${low.isDate ? 'after' : 'above'} ${high.name}.`,
          },
          ...{ template: 'ordering', support: pairs.length, exceptions: 0, since: evidence.since, confidence },
          about: [low.name, high.name],
        },
      ];
    }),
  );
}

/** Times are; amounts are where their names share a word or their ranges lie in each other. */
function comparable(a: Series, b: Series): boolean {
  if (a.isDate) return true;
  const words = wordsOf(b.name);
  return wordsOf(a.name).some((word) => words.includes(word)) || (overlap(a, b) && overlap(b, a));
}

function overlap(a: Series, b: Series): boolean {
  const [low, high] = [Math.max(least(a), least(b)), Math.min(most(a), most(b))];
  return high - low >= 0.2 * (most(a) - least(a));
}

function least({ values }: Series): number {
  return Math.min(...values.filter((value) => value !== undefined));
}
function most({ values }: Series): number {
  return Math.max(...values.filter((value) => value !== undefined));
}

/** The share of pairs of different entities that are not in that order. */
function otherWayRound(pairs: readonly (readonly [number, number])[]): number {
  let above = 0;
  let total = 0;
  const stride = Math.max(1, Math.floor(pairs.length / 64));
  for (let i = 0; i < pairs.length; i += stride)
    for (let j = 0; j < pairs.length; j += stride) {
      if (i === j) continue;
      total++;
      if ((pairs[i]?.[0] ?? 0) > (pairs[j]?.[1] ?? 0)) above++;
    }
  return total === 0 ? 0 : above / total;
}

function distinct(pairs: readonly (readonly [number, number])[]): number {
  return new Set(pairs.map(([a, b]) => `${a} ${b}`)).size;
}

function equalities(entity: Entity, all: readonly Series[], evidence: Evidence): Proposal[] {
  const series = all.filter((each) => !each.isDate);
  const found: Proposal[] = [];
  const say = (sum: Series, a: Series, b: Series, operator: '+' | '*'): void => {
    const rows = sum.values.flatMap((value, n) => {
      const [x, y] = [a.values[n], b.values[n]];
      return value === undefined || x === undefined || y === undefined ? [] : [{ value, x, y }];
    });
    const fits = rows.filter(({ value, x, y }) => same(value, operator === '+' ? x + y : x * y));
    if (rows.length < FEWEST || fits.length < rows.length) return;
    // A term that is always nothing explains nothing.
    const neutral = operator === '+' ? 0 : 1;
    const telling = rows.filter(({ x, y }) => x !== neutral && y !== neutral && x !== 0 && y !== 0);
    if (new Set(telling.map(({ value }) => value)).size < FEWEST_SUMS) return;
    const names = [sum.name, a.name, b.name];
    const right = `${read('self', a.name)} ${operator} ${read('self', b.name)}`;
    found.push({
      law: {
        id: `${entity.name}.${sum.name}-is-${a.name}-${operator === '+' ? 'plus' : 'times'}-${b.name}`,
        for: entity.name,
        holds: equal(
          read('self', sum.name),
          right,
          rows.every(({ value }) => Number.isInteger(value)),
        ),
        title: `${sum.name} of ${entity.name} is ${a.name} ${operator === '+' ? 'plus' : 'times'} ${b.name}.`,
      },
      ...{ template: 'linear', support: rows.length, exceptions: 0, since: evidence.since },
      confidence: againstChance(new Set(telling.map(({ value }) => value)).size, 0.5),
      about: names,
    });
  };
  for (const sum of series)
    for (const [i, a] of series.entries())
      for (const b of series.slice(i)) {
        if (a === sum || b === sum) continue;
        if (a !== b) say(sum, a, b, '+');
        if (a !== b) say(sum, a, b, '*');
      }
  return found;
}

/** `total` of an order is the sum of `price * count` of its lines. */
function sumsOfChildren(
  entity: Entity,
  { predicate, object }: Relation,
  series: readonly Series[],
  versions: readonly Version[],
  evidence: Evidence,
): Proposal[] {
  const child = evidence.model.entities.find(({ name }) => name === object);
  if (!child) return [];
  const names = child.attributes.flatMap(({ name, type }) => (type === 'number' ? [name] : []));
  const terms = [
    ...names.map((name) => [name] as const),
    ...names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const)),
  ];
  const families = versions.flatMap((version, n) => {
    const children = linked(version, predicate);
    return children && children.length > 0 ? [{ n, children }] : [];
  });
  if (families.length < FEWEST / 2) return [];
  return series.flatMap((parent) =>
    terms.flatMap((term): Proposal[] => {
      const sums = families.flatMap(({ n, children }) => {
        const value = parent.values[n];
        const products = children.map((each) => product(term.map((name) => magnitudeOf(each, name))));
        if (value === undefined || products.some((each) => each === undefined)) return [];
        return [
          { value, sum: products.reduce<number>((all, each) => all + (each ?? 0), 0), many: children.length > 1 },
        ];
      });
      if (sums.length < FEWEST / 2 || sums.some(({ value, sum }) => !same(value, sum))) return [];
      const results = new Set(sums.map(({ value }) => value));
      if (results.size < FEWEST_SUMS || !sums.some(({ many }) => many)) return [];
      const what = term.map((name) => read('each', name)).join(' * ');
      const sum = `sum(${read('self', predicate)}.map(each, ${what}))`;
      return [
        {
          law: {
            id: `${entity.name}.${parent.name}-is-sum-of-${predicate}`,
            for: entity.name,
            holds: equal(
              read('self', parent.name),
              sum,
              sums.every(({ value }) => Number.isInteger(value)),
            ),
            title: `${parent.name} of ${entity.name} is the sum of ${term.join(' times ')} of its ${predicate}.`,
          },
          ...{ template: 'sum-of-children', support: sums.length, exceptions: 0, since: evidence.since },
          confidence: againstChance(results.size, 0.7),
          about: [parent.name],
        },
      ];
    }),
  );
}

function product(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (all, value) => (all === undefined || value === undefined ? undefined : all * value),
    1,
  );
}

function same(a: number, b: number): boolean {
  return Math.abs(a - b) <= CLOSE * Math.max(1, Math.abs(a), Math.abs(b));
}

/** Fractions are compared as closely as they are kept. */
function equal(left: string, right: string, isWhole: boolean): string {
  return isWhole ? `${left} == ${right}` : `abs(${left} - (${right})) < 0.01`;
}

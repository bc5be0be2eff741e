// Templates about one attribute: never null, a small set of values, a bound, unique, the key of another entity.
import { refKey, type Attribute, type Entity } from '../../model/index.ts';
import { scalarOf, wordsOf, type Evidence, type Scalar, type Version } from './evidence.ts';
import { againstChance, literal, read, type Proposal, type Template } from './proposal.ts';

/** An attribute of this share of nulls by chance alone would show some in this many. */
const NULL_SHARE = 0.05;
const FEWEST = 20;
const MOST_VALUES = 12;
/** With fewer exceptions than this share something is proposed all the same: the exceptions may be the fault. */
const TOLERATED = 0.02;

export function lawsOfValues(entity: Entity, evidence: Evidence): Proposal[] {
  const versions = evidence.versions.get(entity.name) ?? [];
  return entity.attributes.flatMap((attribute) => {
    if (entity.identity?.includes(attribute.name)) return [];
    const values = versions.flatMap((version) => {
      const value = scalarOf(version.instance, attribute.name);
      return value === undefined ? [] : [{ version, value }];
    });
    if (values.length < FEWEST) return [];
    const column: Column = { entity, attribute, values, evidence };
    return [nonNull, valueSet, range, unique, foreignKey].flatMap((template) => template(column) ?? []);
  });
}

interface Column {
  readonly entity: Entity;
  readonly attribute: Attribute;
  readonly values: readonly { readonly version: Version; readonly value: Scalar }[];
  readonly evidence: Evidence;
}

function propose(
  { entity, attribute, evidence }: Column,
  template: Template,
  of: { readonly id: string; readonly holds: string; readonly title: string },
  counts: { readonly support: number; readonly exceptions?: number; readonly confidence: number },
): Proposal {
  return {
    law: { id: `${entity.name}.${attribute.name}-${of.id}`, for: entity.name, holds: of.holds, title: of.title },
    template,
    exceptions: 0,
    since: evidence.since,
    about: [attribute.name],
    ...counts,
  };
}

function nonNull(column: Column): Proposal | undefined {
  const { entity, attribute, values } = column;
  const exceptions = values.filter(({ value }) => value === null).length;
  if (exceptions > values.length * TOLERATED || (exceptions > 0 && values.length < 50)) return undefined;
  return propose(
    column,
    'non-null',
    {
      id: 'set',
      holds: `${read('self', attribute.name)} != null`,
      title: `${attribute.name} of ${entity.name} is always set.`,
    },
    {
      support: values.length - exceptions,
      exceptions,
      confidence: exceptions > 0 ? 0.5 : againstChance(values.length, NULL_SHARE),
    },
  );
}

/** Values that come again and again; that none was seen only once says that few are left to see (Good and Turing). */
function valueSet(column: Column): Proposal | undefined {
  const { entity, attribute, values } = column;
  const counts = new Map<Scalar, number>();
  for (const { value } of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const texts = [...counts.keys()].filter((value): value is string => typeof value === 'string');
  if (texts.length < 2 || texts.length > MOST_VALUES || texts.length < counts.size - (counts.has(null) ? 1 : 0))
    return undefined;
  // Words of a list, not names or sentences of people.
  if (!texts.every((text) => /^[\w.:-]{1,40}$/.test(text) && !/^\d+$/.test(text))) return undefined;
  if (values.length < texts.length * 10 || areKeys(texts, column.evidence)) return undefined;
  const once = [...counts.values()].filter((count) => count === 1).length;
  const known = (attribute.states ?? []).map(({ value }) => value);
  // What the program declares needs no data to be proposed.
  if (texts.every((text) => known.includes(text))) return undefined;
  const list = [...counts.keys()].sort().map(literal).join(', ');
  return propose(
    column,
    'value-set',
    {
      id: 'known',
      holds: `${read('self', attribute.name)} in [${list}]`,
      title: `${attribute.name} of ${entity.name} is one of ${texts.sort().join(', ')}.`,
    },
    { support: values.length, confidence: 1 - (once + 1) / values.length },
  );
}

/** Keys of entities are as many as there are entities: that few were seen says nothing. */
function areKeys(texts: readonly string[], { last }: Evidence): boolean {
  const ids = new Set([...(last?.state.values() ?? [])].map(({ id }) => id));
  return texts.every((text) => ids.has(text));
}

/** Only bounds that mean something: never below zero, never zero. */
function range(column: Column): Proposal | undefined {
  const { entity, attribute, values } = column;
  const numbers = values.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  if (numbers.length < FEWEST || numbers.length < values.filter(({ value }) => value !== null).length) return undefined;
  if (new Set(numbers).size < 3) return undefined;
  const below = numbers.filter((value) => value < 0).length;
  if (below > numbers.length * TOLERATED) return undefined;
  const zeros = numbers.filter((value) => value === 0).length;
  const isPositive = below === 0 && zeros === 0 && numbers.length >= 100;
  const self = read('self', attribute.name);
  const mayBeNull = values.some(({ value }) => value === null);
  return propose(
    column,
    'range',
    {
      id: isPositive ? 'positive' : 'not-negative',
      holds: `${mayBeNull ? `${self} == null || ` : ''}${self} ${isPositive ? '>' : '>='} 0`,
      title: `${attribute.name} of ${entity.name} is never ${isPositive ? 'zero or less' : 'negative'}.`,
    },
    {
      support: numbers.length - below,
      exceptions: below,
      confidence: below > 0 ? 0.5 : againstChance(new Set(numbers).size, 0.3),
    },
  );
}

/** Texts and whole numbers that could well have met and never did; sizes, times and sentences differ anyway. */
function unique(column: Column): Proposal | undefined {
  const { entity, attribute, evidence } = column;
  const state = evidence.last?.state;
  if (!state || attribute.type === 'reference') return undefined;
  const seen = new Set<Scalar>();
  let total = 0;
  let [least, most] = [Infinity, -Infinity];
  for (const instance of state.values()) {
    if (instance.entity !== entity.name) continue;
    const value = scalarOf(instance, attribute.name);
    if (value === null || value === undefined) continue;
    if (typeof value === 'boolean' || (typeof value === 'string' && /\s|T\d\d:/.test(value))) return undefined;
    if (typeof value === 'number') {
      if (!Number.isInteger(value)) return undefined;
      [least, most] = [Math.min(least, value), Math.max(most, value)];
    }
    seen.add(value);
    total++;
  }
  if (total < FEWEST || seen.size < total) return undefined;
  // As many numbers drawn from as wide a range would meet (birthdays); of texts the range is not known.
  const room = Number.isFinite(least) ? most - least + 1 : 20 * total;
  const confidence = 1 - Math.exp(-(total * total) / (2 * room));
  const names = `${entity.name}.map(each, ${read('each', attribute.name)}).filter(value, value != null)`;
  return {
    ...propose(
      column,
      'unique',
      { id: 'unique', holds: `unique(${names})`, title: `No two ${entity.name} have the same ${attribute.name}.` },
      { support: total, confidence },
    ),
    law: {
      id: `${entity.name}.${attribute.name}-unique`,
      holds: `unique(${names})`,
      title: `No two ${entity.name} have the same ${attribute.name}.`,
    },
  };
}

/** Every value is the key of an entity of one other type, and the name says so or the keys are no plain numbers. */
function foreignKey(column: Column): Proposal | undefined {
  const { entity, attribute, values, evidence } = column;
  const known = evidence.model.relations.some(
    ({ subject, predicate }) => subject === entity.name && predicate === attribute.name,
  );
  const keys = new Set(values.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])));
  if (known || keys.size < 5) return undefined;
  const words = wordsOf(attribute.name);
  for (const other of evidence.model.entities) {
    if (other.name === entity.name || other.identity?.length !== 1) continue;
    const named = wordsOf(other.name).every((word) => words.includes(word));
    const fits = values.filter(
      ({ version, value }) =>
        value === null || (typeof value === 'string' && version.state.has(refKey({ entity: other.name, id: value }))),
    );
    if (fits.length < values.length || (!named && keys.size < 10)) continue;
    const self = read('self', attribute.name);
    const key = read('each', other.identity[0] ?? 'id');
    return propose(
      column,
      'foreign-key',
      {
        id: `names-${other.name}`,
        holds: `${self} == null || ${other.name}.exists(each, ${key} == ${self})`,
        title: `${attribute.name} of ${entity.name} is the ${other.identity[0] ?? 'id'} of a ${other.name}.`,
      },
      { support: values.length, confidence: againstChance(keys.size, named ? 0.5 : 0.3) },
    );
  }
  return undefined;
}

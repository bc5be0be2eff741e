// What each kind of evidence is worth: the model from code alone, from memory alone, both put side by side, and joined, by kind of fact.
//   node test/extract/ablation.ts DIRECTORY RESULTS... [--only NAME,...] [--facts]
// DIRECTORY holds labelled programs; RESULTS are what `run.mjs --keep --out FILE` wrote for the modes memory and joined.
import type { Attribute, Entity, Model } from '../../src/model/index.ts';
import { canonicalText } from '../../src/model/index.ts';
import { judged } from './judged.ts';
import { labelledPrograms, modelsOf, type Score } from './labelled.ts';

const COLUMNS = ['entities', 'attributes', 'stateAttributes', 'states', 'relations', 'transitions', 'context'] as const;
const ROWS = ['code', 'memory', 'union', 'joined'] as const;

/** Both models' facts, each once: no rule sees more than one kind of evidence. */
export function unionOf(a: Model, b: Model): Model {
  const entities = merged([...a.entities, ...b.entities], (entity) => plain(entity.name), unionOfEntities);
  const names = new Map(entities.map((entity) => [plain(entity.name), entity.name]));
  const named = (name: string): string => names.get(plain(name)) ?? name;
  const relations = [...a.relations, ...b.relations].map((r) => ({
    ...r,
    subject: named(r.subject),
    object: named(r.object),
  }));
  const transitions = [...a.transitions, ...b.transitions].map((t) => ({ ...t, object: named(t.object) }));
  const first = <T>(one: T): T => one;
  return {
    ...a,
    entities,
    relations: merged(relations, (r) => [r.subject, r.predicate, r.object].join('\n'), first),
    transitions: merged(transitions, (t) => canonicalText([t.object, t.attribute, t.preState, t.postState]), first),
    problems: [],
  };
}

function unionOfEntities(a: Entity, b: Entity): Entity {
  const attributes = merged([...a.attributes, ...b.attributes], ({ name }) => name, unionOfAttributes);
  return { ...a, attributes };
}

function unionOfAttributes(a: Attribute, b: Attribute): Attribute {
  const states = merged(
    [...(a.states ?? []), ...(b.states ?? [])],
    ({ value }) => canonicalText(value),
    (one) => one,
  );
  return {
    ...a,
    ...(a.role !== 'state' && b.role === 'state' && { role: 'state' }),
    ...(states.length > 0 && { states }),
  };
}

function merged<T>(list: readonly T[], keyOf: (item: T) => string, join: (a: T, b: T) => T): T[] {
  const items = new Map<string, T>();
  for (const item of list) {
    const known = items.get(keyOf(item));
    items.set(keyOf(item), known === undefined ? item : join(known, item));
  }
  return [...items.values()];
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const [directory, ...files] = process.argv
  .slice(2)
  .filter((word, i, all) => !word.startsWith('--') && all[i - 1] !== '--only');
if (directory === undefined || files.length === 0) {
  console.error('usage: node test/extract/ablation.ts DIRECTORY RESULTS... [--only NAME,...] [--facts]');
  process.exit(2);
}
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1]?.split(',') : undefined;
const text = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : value.toFixed(3);
const line = (head: string, cells: readonly string[]): void =>
  console.log(`| ${head.padEnd(18)} | ${cells.map((cell) => cell.padStart(10)).join(' | ')} |`);

line('program, evidence', [...COLUMNS.map((name) => name.slice(0, 10)), 'card.', 'micro']);
line(
  ':--',
  Array.from({ length: COLUMNS.length + 2 }, () => '--:'),
);
const all = new Map<string, Score[]>();
const below: string[] = [];
for (const program of await labelledPrograms(directory, files)) {
  if (only && !only.includes(program.name)) continue;
  const models = modelsOf(program);
  const forms: Readonly<Record<(typeof ROWS)[number], Model>> = {
    ...models,
    union: unionOf(models.code, models.memory),
  };
  const scores = new Map(ROWS.map((row) => [row, program.scorer.scoreModel(program.gold, forms[row])]));
  for (const [row, score] of scores) {
    line(`${program.name}, ${row}`, cellsOf(score));
    all.set(row, [...(all.get(row) ?? []), score]);
  }
  for (const column of COLUMNS) {
    const value = (row: (typeof ROWS)[number]): number => scores.get(row)?.scores[column]?.f1 ?? 0;
    const best = Math.max(value('code'), value('memory'), value('union'));
    if (value('joined') < best - 1e-9)
      below.push(`${program.name} ${column}: joined ${text(value('joined'))}, best of the others ${text(best)}`);
  }
  if (process.argv.includes('--facts'))
    for (const row of ['code', 'memory', 'joined'] as const) {
      const { facts, missing } = judged(program.gold, models[row], program.scorer);
      const wrong = facts.filter(({ right }) => !right).map(({ kind, key }) => `${kind} ${key}`);
      console.log(`  ${row} missing: ${missing.join('; ') || '-'}\n  ${row} wrong: ${wrong.join('; ') || '-'}`);
    }
}
for (const [row, scores] of all) {
  const mean = (values: readonly (number | null | undefined)[]): number | null => {
    const known = values.filter((value) => value !== null && value !== undefined);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
  };
  line(`average, ${row}`, [
    ...COLUMNS.map((column) => text(mean(scores.map((score) => score.scores[column]?.f1)))),
    text(mean(scores.map(({ accuracy }) => accuracy['cardinality']))),
    text(mean(scores.map(({ micro }) => micro.f1))),
  ]);
}
console.log(
  below.length === 0 ? '\njoined is nowhere below the others' : `\njoined is below another:\n${below.join('\n')}`,
);

function cellsOf({ scores, accuracy, micro }: Score): string[] {
  return [...COLUMNS.map((column) => text(scores[column]?.f1)), text(accuracy['cardinality']), text(micro.f1)];
}

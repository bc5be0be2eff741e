// Whether confidences are true: facts of labelled programs by the confidence they were given, with the share that is right.
//   node test/extract/calibration.ts DIRECTORY RESULTS... [+ DIRECTORY RESULTS...] [--first MODELS] [--fit]
// DIRECTORY and RESULTS as for ablation.ts. MODELS: JSON of models by program that were made before anyone had seen these programs;
// they count beside those of now, for rules that were made with a program in view are right on it too easily.
// `--fit` writes src/extract/rates.ts from all of them. Each program is judged with rates measured on the others only.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { measuredRate, withConfidence, type RateOf } from '../../src/extract/confidence.ts';
import type { Model } from '../../src/model/index.ts';
import { judged, type JudgedFact } from './judged.ts';
import { labelledPrograms, modelsOf, type Program } from './labelled.ts';

/** A basis that was seen rarely says little: so many programs with the share of its kind stand beside it. */
const PRIOR = 3;
const NOBODY_KNOWS = 0.75;
const BINS = [0.95, 0.9, 0.8, 0.7, 0.5, 0] as const;

type Placed = JudgedFact & { readonly at: string; readonly program: string };

interface Case {
  readonly program: Program;
  readonly mode: string;
  readonly model: Model;
}

const wrongs = new WeakMap<object, ReadonlySet<string>>();
const { sets, first, fit } = argumentsOf(process.argv.slice(2));
const cases: Case[] = [];
for (const [directory, ...files] of sets) {
  for (const program of await labelledPrograms(directory as string, files)) {
    for (const [mode, model] of Object.entries(modelsOf(program))) cases.push({ program, mode, model });
    const before = first?.[program.name];
    if (before) cases.push({ program, mode: 'first', model: before });
  }
}
if (cases.length === 0) {
  console.error(
    'usage: node test/extract/calibration.ts DIRECTORY RESULTS... [+ DIRECTORY RESULTS...] [--first MODELS] [--fit]',
  );
  process.exit(2);
}

const facts = cases.flatMap((each) => judgedBy(each, measuredRate));
const rates = ratesOf(facts);
if (fit) {
  const lines = [...rates].sort(([a], [b]) => (a < b ? -1 : 1)).map(([basis, rate]) => `  '${basis}': ${rate},`);
  const head = readFileSync('src/extract/rates.ts', 'utf8').split('\n').slice(0, 3).join('\n');
  writeFileSync(
    'src/extract/rates.ts',
    `${head.replace(/export.*$/, '')}export const RATES: { readonly [basis: string]: number } = {\n${lines.join('\n')}\n};\n`,
  );
}

console.log('| rests on | facts | right | rate |\n| :-- | --: | --: | --: |');
for (const [basis, rate] of [...rates].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const of = facts.filter((fact) => fact.basis === basis && stands(fact, facts));
  console.log(`| ${basis} | ${of.length} | ${of.filter(({ right }) => right).length} | ${rate.toFixed(2)} |`);
}
const left = cases.flatMap((each) => {
  const others = ratesOf(facts.filter(({ program }) => program !== each.program.name));
  return judgedBy(each, (basis) => others.get(basis) ?? measuredRate(basis)).map((fact) => ({
    ...fact,
    mode: each.mode,
  }));
});
for (const mode of ['all', 'code', 'memory', 'joined', 'first']) {
  const of = mode === 'all' ? left : left.filter((fact) => fact.mode === mode);
  if (of.length > 0) table(mode === 'all' ? 'all, each program with the rates of the others' : mode, of);
}

function table(title: string, list: readonly JudgedFact[]): void {
  console.log(`\n${title}\n| confidence | facts | mean given | right |\n| :-- | --: | --: | --: |`);
  BINS.forEach((low, n) => {
    const high = n === 0 ? 1.01 : (BINS[n - 1] as number);
    const of = list.filter(({ confidence = 0 }) => confidence >= low && confidence < high);
    if (of.length === 0) return;
    const mean = of.reduce((sum, { confidence = 0 }) => sum + confidence, 0) / of.length;
    const right = of.filter((fact) => fact.right).length / of.length;
    console.log(
      `| ${low.toFixed(2)} to ${Math.min(high, 1).toFixed(2)} | ${of.length} | ${mean.toFixed(3)} | ${right.toFixed(3)} |`,
    );
  });
  const brier =
    list.reduce((sum, { confidence = 0, right }) => sum + (confidence - Number(right)) ** 2, 0) / list.length;
  console.log(`mean squared error ${brier.toFixed(3)}`);
}

function judgedBy({ program, mode, model }: Case, rateOf: RateOf): Placed[] {
  const { facts } = judged(program.gold, withConfidence(model, rateOf), program.scorer);
  const at = `${program.name} ${mode}`;
  return facts.map((fact) => ({ ...fact, at, program: program.name }));
}

/** Whether what a fact stands on is right: only then does it say anything of its own basis. */
function stands(fact: Placed, all: readonly Placed[]): boolean {
  const wrong = wrongOf(all);
  return fact.on.every((key) => !wrong.has(`${fact.at} ${key}`));
}

function wrongOf(all: readonly Placed[]): ReadonlySet<string> {
  const known = wrongs.get(all);
  if (known) return known;
  const wrong = new Set(all.filter(({ right }) => !right).map(({ at, kind, key }) => `${at} ${kind} ${key}`));
  wrongs.set(all, wrong);
  return wrong;
}

/**
 * By program, not by fact: the errors of one program have one cause, so that a hundred right facts of it say hardly more than ten.
 * What was made before anyone had seen the program counts as much as all that was made since.
 */
function ratesOf(list: readonly Placed[]): Map<string, number> {
  const standing = list.filter((fact) => stands(fact, list));
  const rates = new Map<string, number>();
  for (const of of Map.groupBy(standing, ({ kind }) => kind).values()) {
    const common = shareOf(of, NOBODY_KNOWS);
    for (const [basis, same] of Map.groupBy(of, (fact) => fact.basis))
      rates.set(basis, Math.round(shareOf(same, common) * 1000) / 1000);
  }
  return surerWhenSeen(rates);
}

/** What code and memory agree on is not less sure than what only one says: where it seems so, it was measured on fewer programs. */
function surerWhenSeen(rates: ReadonlyMap<string, number>): Map<string, number> {
  const unseen = (basis: string): string[] =>
    basis.startsWith('transition') && basis.endsWith(', seen')
      ? ['guard', 'table', 'write'].map((how) => basis.replace(/seen$/, how))
      : [basis.replace(/, seen$|, and in memory$/, '').replace('confirmed', 'declared')];
  return new Map(
    [...rates].map(([basis, rate]) => [basis, Math.max(rate, ...unseen(basis).map((other) => rates.get(other) ?? 0))]),
  );
}

function shareOf(list: readonly Placed[], prior: number): number {
  let [right, all] = [PRIOR * prior, PRIOR];
  for (const of of Map.groupBy(list, ({ at }) => at.replace(/ (?:code|joined|memory)$/, '')).values()) {
    // A program with a single such fact says less than one with several.
    const weight = of.length / (of.length + 1);
    right += weight * (of.filter((fact) => fact.right).length / of.length);
    all += weight;
  }
  return right / all;
}

interface Arguments {
  readonly sets: readonly (readonly string[])[];
  readonly first?: Readonly<Record<string, Model>>;
  readonly fit: boolean;
}

function argumentsOf(words: readonly string[]): Arguments {
  const at = words.indexOf('--first');
  const path = at >= 0 ? words[at + 1] : undefined;
  const sets: string[][] = [[]];
  words.forEach((word, n) => {
    if (word === '+') sets.push([]);
    else if (!word.startsWith('--') && !(at >= 0 && n === at + 1)) sets.at(-1)?.push(word);
  });
  const first =
    path !== undefined && existsSync(path)
      ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Model>)
      : undefined;
  return { sets: sets.filter(({ length }) => length > 0), fit: words.includes('--fit'), ...(first && { first }) };
}

// A tool for developing rules: extracts the model of each labelled program from its source and prints how much of the labels it meets.
//   node test/extract/score.ts DIRECTORY [NAME...] [--model] [--gold] [--snapshots DIR [--memory] [--state]]
// DIRECTORY holds `score.mjs` and `apps/NAME/{src,app.json,gold.json}`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { changesBetween, extractModel, type Extraction, type ObservedTransition } from '../../src/extract/index.ts';
import type { Model, SemanticState } from '../../src/model/index.ts';
import { createHeapParser } from '../../src/parse/index.ts';
import { createSourceJoin, readSources } from '../../src/source/index.ts';
import { diskHost } from '../source/hosts.ts';
import { modelText } from './modelText.ts';

interface Measure {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly f1: number | null;
}
interface Score {
  readonly scores: Readonly<Record<string, Measure>>;
  readonly accuracy: Readonly<Record<string, number | null>>;
  readonly micro: Measure;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}
interface Scorer {
  scoreModel(gold: Model, model: Model): Score;
}

const [directory, ...names] = process.argv
  .slice(2)
  .filter((word, i, all) => !word.startsWith('--') && all[i - 1] !== '--snapshots');
const file = directory === undefined ? '' : resolve(directory, 'score.mjs');
if (directory === undefined || !existsSync(file)) {
  console.error('usage: node test/extract/score.ts DIRECTORY [NAME...] [--model]');
  process.exit(2);
}
const scorer = (await import(pathToFileURL(file).href)) as Scorer;
/** `--snapshots DIR` has `NAME-0.heapsnapshot`, `NAME-1.heapsnapshot`, ...; with `--memory` they are read without the source. */
const snapshots = process.argv.includes('--snapshots')
  ? process.argv[process.argv.indexOf('--snapshots') + 1]
  : undefined;
function modelOf(name: string, sources: readonly string[]): Model {
  const code = process.argv.includes('--memory') ? undefined : readSources(sources, diskHost);
  let model: Model | undefined;
  let state: SemanticState | undefined;
  const files =
    snapshots === undefined
      ? []
      : readdirSync(snapshots)
          .filter((entry) => entry.startsWith(`${name}-`))
          .sort();
  for (const entry of files) {
    const parser = createHeapParser();
    parser.write(readFileSync(join(snapshots as string, entry)));
    const { graph } = parser.end();
    if (!graph) continue;
    const toSource = createSourceJoin(graph.scripts.values(), sources, diskHost);
    const started = performance.now();
    const run = (events: readonly ObservedTransition[]): Extraction =>
      extractModel({
        graph,
        snapshotId: entry,
        events,
        ...(code && { code, toSource }),
        ...(model && { previous: model }),
      });
    let extraction = run([]);
    if (state) extraction = run(changesBetween(state, extraction.state));
    ({ model, state } = extraction);
    console.log(
      `${entry}: ${Math.round(performance.now() - started)} ms, ${graph.nodeCount} nodes, ${extraction.state.size} instances`,
    );
    if (process.argv.includes('--state'))
      for (const instance of [...extraction.state.values()].slice(0, 40)) console.log(JSON.stringify(instance));
  }
  return model ?? extractModel(code ? { code } : {}).model;
}
const apps = resolve(directory, 'apps');
const text = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : value.toFixed(3);

for (const name of names.length > 0 ? names : readdirSync(apps)) {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(apps, name, path), 'utf8'));
  const sources = (read('app.json') as { source: string[] }).source.map((path) => join(apps, name, path));
  const model = modelOf(name, sources);
  const gold = read('gold.json') as Model;
  const { scores, accuracy, micro, missing, extra } = scorer.scoreModel(gold, model);
  console.log(
    `== ${name}  micro ${text(micro.f1)}  missing ${missing.join(' ') || '-'}  extra ${extra.join(' ') || '-'}`,
  );
  console.log(
    Object.entries(scores)
      .map(([kind, m]) => `${kind} ${text(m.f1)} (${m.tp}+${m.fp}-${m.fn})`)
      .join('  '),
  );
  console.log(
    Object.entries(accuracy)
      .map(([kind, share]) => `${kind} ${text(share)}`)
      .join('  '),
  );
  if (process.argv.includes('--model')) console.log(modelText(model));
  if (process.argv.includes('--gold')) console.log(modelText(gold));
}

// Labelled programs with what was captured of them while they ran, for the tools that measure rules: ablation and calibration.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  changesBetween,
  extractModel,
  type ExtractInput,
  type Extraction,
  type ObservedTransition,
} from '../../src/extract/index.ts';
import type { Model } from '../../src/model/index.ts';
import { createHeapParser, type HeapGraph } from '../../src/parse/index.ts';
import { countTransitions } from '../../src/session/observedTransitions.ts';
import { createSourceJoin, readSources, type CodeModel } from '../../src/source/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';
import type { Names } from './judged.ts';
import { diskHost } from '../source/hosts.ts';

export interface Measure {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly f1: number | null;
}
export interface Score {
  readonly scores: Readonly<Record<string, Measure>>;
  readonly accuracy: Readonly<Record<string, number | null>>;
  readonly micro: Measure;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}
export interface Scorer extends Names {
  scoreModel(gold: Model, model: Model): Score;
}

export interface Program {
  readonly name: string;
  readonly sources: readonly string[];
  readonly gold: Model;
  readonly scorer: Scorer;
  /** Folders that the runner kept, by its mode. */
  readonly kept: ReadonlyMap<string, string>;
}

interface RunnerResults {
  readonly mode: string;
  readonly apps: readonly { readonly app: string; readonly work?: string }[];
}

/**
 * @param files what `run.mjs --keep --out FILE` wrote, for the modes that were run
 * @param directory holds `score.mjs` and `apps/NAME/{src,app.json,gold.json}`
 */
export async function labelledPrograms(directory: string, files: readonly string[]): Promise<Program[]> {
  const scorer = (await import(pathToFileURL(resolve(directory, 'score.mjs')).href)) as Scorer;
  const kept = new Map<string, Map<string, string>>();
  for (const file of files) {
    const { mode, apps } = JSON.parse(readFileSync(file, 'utf8')) as RunnerResults;
    for (const { app, work } of apps) {
      if (!existsSync(join(directory, 'apps', app))) continue;
      const folders = kept.get(app) ?? new Map<string, string>();
      if (work !== undefined) kept.set(app, folders.set(mode, work));
    }
  }
  return [...kept].map(([name, folders]) => {
    const read = (path: string): unknown => JSON.parse(readFileSync(join(directory, 'apps', name, path), 'utf8'));
    const { source } = read('app.json') as { source: string[] };
    return {
      name,
      sources: source.map((path) => join(directory, 'apps', name, path)),
      gold: read('gold.json') as Model,
      scorer,
      kept: folders,
    };
  });
}

export interface Models {
  readonly code: Model;
  readonly memory: Model;
  readonly joined: Model;
}

/** The model of each kind of evidence, as the commands of the three modes give it. */
export function modelsOf(program: Program): Models {
  const code = readSources(program.sources, diskHost);
  const memory = program.kept.get('memory');
  const joined = program.kept.get('joined');
  return {
    code: extractModel({ code }).model,
    memory: fromSnapshots(memory, ['busy.snapshot', 'idle.snapshot'], program, {}),
    joined: fromSnapshots(joined, ['idle.snapshot'], program, { code, events: eventsOf(joined) }),
  };
}

function fromSnapshots(
  folder: string | undefined,
  names: readonly string[],
  { sources }: Program,
  rest: { readonly code?: CodeModel; readonly events?: readonly ObservedTransition[] },
): Model {
  let last: Extraction | undefined;
  const files = folder === undefined ? [] : names.map((name) => join(folder, name)).filter((path) => existsSync(path));
  for (const path of files) {
    const graph = graphOf(path);
    if (!graph) continue;
    const toSource = createSourceJoin(graph.scripts.values(), sources, diskHost);
    const previous = last;
    const input: ExtractInput = {
      graph,
      snapshotId: path.slice(dirname(path).length + 1),
      ...rest,
      ...(rest.code && { toSource }),
      ...(previous && { previous: previous.model }),
    };
    last = extractModel(input);
    const changes = previous ? changesBetween(previous.state, last.state) : [];
    if (changes.length > 0) last = extractModel({ ...input, events: [...(rest.events ?? []), ...changes] });
  }
  return last?.model ?? extractModel(rest).model;
}

function graphOf(path: string): HeapGraph | undefined {
  const parser = createHeapParser();
  parser.write(readFileSync(path));
  return parser.end().graph;
}

function eventsOf(folder: string | undefined): readonly ObservedTransition[] {
  const path = folder === undefined ? '' : join(folder, 'store');
  if (!existsSync(path)) return [];
  const store = openTimeline(path, { readOnly: true });
  try {
    return countTransitions(store).all();
  } finally {
    store.dispose();
  }
}

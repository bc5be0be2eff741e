// The plan of a recording: every script of the program with the sites in it. Pure.
import type { Model, Problem, WorkspaceFile } from '../model/index.ts';
import type { CodeModel } from '../source/index.ts';
import ts from 'typescript';
import { nominate, type Nomination } from './nominate.ts';
import type { PlannedScript, RecordingPlan, ScriptPlan, Site } from './plan.ts';
import { linesTooLong } from './passes.ts';
import { planSites } from './scriptPlanner.ts';
import { applyEdits, lineCount } from './textEdits.ts';

/** @param firstSite number of the first site: a plan for scripts that came later goes on where the first one ended */
export function planRecording(
  model: Model,
  code: CodeModel | undefined,
  scripts: readonly PlannedScript[],
  file: WorkspaceFile = {},
  firstSite = 0,
): RecordingPlan {
  const nomination = nominate(model, code, file);
  const sites: Site[] = [];
  const plans: ScriptPlan[] = [];
  const problems: Problem[] = [];
  if (nomination.entities.length === 0) return { entities: [], sites, scripts: plans, files: [], problems };
  for (const script of scripts) {
    const part = planScript(script, nomination, firstSite + sites.length);
    problems.push(...part.problems);
    if (!part.plan) continue;
    sites.push(...part.sites);
    plans.push(part.plan);
  }
  return { entities: nomination.entities, sites, scripts: plans, files: nomination.files, problems };
}

interface PlannedPart {
  readonly plan?: ScriptPlan;
  readonly sites: readonly Site[];
  readonly problems: readonly Problem[];
}

function planScript(script: PlannedScript, nomination: Nomination, firstSite: number): PlannedPart {
  const file = ts.createSourceFile(scriptName(script), script.text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  if (faults(file) > 0) return { sites: [], problems: [] };
  let planned = planSites(script, file, nomination, firstSite);
  const long = linesTooLong(script.text, applyEdits(script.text, planned.edits.sorted()));
  if (long.size > 0) planned = planSites(script, file, nomination, firstSite, long);
  const { sites, problems, edits, points, starts, suspending } = planned;
  if (sites.length === 0) return { sites, problems };
  let list = edits.sorted();
  let edited = applyEdits(script.text, list);
  const again = ts.createSourceFile(scriptName(script), edited, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS);
  if (faults(again) > 0 || lineCount(edited) !== lineCount(script.text)) [list, edited] = [[], script.text];
  return {
    plan: {
      scriptId: script.id,
      url: script.url,
      original: script.text,
      edited,
      edits: list,
      sites: sites.map((site) => site.id),
      points: sites.map(({ id }) => ({
        ...(points.get(id) ?? { site: id, ways: [], why: 'this form is not watched' }),
        ...(starts.get(id) ?? { at: 0, within: [0, 0] }),
      })),
      suspending,
    },
    sites,
    problems,
  };
}

function faults(file: ts.SourceFile): number {
  return (file as ts.SourceFile & { readonly parseDiagnostics?: readonly unknown[] }).parseDiagnostics?.length ?? 0;
}

function scriptName({ isModule }: PlannedScript): string {
  return isModule ? 'script.mjs' : 'script.cjs';
}

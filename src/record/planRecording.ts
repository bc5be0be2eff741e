// The plan of a recording: every script of the program with the sites in it. Pure.
import type { Model, Problem, WorkspaceFile } from '../model/index.ts';
import type { CodeModel } from '../source/index.ts';
import ts from 'typescript';
import { nominate, type Nomination } from './nominate.ts';
import type { PlannedScript, RecordingPlan, ScriptPlan, Site } from './plan.ts';
import { ScriptPlanner } from './scriptPlanner.ts';
import { applyEdits, lineCount, linesTooLong } from './textEdits.ts';

export function planRecording(
  model: Model,
  code: CodeModel | undefined,
  scripts: readonly PlannedScript[],
  file: WorkspaceFile = {},
): RecordingPlan {
  const nomination = nominate(model, code, file);
  const sites: Site[] = [];
  const plans: ScriptPlan[] = [];
  const problems: Problem[] = [];
  if (nomination.entities.length === 0) return { entities: [], sites, scripts: plans, files: [], problems };
  for (const script of scripts) {
    const part = planScript(script, nomination, sites.length);
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
  let planner = new ScriptPlanner(script, file, nomination, firstSite);
  planner.run();
  const long = linesTooLong(script.text, planner.edits.sorted());
  if (long.size > 0) {
    planner = new ScriptPlanner(script, file, nomination, firstSite, long);
    planner.run();
  }
  const { sites, problems, edits } = planner;
  if (edits.length === 0) return { sites, problems };
  const list = edits.sorted();
  const edited = applyEdits(script.text, list);
  const again = ts.createSourceFile(scriptName(script), edited, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS);
  if (faults(again) > 0 || lineCount(edited) !== lineCount(script.text)) {
    const message = `${script.url} cannot be edited without changing its form; nothing of it is recorded.`;
    return { sites: [], problems: [...problems, { code: 'not-recorded', message }] };
  }
  return {
    plan: {
      scriptId: script.id,
      url: script.url,
      original: script.text,
      edited,
      edits: list,
      sites: sites.map((site) => site.id),
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

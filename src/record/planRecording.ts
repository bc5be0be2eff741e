// The plan of a recording: every script of the program with the sites in it. Pure.
import type { Model, Problem, WorkspaceFile } from '../model/index.ts';
import type { CodeModel } from '../source/index.ts';
import { nominate } from './nominate.ts';
import type { PlannedScript, RecordingPlan, ScriptPlan, Site } from './plan.ts';
import { planScript } from './planScript.ts';

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

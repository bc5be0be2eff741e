// What recording would do, before anything is done: the files that would be edited with the number of places in each, and the processes
// in which. Of children that run the same program one is looked at.
import { attachChild, childrenOf, type Attachment, type ChildProcess } from '../acquire/index.ts';
import { isFailure, messageOf, type Problem, type Work } from '../model/index.ts';
import type { RecordingPlan } from '../record/index.ts';
import { scriptsOf } from './recordedScripts.ts';
import type { ScriptPlans } from './scriptPlans.ts';
import type { RecordingPreview } from './session.ts';

/** @throws Failure `cancelled`, `target-gone` */
export async function previewOf(
  attachments: readonly Attachment[],
  plans: ScriptPlans,
  roots: readonly string[],
  work: Work,
): Promise<RecordingPreview> {
  const files = new Map<string, number>();
  const problems: Problem[] = [];
  const children: ChildProcess[] = [];
  /** The same file is edited in several processes at the same places. */
  const add = (plan: RecordingPlan): void => {
    for (const [file, sites] of placesOf(plan)) files.set(file, Math.max(files.get(file) ?? 0, sites));
    problems.push(...plan.problems);
  };
  for (const attachment of attachments) {
    work.progress?.({ phase: 'source', message: `Finding what changes a state in ${attachment.name}` });
    add(await plans.of(await scriptsOf(attachment, attachment, work, undefined, roots), work));
    const found = await childrenOf(attachment, work);
    children.push(...found);
    for (const child of new Map(found.map((each) => [each.command, each])).values()) {
      try {
        await using door = await attachChild(attachment, child, work);
        add(await plans.of(await scriptsOf(door, door, work, undefined, roots), work));
      } catch (error) {
        if (isFailure(error, 'cancelled')) throw error;
        const message = `child ${child.pid} of ${attachment.name} cannot be looked at: ${messageOf(error)}`;
        problems.push({ code: 'not-recorded', message });
      }
    }
  }
  const notRecorded = new Map(problems.map((problem) => [`${problem.code} ${problem.message}`, problem]));
  return {
    files: [...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([file, sites]) => ({ file, sites })),
    children: children.map(({ pid, command }) => ({ pid, command })),
    notRecorded: [...notRecorded.values()],
  };
}

/** Source files, or scripts where no source is known. */
function placesOf({ scripts, sites }: RecordingPlan): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const script of scripts) {
    const own = new Set(script.sites);
    for (const site of sites) {
      if (!own.has(site.id)) continue;
      const file = site.source?.file ?? script.url.replace(/^file:\/\//, '');
      places.set(file, (places.get(file) ?? 0) + 1);
    }
  }
  return places;
}

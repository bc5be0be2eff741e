// The call stack of a record in the words of the source: positions in edited text go back to the original, then through its map. Pure.
import type { StackFrame } from '../model/index.ts';
import type { PlannedScript, RecordingPlan, ScriptPlan } from './plan.ts';
import { joinSource } from './sourceJoin.ts';
import { originalOffset } from './textEdits.ts';

const MOST_FRAMES = 12;

/** Reads what `Error.stack` says; frames of the probe, of Node and of dependencies are left out. */
export function createStackReader(
  plan: RecordingPlan,
  scripts: readonly Pick<PlannedScript, 'url' | 'sourceMap'>[],
): (text: string) => readonly StackFrame[] {
  const edited = new Map(plan.scripts.map((script) => [pathOf(script.url), script]));
  const joins = new Map(scripts.map((script) => [pathOf(script.url), joinSource(script, plan.files)]));
  const starts = new Map<ScriptPlan, { readonly edited: readonly number[]; readonly original: readonly number[] }>();

  const back = (script: ScriptPlan, line: number, column: number): readonly [number, number] => {
    let known = starts.get(script);
    if (!known) starts.set(script, (known = { edited: startsOf(script.edited), original: startsOf(script.original) }));
    const offset = originalOffset(script.edits, (known.edited[line] ?? 0) + column);
    return [line, Math.max(0, offset - (known.original[line] ?? 0))];
  };

  return (text) => {
    const frames: StackFrame[] = [];
    for (const each of text.split('\n').slice(1)) {
      const match = /^\s*at (?:async )?(?:(.*?) \()?([^()]*):(\d+):(\d+)\)?$/.exec(each);
      const path = pathOf(match?.[2] ?? '');
      const join = joins.get(path);
      if (!match || !join) continue;
      const script = edited.get(path);
      const [line, column] = [Number(match[3]) - 1, Number(match[4]) - 1];
      const source = join(...(script ? back(script, line, column) : ([line, column] as const)));
      frames.push({ name: match[1] ?? '(anonymous)', ...(source && { source }) });
      if (frames.length >= MOST_FRAMES) break;
    }
    return frames;
  };
}

function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function pathOf(url: string): string {
  return url.replace(/^file:\/\//, '');
}

// Sites in functions that an edit did not reach, though V8 answered that it is done. Pure.
import type { Problem } from '../model/index.ts';
import type { Stale } from './compiled.ts';
import type { ScriptPlan } from './plan.ts';
import { lineStarts } from './textEdits.ts';

export interface Untouched {
  readonly site: number;
  /** Absent: nothing is missing that is not told otherwise. */
  readonly problem?: Problem;
}

/** @param stale functions that go on as they were; the innermost function around a site decides */
export function untouchedSites(scripts: readonly ScriptPlan[], stale: readonly Stale[]): Untouched[] {
  return scripts.flatMap((script) => {
    const texts = stale.filter(({ scriptId }) => scriptId === script.scriptId).map(({ text }) => text);
    if (texts.length === 0) return [];
    const edited = new Set(script.edits.map(({ site }) => site));
    return script.points.flatMap(({ site, at, within, isHint }): Untouched[] => {
      const text = script.original.slice(...within);
      // `static` and decorators are not of a function's text.
      if (!edited.has(site) || !texts.some((each) => text.endsWith(each))) return [];
      if (isHint) return [{ site }];
      const line = lineStarts(script.original).filter((start) => start <= at).length;
      const message = `${script.url}:${line} is not recorded: V8 did the edit and kept the old code of a function that was there already.`;
      return [{ site, problem: { code: 'not-recorded', message } }];
    });
  });
}

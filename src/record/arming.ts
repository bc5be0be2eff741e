// Edits scripts of a live process and puts them back: each edit verified against the text it was planned for, refusals tried again.
import { isFailure, messageOf, type Problem, type Work } from '../model/index.ts';
import { evaluate, type Door } from './door.ts';
import { PROBE, type ScriptPlan } from './plan.ts';

const RETRY_MS = 250;
const TRIES = 12;
const SHORT_MS = 10_000;

/**
 * V8 13 gives functions of an edited script the baseline code of their neighbours (seen on Node 24: a getter answered with what the
 * getter beside it is for). Without baseline code nothing of that happens, so it stays off in a process that was edited.
 */
export const BASELINE_OFF = `parseInt(process.versions.v8) >= 13 && process.getBuiltinModule('v8').setFlagsFromString('--no-sparkplug')`;

interface LiveEdit {
  readonly status?: string;
  readonly exceptionDetails?: { readonly text?: string };
}

export async function textOf(door: Door, scriptId: number, work?: Work): Promise<string> {
  const { scriptSource } = await door.send<{ scriptSource: string }>(
    'Debugger.getScriptSource',
    { scriptId: String(scriptId) },
    work,
  );
  return scriptSource;
}

/** Tries each script until it is taken over or refused for good. @throws Failure `cancelled`, `target-gone` */
export async function armAll(
  door: Door,
  scripts: readonly ScriptPlan[],
  work: Work,
): Promise<{ readonly armed: readonly ScriptPlan[]; readonly refused: readonly Problem[] }> {
  const refused: Problem[] = [];
  const armed: ScriptPlan[] = [];
  let waiting = [...scripts];
  try {
    for (let attempt = 0; waiting.length > 0 && attempt < TRIES; attempt++) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      const again: ScriptPlan[] = [];
      for (const script of waiting) {
        const why = await arm(door, script, work);
        if (why === undefined) armed.push(script);
        else if (why.retry && attempt < TRIES - 1) again.push(script);
        else refused.push({ code: 'not-recorded', message: `${script.url} is not recorded: ${why.reason}.` });
      }
      waiting = again;
    }
  } catch (error) {
    await disarm(door, armed);
    throw error;
  }
  return { armed, refused };
}

async function arm(
  door: Door,
  script: ScriptPlan,
  work: Work,
): Promise<{ readonly reason: string; readonly retry: boolean } | undefined> {
  const running = await textOf(door, script.scriptId, work);
  if (running !== script.original) return { reason: 'its text is not the one that was planned for', retry: false };
  try {
    const { status, exceptionDetails } = await door.send<LiveEdit>(
      'Debugger.setScriptSource',
      { scriptId: String(script.scriptId), scriptSource: script.edited },
      { ...work, timeoutMs: SHORT_MS },
    );
    const why = status === undefined || status === 'Ok' ? exceptionDetails?.text : status;
    if (why === undefined) return undefined;
    return { reason: reasonOf(why), retry: /Blocked(?!ByTopLevel)/.test(why) };
  } catch (error) {
    if (!isFailure(error, 'inspector-error')) throw error;
    return { reason: messageOf(error), retry: false };
  }
}

function reasonOf(status: string): string {
  if (status === 'BlockedByActiveGenerator') return 'a function of it is suspended and goes on later';
  if (status === 'BlockedByActiveFunction') return 'a function of it is running all the time';
  if (status === 'BlockedByTopLevelEsModuleChange') return 'this Node does not change the top level of a module';
  return `the process refused the edit (${status})`;
}

export async function edit(door: Door, scriptId: number, text: string, work: Work): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    const { status, exceptionDetails } = await door.send<LiveEdit>(
      'Debugger.setScriptSource',
      { scriptId: String(scriptId), scriptSource: text },
      { ...work, timeoutMs: SHORT_MS },
    );
    if ((status === undefined || status === 'Ok') && !exceptionDetails) return true;
    if (!status?.startsWith('Blocked')) return false;
  }
  return false;
}

/** Tries every script whatever becomes of the others; the probe stays while any script still asks for it. */
export async function disarm(door: Door, scripts: readonly ScriptPlan[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { scriptId, original, url } of scripts) {
    try {
      await edit(door, scriptId, original, {});
      if ((await textOf(door, scriptId)) === original) continue;
      problems.push({ code: 'not-restored', message: `${url} could not be put back; it is silent and harmless.` });
    } catch (error) {
      problems.push({ code: 'not-restored', message: `${url} could not be put back: ${messageOf(error)}` });
    }
  }
  if (problems.length === 0)
    await evaluate(door, `delete globalThis[${JSON.stringify(PROBE)}]`, {}).catch(() => undefined);
  return problems;
}

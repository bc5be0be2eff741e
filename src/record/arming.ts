// Edits scripts of a live process and puts them back: each edit verified against the text it was planned for, refusals tried again.
import { isFailure, messageOf, type Problem, type Work } from '../model/index.ts';
import { functionsOf, makeReady } from './compiled.ts';
import { evaluate, type Door } from './door.ts';
import { Breakpoints } from './breakpoints.ts';
import { lineByLine, passes } from './passes.ts';
import { PROBE, type RecordingPlan, type ScriptPlan, type Site, type TextEdit } from './plan.ts';
import { applyEdits } from './textEdits.ts';
import { untouchedSites } from './untouched.ts';

const RETRY_MS = 250;
const TRIES = 12;
const SHORT_MS = 10_000;
/** Tries between two collections of garbage. */
const COLLECT_EVERY = 6;

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

/** What a recording has of the process: scripts that are edited and places that are watched. */
export interface Armed {
  readonly scripts: readonly ScriptPlan[];
  /** Sites that are recorded. */
  readonly sites: ReadonlySet<number>;
  /** Those of them that are watched and not edited. */
  readonly watched: ReadonlySet<number>;
  readonly refused: readonly Problem[];
  readonly breakpoints: readonly Breakpoints[];
}

export function joinArmed(one: Armed, other: Armed): Armed {
  return {
    scripts: [...one.scripts, ...other.scripts],
    sites: new Set([...one.sites, ...other.sites]),
    watched: new Set([...one.watched, ...other.watched]),
    refused: [...one.refused, ...other.refused],
    breakpoints: [...one.breakpoints, ...other.breakpoints],
  };
}

/** The plan as it is carried out: sites that are watched say so. */
export function carriedOut(plan: RecordingPlan, { sites: armed, watched }: Armed): RecordingPlan {
  const sites = plan.sites.map((site): Site => {
    if (watched.has(site.id)) return { ...site, method: 'breakpoint' };
    if (site.kind !== 'send' || armed.has(site.id)) return site;
    // Nothing is heard of what is sent there.
    const { property: _, ...rest } = site;
    return rest;
  });
  return { ...plan, sites };
}

/**
 * Edits each script, tried again while it is refused for the moment; what cannot be edited is watched by breakpoints.
 * @throws Failure `cancelled`, `target-gone`
 */
export async function armAll(door: Door, scripts: readonly ScriptPlan[], work: Work): Promise<Armed> {
  const breakpoints = new Breakpoints(door);
  const refused: Problem[] = [];
  const [sites, watched] = [new Set<number>(), new Set<number>()];
  const armed: ScriptPlan[] = [];
  /** Edits the script, then watches what of it is not edited. */
  const take = async (script: ScriptPlan, edits: readonly TextEdit[]): Promise<string | undefined> => {
    const edited = new Set(edits.map((each) => each.site));
    const why = await arm(door, script, applyEdits(script.original, edits), work);
    if (why !== undefined) return why;
    armed.push(script);
    const rest = script.sites.filter((site) => !edited.has(site));
    const found = await breakpoints.set(script, new Set(rest), edits, work);
    for (const site of edited) sites.add(site);
    for (const site of found.watched) {
      sites.add(site);
      watched.add(site);
    }
    refused.push(...found.problems);
    return undefined;
  };
  let waiting: readonly ScriptPlan[] = scripts;
  try {
    for (let attempt = 1; waiting.length > 0; attempt++) {
      const again: ScriptPlan[] = [];
      const toEdit = waiting.filter((script) => script.edits.length > 0).map((script) => script.scriptId);
      await using functions = await functionsOf(door, toEdit, work);
      for (const script of waiting) {
        const why = await take(script, functions.isReady ? script.edits : []);
        if (why === undefined) continue;
        if (why === CHANGED) refused.push({ code: 'not-recorded', message: `${script.url} is not recorded: ${why}.` });
        else if (isPassing(why) && attempt < TRIES) again.push(script);
        else await instead(script, take);
      }
      for (const { site, problem } of untouchedSites(waiting, await functions.stale())) {
        if (sites.delete(site) && problem) refused.push(problem);
      }
      waiting = again;
      if (waiting.length > 0 && attempt % COLLECT_EVERY === 1) await collect(door, work);
      if (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  } catch (error) {
    await disarm(door, { scripts: armed, breakpoints: [breakpoints] });
    throw error;
  }
  return { scripts: armed, sites, watched, refused, breakpoints: [breakpoints] };
}

/** A script whose edit is refused for good: without its functions that may be suspended, else by breakpoints alone. */
async function instead(
  script: ScriptPlan,
  take: (script: ScriptPlan, edits: readonly TextEdit[]) => Promise<string | undefined>,
): Promise<void> {
  const suspending = new Set(script.suspending);
  const calm = script.edits.filter((each) => !suspending.has(each.site));
  if (calm.length > 0 && calm.length < script.edits.length && (await take(script, calm)) === undefined) return;
  await take(script, []);
}

const CHANGED = 'its text is not the one that was planned for';

/** @returns why it was not done */
async function arm(door: Door, script: ScriptPlan, edited: string, work: Work): Promise<string | undefined> {
  if ((await textOf(door, script.scriptId, work)) !== script.original) return CHANGED;
  const why = edited === script.original ? undefined : await turn(door, script.scriptId, script.original, edited, work);
  if (why !== undefined) await edit(door, script.scriptId, script.original, work);
  return why;
}

/** In as few steps as V8 takes. @returns why it was not done, or not all of it */
async function turn(door: Door, scriptId: number, from: string, to: string, work: Work): Promise<string | undefined> {
  const all = async (steps: readonly string[]): Promise<string | undefined> => {
    let why: string | undefined;
    for (const step of steps) why ??= await setText(door, scriptId, step, work);
    return why;
  };
  const why = await all(passes(from, to));
  if (why !== 'BlockedByTopLevelEsModuleChange') return why;
  return all(lineByLine(await textOf(door, scriptId, work), to));
}

async function setText(door: Door, scriptId: number, text: string, work: Work): Promise<string | undefined> {
  try {
    const { status, exceptionDetails } = await door.send<LiveEdit>(
      'Debugger.setScriptSource',
      { scriptId: String(scriptId), scriptSource: text },
      { ...work, timeoutMs: SHORT_MS },
    );
    return status === undefined || status === 'Ok' ? exceptionDetails?.text : status;
  } catch (error) {
    if (!isFailure(error, 'inspector-error')) throw error;
    return messageOf(error);
  }
}

/** An async function that has ended still counts as suspended for V8 until what it ran in is collected. */
async function collect(door: Door, work: Work): Promise<void> {
  await door.send('HeapProfiler.collectGarbage', {}, work);
}

function isPassing(status: string): boolean {
  return status === 'BlockedByActiveGenerator' || status === 'BlockedByActiveFunction';
}

/** Puts a text in the place of the one that runs, in as many steps as V8 needs. */
export async function edit(door: Door, scriptId: number, text: string, work: Work): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    const running = await textOf(door, scriptId, work);
    if (running === text) return true;
    const why = await turn(door, scriptId, running, text, work);
    if (why === undefined) return true;
    if (!why.startsWith('Blocked')) return false;
    if (attempt % COLLECT_EVERY === 0) await collect(door, work);
  }
  return false;
}

/** Tries every script whatever becomes of the others; the probe stays while any script still asks for it. */
export async function disarm(
  door: Door,
  { scripts, breakpoints }: Pick<Armed, 'scripts' | 'breakpoints'>,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const each of breakpoints) await each.clear();
  const edited = scripts.filter((script) => script.edits.length > 0).map((script) => script.scriptId);
  await makeReady(door, edited, {}).catch(() => false);
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

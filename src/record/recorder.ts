// Puts a plan into a live process and takes it out again. One edit for each script, verified against the text it was planned for;
// what the process tells is drained in batches; on leaving every script has its own text again. Knows no meaning of the records.
import { Failure, isFailure, messageOf, type Problem, type Work } from '../model/index.ts';
import type { Attachment } from '../acquire/index.ts';
import { PROBE, type PlannedScript, type RecordingPlan, type ScriptPlan } from './plan.ts';
import { probe } from './probe.ts';
import type { ProbeAnswer, ProbeOptions } from './probeAnswer.ts';
import { probeReading } from './probeReading.ts';

const LEASE_MS = 3000;
const CAPACITY = 1 << 17;
const BATCH = 4000;
const RETRY_MS = 250;
const TRIES = 12;
const SHORT_MS = 10_000;

/**
 * V8 13 gives functions of an edited script the baseline code of their neighbours (seen on Node 24: a getter answered with what the
 * getter beside it is for). Without baseline code nothing of that happens, so it stays off in a process that was edited.
 */
const BASELINE_OFF = `parseInt(process.versions.v8) >= 13 && process.getBuiltinModule('v8').setFlagsFromString('--no-sparkplug')`;

type Door = Pick<Attachment, 'send' | 'scripts'>;

export interface Recorder {
  readonly plan: RecordingPlan;
  /** Scripts whose edit the process refused, with the reason; filled once all were tried. */
  readonly refused: readonly Problem[];
  readonly armed: number;
  /** No place that changes a state is missing. */
  readonly complete: boolean;
  /** Takes what was told since; `holdMs`: how long nobody may be able to ask again. */
  drain(holdMs?: number): Promise<ProbeAnswer>;
  /** Puts every script back and takes the probe away. @returns what could not be put back */
  stop(): Promise<readonly Problem[]>;
}

interface LiveEdit {
  readonly status?: string;
  readonly exceptionDetails?: { readonly text?: string };
}

/** A script that is the program's own: a file, and no dependency. */
export function isOwnScript(url: string): boolean {
  return !/^(?:node:|internal\/|evalmachine|\[eval)/.test(url) && url !== '' && !url.includes('/node_modules/');
}

export async function textOf(door: Door, scriptId: number, work?: Work): Promise<string> {
  const { scriptSource } = await door.send<{ scriptSource: string }>(
    'Debugger.getScriptSource',
    { scriptId: String(scriptId) },
    work,
  );
  return scriptSource;
}

/**
 * The scripts to plan for, with the text that runs. An edit leaves the version before it in memory under a new number, so of several
 * scripts of one URL the first is the one that runs.
 */
export async function runningScripts(door: Door, work: Work): Promise<Omit<PlannedScript, 'sourceMap'>[]> {
  const out: Omit<PlannedScript, 'sourceMap'>[] = [];
  const first = new Set<string>();
  for (const { id, url, isModule } of [...door.scripts()].sort((a, b) => a.id - b.id)) {
    if (!isOwnScript(url) || first.has(url)) continue;
    first.add(url);
    out.push({ id, url, isModule, text: await textOf(door, id, work) });
  }
  return out;
}

/** Puts back what a debugger that died has left. @returns the number of scripts that were put back */
export async function restoreLeftovers(door: Door, work: Work): Promise<number> {
  const left = await evaluate<string>(
    door,
    `JSON.stringify((globalThis[${JSON.stringify(PROBE)}]||{}).originals||{})`,
    work,
  );
  const originals = Object.entries(JSON.parse(left) as { readonly [scriptId: string]: string });
  let restored = 0;
  for (const [id, original] of originals) {
    const text = await textOf(door, Number(id), work).catch(() => original);
    if (text === original) continue;
    if (await edit(door, Number(id), original, work)) restored++;
  }
  if (originals.length > 0) await evaluate(door, `delete globalThis[${JSON.stringify(PROBE)}]`, work);
  return restored;
}

/** @throws Failure `cancelled`, `target-gone` */
export async function startRecorder(door: Door, plan: RecordingPlan, work: Work): Promise<Recorder> {
  await install(door, plan, work);
  const refused: Problem[] = [];
  const armed: ScriptPlan[] = [];
  let waiting = [...plan.scripts];
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
  return new LiveRecorder(door, plan, armed, refused);
}

class LiveRecorder implements Recorder {
  readonly plan: RecordingPlan;
  readonly refused: readonly Problem[];
  readonly #door: Door;
  readonly #armed: readonly ScriptPlan[];

  constructor(door: Door, plan: RecordingPlan, armed: readonly ScriptPlan[], refused: readonly Problem[]) {
    this.#door = door;
    this.plan = plan;
    this.#armed = armed;
    this.refused = refused;
  }

  get complete(): boolean {
    const armed = new Set(this.#armed.flatMap((script) => script.sites));
    return this.plan.sites.every(
      ({ id, kind, phase }) => armed.has(id) || phase !== 'change' || (kind !== 'write' && kind !== 'version'),
    );
  }

  get armed(): number {
    return this.#armed.length;
  }

  async drain(holdMs = 0): Promise<ProbeAnswer> {
    const text = await evaluate<string>(
      this.#door,
      `globalThis[${JSON.stringify(PROBE)}].drain(${BATCH},${holdMs})`,
      {},
    );
    return JSON.parse(text) as ProbeAnswer;
  }

  stop(): Promise<readonly Problem[]> {
    return disarm(this.#door, this.#armed);
  }
}

async function install(door: Door, plan: RecordingPlan, work: Work): Promise<void> {
  const options: ProbeOptions = {
    name: PROBE,
    entities: plan.entities,
    sites: plan.sites.map(({ id, kind, entities, property }) => ({
      id,
      kind,
      entities,
      ...(property !== undefined && { property }),
    })),
    capacity: CAPACITY,
    leaseMs: LEASE_MS,
    stacks: { first: 5, share: 1000 },
    originals: Object.fromEntries(plan.scripts.map((script) => [script.scriptId, script.original])),
  };
  await evaluate(door, BASELINE_OFF, work);
  await evaluate(door, `(${probe.toString()})(${JSON.stringify(options)}, ${probeReading.toString()})`, work);
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

async function edit(door: Door, scriptId: number, text: string, work: Work): Promise<boolean> {
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
async function disarm(door: Door, scripts: readonly ScriptPlan[]): Promise<readonly Problem[]> {
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

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

async function evaluate<T>(door: Door, expression: string, work: Work): Promise<T> {
  const { result, exceptionDetails } = await door.send<Evaluated>(
    'Runtime.evaluate',
    { expression, returnByValue: true, silent: true },
    work,
  );
  if (exceptionDetails)
    throw new Failure(
      'probe-failed',
      `The recording in the process failed: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`,
      'Attach again; the process itself is unharmed.',
    );
  return result.value as T;
}

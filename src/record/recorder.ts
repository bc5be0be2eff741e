// Puts a plan into a live process and takes it out again. One edit for each script, verified against the text it was planned for;
// what the process tells is drained in batches; on leaving every script has its own text again. Knows no meaning of the records.
import { secretRules, type Problem, type Work, type WorkspaceFile } from '../model/index.ts';
import { armAll, BASELINE_OFF, disarm, textOf } from './arming.ts';
import { claimTarget, type Claim } from './claim.ts';
import { evaluate, type Door } from './door.ts';
import { PROBE, type PlannedScript, type RecordingPlan, type ScriptPlan } from './plan.ts';
import { probe } from './probe.ts';
import type { ProbeAnswer, ProbeOptions, ReservoirLimits } from './probeAnswer.ts';
import { probeContext } from './probeContext.ts';
import { probeOptions, withContexts } from './probeOptions.ts';
import { probeReading } from './probeReading.ts';
import { probeReservoir } from './probeReservoir.ts';
import { probeRing } from './probeRing.ts';

const BATCH = 4000;

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

/** A script that is the program's own: a file, and no dependency. */
export function isOwnScript(url: string): boolean {
  return !/^(?:node:|internal\/|evalmachine|\[eval)/.test(url) && url !== '' && !url.includes('/node_modules/');
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

export interface RecorderOptions {
  /** Held by the caller, whose part it is to give it back; absent: made and kept by the recorder. */
  readonly claim?: Claim;
  readonly workspaceFile?: WorkspaceFile;
  /** Events that fit in the target until they are told. */
  readonly capacity?: number;
  readonly reservoir?: Partial<ReservoirLimits>;
}

/** @throws Failure `already-recorded`, `cancelled`, `target-gone` */
export async function startRecorder(
  door: Door,
  plan: RecordingPlan,
  work: Work,
  options: RecorderOptions = {},
): Promise<Recorder> {
  const claim = options.claim ?? (await claimTarget(door, work));
  try {
    await install(door, probeOptions(plan, claim.owner, options), work);
    const { armed, refused } = await armAll(door, plan.scripts, work);
    return new LiveRecorder(door, plan, armed, refused);
  } catch (error) {
    if (!options.claim) await claim[Symbol.asyncDispose]();
    throw error;
  } finally {
    claim.handOver();
  }
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
    return withContexts(JSON.parse(text) as ProbeAnswer);
  }

  async stop(): Promise<readonly Problem[]> {
    // First of all it is silent and the program's own methods are back, whatever becomes of the scripts.
    await evaluate(this.#door, `globalThis[${JSON.stringify(PROBE)}].end()`, {}).catch(() => undefined);
    return disarm(this.#door, this.#armed);
  }
}

async function install(door: Door, options: ProbeOptions, work: Work): Promise<void> {
  await evaluate(door, BASELINE_OFF, work);
  const parts = {
    rules: secretRules,
    reading: probeReading,
    context: probeContext,
    reservoir: probeReservoir,
    ring: probeRing,
  };
  const sent = Object.entries(parts).map(([name, part]) => `${name}:(${part.toString()})`);
  await evaluate(door, `(${probe.toString()})(${JSON.stringify(options)},{${sent.join()}})`, work);
}

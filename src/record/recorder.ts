// Puts a plan into a live process and takes it out again. One edit for each script, verified against the text it was planned for;
// what the process tells is drained in batches; on leaving every script has its own text again. Knows no meaning of the records.
import { secretRules, type Problem, type Work, type WorkspaceFile } from '../model/index.ts';
import { readAnswer } from './answerText.ts';
import { armAll, BASELINE_OFF, carriedOut, disarm, joinArmed, textOf, type Armed } from './arming.ts';
import { claimTarget, type Claim } from './claim.ts';
import { evaluate, type Door } from './door.ts';
import { PROBE, type PlannedScript, type RecordingPlan } from './plan.ts';
import { probe } from './probe.ts';
import type { ProbeAnswer, ProbeOptions, ReservoirLimits } from './probeAnswer.ts';
import { probeClosures } from './probeClosures.ts';
import { probeContext } from './probeContext.ts';
import { probeOptions } from './probeOptions.ts';
import { probeReading } from './probeReading.ts';
import { probeReservoir } from './probeReservoir.ts';
import { probeRing } from './probeRing.ts';
import { probeSaving } from './probeSaving.ts';
import { probeSending } from './probeSending.ts';
import { probeStores } from './probeStores.ts';
import { probeTelling } from './probeTelling.ts';
import { probeWatching } from './probeWatching.ts';

const BATCH = 16_384;
const FACE = `globalThis[${JSON.stringify(PROBE)}]`;

export interface Recorder {
  readonly plan: RecordingPlan;
  /** What is not recorded, with the reason; grows where a breakpoint is come to too often. */
  readonly refused: readonly Problem[];
  readonly armed: number;
  /** Records also what is planned for scripts that were loaded meanwhile; sites go on where those of `plan` end. */
  extend(more: RecordingPlan, work: Work): Promise<void>;
  /** No place that changes a state is missing. */
  readonly complete: boolean;
  /** Takes what was told since. */
  drain(): Promise<ProbeAnswer>;
  /** Asks for nothing, so that the process goes on telling: to be called every second or so where `drain` is not. */
  keepAlive(): Promise<void>;
  /** Puts every script back and takes the probe away. @returns what could not be put back */
  stop(): Promise<readonly Problem[]>;
}

/**
 * A script that is the program's own: a file, and no dependency.
 * @param roots directories of its source: one that lies among the dependencies is meant with that
 */
export function isOwnScript(url: string, roots: readonly string[] = []): boolean {
  if (url === '' || /^(?:node:|internal\/|evalmachine|\[eval)/.test(url)) return false;
  if (!url.includes('/node_modules/')) return true;
  return roots.some((root) => {
    const from = `/${root.replace(/\\/g, '/').replace(/\/+$/, '')}/`;
    const inside = from.indexOf('/node_modules/');
    return inside >= 0 && url.includes(from.slice(inside));
  });
}

/**
 * The scripts to plan for, with the text that runs. An edit leaves the version before it in memory under a new number, so of several
 * scripts of one URL the first is the one that runs.
 */
export async function runningScripts(
  door: Door,
  work: Work,
  wanted: (url: string) => boolean = () => true,
  roots: readonly string[] = [],
): Promise<Omit<PlannedScript, 'sourceMap'>[]> {
  const out: Omit<PlannedScript, 'sourceMap'>[] = [];
  const first = new Set<string>();
  for (const { id, url, isModule } of [...door.scripts()].sort((a, b) => a.id - b.id)) {
    if (!isOwnScript(url, roots) || first.has(url) || !wanted(url)) continue;
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
    const recorder = new LiveRecorder(door, plan, claim.owner, await armAll(door, plan.scripts, work));
    // Arming may have taken longer than it goes on unasked; from here on it tells.
    await evaluate(door, `${FACE}.drain(0)`, work);
    return recorder;
  } catch (error) {
    if (!options.claim) await claim[Symbol.asyncDispose]();
    throw error;
  } finally {
    claim.handOver();
  }
}

class LiveRecorder implements Recorder {
  #plan: RecordingPlan;
  #armed: Armed;
  readonly #door: Door;
  readonly #owner: string;

  constructor(door: Door, plan: RecordingPlan, owner: string, armed: Armed) {
    this.#door = door;
    this.#plan = carriedOut(plan, armed);
    this.#owner = owner;
    this.#armed = armed;
  }

  get plan(): RecordingPlan {
    return this.#plan;
  }

  get refused(): readonly Problem[] {
    return [...this.#armed.refused, ...this.#armed.breakpoints.flatMap((each) => each.relieved)];
  }

  async extend(more: RecordingPlan, work: Work): Promise<void> {
    const { sites, originals } = probeOptions(more, this.#owner, {});
    await evaluate(this.#door, `${FACE}.more(${JSON.stringify(sites)},${JSON.stringify(originals)})`, work);
    const armed = await armAll(this.#door, more.scripts, work);
    this.#armed = joinArmed(this.#armed, armed);
    this.#plan = joined(this.#plan, carriedOut(more, armed));
  }

  get complete(): boolean {
    const { sites, breakpoints } = this.#armed;
    if (breakpoints.some((each) => each.relieved.length > 0)) return false;
    return this.plan.sites.every(
      ({ id, kind, phase }) => sites.has(id) || phase !== 'change' || (kind !== 'write' && kind !== 'version'),
    );
  }

  get armed(): number {
    return this.#armed.scripts.length;
  }

  async drain(): Promise<ProbeAnswer> {
    return readAnswer(await evaluate<string>(this.#door, `${FACE}.drain(${BATCH})`, {}));
  }

  async keepAlive(): Promise<void> {
    await evaluate(this.#door, `${FACE}.hold(${JSON.stringify(this.#owner)})`, {});
  }

  async stop(): Promise<readonly Problem[]> {
    // First of all it is silent and the program's own methods are back, whatever becomes of the scripts.
    await evaluate(this.#door, `${FACE}.end()`, {}).catch(() => undefined);
    return disarm(this.#door, this.#armed);
  }
}

function joined(plan: RecordingPlan, more: RecordingPlan): RecordingPlan {
  return {
    ...plan,
    sites: [...plan.sites, ...more.sites],
    scripts: [...plan.scripts, ...more.scripts],
    problems: [...plan.problems, ...more.problems],
  };
}

async function install(door: Door, options: ProbeOptions, work: Work): Promise<void> {
  await evaluate(door, BASELINE_OFF, work);
  const parts = {
    rules: secretRules,
    reading: probeReading,
    context: probeContext,
    reservoir: probeReservoir,
    saving: probeSaving,
    sending: probeSending,
    stores: probeStores,
    closures: probeClosures,
    telling: probeTelling,
    ring: probeRing,
    watching: probeWatching,
  };
  const sent = Object.entries(parts).map(([name, part]) => `${name}:(${part.toString()})`);
  await evaluate(door, `(${probe.toString()})(${JSON.stringify(options)},{${sent.join()}})`, work);
}

// Puts a plan into a live process and takes it out again. One edit for each script, verified against the text it was planned for;
// what the process tells is drained in batches; on leaving every script has its own text again. Knows no meaning of the records.
import type { Problem, Work } from '../model/index.ts';
import { armAll, BASELINE_OFF, disarm, edit, textOf } from './arming.ts';
import { evaluate, type Door } from './door.ts';
import { PROBE, type PlannedScript, type RecordingPlan, type ScriptPlan } from './plan.ts';
import { probe } from './probe.ts';
import type { ProbeAnswer, ProbeOptions } from './probeAnswer.ts';
import { probeReading } from './probeReading.ts';

const LEASE_MS = 3000;
const CAPACITY = 1 << 17;
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
  const { armed, refused } = await armAll(door, plan.scripts, work);
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

// The plans of scripts that several threads and processes run: each script is planned once, whoever loads it. Sites are numbered over all
// of them, so that one number is one place in every process.
import { createHash } from 'node:crypto';
import type { Problem, Work } from '../model/index.ts';
import type { PlannedScript, RecordingPlan, ScriptPlan, Site } from '../record/index.ts';

type Planner = (scripts: readonly PlannedScript[], firstSite: number, work: Work) => Promise<RecordingPlan>;

/** One call of the planner. */
interface Planned {
  readonly problems: readonly Problem[];
  readonly sites: ReadonlyMap<number, Site>;
}

interface Entry {
  readonly of: Planned;
  /** Absent: there is nothing in it. */
  readonly plan?: ScriptPlan;
}

export class ScriptPlans {
  readonly #plan: Planner;
  readonly #entries = new Map<string, Entry>();
  /** What every plan has. */
  #shared: Pick<RecordingPlan, 'entities' | 'files'> | undefined;
  #firstSite = 0;
  /** One call after the other: what the next asks for may be there then. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(plan: Planner) {
    this.#plan = plan;
  }

  /** @throws Failure of planning, `cancelled` */
  of(scripts: readonly PlannedScript[], work: Work): Promise<RecordingPlan> {
    const turn = this.#turn.then(() => this.#of(scripts, work));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #of(scripts: readonly PlannedScript[], work: Work): Promise<RecordingPlan> {
    const keys = scripts.map(keyOf);
    const missing = scripts.filter((_, n) => !this.#entries.has(keys[n] ?? ''));
    if (missing.length > 0 || !this.#shared) this.#keep(missing, await this.#plan(missing, this.#firstSite, work));
    const entries = keys.flatMap((key) => this.#entries.get(key) ?? []);
    const sites: Site[] = [];
    const plans: ScriptPlan[] = [];
    for (const [n, { of, plan }] of entries.entries()) {
      if (!plan) continue;
      plans.push({ ...plan, scriptId: scripts[n]?.id ?? plan.scriptId });
      sites.push(...plan.sites.flatMap((id) => of.sites.get(id) ?? []));
    }
    const problems = new Set<Problem>(entries.flatMap(({ of }) => of.problems));
    const { entities, files } = this.#shared ?? { entities: [], files: [] };
    return { entities, files, sites, scripts: plans, problems: [...problems] };
  }

  #keep(scripts: readonly PlannedScript[], plan: RecordingPlan): void {
    const { entities, files, problems } = plan;
    this.#shared = { entities, files };
    const of: Planned = { problems, sites: new Map(plan.sites.map((site) => [site.id, site])) };
    const plans = new Map(plan.scripts.map((each) => [each.scriptId, each]));
    for (const script of scripts) {
      const own = plans.get(script.id);
      this.#entries.set(keyOf(script), { of, ...(own && { plan: own }) });
    }
    for (const { id } of plan.sites) this.#firstSite = Math.max(this.#firstSite, id + 1);
  }
}

function keyOf({ url, isModule, text, sourceMap = '' }: PlannedScript): string {
  const hash = createHash('sha1').update(text).update('\0').update(sourceMap);
  return `${isModule ? 'module' : 'script'} ${url} ${hash.digest('base64')}`;
}

// What the probe is given for a plan. Pure.
import { isSecret, type WorkspaceFile } from '../model/index.ts';
import { PROBE, type RecordingPlan } from './plan.ts';
import type { ProbeOptions, ReservoirLimits } from './probeAnswer.ts';

/** At most a second later the edited places are silent. */
const SILENT_AFTER_S = 3;
/** Events that a busy service has until it is asked again; each takes some 400 bytes with what it refers to. */
export const MOST_EVENTS = 1 << 17;
/** Few and young: an object that the program has let go must not stay for long because somebody looks. */
const RESERVOIR: ReservoirLimits = { perState: 32, perType: 512, ageMs: 300_000 };

export function probeOptions(
  plan: RecordingPlan,
  owner: string,
  options: {
    readonly workspaceFile?: WorkspaceFile;
    readonly capacity?: number;
    readonly reservoir?: Partial<ReservoirLimits>;
  },
): ProbeOptions {
  const file = options.workspaceFile ?? {};
  return {
    name: PROBE,
    owner,
    entities: plan.entities,
    sites: plan.sites.map(({ id, kind, entities, property }) => ({
      id,
      kind,
      entities,
      ...(property !== undefined && { property }),
    })),
    capacity: options.capacity ?? MOST_EVENTS,
    silentAfter: SILENT_AFTER_S,
    stacks: { first: 5, share: 1000 },
    originals: Object.fromEntries(plan.scripts.map((script) => [script.scriptId, script.original])),
    secretKeys: plan.entities.flatMap(({ name, identity }, n) =>
      identity.some((property) => isSecret(name, property.replace(/^#/, ''), file)) ? [n] : [],
    ),
    context: { named: namedContext(file), redact: file.redact ?? [], reveal: file.reveal ?? [] },
    reservoir: { ...RESERVOIR, ...options.reservoir },
  };
}

function namedContext({ context }: WorkspaceFile): ProbeOptions['context']['named'] {
  return Object.entries(context ?? {}).flatMap(([dimension, parameters]) =>
    Object.entries(parameters).map(([name, path]) => ({ dimension, name, path: path.split('.') })),
  );
}

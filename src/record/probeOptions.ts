// What the probe is given for a plan, and its contexts in the model's terms. Pure.
import {
  isSecret,
  NO_CONTEXT,
  type Context,
  type ContextParameter,
  type TraceContext,
  type Value,
  type WorkspaceFile,
} from '../model/index.ts';
import { PROBE, type RecordingPlan } from './plan.ts';
import type { ProbeAnswer, ProbeOptions, RecordContext, ReservoirLimits, ToldContext } from './probeAnswer.ts';
import { valueOf } from './told.ts';

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

/** The contexts of an answer put into its records, each built once. */
export function withContexts(answer: ProbeAnswer): ProbeAnswer {
  if (answer.contexts.length === 0) return answer;
  const contexts = answer.contexts.map(contextOf);
  const records = answer.records.map((record) => {
    const around = record.x === undefined ? undefined : contexts[record.x];
    return around ? { ...record, around } : record;
  });
  return { ...answer, records };
}

type Dimension = keyof Context;

function contextOf({ parameters, trace }: ToldContext): RecordContext {
  const context: { [dimension in Dimension]: ContextParameter[] } = { space: [], time: [], subject: [], device: [] };
  for (const [dimension, name, told] of parameters) {
    const value: Value | undefined = valueOf(told);
    if (!(dimension in NO_CONTEXT) || value === undefined) continue;
    context[dimension as Dimension].push({ name, value, from: 'request' });
  }
  const [traceId, spanId] = trace ?? [];
  const traced: TraceContext | undefined =
    traceId === undefined ? undefined : { traceId, ...(spanId !== undefined && { spanId }) };
  return { ...(parameters.length > 0 && { context }), ...(traced && { trace: traced }) };
}

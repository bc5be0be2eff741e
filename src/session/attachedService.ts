// One service of a live session: where its snapshots come from, whether it is still there, what was noticed of it.
import { toIso, type Context, type Model, type Problem, type SemanticState } from '../model/index.ts';
import { now } from './clock.ts';
import type { SessionTarget } from './session.ts';
import type { SnapshotSource } from './snapshotSource.ts';

export class AttachedService {
  readonly source: SnapshotSource;
  connected = true;
  /** Of its last snapshot. */
  problems: readonly Problem[] = [];

  constructor(source: SnapshotSource) {
    this.source = source;
  }

  get target(): SessionTarget {
    const { name, address, image, pid } = this.source;
    return {
      ...{ name, address },
      ...(image !== undefined && { image }),
      ...(pid !== undefined && { pid }),
      connected: this.connected,
    };
  }

  /** Identity here is type and key, so a reset spoils nothing; whoever compares heap ids has to know. */
  async idsReset(work: { readonly signal?: AbortSignal }): Promise<Problem | undefined> {
    const held = await this.source.heapIdsHold(work).catch(() => true);
    if (held) return undefined;
    const message = `V8 has given new object ids at ${toIso(now())}: another debugger's session was closed. Heap ids before and after differ.`;
    return { code: 'heap-ids-reset', message };
  }
}

/** Its context, told apart from that of the others. */
export function contextOf({ source }: AttachedService, several: boolean): Context | undefined {
  const { context, address } = source;
  if (!context || !several) return context;
  const of = (parameters: Context['space']): Context['space'] => parameters.map((one) => ({ ...one, from: address }));
  return {
    space: of(context.space),
    time: of(context.time),
    subject: of(context.subject),
    device: of(context.device),
  };
}

/** What is wrong with any of them, each thing once. */
export function problemsOf(services: readonly AttachedService[]): Problem[] {
  const all = services.flatMap(({ problems }) => problems);
  return [...new Map(all.map((problem) => [`${problem.code} ${problem.message}`, problem])).values()];
}

/** Extraction counts the instances in one service's memory; where several are attached, all that are known count. */
export function countedIn(model: Model, state: SemanticState): Model {
  const counts = new Map<string, number>();
  for (const { entity } of state.values()) counts.set(entity, (counts.get(entity) ?? 0) + 1);
  const entities = model.entities.map((entity) =>
    entity.instances === undefined && !counts.has(entity.name)
      ? entity
      : { ...entity, instances: counts.get(entity.name) ?? 0 },
  );
  return { ...model, entities };
}

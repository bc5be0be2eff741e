// One service of a live session: where its snapshots come from, whether it is still there, what was noticed of it.
import {
  Failure,
  toIso,
  type Context,
  type Model,
  type Problem,
  type SemanticState,
  type SnapshotPoint,
  type Work,
} from '../model/index.ts';
import { now } from './clock.ts';
import type { ReadSnapshot } from './reading.ts';
import type { LentInspector, SessionTarget } from './session.ts';
import type { SnapshotSource } from './snapshotSource.ts';
import { withContext, type Taken } from './takenSnapshot.ts';
import { toldBy } from './union.ts';

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

/** @throws Failure `no-target` where it is no process, and what asking it throws */
export async function lendInspector({ source }: AttachedService, work: Work): Promise<LentInspector> {
  const { attachment, address, name } = source;
  if (!attachment)
    throw new Failure('no-target', `${name} is no process with an inspector.`, 'Attach to a running service.');
  const { url } = await attachment.forward();
  if (address.startsWith('pid:')) return { name, url };
  const { result } = await attachment.send<{ readonly result: { readonly value?: unknown } }>(
    'Runtime.evaluate',
    { expression: 'process.cwd()', returnByValue: true, silent: true },
    work,
  );
  return { name, url, ...(typeof result.value === 'string' && { remoteRoot: result.value }) };
}

/** Its context, told apart from that of the others. */
function contextOf({ source }: AttachedService, several: boolean): Context | undefined {
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
function problemsOf(services: readonly AttachedService[]): Problem[] {
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

/** What a capture of one service and its extraction gave, among the services attached beside it. */
export function takenOf(
  service: AttachedService,
  of: { readonly services: readonly AttachedService[]; readonly several: boolean; readonly hasCode: boolean },
  { id, read, model, state }: { id: string; read: ReadSnapshot; model: Model; state: SemanticState },
): Taken {
  const { address } = service.source;
  const known = new Set(model.problems.map(({ code, message }) => `${code} ${message}`));
  const parsing = read.problems.filter(({ code, message }) => !known.has(`${code} ${message}`));
  service.problems = [...model.problems, ...parsing];
  const { nodes: _, problems: _p, ...captured } = read;
  return {
    ...captured,
    id,
    target: address,
    model: withContext({ ...model, problems: problemsOf(of.services) }, contextOf(service, of.several)),
    state: of.several ? toldBy(state, address) : state,
    problems: service.problems.length,
    hasCode: of.hasCode,
  };
}

export function describeSnapshot(point: SnapshotPoint, events: number, several: boolean): string {
  const of = several ? ` of ${point.target}` : '';
  const size = `${(point.bytes / 1e6).toFixed(1)} MB`;
  const pause = `paused ${Math.round(point.pauseMs)} ms`;
  const growth = point.targetGrowthBytes === undefined ? '' : `, grew ${(point.targetGrowthBytes / 1e6).toFixed(1)} MB`;
  return `Snapshot${of} at ${toIso(point.time)}: ${size}, ${pause}${growth}; ${point.entities} entities, ${events} events, ${point.consistency}`;
}

export function notAttached(name: string): Failure {
  return new Failure('target-gone', `${name} is not attached any more.`, 'Attach again; the timeline is kept.');
}

// From `docker:NAME` to the one container that is meant, whichever engine holds it.
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { isFailure, messageOf } from '../../model/index.ts';
import type { Work } from '../../model/index.ts';
import { checkCancelled } from '../deadline.ts';
import { containerAmbiguous, containerNotFound, noEngine } from '../failures.ts';
import { engineEndpoints } from './endpoints.ts';
import { ask, openEngine } from './engine.ts';
import type { Engine } from './engine.ts';

const MOST_NAMED = 8;

export interface FoundContainer {
  readonly engine: Engine;
  readonly info: ContainerInspectInfo;
}

/** The engines that answer, and why others do not. */
export async function openEngines(
  work?: Work,
): Promise<{ readonly engines: readonly Engine[]; readonly refused: readonly unknown[] }> {
  const results = await Promise.allSettled(engineEndpoints().map((endpoint) => openEngine(endpoint, work)));
  checkCancelled(work);
  return {
    engines: results.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : [])),
    refused: results.flatMap((r) => (r.status === 'rejected' ? [r.reason as unknown] : [])),
  };
}

/** `docker:` is any engine that Docker's ways lead to, `podman:` any that says it is Podman. @throws Failure */
export async function enginesFor(
  kind: 'docker' | 'podman',
  work?: Work,
): Promise<Awaited<ReturnType<typeof openEngines>>> {
  const { engines, refused } = await openEngines(work);
  const fitting = engines.filter((e) =>
    kind === 'podman' ? e.kind === 'podman' : e.endpoint.way === 'docker' || e.kind === 'docker',
  );
  if (fitting.length === 0) throw refused.find((r) => isFailure(r)) ?? noEngine(kind);
  return { engines: fitting, refused };
}

/** @throws Failure `container-not-found`, `container-ambiguous`, `engine-*`, `timeout`, `cancelled` */
export async function findContainer(kind: 'docker' | 'podman', name: string, work?: Work): Promise<FoundContainer> {
  const { engines, refused } = await enginesFor(kind, work);
  const held = await Promise.all(
    engines.map(async (engine) => {
      const all = await ask(engine, 'the list of containers', work, (client) => client.listContainers({ all: true }));
      return all.map((info) => ({ engine, info }));
    }),
  );
  const { engine, info } = choose(name, held.flat(), refused);
  return { engine, info: await ask(engine, 'a container', work, (client) => client.getContainer(info.Id).inspect()) };
}

interface Listed {
  readonly engine: Engine;
  readonly info: ContainerInfo;
}

function choose(name: string, all: readonly Listed[], refused: readonly unknown[]): Listed {
  const exact = all.filter(({ info }) => info.Id === name || namesOf(info).includes(name));
  const close = all.filter(({ info }) => info.Id.startsWith(name) || namesOf(info).some((n) => n.startsWith(name)));
  // One container can be reached by two ways; it is still one.
  const fitting = unique(exact.length > 0 ? exact : close);
  const [first, second] = fitting;
  if (first && !second) return first;
  if (first) throw containerAmbiguous(name, fitting.slice(0, MOST_NAMED).map(showListed));
  const others = all.filter(({ info }) => info.State === 'running').slice(0, MOST_NAMED);
  throw containerNotFound(name, others.map(showListed), refused.map(messageOf));
}

function unique(listed: readonly Listed[]): readonly Listed[] {
  return [...new Map(listed.map((one) => [one.info.Id, one])).values()];
}

export function namesOf(info: ContainerInfo): readonly string[] {
  return info.Names.map((n) => n.replace(/^\//, ''));
}

function showListed({ info }: Listed): string {
  return `${namesOf(info)[0] ?? ''} (${info.Id.slice(0, 12)})`.trim();
}

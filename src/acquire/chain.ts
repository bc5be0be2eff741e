// The chain from an address to an open session, link by link: target, engine, process, inspector, tunnel, session. Attaching walks it,
// and so does the doctor, who also wants to hear of each link.
import type { Work } from '../model/index.ts';
import { isFailure } from '../model/index.ts';
import { showTarget } from './address.ts';
import type { AttachOptions } from './attachment.ts';
import { EngineContainer } from './engine/container.ts';
import { findContainer } from './engine/find.ts';
import { inspectorRefused, noSuchProcess, nothingLiveInFile } from './failures.ts';
import { InspectorSession } from './inspectorSession.ts';
import { InspectPort } from './inspectPort.ts';
import { LocalProcess } from './local.ts';
import type { ContainerRuntime, InspectorEndpoint, TargetAddress, TargetProcess } from './target.ts';

export const LINKS = ['target', 'engine', 'process', 'inspector', 'tunnel', 'session', 'headroom'] as const;
export type LinkName = (typeof LINKS)[number];

/** Of a command line: an inspector from the start on. */
const LISTENS = /--inspect(-brk|-wait)?[= ]/;

/** Told when a link holds, with what was found. */
export type LinkListener = (link: LinkName, detail: string) => void;

export interface Connection {
  readonly address: string;
  readonly name: string;
  readonly runtime: ContainerRuntime;
  readonly process: TargetProcess;
  readonly inspector: InspectorEndpoint;
  readonly session: InspectorSession;
}

/** @throws Failure, any of the catalogue; nothing stays open then */
export async function connectTarget(
  address: TargetAddress,
  options: AttachOptions,
  work: Work,
  held: LinkListener = () => undefined,
): Promise<Connection> {
  const shown = showTarget(address);
  const name = address.runtime === 'docker' || address.runtime === 'podman' ? address.container : shown;
  held('target', shown);
  work.progress?.({ phase: 'connect', message: `Looking for ${shown}` });
  const { runtime, detail } = await openRuntime(address, work);
  held('engine', detail);
  const process = await chooseProcess(runtime, options.pid, shown, work);
  held('process', `process ${process.pid}: ${process.command}`.trim());
  work.progress?.({ phase: 'connect', message: `Opening the inspector of process ${process.pid}` });
  // From the signal until the relay stands, which closes the inspector again, nothing is called off half-way.
  const isOurs = options.child !== undefined && process.inspector?.sessions === 0 && !LISTENS.test(process.command);
  const inTurn = options.inTurn ?? ((open) => open());
  const inspector =
    process.inspector && !isOurs
      ? process.inspector
      : await inTurn(() => runtime.openInspector(process.pid, undefined, options.child));
  held('inspector', `listens on ${inspector.host}:${inspector.port}${inspector.opened ? ', opened by SIGUSR1' : ''}`);
  const channel = await runtime.connect(inspector, inspector.opened ? {} : work);
  held(
    'tunnel',
    runtime.kind === 'docker' || runtime.kind === 'podman' ? 'through the engine, nothing published' : 'direct',
  );
  let session: InspectorSession;
  try {
    session = await InspectorSession.open(channel, inspector.id, inspector.port, shown, work);
  } catch (error) {
    await channel[Symbol.asyncDispose]();
    // The tunnel knows better than the web socket why nothing came through it.
    const said: unknown = 'stderr' in channel.stream ? channel.stream.stderr : undefined;
    if (isFailure(error, 'inspector-refused') && typeof said === 'string' && said.trim() !== '')
      throw inspectorRefused(shown, new Error(said.trim().slice(0, 300)));
    throw error;
  }
  return { address: shown, name, runtime, process, inspector, session };
}

async function openRuntime(
  address: TargetAddress,
  work: Work,
): Promise<{ readonly runtime: ContainerRuntime; readonly detail: string }> {
  switch (address.runtime) {
    case 'docker':
    case 'podman': {
      const { engine, info } = await findContainer(address.runtime, address.container, work);
      return { runtime: new EngineContainer(engine, info), detail: engine.name };
    }
    case 'local':
      return { runtime: new LocalProcess(address.pid), detail: 'this machine' };
    case 'inspect':
      return { runtime: new InspectPort(address.host, address.port), detail: 'no engine is needed' };
    case 'file':
      throw nothingLiveInFile(address.path);
  }
}

async function chooseProcess(
  runtime: ContainerRuntime,
  pid: number | undefined,
  where: string,
  work: Work,
): Promise<TargetProcess> {
  const processes = await runtime.processes(work);
  const chosen = pid === undefined ? processes[0] : processes.find((p) => p.pid === pid);
  if (chosen) return chosen;
  const present = processes.map((p) => p.pid);
  throw noSuchProcess(pid ?? 0, where, present);
}

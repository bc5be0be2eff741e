// A process that is only looked at: no inspector is opened. Where this machine sees it, nothing is run in its container either, which may
// be paused. What the inspector alone would tell, as the source maps beside the scripts, is not known then.
import { hostname } from 'node:os';
import type { ContainerInspectInfo } from 'dockerode';
import { NO_CONTEXT, type Context, type Work } from '../../model/index.ts';
import { showTarget } from '../address.ts';
import type { AttachOptions } from '../attachment.ts';
import type { MemoryReading } from '../capture.ts';
import { EngineContainer } from '../engine/container.ts';
import { describeContainer } from '../engine/describe.ts';
import { findContainer } from '../engine/find.ts';
import { hostPids } from '../engine/hostView.ts';
import { containerNotRunning, noNodeProcess, noSuchProcess, nothingLiveInFile } from '../failures.ts';
import type { TargetAddress, TargetProcess } from '../target.ts';
import { probeMemory } from './access.ts';
import { InsideMemory } from './insideMemory.ts';
import { MemoryCapture, type MemoryTarget } from './memoryCapture.ts';
import { memoryNotHere } from './refusals.ts';

export interface MemoryTargetOpened {
  readonly address: string;
  readonly name: string;
  readonly image?: string;
  /** The target's own number. */
  readonly pid: number;
  readonly context: Context;
  readonly memory: MemoryReading;
}

interface Found {
  readonly own: number;
  readonly facts: { readonly [name: string]: string };
  readonly open: (notes: MemoryTarget['notes']) => MemoryReading;
}

/** @throws Failure `memory-out-of-reach`, `memory-permission`, `memory-unknown-binary`, and what finding a container throws */
export async function openMemory(
  address: TargetAddress,
  options: AttachOptions,
  work: Work,
): Promise<MemoryTargetOpened> {
  const shown = showTarget(address);
  const { own, facts, open } = await find(address, options, work);
  const name = facts['container'] ?? shown;
  const all = { ...facts, pid: String(own) };
  const memory = open(() => Promise.resolve({ target: { target: shown, name, ...all }, scripts: [] }));
  const refusal = await memory.refusal(work);
  if (refusal) throw refusal;
  const space = Object.entries(all).map(([parameter, value]) => ({ name: parameter, value, from: address.runtime }));
  return {
    address: shown,
    name,
    ...(facts['image'] !== undefined && { image: facts['image'] }),
    pid: own,
    context: { ...NO_CONTEXT, space },
    memory,
  };
}

async function find(address: TargetAddress, options: AttachOptions, work: Work): Promise<Found> {
  const name = showTarget(address);
  switch (address.runtime) {
    case 'local':
      return {
        own: address.pid,
        facts: { runtime: 'local', host: hostname() },
        open: (notes) => new MemoryCapture({ name, hostPid: address.pid, notes }),
      };
    case 'docker':
    case 'podman': {
      const { engine, info } = await findContainer(address.runtime, address.container, work);
      const container = info.Name.replace(/^\//, '');
      if (!info.State.Running) throw containerNotRunning(container, info.State.Status);
      const facts = describeContainer(engine, info);
      const here = options.inside === true ? undefined : findHere(info, options.pid);
      if (here === 'none') throw noNodeProcess(`the container ${container}`, []);
      if (here?.isReadable === true)
        return { own: here.own, facts, open: (notes) => new MemoryCapture({ name, hostPid: here.host, notes }) };
      const runtime = new EngineContainer(engine, info);
      const { pid } = await chooseInside(runtime, name, options.pid, work);
      return { own: pid, facts, open: (notes) => new InsideMemory({ name, notes, pid, runtime }) };
    }
    case 'inspect':
      throw memoryNotHere('an inspector says nothing of where its process runs');
    case 'file':
      throw nothingLiveInFile(address.path);
  }
}

interface FoundHere {
  readonly host: number;
  readonly own: number;
  readonly isReadable: boolean;
}

/** As this machine's kernel shows it; undefined where it does not show it, `none` where no process of the container is Node.js. */
function findHere(info: ContainerInspectInfo, pid: number | undefined): FoundHere | 'none' | undefined {
  const processes = hostPids(info.Id, info.State.Pid);
  if (processes.length === 0) return undefined;
  for (const { host, own } of processes) {
    if (pid !== undefined && pid !== own) continue;
    const access = probeMemory(host);
    // One that may not be read may be a Node.js: that is found out inside.
    if (!('refusal' in access)) return { host, own, isReadable: true };
    if (access.refusal.code === 'memory-permission') return { host, own, isReadable: false };
  }
  return 'none';
}

async function chooseInside(
  runtime: EngineContainer,
  name: string,
  pid: number | undefined,
  work: Work,
): Promise<TargetProcess> {
  const processes = await runtime.processes(work);
  const chosen = pid === undefined ? processes[0] : processes.find((each) => each.pid === pid);
  if (chosen) return chosen;
  const present = processes.map((each) => each.pid);
  throw noSuchProcess(pid ?? 0, name, present);
}

// A process that is only looked at: no inspector is opened, no command is run in its container, which may be paused. What the
// inspector alone would tell, as the source maps beside the scripts, is not known then.
import { hostname } from 'node:os';
import { NO_CONTEXT, type Context, type Work } from '../../model/index.ts';
import { showTarget } from '../address.ts';
import type { AttachOptions } from '../attachment.ts';
import type { MemoryReading } from '../capture.ts';
import { describeContainer } from '../engine/describe.ts';
import { findContainer } from '../engine/find.ts';
import { hostPids } from '../engine/hostView.ts';
import { containerNotRunning, noNodeProcess, nothingLiveInFile } from '../failures.ts';
import type { TargetAddress } from '../target.ts';
import { probeMemory } from './access.ts';
import { MemoryCapture } from './memoryCapture.ts';
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
  readonly host: number;
  readonly own: number;
  readonly facts: { readonly [name: string]: string };
}

/** @throws Failure `memory-out-of-reach`, `memory-permission`, `memory-unknown-binary`, and what finding a container throws */
export async function openMemory(
  address: TargetAddress,
  options: AttachOptions,
  work: Work,
): Promise<MemoryTargetOpened> {
  const shown = showTarget(address);
  const { host, own, facts } = await find(address, options.pid, work);
  const name = facts['container'] ?? shown;
  const all = { ...facts, pid: String(own) };
  const memory = new MemoryCapture({
    name: shown,
    hostPid: host,
    notes: () => Promise.resolve({ target: { target: shown, name, ...all }, scripts: [] }),
  });
  const refusal = memory.refusal();
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

async function find(address: TargetAddress, pid: number | undefined, work: Work): Promise<Found> {
  switch (address.runtime) {
    case 'local':
      return { host: address.pid, own: address.pid, facts: { runtime: 'local', host: hostname() } };
    case 'docker':
    case 'podman': {
      const { engine, info } = await findContainer(address.runtime, address.container, work);
      const name = info.Name.replace(/^\//, '');
      if (!info.State.Running) throw containerNotRunning(name, info.State.Status);
      const processes = hostPids(info.Id, info.State.Pid);
      if (processes.length === 0) throw memoryNotHere('the engine runs on another machine');
      const wanted = pid === undefined ? processes : processes.filter(({ own }) => own === pid);
      const node = wanted.find(({ host }) => isReadableOrForbidden(host));
      if (!node) throw noNodeProcess(`the container ${name}`, []);
      return { ...node, facts: describeContainer(engine, info) };
    }
    case 'inspect':
      throw memoryNotHere('an inspector says nothing of where its process runs');
    case 'file':
      throw nothingLiveInFile(address.path);
  }
}

/** A process that is surely no Node.js is passed over; one that may not be read is kept, so that it is said why. */
function isReadableOrForbidden(pid: number): boolean {
  const access = probeMemory(pid);
  return !('refusal' in access) || access.refusal.code === 'memory-permission';
}

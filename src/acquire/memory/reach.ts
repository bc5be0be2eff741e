// By which way the memory of a process is read: this machine's own view of it where that will do, else from inside its container.
import type { MemoryReading } from '../capture.ts';
import type { ContainerRuntime } from '../target.ts';
import { probeMemory } from './access.ts';
import { InsideMemory, type BesideRuntime } from './insideMemory.ts';
import { MemoryCapture, type MemoryTarget } from './memoryCapture.ts';

export interface ReachedTarget extends Pick<MemoryTarget, 'name' | 'notes'> {
  /** The target's own number of the process. */
  readonly pid: number;
  readonly runtime: Pick<ContainerRuntime, 'hostPid' | 'runBeside' | 'outerPid' | 'readFile'>;
}

/** @param inside not by this machine's own view, even where that would do */
export function memoryReading({ name, notes, pid, runtime }: ReachedTarget, inside: boolean): MemoryReading {
  const hostPid = inside ? undefined : runtime.hostPid?.(pid);
  return canGoInside(runtime) && !isWithinReach(hostPid)
    ? new InsideMemory({ name, notes, pid, runtime })
    : new MemoryCapture({ name, notes, hostPid });
}

function canGoInside(runtime: ReachedTarget['runtime']): runtime is BesideRuntime {
  return runtime.runBeside !== undefined && runtime.outerPid !== undefined;
}

/** What only privileges or the place of the engine are in the way of, the engine itself can do. */
function isWithinReach(hostPid: number | undefined): boolean {
  if (hostPid === undefined) return false;
  const access = probeMemory(hostPid);
  if (!('refusal' in access)) return true;
  return access.refusal.code !== 'memory-permission' && access.refusal.code !== 'memory-out-of-reach';
}

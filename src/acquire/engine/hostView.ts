// A container's processes as this machine's own kernel shows them, where the engine runs on this machine: what everyone may read of
// /proc, without entering the container.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Processes of the container by this machine's number and the container's own. Empty where the engine is elsewhere. */
export function hostPids(
  containerId: string,
  mainPid: number,
): readonly { readonly host: number; readonly own: number }[] {
  const group = mainPid > 0 ? read(`/proc/${mainPid}/cgroup`) : '';
  if (group === '' || !isOf(containerId, mainPid, group)) return [];
  const namespace = link(`/proc/${mainPid}/ns/pid`);
  let entries: string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const host = Number(entry);
    if (!(host > 0) || read(`/proc/${host}/cgroup`) !== group || link(`/proc/${host}/ns/pid`) !== namespace) return [];
    const ids = /^NSpid:\s+(.*)$/m.exec(read(`/proc/${host}/status`))?.[1]?.split(/\s+/) ?? [];
    return ids.length > 1 ? [{ host, own: Number(ids.at(-1)) }] : [];
  });
}

/** That number is the container's main process on this machine, not some process here while the engine is elsewhere. */
function isOf(containerId: string, mainPid: number, group: string): boolean {
  const isFirst = /^NSpid:\s+\d+(\s+\d+)*\s+1$/m.test(read(`/proc/${mainPid}/status`));
  return isFirst && (group.includes(containerId) || link(`/proc/${mainPid}/ns/pid`) !== '');
}

export function hostPidOf(containerId: string, mainPid: number, own: number): number | undefined {
  return hostPids(containerId, mainPid).find((p) => p.own === own)?.host;
}

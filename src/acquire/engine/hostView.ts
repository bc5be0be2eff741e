// A container's processes as this machine's own kernel shows them, where the engine runs on this machine: what everyone may read of
// /proc, without entering the container.
import { readdirSync, readFileSync } from 'node:fs';

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Processes of the container by this machine's number and the container's own. Empty where the engine is elsewhere. */
export function hostPids(
  containerId: string,
  mainPid: number,
): readonly { readonly host: number; readonly own: number }[] {
  // The control group names the container; where its namespace hides the name, the group of the main process has to be the same.
  const group = read(`/proc/${mainPid}/cgroup`);
  if (mainPid <= 0 || group === '' || !belongs(group, containerId, mainPid)) return [];
  let entries: string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const host = Number(entry);
    if (!(host > 0) || read(`/proc/${host}/cgroup`) !== group) return [];
    const ids = /^NSpid:\s+(.*)$/m.exec(read(`/proc/${host}/status`))?.[1]?.split(/\s+/) ?? [];
    return ids.length > 1 ? [{ host, own: Number(ids.at(-1)) }] : [];
  });
}

function belongs(group: string, containerId: string, mainPid: number): boolean {
  return group.includes(containerId) || /^NSpid:\s+\d+\s+1$/m.test(read(`/proc/${mainPid}/status`));
}

export function hostPidOf(containerId: string, mainPid: number, own: number): number | undefined {
  return hostPids(containerId, mainPid).find((p) => p.own === own)?.host;
}

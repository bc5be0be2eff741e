// How much memory a process may still take: its control group's limit and use (v2 and v1), and what the machine has free. Runs as
// text inside a container or called here: it names nothing but its arguments.
import type * as Fs from 'node:fs';

export interface MachineMemory {
  readonly used?: number;
  readonly limit?: number;
  readonly machineFree?: number;
}

export function readResources(fs: Pick<typeof Fs, 'readFileSync'>, pid: number): MachineMemory {
  // A limit above this is v1's way to say "none": the largest multiple of a page.
  const UNLIMITED = 2 ** 60;
  const read = (path: string): string => {
    try {
      return fs.readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  const value = (text: string): number | undefined => {
    const number = parseInt(text, 10);
    return number >= 0 && number < UNLIMITED ? number : undefined;
  };
  const stat = (text: string, name: string): number =>
    parseInt((new RegExp(`^${name} (\\d+)$`, 'm').exec(text) || [])[1] || '0', 10);
  const meminfo = /^MemAvailable:\s+(\d+) kB$/m.exec(read('/proc/meminfo'));
  const machineFree = meminfo ? Number(meminfo[1]) * 1024 : undefined;

  let limit: number | undefined;
  let used: number | undefined;
  const consider = (most: number | undefined, now: number | undefined, reclaimable: number): void => {
    if (most === undefined || now === undefined) return;
    const held = Math.max(0, now - reclaimable);
    // The tightest of the nested groups decides.
    if (limit === undefined || used === undefined || most - held < limit - used) {
      limit = most;
      used = held;
    }
  };
  for (const line of read(`/proc/${pid}/cgroup`).split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) || [];
    if (path === undefined || controllers === undefined) continue;
    const v2 = controllers === '';
    if (!v2 && controllers.split(',').indexOf('memory') < 0) continue;
    const root = v2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory';
    // Inside a container the path may name the host's tree while only the own group is mounted, at the root: both are looked at.
    const parts = path.split('/').filter((p) => p !== '' && p !== '..');
    for (let depth = parts.length; depth >= 0; depth--) {
      const dir = [root, ...parts.slice(0, depth)].join('/');
      if (v2)
        consider(
          value(read(`${dir}/memory.max`)),
          value(read(`${dir}/memory.current`)),
          stat(read(`${dir}/memory.stat`), 'inactive_file'),
        );
      else
        consider(
          value(read(`${dir}/memory.limit_in_bytes`)),
          value(read(`${dir}/memory.usage_in_bytes`)),
          stat(read(`${dir}/memory.stat`), 'total_inactive_file'),
        );
    }
  }
  return {
    ...(used === undefined ? {} : { used }),
    ...(limit === undefined ? {} : { limit }),
    ...(machineFree === undefined ? {} : { machineFree }),
  };
}

// A restored copy stands still until it is told to go on.
import { hostPids, type FoundContainer } from '../acquire/index.ts';

/** Parents last, so that none of them finds a child that does not answer. */
export function letGo(info: FoundContainer['info']): void {
  const pids = [...hostPids(info.Id, info.State.Pid)].sort((a, b) => b.own - a.own);
  for (const { host } of pids) {
    try {
      process.kill(host, 'SIGCONT');
    } catch {
      // It ended meanwhile, which whoever looks at the copy will see.
    }
  }
}

// How much memory a container may still take, as its engine tells: asked before anything is run in it.
import type { Work } from '../../model/index.ts';
import { ask } from './engine.ts';
import type { Engine } from './engine.ts';

/** Bytes left under the limit, caches that can be given back counted as free; undefined where there is no limit or nothing is told. */
export async function freeUnderLimit(engine: Engine, container: string, work?: Work): Promise<number | undefined> {
  try {
    const stats = await ask(engine, 'the memory of a container', work, (client) =>
      client.getContainer(container).stats({ stream: false, 'one-shot': true }),
    );
    const { usage, limit, stats: details } = stats.memory_stats;
    if (!(usage > 0) || !(limit > 0)) return undefined;
    const fields: { readonly [name: string]: number | undefined } = { ...details };
    // The name of version 1 of control groups, then that of version 2.
    const reclaimable = fields['total_inactive_file'] ?? fields['inactive_file'] ?? 0;
    return Math.max(0, limit - usage + reclaimable);
  } catch {
    return undefined;
  }
}

// A process that appends batches until it is stopped, or its disk is full: `batchWriter.ts FILE [MOST]`.
// Batch n sets `n` of three orders to n, so that any state shows which batches it holds, and whether whole ones.
import { pathToFileURL } from 'node:url';
import { isFailure, refKey, type NewPoint } from '../../src/model/index.ts';
import { openTimeline, type TimelineStore } from '../../src/timeline/index.ts';
import { changed, created, instance, order } from './scratch.ts';

export const BATCH = 3;

export function batch(n: number): NewPoint[] {
  return Array.from({ length: BATCH }, (_, id) =>
    n === 0 ? created(n, instance(order(id), { n: 0 })) : changed(n, order(id), 'n', n - 1, n),
  );
}

/** How many batches a store holds; throws where it holds a part of one, in its points or in its state. */
export function wholeBatches(store: TimelineStore): number {
  const { stops, last } = store.summary();
  if (stops % BATCH !== 0) throw new Error(`${stops} points are no whole batches`);
  const state = store.stateAt(last?.seq ?? 0);
  const expected = stops / BATCH - 1;
  for (let id = 0; id < BATCH; id++) {
    const n = state.get(refKey(order(id)))?.attributes['n'];
    if (stops > 0 && n !== expected) throw new Error(`order ${id} is at ${String(n)}, not at ${expected}`);
  }
  return stops / BATCH;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const store = openTimeline(process.argv[2] ?? '');
  const most = Number(process.argv[3] ?? Infinity);
  const start = wholeBatches(store);
  process.stdout.write(`writing from ${start}\n`);
  try {
    for (let n = start; n < start + most; n++) store.append(batch(n));
    process.stdout.write('done\n');
  } catch (error) {
    process.stdout.write(`${isFailure(error) ? error.code : String(error)} after ${wholeBatches(store)}\n`);
  }
  store.dispose();
}
